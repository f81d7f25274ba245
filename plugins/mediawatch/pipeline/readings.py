"""What came of reading sources, written: entries, bodies, states and a row for each reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg2

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED
from mediawatch.model import RawEntry, Rejected, Source
from mediawatch.pipeline.bodies import keep_body
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.sitemaps import note_parts
from mediawatch.pipeline.source_health import Taught, settle
from mediawatch.sources.feeds import raw_entry
from mediawatch.sources.fetching import Fetched, FetchFailed, FetchResult
from mediawatch.sources.formats import PARSERS, first_state
from mediawatch.sources.health import Followed, Verdict, judge
from mediawatch.sources.intervals import FIRST_WAIT
from mediawatch.sources.items import Feed, Item
from mediawatch.storage import archives
from mediawatch.storage import sources as storage
from mediawatch.storage.connection import transaction
from mediawatch.storage.sources import FetchRow, NewEntry, SourceEnd


@dataclass(frozen=True, slots=True)
class Reading:
    """One source's answer. ``parsed`` is None when there was nothing to parse."""

    followed: Followed
    result: FetchResult
    parsed: Feed | Rejected | None
    took: timedelta


def write_readings(ctx: Context, readings: Sequence[Reading]) -> Counter[str]:
    """Write some readings in one transaction.

    Where the database does not take something that a source sent, each is written by itself,
    and it costs that source alone.
    """
    try:
        return _write_together(ctx, readings)
    except psycopg2.DataError as fault:
        if len(readings) > 1:
            counts: Counter[str] = Counter()
            for one in readings:
                counts.update(write_readings(ctx, [one]))
            return counts
        reason = f"{REJECTED['bad_encoding']} ({str(fault).splitlines()[0]})"
        refused = Rejected(code="bad_encoding", message=reason)
        return _write_together(ctx, [replace(readings[0], parsed=refused)])


def _write_together(ctx: Context, readings: Sequence[Reading]) -> Counter[str]:
    counts: Counter[str] = Counter()
    rows = []
    with transaction(ctx.conn):
        for reading in readings:
            row, more = _write(ctx, reading)
            rows.append((reading.followed.source.source_id, row, ctx.now, ctx.now + reading.took))
            counts.update(more)
        storage.add_fetches(ctx.conn, rows)
        reached("feeds.written")
    return counts


def _write(ctx: Context, reading: Reading) -> tuple[FetchRow, Counter[str]]:
    followed, result, parsed = reading.followed, reading.result, reading.parsed
    source = followed.source
    verdict = judge(source, result, parsed)
    items = parsed.items if isinstance(parsed, Feed) else ()
    new = 0
    new_items: list[Item] = []
    if isinstance(result, Fetched) and isinstance(parsed, Feed):
        keep_body(ctx, result, parser=PARSERS[source.kind])
        new, new_items = _keep_items(ctx, source, result, parsed)
        note_parts(ctx, source.source_id, parsed.parts)
    taught = Taught(None, followed.least, followed.moved_to, followed.moved_seen)
    if verdict.is_ok and not isinstance(result, FetchFailed):
        verdict, taught = settle(ctx, followed, result, new_items, verdict)
    end = _end(ctx, reading, verdict, taught)
    storage.finish_source(ctx.conn, source.source_id, end, ctx.now)
    failed = 0 if verdict.is_ok else 1
    counts = Counter({"sources": 1, "failed": failed, "in": len(items), "new": new})
    return _fetch_row(result, parsed, new), counts


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


def _end(ctx: Context, reading: Reading, verdict: Verdict, taught: Taught) -> SourceEnd:
    source, result, parsed = reading.followed.source, reading.result, reading.parsed
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
        rhythm=taught.rhythm,
        least=taught.least,
        moved_to=taught.moved_to,
        moved_seen=taught.moved_seen,
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
