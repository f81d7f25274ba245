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
from mediawatch.sources.feeds import raw_entry
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult
from mediawatch.sources.formats import PARSERS, Asked, first_state
from mediawatch.sources.health import Verdict, judge
from mediawatch.sources.items import Feed, Item
from mediawatch.storage import archives
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd
from mediawatch.text.worker import Worker

FEEDS_AT_ONCE = 50
LEASE = timedelta(minutes=30)  # as long as a task may run
PARSING_SECONDS = 20.0
PARSING_MEGABYTES = 1_200


def poll_sources(ctx: Context) -> Counts:
    """Fetch every source that is due, many at once; how many were read, failed, and brought."""
    counts: Counter[str] = Counter()
    with Worker(
        "mediawatch.sources.formats",
        "parse_source",
        seconds=PARSING_SECONDS,
        megabytes=PARSING_MEGABYTES,
    ) as worker:
        while True:
            with transaction(ctx.conn):
                until = ctx.now + LEASE
                claimed = storage.claim_sources(ctx.conn, ctx.now, until, FEEDS_AT_ONCE)
            if not claimed:
                break
            counts.update(asyncio.run(_poll(ctx, worker, claimed)))
        counts.update(read_parts(ctx, worker))
    return dict(counts)


async def _poll(ctx: Context, worker: Worker, claimed: list[Source]) -> Counter[str]:
    """Fetch at the same time; parse and write one after the other, off the loop."""
    counts: Counter[str] = Counter()
    writing = asyncio.Lock()

    async def one(source: Source, fetcher: Fetcher) -> None:
        started = time.monotonic()
        is_failing = source.state == "failing"
        result = await fetcher.fetch(
            source.url,
            etag=None if is_failing else source.etag,
            last_modified=None if is_failing else source.last_modified,
        )
        async with writing:
            took = timedelta(seconds=time.monotonic() - started)
            counts.update(await asyncio.to_thread(_keep_feed, ctx, worker, source, result, took))

    async with Fetcher(ctx.settings, ctx.now) as fetcher, asyncio.TaskGroup() as group:
        for source in claimed:
            group.create_task(one(source, fetcher))
    return counts


def _keep_feed(
    ctx: Context, worker: Worker, source: Source, result: FetchResult, took: timedelta
) -> Counter[str]:
    """Parse one answer and write all that came of it in one transaction."""
    reached("feeds.fetched")
    parsed: Feed | Rejected | None = None
    if isinstance(result, Fetched) and result.sha256 != source.body_sha256:
        parsed = worker.call(Asked(source.kind, result))
        if isinstance(parsed, Rejected) and parsed.code not in REJECTED:
            raise ServiceError(f"feeds cannot be parsed: {parsed.message}")
    try:
        return _write_feed(ctx, source, result, parsed, took)
    except psycopg2.DataError as fault:
        # Something in this feed that the database does not take: it costs this feed alone.
        reason = f"{REJECTED['bad_encoding']} ({str(fault).splitlines()[0]})"
        parsed = Rejected(code="bad_encoding", message=reason)
        return _write_feed(ctx, source, result, parsed, took)


def _write_feed(
    ctx: Context,
    source: Source,
    result: FetchResult,
    parsed: Feed | Rejected | None,
    took: timedelta,
) -> Counter[str]:
    verdict = judge(source, result, parsed)
    items = parsed.items if isinstance(parsed, Feed) else ()
    with transaction(ctx.conn):
        new = 0
        if isinstance(result, Fetched) and isinstance(parsed, Feed):
            keep_body(ctx, result, parser=PARSERS[source.kind])
            new = _keep_items(ctx, source, result, parsed)
            note_parts(ctx, source.source_id, parsed.parts)
        end = _end(ctx, source, result, parsed, verdict)
        storage.finish_source(ctx.conn, source.source_id, end, ctx.now)
        row = _fetch_row(result, parsed, new)
        storage.add_fetch(ctx.conn, source.source_id, row, ctx.now, ctx.now + took)
        reached("feeds.written")
    return Counter(
        {"sources": 1, "failed": 0 if verdict.is_ok else 1, "in": len(items), "new": new}
    )


def _keep_items(ctx: Context, source: Source, result: Fetched, feed: Feed) -> int:
    found: dict[str, tuple[Item, RawEntry]] = {}
    for item in feed.items:
        entry = raw_entry(source.source_id, item, ctx.now, result.sha256)
        found[entry.entry_id] = (item, entry)
    known = storage.known_entries(ctx.conn, list(found))
    is_first = not archives.has_entries(ctx.conn, source.source_id)
    new = (
        NewEntry(
            entry=entry,
            state=first_state(source.kind, item, entry, source.fetch, ctx.now, is_first=is_first),
        )
        for entry_id, (item, entry) in found.items()
        if entry_id not in known
    )
    return storage.add_entries(ctx.conn, new, ctx.now)


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
        next_fetch_at=ctx.now + verdict.wait,
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
