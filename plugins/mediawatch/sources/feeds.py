"""Feeds: bytes in, items out. RSS 0.9x to 2.0, RDF and Atom by feedparser, JSON Feed by itself.

feedparser's loose dictionaries are seen in this file alone. Before it the charset is decided
(``charsets``) and the XML made safe (``xml_guard``); after it titles are visible text, links
absolute, and every item has a key that stays the same when the feed is re-ordered or moves to
https.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import ada_url
import feedparser
from feedparser.api import StrictFeedParser

from mediawatch.errors import REJECTED
from mediawatch.model import FetchPolicy, RawEntry, Rejected
from mediawatch.sources.answers import Fetched
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import hashed, item_key
from mediawatch.sources.items import Feed, FeedResult, Item
from mediawatch.sources.json_feeds import parse_json
from mediawatch.sources.links import without_counting, without_scheme
from mediawatch.sources.plain import CDATA, allowed, visible_line, visible_text, without_counters
from mediawatch.sources.unpacking import SizeLimits, UnpackingError, unpacked_file
from mediawatch.sources.xml_guard import SafeXml, XmlError, one_by_one, safe_xml

ROOTS = frozenset({"rss", "rdf", "feed", "channel", "xml"})
HTML_TYPES = ("", "text/html", "application/xhtml+xml")
# "mail (Name)" and "Name <mail>", as RSS has it.
MAILBOX = re.compile(r"[^\s()<>]+@[^\s()<>]+\s*\(([^()]+)\)$|([^()<>@]+?)\s*<[^\s<>]+@[^\s<>]+>$")

# An id is a name: resolved like an address it would change with the feed's own address.
StrictFeedParser.can_be_relative_uri.discard("id")


def parse_feed(content: bytes, *, url: str = "", content_type: str = "") -> FeedResult:
    """What a feed holds, or why it cannot be read.

    ``url`` is where it really came from, the base of relative links; ``content_type`` the HTTP
    header. A feed that breaks off gives its whole items and a problem.
    """
    try:
        content = unpacked_file(content, SizeLimits())
    except UnpackingError as fault:
        code = fault.code if fault.code in REJECTED else "not_feed"
        return _rejected(code, str(fault))
    if not content.strip():
        return _rejected("empty", "the answer has no bytes")
    decoded = decode(content, content_type)
    problems = (
        [f"characters that are not {decoded.charset} were replaced"] if decoded.is_mended else []
    )
    if decoded.text.lstrip("\ufeff \t\r\n").startswith("{"):
        found: FeedResult = parse_json(decoded.text, url)
    else:
        try:
            xml = safe_xml(decoded.text)
        except XmlError as fault:
            return _rejected("bad_xml", str(fault))
        if xml is None:
            return _rejected("not_feed", "there is no tag in it")
        if xml.is_cut:
            problems.append("it breaks off; the whole items are kept")
        found = _parse_xml(xml, url)
    if isinstance(found, Rejected):
        return found
    return replace(found, items=_with_keys(found.items), problems=(*found.problems, *problems))


def parse_answer(answer: Fetched) -> FeedResult:
    """What a fetched feed holds, or why it cannot be read."""
    return parse_feed(answer.body, url=answer.url, content_type=answer.content_type)


def entry_id(source_id: str, item: Item) -> str:
    """The raw entry's id: source, item key, title, links, visible text.

    Markup is not in it, nor what changes with every look: counters under a text, parameters that
    count visits, the signatures in a recording's address.
    """
    return hashed(
        source_id,
        item.key,
        item.title,
        without_counting(item.url or ""),
        *(enclosure.partition("?")[0] for enclosure in item.enclosures),
        without_counters(visible_text(item.summary)),
        without_counters(visible_text(item.content)),
    )


def raw_entry(source_id: str, item: Item, fetched_at: datetime, body_sha256: str) -> RawEntry:
    """An item as the pipeline keeps it: the full content where there is one."""
    return RawEntry(
        entry_id=entry_id(source_id, item),
        source_id=source_id,
        item_key=item.key,
        url=item.url,
        guid=item.guid,
        title=item.title,
        summary=item.summary,
        content=item.content,
        content_type="html" if item.is_html else "text",
        authors=item.authors,
        published=item.published,
        updated=item.updated,
        categories=item.categories,
        enclosures=item.enclosures,
        language=item.language,
        fetched_at=fetched_at,
        body_sha256=body_sha256,
    )


def text_length(entry: RawEntry) -> int:
    """How many visible characters the longer of summary and content has."""
    return max(len(visible_text(entry.summary)), len(visible_text(entry.content)))


def _rejected(code: str, detail: str) -> Rejected:
    return Rejected(code=code, message=f"{REJECTED[code]} ({detail})")


def _parse_xml(xml: SafeXml, url: str) -> FeedResult:
    name = xml.root.rpartition(":")[2].lower()
    if name == "html":
        return _rejected("not_feed", "it is an HTML page")
    try:
        return _parse_whole(xml, url)
    except Exception:  # noqa: BLE001  (feedparser stumbles over odd values in many ways)
        return _parse_one_by_one(xml, url)


def _parse_one_by_one(xml: SafeXml, url: str) -> FeedResult:
    """A feed of which some item breaks the parser: that item alone is left out."""
    parts: list[Feed] = []
    broken = 0
    for part in one_by_one(xml):
        try:
            found = _parse_whole(part, url)
        except Exception:  # noqa: BLE001
            broken += 1
            continue
        if isinstance(found, Feed):
            parts.append(found)
    if not any(part.items for part in parts):
        return _rejected("bad_xml", "the parser cannot read its items")
    return replace(
        parts[0],
        items=tuple(item for part in parts for item in part.items),
        problems=(f"{broken} parts cannot be read and were left out",),
    )


def _parse_whole(xml: SafeXml, url: str) -> FeedResult:
    name = xml.root.rpartition(":")[2].lower()
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(
            io.BytesIO(xml.text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    if name not in ROOTS and not parsed.entries and not parsed.get("version"):
        return _rejected("not_feed", f"its first tag is <{xml.root[:40]}>")
    channel = parsed.feed
    version = str(parsed.get("version") or name)
    language = _text(channel, "language") or None
    return Feed(
        format=version,
        title=visible_line(_text(channel, "title")),
        language=language,
        items=tuple(_item(entry, url, language) for entry in parsed.entries),
        older=_older(channel, url),
    )


def _older(channel: dict[str, Any], url: str) -> str | None:
    """Where the items before these stand: archived and paged feeds (RFC 5005), WordPress."""
    links = dict.get(channel, "links") or ()
    for rel in ("prev-archive", "next"):
        for link in links:
            if link.get("rel") == rel:
                return _absolute(str(link.get("href") or ""), url)
    generator = _text(channel, "generator").lower()
    if "wordpress" not in generator or not url:
        return None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    page = query.get("paged", "1")
    query["paged"] = str(int(page) + 1) if page.isdecimal() and len(page) < 7 else "2"
    return urlunsplit(parts._replace(query=urlencode(query)))


def _item(entry: dict[str, Any], base: str, language: str | None) -> Item:
    content, content_is_html = _content(entry)
    summary = allowed(CDATA.sub(r"\1", _text(entry, "summary")))
    if summary == content:
        summary = ""
    detail = dict.get(entry, "title_detail") or {}
    title = _text(entry, "title")
    return Item(
        key="",
        guid=allowed(_text(entry, "id")) or None,
        url=_link(entry, base),
        title=visible_line(title) if detail.get("value", title) else "",
        summary=summary,
        content=content,
        is_html=content_is_html,
        authors=_authors(entry),
        # At first sight the date of the last change stands in for a missing one.
        published=_date(entry, "published", "created", "updated"),
        updated=_date(entry, "updated"),
        categories=_unique(
            visible_line(str(tag.get("term") or tag.get("label") or ""))
            for tag in dict.get(entry, "tags") or ()
        ),
        enclosures=_unique(
            _absolute(str(link.get("href") or ""), base) or ""
            for link in dict.get(entry, "links") or ()
            if link.get("rel") == "enclosure"
        ),
        language=_text(entry, "language") or language,
    )


def _text(mapping: dict[str, Any], key: str) -> str:
    """A value as it was read, without feedparser's stand-ins of one key for another."""
    value = dict.get(mapping, key)
    return value.strip() if isinstance(value, str) else ""


