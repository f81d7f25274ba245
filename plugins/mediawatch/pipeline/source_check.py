"""Looking at an address before it is followed: read it once, keep nothing, say what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from mediawatch.errors import InputError
from mediawatch.model import FetchPolicy, Rejected, SourceKind
from mediawatch.pipeline.parsing import parsing_worker
from mediawatch.pipeline.source_health import Learned, learn
from mediawatch.settings import Settings
from mediawatch.sources.discovery import feeds_of_page
from mediawatch.sources.feeds import raw_entry, wants_page
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult
from mediawatch.sources.formats import Asked, largest
from mediawatch.sources.health import new_followed, span
from mediawatch.sources.items import Feed
from mediawatch.sources.rhythm import PAST
from mediawatch.sources.robots import Robots
from mediawatch.text.worker import Worker

FIRST = 3
# Where feeds stand that no page names.
USUAL_PLACES = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds/rss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands at an address. ``url`` is the one to follow; ``first`` are the titles of its
    first items, ``dated`` the first date as it stood, ``will`` what following it means.
    """

    url: str
    kind: SourceKind
    format: str
    title: str
    items: int
    first: tuple[str, ...]
    dated: str | None
    fresh: str
    robots: str
    will: tuple[str, ...]
    problems: tuple[str, ...]


def look(
    settings: Settings, url: str, now: datetime, kind: SourceKind, fetch: FetchPolicy = "short"
) -> Seen:
    """Read an address through the guards of fetching, and describe what is there of this kind.

    Raises:
        InputError: it cannot be read as that.
    """
    return _run(settings, now, fetch, lambda found: found.as_kind(url, kind))[0]


def find(settings: Settings, url: str, now: datetime, fetch: FetchPolicy = "short") -> list[Seen]:
    """The feed or sitemap at an address, or those of the site whose page is there.

    Raises:
        InputError: there is none.
    """
    return _run(settings, now, fetch, lambda found: found.search(url))


def _run(
    settings: Settings,
    now: datetime,
    fetch: FetchPolicy,
    ask: Callable[[_Look], Awaitable[list[Seen]]],
) -> list[Seen]:
    with parsing_worker() as worker:

        async def run() -> list[Seen]:
            async with Fetcher(settings, now) as fetcher:
                return await ask(_Look(worker, fetcher, now, fetch))

        return asyncio.run(run())


