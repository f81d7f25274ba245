"""Looking at an address before it is followed: read it once, keep nothing, say what is there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from mediawatch.errors import InputError
from mediawatch.model import Rejected
from mediawatch.settings import Settings
from mediawatch.sources.discovery import feeds_of_page
from mediawatch.sources.feeds import parse_answer
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult

FIRST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands at an address; ``first`` are the titles of its first items."""

    format: str
    title: str
    items: int
    first: tuple[str, ...]
    dated: str | None
    problems: tuple[str, ...]


def look(settings: Settings, url: str, now: datetime) -> Seen:
    """Read an address through the guards of fetching, and describe the feed that is there.

    Raises:
        InputError: it cannot be read as a feed; the text names the feeds that a page names.
    """

    async def fetch() -> FetchResult:
        async with Fetcher(settings, now) as fetcher:
            return await fetcher.fetch(url)

    result = asyncio.run(fetch())
    if not isinstance(result, Fetched):
        raise InputError(f"{url}: {getattr(result, 'message', 'no answer')}")
    found = parse_answer(result)
    if isinstance(found, Rejected):
        others = feeds_of_page(result)
        hint = f"; the page names {', '.join(others)}" if others else ""
        raise InputError(f"{url}: {found.message}{hint}", found.code)
    dates = [item.published or item.updated for item in found.items]
    return Seen(
        format=found.format,
        title=found.title,
        items=len(found.items),
        first=tuple(item.title for item in found.items[:FIRST]),
        dated=next((date for date in dates if date), None),
        problems=tuple(found.problems),
    )
