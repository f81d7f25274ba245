"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urljoin

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected
from mediawatch.sources.items import Feed, Item
from mediawatch.sources.plain import allowed, visible_line

VERSION = re.compile(r"jsonfeed\.org/version/(\d)(?:\.(\d))?")


def parse_json(text: str, url: str) -> Feed | Rejected:
    """The items of a JSON Feed, keys still empty, or why it cannot be read."""
    try:
        document = json.loads(text.lstrip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return Rejected(code="not_feed", message=f"{REJECTED['not_feed']} (it is no sound JSON)")
    found = document.get("items") if isinstance(document, dict) else None
    version = (
        VERSION.search(str(document.get("version", ""))) if isinstance(document, dict) else None
    )
    if not isinstance(found, list) or (version is None and "title" not in document):
        return Rejected(code="not_feed", message=f"{REJECTED['not_feed']} (it is no JSON Feed)")
    language = _string(document, "language") or None
    return Feed(
        format=f"json{version[1]}{version[2] or '0'}" if version else "json",
        title=visible_line(_string(document, "title")),
        language=language,
        older=_joined(url, _string(document, "next_url")) if document.get("next_url") else None,
        items=tuple(
            _item(item, url, language, _people(document))
            for item in found
            if isinstance(item, dict)
        ),
    )


def _item(
    item: dict[str, Any], base: str, language: str | None, publishers: tuple[str, ...]
) -> Item:
    content_html, content_text = _string(item, "content_html"), _string(item, "content_text")
    link = _string(item, "url") or _string(item, "external_url")
    attachments = item.get("attachments")
    tags = item.get("tags")
    return Item(
        key="",
        guid=_string(item, "id") or None,
        url=_joined(base, link),
        title=visible_line(_string(item, "title")),
        summary=_string(item, "summary"),
        content=content_html or content_text,
        is_html=bool(content_html),
        authors=_people(item) or publishers,
        published=_string(item, "date_published") or _string(item, "date_modified") or None,
        updated=_string(item, "date_modified") or None,
        categories=tuple(
            dict.fromkeys(visible_line(t) for t in tags if isinstance(t, str))
            if isinstance(tags, list)
            else ()
        ),
        enclosures=tuple(
            _string(part, "url")
            for part in (attachments if isinstance(attachments, list) else ())
            if isinstance(part, dict) and _string(part, "url")
        ),
        language=_string(item, "language") or language,
    )


def _people(mapping: dict[str, Any]) -> tuple[str, ...]:
    people = mapping.get("authors") or [mapping.get("author")]
    found = [p for p in people if isinstance(p, dict)] if isinstance(people, list) else []
    return tuple(visible_line(_string(p, "name")) for p in found if _string(p, "name"))


def _string(mapping: dict[str, Any], key: str) -> str:
    """A string of the document; numbers are written as ids by some."""
    value = mapping.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return allowed(value).strip() if isinstance(value, str) else ""


def _joined(base: str, link: str) -> str | None:
    try:
        address = urljoin(base, link)
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None
