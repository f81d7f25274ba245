"""Sites without feeds: the article links of a section page, told from its navigation.

An address says much by its shape: a date, a headline as a name, a long number. Links whose shape
says nothing are news only when they were not there before; what is plainly navigation is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree, html

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import item_key
from mediawatch.sources.items import Feed, FeedResult, Item, link_item
from mediawatch.sources.links import without_counting, without_scheme
from mediawatch.sources.opml import is_web_address
from mediawatch.sources.plain import visible_line

MOST = 500
LONGEST_ADDRESS = 2_048
SKIPPED = frozenset({"nav", "footer", "script", "style", "template", "noscript", "form"})
# Parts of a path that name lists, accounts and house rules, never an article.
NAMES = """
tag tags category categories author authors autor autoren topic topics thema themen keyword search
suche recherche login signin sign-in logout register signup account konto profile user users
subscribe subscription subscriptions abo newsletter newsletters about about-us impressum contact
contact-us kontakt privacy privacy-policy datenschutz terms terms-of-service legal cookies
cookie-policy help faq careers jobs advertise advertising page feed feeds rss archive archives
archiv sitemap share print amp wp-content wp-login.php cart shop
"""
NAVIGATION = frozenset(NAMES.split())
NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|zip|mp3|mp4|m4a|m3u8|ogg|webm|"
    r"docx?|xlsx?|pptx?|ics)$",
    re.IGNORECASE,
)
DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])(?:[/-]?(?:[0-2]\d|3[01]))?(?:[/-]|$)")
NUMBERED = re.compile(r"\d{5,}")
WORDS = re.compile(r"[^\W\d_]+")
HEADLINE = 4  # words in a row of an address, or twice as many in a link, are a headline
OTHER_PAGE = re.compile(r"(?:^|&)(?:page|paged|p|offset|start|sort)=\d*", re.IGNORECASE)


def parse_section(content: bytes, *, url: str, content_type: str = "") -> FeedResult:
    """The article links of a section page, each once in its order, or why it cannot be read.

    ``is_sure`` of an item: its shape alone makes it an article.
    """
    text = decode(content, content_type).text
    if not text.strip():
        return _rejected("empty", "the answer has no bytes")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as fault:
        return _rejected("not_feed", str(fault))
    base = urljoin(url, (root.xpath("string(//base/@href)") or "").strip()) or url
    found: dict[str, Item] = {}
    for address, said in _links(root, base):
        item = _item(address, said, url)
        if item is None:
            continue
        before = found.get(item.key)
        found[item.key] = replace(item, is_sure=item.is_sure or bool(before and before.is_sure))
    title = visible_line(root.xpath("string(//title)") or "")
    return Feed(
        format="page",
        title=title,
        language=root.get("lang") or None,
        items=tuple(found.values())[:MOST],
        problems=("more than 500 links; the first are kept",) if len(found) > MOST else (),
    )


def _parser() -> Any:
    return html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=False)


def _links(root: Any, base: str) -> Iterator[tuple[str, str]]:
    """Every link outside navigation, absolute, with its text. Not recursive: depth is theirs."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in SKIPPED:
            continue
        if element.get("role") in ("navigation", "contentinfo", "search"):
            continue
        if element.tag == "a" and element.get("href"):
            try:
                address = urldefrag(urljoin(base, element.get("href").strip())).url
            except ValueError:
                continue
            yield address, visible_line(" ".join(element.itertext()))
        waiting.extend(reversed(element))


def _item(address: str, said: str, section: str) -> Item | None:
    """A link that may be an article of the section's site; None for all others."""
    address = without_counting(address)
    if len(address) > LONGEST_ADDRESS or not is_web_address(address):
        return None
    parts, own = urlsplit(address), urlsplit(section)
    steps = [unquote(step).lower() for step in parts.path.split("/") if step]
    if not steps or not _same_site(parts.hostname, own.hostname):
        return None
    if without_scheme(address).rstrip("/") == without_scheme(section).rstrip("/"):
        return None
    if NAVIGATION.intersection(steps) or NO_PAGE.search(parts.path):
        return None
    if OTHER_PAGE.search(parts.query) and parts.path.rstrip("/") == own.path.rstrip("/"):
        return None
    is_sure = _is_article(parts.path, steps[-1], said)
    if not is_sure and len(steps) < 2 and len(WORDS.findall(said)) < HEADLINE:
        return None
    item = link_item(item_key(without_scheme(address)), address)
    return replace(item, is_sure=is_sure)


def _is_article(path: str, name: str, said: str) -> bool:
    words = len(WORDS.findall(name))
    if words >= HEADLINE:
        return True
    if DATED.search(path) or NUMBERED.search(name):
        return words >= HEADLINE - 2 or len(WORDS.findall(said)) >= HEADLINE
    return len(WORDS.findall(said)) >= 2 * HEADLINE


def _same_site(host: str | None, own: str | None) -> bool:
    """Whether two hosts are one site's: the same, or one below the other."""
    first, second = ((name or "").lower().removeprefix("www.") for name in (host, own))
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def _rejected(code: str, detail: str) -> Rejected:
    return Rejected(code=code, message=f"{REJECTED[code]} ({detail})")
