"""Where a request goes: an address as it was written, made one that can be asked."""

from __future__ import annotations

import ada_url
import httpcore

from mediawatch.sources.connections import RequestError


def web_address(url: str, base: str | None) -> ada_url.URL:
    """An address as browsers read it: numeric spellings of hosts become plain IPs.

    Raises:
        RequestError: it is no http or https address.
    """
    try:
        parsed = ada_url.URL(url.strip(), base=base) if base else ada_url.URL(url.strip())
    except ValueError:
        raise RequestError("bad_http", f"not a web address: {url[:200]!r}") from None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        raise RequestError("bad_http", f"neither http nor https: {url[:200]!r}")
    return parsed


def port_of(address: ada_url.URL) -> int:
    """The port that is connected to."""
    standard = 443 if address.protocol == "https:" else 80
    return int(address.port) if address.port else standard


def request_target(address: ada_url.URL) -> httpcore.URL:
    """What is asked for: the address without its fragment and login."""
    return httpcore.URL(
        scheme=address.protocol.rstrip(":"),
        host=address.hostname,
        port=port_of(address),
        target=address.pathname + address.search,
    )
