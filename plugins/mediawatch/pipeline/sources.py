"""The steps of ``sources/``: read seed folders and archives, poll feeds, fetch pages."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED, InputError, ServiceError
from mediawatch.model import RawEntry, Rejected, Source
from mediawatch.pipeline.context import Context, Counts
from mediawatch.sources import entries as ids
from mediawatch.sources import seeds
from mediawatch.sources.feeds import raw_entry, wants_page
from mediawatch.sources.fetching import Fetched, Fetcher, FetchFailed, FetchResult
from mediawatch.sources.health import Verdict, judge
from mediawatch.sources.items import Feed
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd
from mediawatch.text.worker import Worker

FILES_AT_ONCE = 500
FEEDS_AT_ONCE = 50
LEASE = timedelta(minutes=30)  # as long as a task may run
PARSING_SECONDS = 20.0
PARSING_MEGABYTES = 1_200


def add_folder_source(
    conn: Connection, path: Path, now: datetime, roots: tuple[Path, ...], kind: str = "folder"
) -> str:
    """Follow a folder of seeds (or, with kind ``archive``, know it); its source id.

    Raises:
        InputError: it is no folder below one of the seed roots.
    """
    folder = seeds.folder_below(path, roots)
    source_id = ids.source_id(kind, str(folder))
    values: dict[str, Any] = {
        "source_id": source_id,
        "kind": kind,
        "url": str(folder),
        "title": folder.name,
        "tags": [],
        "outlet_id": None,
        "fetch_policy": "never",
        "paused": False,
    }
    with transaction(conn):
        storage.add_source(conn, values, now)
    return source_id


def read_seeds(ctx: Context) -> Counts:
    """Read every folder source; how many files there were, were new, and were rejected."""
    counts: Counter[str] = Counter()
    for row in storage.sources(ctx.conn, kind="folder"):
        if not row["paused"]:
            counts.update(_read_folder(ctx, row["source_id"], Path(row["url"])))
    ctx.conn.commit()  # ends the reading transaction
    return dict(counts)


def read_archive(ctx: Context, path: str) -> Counts:
    """Take in a folder of seeds below the seed roots as an archive: searched, never mailed.

    Raises:
        InputError: it is no folder below one of the seed roots.
    """
    roots = ctx.settings.seed_roots
    source_id = add_folder_source(ctx.conn, Path(path), ctx.now, roots, "archive")
    return dict(_read_folder(ctx, source_id, Path(path)))


def _read_folder(ctx: Context, source_id: str, folder: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    failure: str | None = None
    try:
        real = seeds.folder_below(folder, ctx.settings.seed_roots)
        paths = seeds.seed_paths(real)
        while some := list(islice(paths, FILES_AT_ONCE)):
            counts.update(_keep_files(ctx, source_id, some))
    except InputError as fault:
        failure = str(fault)
    if failure:
        state = "failing"
    elif not counts["in"]:
        state = "empty"
    else:
        state = "fine" if counts["new"] else "unchanged"
    end = SourceEnd(
        state=state,
        reason=failure,
        next_fetch_at=ctx.now,
        failures=1 if failure else 0,
        is_ok=failure is None,
    )
    row = FetchRow(
        url=str(folder),
        outcome="gone" if failure else "ok",
        message=failure,
        entries=counts["in"],
        new=counts["new"],
    )
    with transaction(ctx.conn):
        storage.finish_source(ctx.conn, source_id, end, ctx.now)
        storage.add_fetch(ctx.conn, source_id, row, ctx.now, ctx.now)
    return counts


def _keep_files(ctx: Context, source_id: str, paths: list[tuple[str, Path]]) -> Counter[str]:
    """Read some files and keep those that are not there as they are."""
    read = [file for key, path in paths if (file := seeds.read_seed_file(key, path)) is not None]
    found = {seeds.seed_entry_id(source_id, file): file for file in read}
    reached("seeds.read")
    with transaction(ctx.conn):
        known = storage.known_entries(ctx.conn, list(found))
        new = [
            _seed_entry(ctx, source_id, entry_id, file)
            for entry_id, file in found.items()
            if entry_id not in known
        ]
        added = storage.add_entries(ctx.conn, new, ctx.now)
        reached("seeds.written")
    rejected = sum(entry.rejected is not None for entry in new)
    return Counter({"in": len(read), "new": added, "rejected": rejected})


def _seed_entry(ctx: Context, source_id: str, entry_id: str, file: seeds.SeedFile) -> NewEntry:
    entry = RawEntry(
        entry_id=entry_id,
        source_id=source_id,
        item_key=file.key,
        content=file.text or "",
        content_type="seed",
        fetched_at=ctx.now,
        body_sha256=file.sha256 or None,
    )
    state = "rejected" if file.rejected else "pending"
    return NewEntry(entry=entry, state=state, rejected=file.rejected)


def poll_sources(ctx: Context) -> Counts:
    """Fetch every feed that is due, many at once; how many were read, failed, and brought."""
    counts: Counter[str] = Counter()
    with Worker(
        "mediawatch.sources.feeds",
        "parse_answer",
        seconds=PARSING_SECONDS,
        megabytes=PARSING_MEGABYTES,
    ) as worker:
        while True:
            with transaction(ctx.conn):
                until = ctx.now + LEASE
                claimed = storage.claim_sources(ctx.conn, ctx.now, until, FEEDS_AT_ONCE)
            if not claimed:
                return dict(counts)
            counts.update(asyncio.run(_poll(ctx, worker, claimed)))


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
        parsed = worker.call(result)
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
            keep_body(ctx, result)
            new = _keep_items(ctx, source, result, parsed)
        end = _end(ctx, source, result, parsed, verdict)
        storage.finish_source(ctx.conn, source.source_id, end, ctx.now)
        row = _fetch_row(result, parsed, new)
        storage.add_fetch(ctx.conn, source.source_id, row, ctx.now, ctx.now + took)
        reached("feeds.written")
    return Counter(
        {"sources": 1, "failed": 0 if verdict.is_ok else 1, "in": len(items), "new": new}
    )


def keep_body(ctx: Context, result: Fetched, month: date | None = None) -> None:
    """Keep an answer as it came, in the month of its entry (None: this month)."""
    storage.add_raw_body(
        ctx.conn,
        result.sha256,
        result.body,
        url=result.url,
        content_type=result.content_type,
        fetched_at=ctx.now,
        month=month,
    )


def _keep_items(ctx: Context, source: Source, result: Fetched, feed: Feed) -> int:
    made = [raw_entry(source.source_id, item, ctx.now, result.sha256) for item in feed.items]
    found = {entry.entry_id: entry for entry in made}
    known = storage.known_entries(ctx.conn, list(found))
    new = (
        NewEntry(entry=entry, state="wanted" if wants_page(entry, source.fetch) else "pending")
        for entry_id, entry in found.items()
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
