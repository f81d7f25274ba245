"""The step ``poll_sources``: what is due is fetched, parsed and kept, each source by itself."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import psycopg2

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, ServiceError
from mediawatch.model import RawEntry, Rejected, Source
from mediawatch.pipeline.bodies import keep_body
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.sitemaps import note_parts, read_parts
from mediawatch.pipeline.source_health import settle
from mediawatch.sources.feeds import raw_entry
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult
from mediawatch.sources.formats import PARSERS, Asked, first_state
from mediawatch.sources.health import Followed, Verdict, judge
from mediawatch.sources.intervals import FIRST_WAIT
from mediawatch.sources.items import Feed, Item
from mediawatch.sources.robots import Robots
from mediawatch.storage import archives
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd
from mediawatch.text.worker import Worker

AT_ONCE = 200
PER_HOST = 4  # in hand at once: two that are read and two that wait for their turn
LEASE = timedelta(minutes=30)  # as long as a task may run
LONGEST_RUN = 600.0  # seconds; what is due after them is the next run's
PARSING_SECONDS = 20.0
PARSING_MEGABYTES = 1_200


def poll_sources(ctx: Context) -> Counts:
    """Fetch every source that is due, many at once; how many were read, failed, and brought."""
    with Worker(
        "mediawatch.sources.formats",
        "parse_source",
        seconds=PARSING_SECONDS,
        megabytes=PARSING_MEGABYTES,
    ) as worker:
        try:
            counts = asyncio.run(_Poll(ctx, worker).run())
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None  # one is enough to end the run
        counts.update(read_parts(ctx, worker))
    return dict(counts)


class _Poll:
    """One run. Sources are taken in hand as others are done, so that a slow one costs only
    itself; they are fetched at the same time, parsed and written one after the other.
    """

    def __init__(self, ctx: Context, worker: Worker) -> None:
        self._ctx = ctx
        self._worker = worker
        self._counts: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()  # of the sources in hand
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
        async with self._database:
            took = timedelta(seconds=time.monotonic() - started)
            counts = await asyncio.to_thread(
                _keep_feed, self._ctx, self._worker, followed, result, took
            )
        self._counts.update(counts)
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
        )


def _claimed(ctx: Context, limit: int, busy: list[str]) -> list[Followed]:
    with transaction(ctx.conn):
        return storage.claim_sources(
            ctx.conn, ctx.now, ctx.now + LEASE, limit, per_host=PER_HOST, busy=busy
        )


def _keep_feed(
    ctx: Context, worker: Worker, followed: Followed, result: FetchResult, took: timedelta
) -> Counter[str]:
    """Parse one answer and write all that came of it in one transaction."""
    reached("feeds.fetched")
    source = followed.source
    parsed: Feed | Rejected | None = None
    if isinstance(result, Fetched) and result.sha256 != source.body_sha256:
        parsed = worker.call(Asked(source.kind, result))
        if isinstance(parsed, Rejected) and parsed.code not in REJECTED:
            raise ServiceError(f"feeds cannot be parsed: {parsed.message}")
    try:
        return _write_feed(ctx, followed, result, parsed, took)
    except psycopg2.DataError as fault:
        # Something in this feed that the database does not take: it costs this feed alone.
        reason = f"{REJECTED['bad_encoding']} ({str(fault).splitlines()[0]})"
        parsed = Rejected(code="bad_encoding", message=reason)
        return _write_feed(ctx, followed, result, parsed, took)


def _write_feed(
    ctx: Context,
    followed: Followed,
    result: FetchResult,
    parsed: Feed | Rejected | None,
    took: timedelta,
) -> Counter[str]:
    source = followed.source
    verdict = judge(source, result, parsed)
    items = parsed.items if isinstance(parsed, Feed) else ()
    with transaction(ctx.conn):
        new = 0
        new_items: list[Item] = []
        if isinstance(result, Fetched) and isinstance(parsed, Feed):
            keep_body(ctx, result, parser=PARSERS[source.kind])
            new, new_items = _keep_items(ctx, source, result, parsed)
            note_parts(ctx, source.source_id, parsed.parts)
        if verdict.is_ok and not isinstance(result, FetchFailed):
            verdict = settle(ctx, followed, result, new_items, verdict)
        end = _end(ctx, source, result, parsed, verdict)
        storage.finish_source(ctx.conn, source.source_id, end, ctx.now)
        row = _fetch_row(result, parsed, new)
        storage.add_fetch(ctx.conn, source.source_id, row, ctx.now, ctx.now + took)
        reached("feeds.written")
    return Counter(
        {"sources": 1, "failed": 0 if verdict.is_ok else 1, "in": len(items), "new": new}
    )


def _keep_items(
    ctx: Context, source: Source, result: Fetched, feed: Feed
) -> tuple[int, list[Item]]:
    """Keep the entries that were not there; how many, and the items that were not there."""
    found: dict[str, tuple[Item, RawEntry]] = {}
    for item in feed.items:
        entry = raw_entry(source.source_id, item, ctx.now, result.sha256)
        found[entry.entry_id] = (item, entry)
    known = storage.known_entries(ctx.conn, list(found))
    new = [pair for entry_id, pair in found.items() if entry_id not in known]
    if not new:
        return 0, []
    is_first = not archives.has_entries(ctx.conn, source.source_id)
    met = storage.known_items(ctx.conn, source.source_id, [entry.item_key for _, entry in new])
    added = storage.add_entries(
        ctx.conn,
        (
            NewEntry(
                entry=entry,
                state=first_state(
                    source.kind, item, entry, source.fetch, ctx.now, is_first=is_first
                ),
            )
            for item, entry in new
        ),
        ctx.now,
    )
    return added, [item for item, entry in new if entry.item_key not in met]


def _end(
    ctx: Context,
    source: Source,
    result: FetchResult,
    parsed: Feed | Rejected | None,
    verdict: Verdict,
) -> SourceEnd:
    etag, last_modified, body = source.etag, source.last_modified, source.body_sha256
    if isinstance(result, Fetched) and verdict.is_ok:
        headers = result.headers if verdict.keeps_validators else {}
        etag, last_modified = headers.get("etag"), headers.get("last-modified")
        body = result.sha256 if verdict.keeps_validators else None
    return SourceEnd(
        state=verdict.state,
        reason=verdict.reason,
        next_fetch_at=ctx.now + (verdict.wait or FIRST_WAIT),
        failures=verdict.failures,
        is_ok=verdict.is_ok,
        etag=etag,
        last_modified=last_modified,
        body_sha256=body,
        title=parsed.title if isinstance(parsed, Feed) else "",
    )


def _fetch_row(result: FetchResult, parsed: Feed | Rejected | None, new: int) -> FetchRow:
    if isinstance(result, FetchFailed):
        return FetchRow(
            url=result.url, outcome=result.code, message=result.message, status=result.status
        )
    if not isinstance(result, Fetched):
        return FetchRow(url=result.url, outcome="unchanged", status=304)
    row = FetchRow(url=result.url, outcome="ok", status=result.status, bytes=result.packed, new=new)
    if parsed is None:
        return replace(row, outcome="unchanged")
    if isinstance(parsed, Rejected):
        return replace(row, outcome=parsed.code, message=parsed.message)
    message = "; ".join(parsed.problems) or None
    return replace(row, entries=len(parsed.items), message=message)
