"""A feed as it was read, before it is anybody's source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a feed. ``title`` is visible text, ``url`` absolute, dates as they stood.

    ``content`` is the full text where the feed has one beside the summary; ``is_html`` speaks of
    it, or of the summary when there is no content.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """All items of a feed in its order, and what had to be mended to read it."""

    format: str
    title: str
    language: str | None
    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()
