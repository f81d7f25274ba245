"""The step ``poll_sources``: what is due is fetched, parsed and kept, each source by itself."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, ServiceError
from mediawatch.model import Rejected, Source
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.parsing import parsing_worker
from mediawatch.pipeline.readings import Reading, write_readings
from mediawatch.pipeline.sitemaps import read_parts
from mediawatch.sources.fetching import Fetched, Fetcher, FetchResult
from mediawatch.sources.formats import Asked, largest
from mediawatch.sources.health import Followed
from mediawatch.sources.items import Feed
from mediawatch.sources.robots import Robots
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.text.worker import Worker

AT_ONCE = 200
PER_HOST = 4  # in hand at once: two that are read and two that wait for their turn
TOGETHER = 50  # readings in one transaction
LEASE = timedelta(minutes=30)  # as long as a task may run
LONGEST_RUN = 600.0  # seconds; what is due after them is the next run's


def poll_sources(ctx: Context, worker: Worker | None = None) -> Counts:
    """Fetch every source that is due, many at once; how many were read, failed, and brought.

    ``worker`` parses when it is given, and goes on running; otherwise one is started.
    """
    if worker is None:
        with parsing_worker() as own:
            return poll_sources(ctx, own)
    try:
        counts = asyncio.run(_Poll(ctx, worker).run())
    except BaseExceptionGroup as faults:
        raise faults.exceptions[0] from None  # one is enough to end the run
    counts.update(read_parts(ctx, worker))
    return dict(counts)


class _Poll:
    """One run. Sources are taken in hand as others are done, so that a slow one costs only
    itself. They are fetched at the same time; one is parsed while others are written.
    """

    def __init__(self, ctx: Context, worker: Worker) -> None:
        self._ctx = ctx
        self._worker = worker
        self._counts: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()  # of the sources in hand
        self._unwritten: list[Reading] = []
        self._parser = asyncio.Lock()
        self._database = asyncio.Lock()
        self._is_done = asyncio.Event()
        self._is_exhausted = False

    async def run(self) -> Counter[str]:
        end = time.monotonic() + LONGEST_RUN
        async with Fetcher(self._ctx.settings, self._ctx.now) as fetcher:
            robots = Robots(fetcher)
            async with asyncio.TaskGroup() as group:
                while time.monotonic() < end and not self._is_exhausted:
                    self._is_done.clear()
                    for followed in await self._claim():
                        group.create_task(self._read(followed, fetcher, robots))
                    if self._hosts:
                        await self._is_done.wait()
        return self._counts

    async def _claim(self) -> list[Followed]:
        """More sources, as many as are free to be taken in hand."""
        free = AT_ONCE - self._hosts.total()
        if free < AT_ONCE // 4:
            return []
        busy = [host for host, count in self._hosts.items() if count >= PER_HOST]
        async with self._database:
            claimed = await asyncio.to_thread(_claimed, self._ctx, free, busy)
        self._hosts.update(followed.host for followed in claimed)
        self._is_exhausted = not claimed and not busy
        return claimed

    async def _read(self, followed: Followed, fetcher: Fetcher, robots: Robots) -> None:
        source, started = followed.source, time.monotonic()
        result = await self._fetched(source, fetcher, robots)
        reached("feeds.fetched")
        parsed = await self._parsed(source, result)
        took = timedelta(seconds=time.monotonic() - started)
        await self._written(Reading(followed, result, parsed, took))
        self._hosts[followed.host] -= 1
        self._hosts += Counter()  # drops hosts of which nothing is in hand
        self._is_done.set()

    async def _fetched(self, source: Source, fetcher: Fetcher, robots: Robots) -> FetchResult:
        """A feed is there to be fetched by machines; a section page only as its site allows."""
        refusal = await robots.refusal(source.url) if source.kind == "page" else None
        if refusal:
            return refusal
        is_failing = source.state == "failing"
        return await fetcher.fetch(
            source.url,
            etag=None if is_failing else source.etag,
            last_modified=None if is_failing else source.last_modified,
            size=largest(source.kind),
        )

    async def _parsed(self, source: Source, result: FetchResult) -> Feed | Rejected | None:
        """What an answer holds; None for no answer, or for the bytes of last time."""
        if not isinstance(result, Fetched) or result.sha256 == source.body_sha256:
            return None
        async with self._parser:
            asked = Asked(source.kind, result)
            parsed: Feed | Rejected = await asyncio.to_thread(self._worker.call, asked)
        if isinstance(parsed, Rejected) and parsed.code not in REJECTED:
            raise ServiceError(f"feeds cannot be parsed: {parsed.message}")
        return parsed

    async def _written(self, reading: Reading) -> None:
        """Write a reading, together with those that wait for the database by now."""
        self._unwritten.append(reading)
        async with self._database:
            some, self._unwritten = self._unwritten[:TOGETHER], self._unwritten[TOGETHER:]
            if some:
                self._counts.update(await asyncio.to_thread(write_readings, self._ctx, some))


def _claimed(ctx: Context, limit: int, busy: list[str]) -> list[Followed]:
    with transaction(ctx.conn):
        return storage.claim_sources(
            ctx.conn, ctx.now, ctx.now + LEASE, limit, per_host=PER_HOST, busy=busy
        )
