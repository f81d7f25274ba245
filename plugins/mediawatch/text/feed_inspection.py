"""``inspect feed``: what a feed holds, and what its dates are understood to be."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from mediawatch.errors import InputError
from mediawatch.model import Rejected
from mediawatch.sources.feeds import parse_feed
from mediawatch.sources.items import Item
from mediawatch.text.dates import checked, parse_date
from mediawatch.text.inspection import date_answer


def inspect_feed(request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request: ``path``, ``text`` or ``base64``; ``url``, ``headers``.

    Raises:
        InputError: the request has none of the three, or the content is no feed.
    """
    headers = request.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    named = {str(name).lower(): str(value) for name, value in pairs}
    url = request.get("url")
    found = parse_feed(
        _content(request),
        url=url if isinstance(url, str) else named.get("content-location", ""),
        content_type="" if isinstance(request.get("text"), str) else named.get("content-type", ""),
    )
    if isinstance(found, Rejected):
        raise InputError(found.message, found.code)
    given = request.get("fetched_at")
    seen = parse_date(given, origin="given").value if isinstance(given, str) else None
    return {
        "format": found.format,
        "title": found.title,
        "language": found.language,
        "entries": [_entry(item, seen) for item in found.items],
        "problems": list(found.problems),
    }


def _content(request: dict[str, Any]) -> bytes:
    path, text, packed = (request.get(key) for key in ("path", "text", "base64"))
    if isinstance(path, str):
        return Path(path).read_bytes()
    if isinstance(text, str):
        return text.encode("utf-8", "replace")
    if isinstance(packed, str):
        try:
            return base64.b64decode(packed, validate=True)
        except ValueError:
            raise InputError("base64 cannot be decoded") from None
    raise InputError("give one of path, text and base64")


def _entry(item: Item, seen: datetime | None) -> dict[str, Any]:
    return {
        "key": item.key,
        "id": item.guid,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content": item.content,
        "authors": list(item.authors),
        "published": _date(item.published, seen),
        "updated": _date(item.updated, seen),
        "categories": list(item.categories),
        "enclosures": list(item.enclosures),
    }


def _date(raw: str | None, seen: datetime | None) -> dict[str, Any]:
    found = parse_date(raw, origin="feed")
    return date_answer(checked(found, seen) if seen else found)