def _date(entry: dict[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = allowed(_text(entry, key))
        if value:
            return value
    return None


def _content(entry: dict[str, Any]) -> tuple[str, bool]:
    """The longest content, and whether it (or the summary alone) is HTML."""
    parts = [part for part in dict.get(entry, "content") or () if part.get("value")]
    if parts:
        best = max(parts, key=lambda part: len(part["value"]))
        return allowed(CDATA.sub(r"\1", best["value"])).strip(), best.get("type") != "text/plain"
    detail = dict.get(entry, "summary_detail") or {}
    return "", detail.get("type") != "text/plain"


def _link(entry: dict[str, Any], base: str) -> str | None:
    """The article's address: the publisher's own before a counter's, the page before the rest."""
    links = dict.get(entry, "links") or ()
    pages = [
        str(link.get("href") or "")
        for link in links
        if link.get("rel", "alternate") == "alternate" and link.get("type", "") in HTML_TYPES
    ]
    link = _text(entry, "link")
    own = [link] if link in pages else pages
    candidates = [_text(entry, "feedburner_origlink"), *own, link]
    for candidate in candidates:
        address = _absolute(candidate, base)
        if address:
            return address
    return None


def _absolute(address: str, base: str) -> str | None:
    """An http(s) address, resolved against ``base``; otherwise as it was written."""
    text = allowed(address).strip()
    if not text:
        return None
    if text.startswith("//") and not base:
        text = f"https:{text}"
    for parent in (base, None):
        try:
            parsed = ada_url.URL(text, base=parent) if parent else ada_url.URL(text)
        except ValueError:
            continue
        if parsed.protocol in ("http:", "https:"):
            return text if text.lower().startswith(("http://", "https://")) else str(parsed.href)
        return None
    return None


def _authors(entry: dict[str, Any]) -> tuple[str, ...]:
    people = dict.get(entry, "authors") or ()
    names = [str(p.get("name") or p.get("email") or "") for p in people]
    said = _text(entry, "author")
    if found := MAILBOX.match(said):
        names[-1:] = [found[1] or found[2]]
    elif not any(names):
        names.append(said)
    return _unique(visible_line(name) for name in names)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _with_keys(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Every item with its key: guid, else link, else content; a guid of many items is none."""
    links: dict[str, set[str]] = {}
    for item in items:
        if item.guid:
            links.setdefault(item.guid, set()).add(item.url or item.title)
    return tuple(
        replace(item, key=_key(item, len(links.get(item.guid or "", ())))) for item in items
    )


def _key(item: Item, meanings: int) -> str:
    if item.guid and meanings == 1:
        return item_key(without_scheme(item.guid))
    if item.url:
        return item_key(without_scheme(item.url))
    said = hashed(item.title, visible_text(item.summary), visible_text(item.content))
    return f"content:{said}"


SHORT = 600  # visible characters below which an item is only a teaser


def wants_page(entry: RawEntry, policy: FetchPolicy) -> bool:
    """Whether the page behind an item is needed by its source's fetch policy."""
    if entry.url is None or entry.url in entry.enclosures or policy == "never":
        return False
    return policy == "always" or text_length(entry) < SHORT
