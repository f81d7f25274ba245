"""The text stage on outside input: one page, one address, one text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mediawatch.errors import InputError
from mediawatch.model import NO_DATE, DateFound, Rejected
from mediawatch.settings import LANGUAGES
from mediawatch.text.agency import credit
from mediawatch.text.characters import clean, one_line
from mediawatch.text.dates import parse_date
from mediawatch.text.extraction import Page, extract
from mediawatch.text.happening import happened
from mediawatch.text.language import detect, is_mixed
from mediawatch.text.seed import read_seed
from mediawatch.text.urls import address, registrable_domain

LARGEST_PATH = 20_000_000


def inspect_page(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the text stage makes of one page.

    Raises:
        InputError: there is no page in the request.
    """
    headers = request.get("headers")
    headers = headers if isinstance(headers, dict) else {}
    kind = next((v for k, v in headers.items() if str(k).casefold() == "content-type"), None)
    url = request.get("url")
    url = url if isinstance(url, str) and address(url) else None
    seen = _instant(request.get("fetched_at")) or datetime.now(UTC)
    page = Page(_content(request), url, kind if isinstance(kind, str) else None)
    found = extract(page, seen)
    if isinstance(found, Rejected):
        return {**_addresses(url), **NOTHING, "rejected": _rejected(found)}
    agency, people = credit(found.body, found.authors)
    dated = (*found.flags, *found.published.flags, *found.modified.flags)
    domain = registrable_domain(found.url) if found.url else None
    language = detect(f"{found.title}\n{found.body}", LANGUAGES, found.language)
    return {
        **_addresses(found.url),
        "title": found.title or None,
        "body": found.body,
        "authors": list(people),
        "agency": agency,
        "published": date_answer(found.published),
        "modified": date_answer(found.modified),
        "language": language,
        "outlet": found.site or domain,
        "flags": sorted({*dated, *_mixed(found.body, language)}),
        "rejected": None,
    }


def inspect_url(request: Mapping[str, Any]) -> dict[str, Any]:
    """The address shown and the key of a URL.

    Raises:
        InputError: it is no web address.
    """
    url = request.get("url")
    found = address(url) if isinstance(url, str) else None
    if found is None:
        raise InputError("url: give an address that begins with http:// or https://")
    return {"canonical_url": found.url, "key": found.key}


def text_part(request: Mapping[str, Any]) -> dict[str, Any]:
    """What ``inspect text`` says without its actors, quotes and topics.

    Keys: title, body, language, published, event_date, flags.

    Raises:
        InputError: there is no text in the request.
    """
    text = request.get("text")
    if not isinstance(text, str):
        raise InputError("text: give the text as a string")
    given = request.get("title")
    title = one_line(given) if isinstance(given, str) else None
    flags: tuple[str, ...] = ()
    published = NO_DATE
    if request.get("format") == "seed":
        seed = read_seed(text)
        title, body, published, flags = title or seed.title, seed.body, seed.published, seed.flags
    else:
        body = clean(text)
    if isinstance(request.get("published_at"), str):
        published = parse_date(request["published_at"], origin="given")
    hint = request.get("language")
    language = detect(f"{title or ''}\n{body}", LANGUAGES, hint if isinstance(hint, str) else None)
    event = happened(body, language, published)
    return {
        "title": title,
        "body": body,
        "language": language,
        "published": date_answer(published),
        "event_date": date_answer(event),
        "flags": sorted({*flags, *published.flags, *event.flags, *_mixed(body, language)}),
    }


def _mixed(body: str, language: str) -> tuple[str, ...]:
    return ("mixed_language",) if is_mixed(body, language, LANGUAGES) else ()


NOTHING: dict[str, Any] = {
    "title": None,
    "body": "",
    "authors": [],
    "agency": None,
    "published": None,
    "modified": None,
    "language": None,
    "outlet": None,
    "flags": [],
}


def date_answer(found: DateFound) -> dict[str, Any]:
    """A date as the answers of every stage write it."""
    return {
        "value": found.value.isoformat().replace("+00:00", "Z") if found.value else None,
        "raw": found.raw,
        "local_date": found.local_date.isoformat() if found.local_date else None,
        "precision": found.precision,
        "origin": found.origin,
        "flags": list(found.flags),
    }


NOTHING["published"] = NOTHING["modified"] = date_answer(NO_DATE)


def _content(request: Mapping[str, Any]) -> bytes | str:
    path, html, encoded = (request.get(key) for key in ("path", "html", "base64"))
    if isinstance(html, str):
        return html
    if isinstance(encoded, str):
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise InputError("base64: the value is not base64") from None
    if isinstance(path, str) and path:
        try:
            file = Path(path)
            if file.is_file() and file.stat().st_size <= LARGEST_PATH:
                return file.read_bytes()
        except (OSError, ValueError):
            pass
        raise InputError(f"path {path[:200]!r} is not a regular file that can be read")
    raise InputError("nothing to read: give path, html or base64")


def _addresses(url: str | None) -> dict[str, Any]:
    found = address(url) if url else None
    return {"canonical_url": found.url if found else None, "key": found.key if found else None}


def _rejected(found: Rejected) -> dict[str, str]:
    return {"code": found.code, "message": found.message}


def _instant(value: object) -> datetime | None:
    return parse_date(value, origin="given").value if isinstance(value, str) else None
