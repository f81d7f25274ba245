"""A page in, what a person would call the article out.

The body is found by :mod:`mediawatch.text.bodies`; the rest is what the page says about itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import load_html
from trafilatura.metadata import examine_meta, extract_author, extract_meta_json
from trafilatura.utils import HTML_PARSER

from mediawatch.model import DateFound, Rejected
from mediawatch.text import (
    authors,
    bodies,
    headlines,
    metadata,
    page_dates,
    page_kinds,
    publishers,
    rejections,
)
from mediawatch.text.characters import one_line
from mediawatch.text.decoding import decode
from mediawatch.text.headlines import bare
from mediawatch.text.nesting import flattened
from mediawatch.text.oversize import trimmed
from mediawatch.text.page_kinds import is_section, kind_flags
from mediawatch.text.rejections import Shown, refused, rejection
from mediawatch.text.urls import canonical, registrable_domain

RULES = {
    **bodies.RULES,
    "headline": headlines.RULES,
    "authors": authors.RULES,
    "metadata": metadata.RULES,
    "page dates": page_dates.RULES,
    "rejections": rejections.RULES,
    "page kinds": page_kinds.RULES,
    "publishers": publishers.RULES,
}
LARGEST = 20_000_000
SHOWN = 6_000
TOO_DEEP = etree.ErrorTypes.ERR_RESOURCE_LIMIT


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was fetched: its bytes (or text), where it was read, and its Content-Type."""

    html: bytes | str
    url: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says, cleaned. ``site`` is how it names itself, ``country`` two letters."""

    url: str | None
    title: str
    body: str
    authors: tuple[str, ...]
    published: DateFound
    modified: DateFound
    language: str | None
    site: str | None
    country: str | None
    flags: tuple[str, ...]
    extractor: str


def extract(
    page: Page, seen: datetime, zone: str | None = None, day_first: bool | None = None
) -> PageText | Rejected:
    """The article of a page, or why there is none.

    ``seen`` is when the page was read; ``zone`` (IANA) is where its times without zone are;
    ``day_first`` how its outlet writes 12/11 (None: as its language does).
    """
    if len(page.html) > LARGEST:
        return refused("too_large")
    text = decode(page.html, page.content_type) if isinstance(page.html, bytes) else page.html
    if isinstance(text, Rejected):
        return text
    text, cut = trimmed(text)
    tree = _tree(text)
    if tree is None:
        return refused("empty")
    data = metadata.read_metadata(tree)
    url = canonical(page.url, (data.canonical, data.meta.get("og:url")))
    site = publishers.site_name(data)
    domain = registrable_domain(url) if url else None
    title = headlines.headline(data, site or domain)
    byline = authors.page_authors(data) or _byline(tree)
    published, modified = page_dates.page_dates(data, tree, page.url or url, seen, zone, day_first)
    if is_section(data, url, tree):
        return refused("section_page")
    found = bodies.page_body(tree, data, page.url)
    body = _without_headline("\n\n".join(found.lines), (title, *data.headings))
    shown = Shown(
        title=title,
        body=body,
        page=_shown(text) if len(body) < rejections.LITTLE else "",
        closed=data.is_closed,
        stated=data.is_article,
        film=data.is_film,
    )
    if rejected := rejection(shown):
        return rejected
    title, flags = headlines.without_prefix(title)
    return PageText(
        url=url,
        title=title,
        body=body,
        authors=byline,
        published=published,
        modified=modified,
        language=data.language,
        site=site,
        country=publishers.country(data, domain),
        flags=tuple(
            dict.fromkeys(
                (
                    *flags,
                    *kind_flags(data, url, title, body),
                    *(("paywalled",) if data.is_closed or found.walled else ()),
                    *(("cut",) if cut else ()),
                )
            )
        ),
        extractor=found.extractor,
    )


def _tree(text: str) -> HtmlElement | None:
    text = text.replace("\x00", "")
    tree = _parsed(text)
    if any(entry.type == TOO_DEEP for entry in HTML_PARSER.error_log):
        tree = _parsed(flattened(text))
    return tree


def _parsed(text: str) -> HtmlElement | None:
    try:
        return load_html(text)
    except (etree.LxmlError, ValueError, RecursionError):
        return None


def _without_headline(body: str, titles: Iterable[str]) -> str:
    """The body without the headline that some pages repeat as its first paragraph."""
    known = {bare(title) for title in titles if title}
    first, _, rest = body.partition("\n\n")
    return rest if rest and bare(first) in known else body


def _byline(tree: HtmlElement) -> tuple[str, ...]:
    """The author that trafilatura finds, without the rest of what it looks for."""
    found = examine_meta(tree)
    if found.author and " " not in found.author:
        found.author = None
    with suppress(Exception):  # its reading of JSON-LD stumbles in many ways
        found = extract_meta_json(tree, found)
    found.author = found.author or extract_author(tree)
    found.clean_and_trim()
    return authors.names((found.author or "").split(";"))


def _shown(text: str) -> str:
    """The beginning of all that a page shows, furniture too."""
    tree = _tree(text)
    parts: list[str] = []
    length = 0
    for element in tree.iter() if tree is not None else ():
        if element.tag in ("script", "style") or not isinstance(element.tag, str):
            piece = element.tail
        else:
            piece = f"{element.text or ''} {element.tail or ''}"
        if piece and piece.strip():
            parts.append(piece)
            length += len(piece)
            if length > SHOWN:
                break
    return one_line(" ".join(parts))
