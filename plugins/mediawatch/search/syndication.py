"""What a query finds as a feed: RSS 2.0 or Atom, the newest first.

A feed says nothing of the time at which it was made: the same articles give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch
from lxml import etree

from mediawatch.search.export_columns import Unit
from mediawatch.search.reading import PAGE_SECONDS, Asked, refused_as_query_error

FORMATS = ("rss", "atom")
ATOM = "http://www.w3.org/2005/Atom"
_SOURCE = (
    "article_id",
    "story_id",
    "event_id",
    "title",
    "summary",
    "url",
    "dated_at",
    "outlet_name",
)
# What XML 1.0 cannot hold.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class About:
    """What the feed is of, and an address of the house."""

    query: str
    home: str


def newest(es: Elasticsearch, found: Asked, unit: Unit, limit: int) -> list[Mapping[str, Any]]:
    """The fields of the newest article of each unit, the newest first.

    Raises:
        QueryError: the server refuses the query.
        ServiceError: it took too long.
    """
    collapse = None if unit == "article" else {"field": f"{unit}_id"}
    with refused_as_query_error("the search took too long: make it narrower"):
        answer = es.search(
            index=found.alias,
            query=found.filter(),
            collapse=collapse,
            sort=[{"dated_at": "desc"}, {"article_id": "asc"}],
            size=limit,
            source={"includes": _SOURCE},
            timeout=f"{PAGE_SECONDS}s",
        )
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def write(
    file: BinaryIO, form: str, about: About, unit: Unit, items: Sequence[Mapping[str, Any]]
) -> int:
    """Write a feed of these articles; how many entries it has."""
    root = _atom(about, unit, items) if form == "atom" else _rss(about, unit, items)
    file.write(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))
    return len(items)


def _rss(about: About, unit: Unit, items: Sequence[Mapping[str, Any]]) -> Any:
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", f"mediawatch: {about.query}")
    _add(channel, "link", about.home)
    _add(channel, "description", f"What {about.query} finds, one entry for each {unit}")
    if items:
        _add(channel, "lastBuildDate", format_datetime(_moment(items[0])))
    for item in items:
        entry = etree.SubElement(channel, "item")
        _add(entry, "title", item["title"])
        link = _safe_link(item.get("url"))
        if link:
            _add(entry, "link", link)
        _add(entry, "guid", item[f"{unit}_id"], isPermaLink="false")
        _add(entry, "pubDate", format_datetime(_moment(item)))
        _add(entry, "description", _words(item))
    return root


def _atom(about: About, unit: Unit, items: Sequence[Mapping[str, Any]]) -> Any:
    root = etree.Element("feed", xmlns=ATOM)
    _add(root, "title", f"mediawatch: {about.query}")
    _add(root, "id", f"urn:mediawatch:query:{_hex(f'{unit} {about.query}')}")
    _add(root, "updated", _moment(items[0]).isoformat() if items else "1970-01-01T00:00:00Z")
    _add(etree.SubElement(root, "author"), "name", "mediawatch")
    for item in items:
        entry = etree.SubElement(root, "entry")
        _add(entry, "title", item["title"])
        link = _safe_link(item.get("url"))
        if link:
            _add(entry, "link", "", href=link)
        _add(entry, "id", f"urn:mediawatch:{unit}:{_hex(item[f'{unit}_id'])}")
        _add(entry, "updated", _moment(item).isoformat())
        _add(entry, "summary", _words(item))
    return root


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    element = etree.SubElement(parent, name, **attributes)
    element.text = _NO_XML.sub("\ufffd", text)


def _words(item: Mapping[str, Any]) -> str:
    """Who says it and how it begins, as plain text: readers may take it for HTML."""
    words = " – ".join(part for part in (item.get("outlet_name"), item.get("summary")) if part)
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _safe_link(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and parts.hostname and not _NO_XML.search(url or "")
    return url if sound else None


def _moment(item: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(item["dated_at"]).astimezone(UTC)


def _hex(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
