"""Which network addresses may be connected to.

Everything that is not plain public address space is refused: private, loopback, link-local,
multicast, reserved, the metadata services of clouds, and every IPv6 form that carries such an
IPv4 address inside. What is allowed beside that is named in the settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

# Of what Python calls global: protocol assignments (192.0.0.192 is Oracle's metadata service),
# the old 6to4 relays, and Azure's metadata and DNS service, which answers its own guests only.
NOT_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
# All public IPv6 is in one eighth (IANA); in it are documentation, Teredo and its like, and 6to4,
# which carries an IPv4 address inside.
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Networks without IPv4 reach it through here (RFC 6052); the last 32 bits are the address.
NAT64 = IPv6Network("64:ff9b::/96")


class AllowList:
    """The exceptions of the settings: ``host``, ``host:port``, an IP, ``[ipv6]:port``."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entry.strip().lower().rstrip(".") for entry in entries)

    def holds(self, host: str, port: int) -> bool:
        """Whether this host name or IP is an exception, at this port or at every port."""
        name = host.lower().rstrip(".").strip("[]")
        shown = f"[{name}]" if ":" in name else name
        return not self._entries.isdisjoint({name, shown, f"{shown}:{port}"})


def is_public(address: str) -> bool:
    """Whether an IP address in any spelling of :mod:`ipaddress` is public address space."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    if parsed.scope_id is not None:
        return False
    if parsed.ipv4_mapped is not None:
        return _is_public_v4(parsed.ipv4_mapped)
    if parsed in NAT64:
        return _is_public_v4(IPv4Address(int(parsed) & 0xFFFFFFFF))
    return parsed in PUBLIC_V6 and not any(parsed in network for network in NOT_V6)


def _is_public_v4(address: IPv4Address) -> bool:
    return (
        address.is_global
        and not (address.is_private or address.is_multicast or address.is_reserved)
        and not any(address in network for network in NOT_V4)
    )
