"""What came of reading sources, written: entries, bodies, states and a row for each reading."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg2

from mediawatch.checkpoints import reached
from mediawatch.errors import REJECTED
from mediawatch.model import RawEntry, Rejected, Source
from mediawatch.pipeline.bodies import keep_bodies
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.sitemaps import note_parts
from mediawatch.pipeline.source_health import Taught, as_before, settle, texts_of
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

    @property
    def source(self) -> Source:
        return self.followed.source

    @property
    def answer(self) -> Fetched:
        """The answer that was parsed."""
        assert isinstance(self.result, Fetched)
        return self.result


@dataclass(slots=True)
class _Brought:
    """What of one source was not there: how many entries, and the items."""

    entries: int = 0
    items: list[Item] = field(default_factory=list)


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
    ends, rows = [], []
    with transaction(ctx.conn):
        parsed = [(r, r.parsed) for r in readings if isinstance(r.parsed, Feed)]
        keep_bodies(ctx, [(r.answer, PARSERS[r.source.kind]) for r, _ in parsed])
        brought = _keep_items(ctx, parsed)
        for reading, feed in parsed:
            note_parts(ctx, reading.source.source_id, feed.parts)
        past = texts_of(ctx, [r.followed for r in readings if brought[r.source.source_id].items])
        for reading in readings:
            source_id, result = reading.source.source_id, reading.result
            new = brought[source_id]
            verdict = judge(reading.source, result, reading.parsed)
            taught = as_before(reading.followed)
            if verdict.is_ok and not isinstance(result, FetchFailed):
                verdict, taught = settle(ctx, reading.followed, result, new.items, past, verdict)
            ends.append((source_id, _end(ctx, reading, verdict, taught)))
            row = _fetch_row(result, reading.parsed, new.entries)
            rows.append((source_id, row, ctx.now, ctx.now + reading.took))
            items = reading.parsed.items if isinstance(reading.parsed, Feed) else ()
            counts.update({"sources": 1, "failed": 0 if verdict.is_ok else 1})
            counts.update({"in": len(items), "new": new.entries})
        storage.finish_sources(ctx.conn, ends, ctx.now)
        storage.add_fetches(ctx.conn, rows)
        reached("feeds.written")
    return counts


def _keep_items(ctx: Context, parsed: Sequence[tuple[Reading, Feed]]) -> dict[str, _Brought]:
    """Keep the entries that were not there; by source, what was new."""
    found: dict[str, tuple[Reading, Item, RawEntry]] = {}
    for reading, feed in parsed:
        for item in feed.items:
            entry = raw_entry(reading.source.source_id, item, ctx.now, reading.answer.sha256)
            found[entry.entry_id] = (reading, item, entry)
    brought: dict[str, _Brought] = defaultdict(_Brought)
    known = storage.known_entries(ctx.conn, list(found)) if found else set()
    new = [one for entry_id, one in found.items() if entry_id not in known]
    if not new:
        return brought
    met = storage.known_items(ctx.conn, [(entry.source_id, entry.item_key) for _, _, entry in new])
    first = {name for name in _tell_firsts(new) if not archives.has_entries(ctx.conn, name)}
    added = storage.add_entries(
        ctx.conn,
        (
            NewEntry(
                entry=entry,
                state=first_state(
                    reading.source.kind,
                    item,
                    entry,
                    reading.source.fetch,
                    ctx.now,
                    is_first=entry.source_id in first,
                ),
            )
            for reading, item, entry in new
        ),
        ctx.now,
    )
    for _, item, entry in new:
        of_source = brought[entry.source_id]
        of_source.entries += entry.entry_id in added
        if (entry.source_id, entry.item_key) not in met:
            of_source.items.append(item)
    return brought


def _tell_firsts(new: Sequence[tuple[Reading, Item, RawEntry]]) -> set[str]:
    """The sources whose items enter otherwise when nothing of them was read before."""
    return {entry.source_id for reading, _, entry in new if reading.source.kind != "feed"}


def _end(ctx: Context, reading: Reading, verdict: Verdict, taught: Taught) -> SourceEnd:
    source, result, parsed = reading.source, reading.result, reading.parsed
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