class _Look:
    def __init__(self, worker: Worker, fetcher: Fetcher, now: datetime, fetch: FetchPolicy) -> None:
        self._worker = worker
        self._fetcher = fetcher
        self._robots = Robots(fetcher)
        self._now = now
        self._fetch = fetch

    async def as_kind(self, url: str, kind: SourceKind) -> list[Seen]:
        """What stands at an address, read as nothing else."""
        refusal = await self._robots.refusal(url) if kind == "page" else None
        if refusal:
            raise InputError(f"{url}: {refusal.message}", refusal.code)
        result = await self._fetched(url, kind)
        found: Feed | Rejected = self._worker.call(Asked(kind, result))
        if isinstance(found, Rejected):
            hint = _hint(feeds_of_page(result))
            raise InputError(f"{url}: {found.message}{hint}", found.code)
        return [await self._seen(url, kind, result, found)]

    async def search(self, url: str) -> list[Seen]:
        """The feed or sitemap at an address, or those that its site has."""
        result = await self._fetched(url, "feed")
        kind, found = self._parsed(result)
        if isinstance(found, Feed):
            return [await self._seen(url, kind, result, found)]
        named = feeds_of_page(result)
        seen = await self._others(result, named)
        if not seen:
            way = "; a section page is followed with --kind page" if _is_page(result) else ""
            raise InputError(f"{url}: {found.message}{_hint(named)}{way}", found.code)
        return seen

    async def _fetched(self, url: str, kind: SourceKind) -> Fetched:
        result = await self._fetcher.fetch(url, size=largest(kind))
        if isinstance(result, Fetched):
            return result
        way = ""
        if isinstance(result, FetchFailed) and result.code == "too_large" and kind == "feed":
            way = " A sitemap may be larger: --kind sitemap."
        raise InputError(f"{url}: {getattr(result, 'message', 'no answer')}{way}")

    async def _others(self, page: Fetched, named: Sequence[str]) -> list[Seen]:
        """The feeds that a page names and that are there; without any, those at usual places."""
        places = named or [urljoin(page.url, f"/{place}") for place in USUAL_PLACES]
        results = await asyncio.gather(*map(self._fetcher.fetch, places))
        seen: dict[str, Seen] = {}
        for place, result in zip(places, results, strict=True):
            if not isinstance(result, Fetched):
                continue
            kind, found = self._parsed(result)
            if isinstance(found, Feed) and result.sha256 not in seen:
                seen[result.sha256] = await self._seen(place, kind, result, found)
        return list(seen.values())

    def _parsed(self, result: FetchResult) -> tuple[SourceKind, Feed | Rejected]:
        """As a feed, and if it is none as a sitemap."""
        assert isinstance(result, Fetched)
        feed: Feed | Rejected = self._worker.call(Asked("feed", result))
        if isinstance(feed, Rejected) and feed.code == "not_feed":
            sitemap: Feed | Rejected = self._worker.call(Asked("sitemap", result))
            if isinstance(sitemap, Feed):
                return "sitemap", sitemap
        return "feed", feed

    async def _seen(self, url: str, kind: SourceKind, result: Fetched, feed: Feed) -> Seen:
        address = result.moved_to or url
        refusal = await self._robots.refusal(address)
        dates = [item.published or item.updated for item in feed.items]
        learned = learn(new_followed(kind, address), result, feed.items, self._now)
        return Seen(
            url=address,
            kind=kind,
            format=feed.format,
            title=feed.title,
            items=len(feed.items),
            first=tuple(item.title or item.url or "" for item in feed.items[:FIRST]),
            dated=next((date for date in dates if date), None),
            fresh=_freshness(learned, self._now, is_dated=any(dates)),
            robots=refusal.message if refusal else "robots.txt allows it",
            will=self._will(kind, url, address, feed, learned, refusal),
            problems=tuple(feed.problems),
        )

    def _will(
        self,
        kind: SourceKind,
        url: str,
        address: str,
        feed: Feed,
        learned: Learned,
        refusal: FetchFailed | None,
    ) -> tuple[str, ...]:
        will = []
        if address != url:
            will.append(f"{url} has moved for good: {address} will be followed.")
        will.append(f"It will be read again after {span(learned.wait)}, later by its own rhythm.")
        entries = [raw_entry("", item, self._now, "") for item in feed.items]
        pages = sum(wants_page(entry, self._fetch) for entry in entries)
        if pages:
            will.append(
                f"The pages of {pages} of its {len(entries)} items will be read, as far as their"
                " robots.txt allows."
            )
        elif entries:
            will.append("Its own texts will be used; no pages will be read.")
        if kind == "page":
            sure = sum(item.is_sure for item in feed.items)
            will.append(
                f"{sure} of its {len(feed.items)} links are articles by their shape; of the others"
                " those count that come new."
            )
        if feed.parts:
            will.append(f"It lists {len(feed.parts)} sitemaps; the newest will be read.")
        if refusal and kind == "feed":
            will.append("robots.txt speaks against this address; a feed is read all the same.")
        return tuple(will)


def _hint(named: Sequence[str]) -> str:
    return f"; the page names {', '.join(named)}" if named else ""


def _is_page(result: Fetched) -> bool:
    return "html" in result.content_type or b"<html" in result.body[:2_000].lower()


def _freshness(learned: Learned, now: datetime, *, is_dated: bool) -> str:
    latest = learned.rhythm.latest
    if latest is None and is_dated:
        return f"nothing came for {span(PAST)}"
    if latest is None:
        return "none of its items says when it was published"
    weekly = sum(learned.usual)
    often = f"{weekly / 7:.0f} a day" if weekly >= 14 else f"{max(weekly, 1):.0f} a week"
    return f"newest {span(now - latest)} ago, about {often}"
