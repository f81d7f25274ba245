"""robots.txt by RFC 9309, read once for each site in one step."""

from __future__ import annotations

import asyncio
from typing import TypeAlias
from urllib.parse import urlsplit

from protego import Protego

from mediawatch.errors import FETCH
from mediawatch.sources.fetching import AGENT, Fetched, Fetcher, FetchFailed

LARGEST = 500 * 1024  # section 2.5: at least so much must be read
# Answers that mean "there are no rules" (2.3.1.3); others mean "not now" (2.3.1.4).
NO_RULES = frozenset({"http_4xx", "gone"})
Rules: TypeAlias = Protego | FetchFailed


class Robots:
    """Asks each site for its rules when its first page is wanted."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    async def refusal(self, url: str) -> FetchFailed | None:
        """Why a page must not be fetched, or None when it may be."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.create_task(self._read(f"{site}/robots.txt"))
        rules = await self._rules[site]
        if isinstance(rules, FetchFailed):
            return FetchFailed(
                url=url,
                code=rules.code,
                message=f"robots.txt: {rules.message}",
                status=rules.status,
                retry_after=rules.retry_after,
            )
        if rules.can_fetch(url, AGENT):
            return None
        return FetchFailed(url=url, code="robots", message=FETCH["robots"])

    async def _read(self, url: str) -> Rules:
        answer = await self._fetcher.fetch(url)
        if isinstance(answer, Fetched):
            rules = Protego.parse(answer.body[:LARGEST].decode("utf-8", "replace"))
            delay = rules.crawl_delay(AGENT)
            if delay:
                self._fetcher.slow_down(url, delay)
            return rules
        if isinstance(answer, FetchFailed) and answer.code not in NO_RULES:
            return answer
        return Protego.parse("")
