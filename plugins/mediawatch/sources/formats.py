"""A source's answer by the source's kind: feed, sitemap or section page; one function for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import feedparser

from mediawatch.model import FetchPolicy, RawEntry, Rejected, SourceKind
from mediawatch.sources.answers import Fetched
from mediawatch.sources.feeds import parse_answer, wants_page
from mediawatch.sources.items import FeedResult, Item
from mediawatch.sources.section_pages import parse_section
from mediawatch.sources.sitemaps import LIMITS, is_past, parse_sitemap
from mediawatch.sources.unpacking import SizeLimits

# What reads each kind, with a number that grows when the same bytes would be read otherwise.
PARSERS: Mapping[str, str] = {
    "feed": f"feeds 1, feedparser {feedparser.__version__}",
    "sitemap": "sitemaps 1",
    "page": "section pages 1",
}


def largest(kind: SourceKind) -> SizeLimits:
    """How much one answer of a source may hold: sitemaps may be larger than all others."""
    return LIMITS if kind == "sitemap" else SizeLimits()


@dataclass(frozen=True, slots=True)
class Asked:
    """What :func:`parse_source` needs, in one value for the worker."""

    kind: SourceKind
    answer: Fetched


def parse_source(asked: Asked) -> FeedResult:
    """What a source's answer holds, or why it cannot be read.

    A feed at a sitemap's address is read as the feed it is: the protocol allows it.
    """
    answer = asked.answer
    if asked.kind == "sitemap":
        found = parse_sitemap(answer.body, content_type=answer.content_type)
        if isinstance(found, Rejected) and found.code == "not_feed":
            feed = parse_answer(answer)
            return found if isinstance(feed, Rejected) else feed
        return found
    if asked.kind == "page":
        return parse_section(answer.body, url=answer.url, content_type=answer.content_type)
    return parse_answer(answer)


def first_state(
    kind: SourceKind,
    item: Item,
    entry: RawEntry,
    policy: FetchPolicy,
    now: datetime,
    *,
    is_first: bool,
) -> str:
    """How a new item enters: ``wanted`` (its page is fetched), ``pending``, or ``known``.

    What a sitemap listed before it was followed is its past: only known, so that it is not
    fetched page by page; ``backfill --source`` brings it. The same holds for a section page's
    links that only their page could tell from navigation. ``is_first``: nothing of the source
    was read before.
    """
    if kind == "sitemap" and not (item.summary or item.content):
        past = is_past(item, now)
        if past or (past is None and is_first):
            return "known"
    if kind == "page" and is_first and not item.is_sure:
        return "known"
    return "wanted" if wants_page(entry, policy) else "pending"
