"""A feed as it was read, before it is anybody's source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mediawatch.model import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a feed. ``title`` is visible text, ``url`` absolute, dates as they stood.

    ``content`` is the full text where the feed has one beside the summary; ``is_html`` speaks of
    it, or of the summary when there is no content. ``is_sure`` is False for a link of which its
    page alone can tell whether it is an article.
    """

    key: str
    guid: str | None
    url: str | None
    title: str
    summary: str
    content: str
    is_html: bool
    authors: tuple[str, ...]
    published: str | None
    updated: str | None
    categories: tuple[str, ...]
    enclosures: tuple[str, ...]
    language: str | None
    is_sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sitemap that an index lists. ``changed`` is its date as it stood."""

    url: str
    changed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """All items of a feed in its order, and what had to be mended to read it.

    ``parts`` are the sitemaps of a sitemap index, which has no items of its own. ``older`` is
    the address at which the items before these stand.
    """

    format: str
    title: str
    language: str | None
    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    older: str | None = None


FeedResult: TypeAlias = Feed | Rejected


def link_item(
    key: str,
    url: str,
    *,
    title: str = "",
    published: str | None = None,
    updated: str | None = None,
    categories: tuple[str, ...] = (),
    language: str | None = None,
) -> Item:
    """An item of which only the address is known, and perhaps what a list says of it."""
    return Item(
        key=key,
        guid=None,
        url=url,
        title=title,
        summary="",
        content="",
        is_html=True,
        authors=(),
        published=published,
        updated=updated,
        categories=categories,
        enclosures=(),
        language=language,
    )
