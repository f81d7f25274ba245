"""Sitemaps, sitemap indexes and news sitemaps (sitemaps.org; Google's news extension).

A page that a sitemap lists is an item without text: its page is fetched. News sitemaps give its
title, date and language besides. Lists in plain text, one address a line, are read as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import item_key
from mediawatch.sources.items import Feed, FeedResult, Item, Part, link_item
from mediawatch.sources.links import without_scheme
from mediawatch.sources.opml import is_web_address
from mediawatch.sources.plain import allowed, visible_line
from mediawatch.sources.unpacking import SizeLimits, UnpackingError, unpacked_file
from mediawatch.sources.xml_guard import SafeXml, XmlError, safe_xml

# The protocol's own limits: 50,000 addresses and 50 MB in one file.
MOST = 50_000
LIMITS = SizeLimits(packed=52_428_800, unpacked=52_428_800)
ROOTS = frozenset({"urlset", "sitemapindex"})
LONGEST_ADDRESS = 2_048
# What was last changed before these days is the site's past, not its news.
NEWS = timedelta(days=3)


def parse_sitemap(content: bytes, *, content_type: str = "") -> FeedResult:
    """The pages that a sitemap lists, or the sitemaps of an index, or why it cannot be read.

    A list that breaks off gives its whole entries and a problem.
    """
    try:
        content = unpacked_file(content, LIMITS)
    except UnpackingError as fault:
        code = fault.code if fault.code in REJECTED else "not_feed"
        return _rejected(code, str(fault))
    if not content.strip():
        return _rejected("empty", "the answer has no bytes")
    text = decode(content, content_type).text
    if "<" not in text[:1_000]:
        return _parse_lines(text)
    try:
        xml = safe_xml(text)
    except XmlError as fault:
        return _rejected("bad_xml", str(fault))
    if xml is None or root_name(xml) not in ROOTS:
        name = xml.root[:40] if xml else ""
        return _rejected("not_feed", f"its first tag is <{name}>")
    return _parse_xml(xml)


def root_name(xml: SafeXml) -> str:
    """The first tag's name without its prefix, in small letters."""
    return xml.root.rpartition(":")[2].lower()


def is_past(item: Item, now: datetime) -> bool | None:
    """Whether an item's date lies before the days that count as news; None without a date."""
    moment = w3c_moment(item.published or item.updated)
    return None if moment is None else moment < now - NEWS


def w3c_moment(text: str | None) -> datetime | None:
    """An instant as sitemaps write it (W3C date and time); days and months begin in UTC."""
    if not text:
        return None
    said = text.strip()
    try:
        moment = datetime.fromisoformat(f"{said}-01" if len(said) == len("2026-03") else said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parse_xml(xml: SafeXml) -> FeedResult:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, recover=True
    )
    try:
        root = etree.fromstring(xml.text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as fault:
        return _rejected("bad_xml", str(fault.msg))
    if root is None:
        return _rejected("bad_xml", "no element of it can be read")
    problems = ["it breaks off; the whole entries are kept"] if xml.is_cut else []
    children = [child for child in root if isinstance(child.tag, str)]
    if len(children) > MOST:
        problems.append(f"it lists {len(children)} addresses; the first {MOST} are kept")
    if root_name(xml) == "sitemapindex":
        parts = (_part(child) for child in children[:MOST] if _name(child) == "sitemap")
        named = {part.url: part for part in parts if is_web_address(part.url)}
        return _feed("sitemapindex", (), tuple(named.values()), problems)
    items = [item for child in children[:MOST] if _name(child) == "url" and (item := _item(child))]
    is_news = any(item.title for item in items)
    return _feed("newssitemap" if is_news else "sitemap", items, (), problems)


def _parse_lines(text: str) -> FeedResult:
    lines = [line.strip() for line in text.split("\n")]
    addresses = [line for line in lines if line and is_web_address(line)]
    if not addresses or len(addresses) < len([line for line in lines if line]) / 2:
        return _rejected("not_feed", "it is neither XML nor a list of addresses")
    return _feed("sitemaptext", [_of_address(address) for address in addresses[:MOST]], (), [])


def _feed(
    kind: str, items: Iterable[Item], parts: tuple[Part, ...], problems: Iterable[str]
) -> Feed:
    by_key = {item.key: item for item in items}
    return Feed(
        format=kind,
        title="",
        language=None,
        items=tuple(by_key.values()),
        parts=parts,
        problems=tuple(problems),
    )


def _item(element: Any) -> Item | None:
    address = _child_text(element, "loc")
    if len(address) > LONGEST_ADDRESS or not is_web_address(address):
        return None
    news = next((child for child in element if _name(child) == "news"), None)
    if news is None:
        return _of_address(address, updated=_child_text(element, "lastmod") or None)
    publication = next((child for child in news if _name(child) == "publication"), ())
    keywords = (visible_line(word) for word in _child_text(news, "keywords").split(","))
    return _of_address(
        address,
        title=visible_line(_child_text(news, "title")),
        published=_child_text(news, "publication_date") or None,
        updated=_child_text(element, "lastmod") or None,
        categories=tuple(dict.fromkeys(word for word in keywords if word)),
        language=_child_text(publication, "language") or None,
    )


def _of_address(address: str, **said: Any) -> Item:
    return link_item(item_key(without_scheme(address)), address, **said)


def _part(element: Any) -> Part:
    return Part(url=_child_text(element, "loc"), changed=_child_text(element, "lastmod") or None)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _child_text(element: Iterable[Any], name: str) -> str:
    for child in element:
        if _name(child) == name:
            return allowed("".join(child.itertext())).strip()
    return ""


def _rejected(code: str, detail: str) -> Rejected:
    return Rejected(code=code, message=f"{REJECTED[code]} ({detail})")
