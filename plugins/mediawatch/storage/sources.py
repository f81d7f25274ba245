"""What ``sources/`` asks of the database: sources, fetches, raw bodies, raw entries, outlets."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from psycopg2.extras import Json

from mediawatch.model import Outlet, RawEntry, Rejected, Source
from mediawatch.sources.entries import to_payload
from mediawatch.sources.health import Followed
from mediawatch.sources.rhythm import Rhythm, from_payload
from mediawatch.sources.rhythm import to_payload as to_rhythm_payload
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows

ENTRY_ROW = (
    "(%(entry_id)s, %(month)s, %(source_id)s, %(item_key)s, %(payload)s, %(body_sha256)s,"
    " %(first_seen_at)s, %(state)s, %(page_sha256)s, %(page_url)s, %(page_outcome)s,"
    " %(page_next_at)s, %(code)s, %(message)s, %(done_at)s)"
)
FETCH_TEMPLATE = (
    "(%(source_id)s, %(started_at)s, %(finished_at)s, %(url)s, %(outcome)s, %(message)s,"
    " %(status)s, %(bytes)s, %(entries)s, %(new)s)"
)
END_ROW = (
    "(%(source_id)s, %(now)s::timestamptz, %(state)s, %(reason)s::text, %(title)s,"
    " %(etag)s::text, %(last_modified)s::text, %(body_sha256)s::text, %(failures)s::integer,"
    " %(next_fetch_at)s::timestamptz, %(is_ok)s, %(rhythm)s::jsonb, %(least_seconds)s,"
    " %(moved_to)s::text, %(moved_seen)s::smallint)"
)
OUTLET_ROW = "(%(outlet_id)s, %(name)s, %(country)s, %(zone)s, %(locale)s, %(tier)s, %(licence)s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A raw entry and how it enters: ``wanted``, ``pending``, ``known``, or rejected with why."""

    entry: RawEntry
    state: str
    rejected: Rejected | None = None
    page_sha256: str | None = None
    page_url: str | None = None
    page_next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """What one reading of a source came to."""

    url: str
    outcome: str
    message: str | None = None
    status: int | None = None
    bytes: int = 0
    entries: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEnd:
    """A source's state after it was read. ``rhythm`` is None when it is as it was."""

    state: str
    reason: str | None
    next_fetch_at: datetime
    failures: int
    is_ok: bool
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    title: str = ""
    rhythm: Rhythm | None = None
    least: timedelta = timedelta()
    moved_to: str | None = None
    moved_seen: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """Whether a source has another address now, or is read as another source (``into``)."""

    is_moved: bool
    into: str | None = None


def month_of(moment: datetime) -> date:
    """The first day of its month in UTC."""
    return moment.date().replace(day=1)


def add_source(conn: Connection, values: Mapping[str, Any], now: datetime) -> bool:
    """Insert a source; False when there is one of this kind and address.

    ``values``: source_id, kind, url, title, tags, outlet_id, fetch_policy, paused.
    """
    state = "paused" if values["paused"] else "new"
    return bool(execute(conn, "sources/add_source", {**values, "state": state, "now": now}))


def set_source(conn: Connection, values: Mapping[str, Any], now: datetime) -> bool:
    """Write what a person can set: title, tags, outlet_id, fetch_policy, paused; un-removes it."""
    return bool(execute(conn, "sources/set_source", {**values, "now": now}))


def remove_source(conn: Connection, source_id: str) -> bool:
    """Follow a source no more; what it brought stays."""
    return bool(execute(conn, "sources/remove_source", {"source_id": source_id}))


def sources(
    conn: Connection, *, kind: str | None = None, with_removed: bool = False
) -> list[dict[str, Any]]:
    """Every source with its settings and state."""
    return fetch_all(conn, "sources/sources", {"kind": kind, "with_removed": with_removed})


def find_source(conn: Connection, name: str) -> dict[str, Any] | None:
    """The source of an id or address."""
    return fetch_one(conn, "sources/find_source", {"name": name})


def source_at(conn: Connection, kind: str, url: str) -> str | None:
    """The id of the source at an address, which may have moved there."""
    row = fetch_one(conn, "sources/source_at", {"kind": kind, "url": url})
    return row["source_id"] if row else None


def claim_sources(
    conn: Connection,
    now: datetime,
    until: datetime,
    limit: int,
    *,
    per_host: int = 10,
    busy: Iterable[str] = (),
) -> list[Followed]:
    """Sources that are due, this worker's own until ``until``; few of one host, none of those
    that are ``busy``.
    """
    values = {
        "now": now,
        "until": until,
        "limit": limit,
        "per_host": per_host,
        "busy": list(busy),
    }
    return [_followed(row) for row in fetch_all(conn, "sources/claim_sources", values)]


def _followed(row: Mapping[str, Any]) -> Followed:
    named = {field.name for field in fields(Source)}
    source = Source(**{k: v for k, v in row.items() if k in named} | {"tags": tuple(row["tags"])})
    return Followed(
        source=source,
        host=row["host"] or "",
        rhythm=from_payload(row["rhythm"]) if row["rhythm"] else None,
        state_reason=row["state_reason"],
        state_since=row["state_since"],
        least=timedelta(seconds=row["least_seconds"]),
        moved_to=row["moved_to"],
        moved_seen=row["moved_seen"],
    )


def move_source(conn: Connection, source: Source, url: str) -> Moved:
    """Read a source at a new address from now on, unless another one is there."""
    values = {"source_id": source.source_id, "kind": source.kind, "url": url}
    row = fetch_one(conn, "sources/move_source", values)
    return Moved(is_moved=row is not None, into=row["moved_into"] if row else None)


def known_items(conn: Connection, items: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these items, by source and item key, came before."""
    values = {"source_ids": [one for one, _ in items], "item_keys": [key for _, key in items]}
    rows = fetch_all(conn, "sources/known_items", values)
    return {(row["source_id"], row["item_key"]) for row in rows}


def newest_texts(
    conn: Connection, asked: Sequence[tuple[str, datetime | None]], limit: int
) -> list[dict[str, Any]]:
    """The last articles of sources, each those first seen before a time (None: until now).

    Rows of source_id, before, characters, is_dated; of each source the newest first.
    """
    values = {
        "source_ids": [source_id for source_id, _ in asked],
        "befores": [before for _, before in asked],
        "limit": limit,
    }
    return fetch_all(conn, "sources/newest_texts", values)


def source_history(conn: Connection, source_id: str, limit: int = 20) -> list[dict[str, Any]]:
    """A source's states, the newest first: since, state, reason, url."""
    values = {"source_id": source_id, "limit": limit}
    return fetch_all(conn, "sources/source_history", values)


def last_fetches(conn: Connection, source_id: str, limit: int = 10) -> list[dict[str, Any]]:
    """A source's last readings, the newest first."""
    values = {"source_id": source_id, "limit": limit}
    return fetch_all(conn, "sources/last_fetches", values)


def finish_source(conn: Connection, source_id: str, end: SourceEnd, now: datetime) -> None:
    """Write a source's state and give it back."""
    finish_sources(conn, [(source_id, end)], now)


def finish_sources(conn: Connection, ends: Iterable[tuple[str, SourceEnd]], now: datetime) -> None:
    """Write the states of different sources and give them back."""
    rows = [
        {
            **{field.name: getattr(end, field.name) for field in fields(end)},
            "source_id": source_id,
            "now": now,
            "rhythm": Json(to_rhythm_payload(end.rhythm)) if end.rhythm else None,
            "least_seconds": int(end.least.total_seconds()),
        }
        for source_id, end in ends
    ]
    insert_rows(conn, "sources/finish_sources", rows, END_ROW)


def add_fetch(
    conn: Connection, source_id: str, row: FetchRow, started_at: datetime, finished_at: datetime
) -> None:
    """One row for one reading of a source."""
    add_fetches(conn, [(source_id, row, started_at, finished_at)])


def add_fetches(conn: Connection, rows: Iterable[tuple[str, FetchRow, datetime, datetime]]) -> None:
    """One row for each reading: source, what it came to, from when to when."""
    values = [
        {**asdict(row), "source_id": source_id, "started_at": start, "finished_at": end}
        for source_id, row, start, end in rows
    ]
    insert_rows(conn, "sources/add_fetches", values, FETCH_TEMPLATE)


def add_raw_body(
    conn: Connection,
    sha256: str,
    body: bytes,
    *,
    url: str,
    content_type: str,
    headers: Mapping[str, str],
    opt_outs: Sequence[str] = (),
    parser: str | None,
    fetched_at: datetime,
    month: date | None = None,
) -> None:
    """Keep what a server sent, gzipped; once for each month. ``parser`` is what read it."""
    values = {
        "sha256": sha256,
        "month": month or month_of(fetched_at),
        "content": gzip.compress(body, mtime=0),
        "url": url,
        "content_type": content_type,
        "headers": Json(_printable(headers)),
        "opt_outs": list(opt_outs),
        "parser": parser,
        "fetched_at": fetched_at,
    }
    execute(conn, "sources/add_raw_body", values)


def raw_body(conn: Connection, sha256: str) -> bytes | None:
    """The bytes of a body that is still kept."""
    row = fetch_one(conn, "sources/raw_body", {"sha256": sha256})
    return gzip.decompress(bytes(row["content"])) if row else None


def _printable(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers without the characters that the database takes in no string."""
    return {name: value.replace("\x00", "") for name, value in headers.items()}


def known_entries(conn: Connection, entry_ids: Sequence[str]) -> set[str]:
    """Which of these entries are there already, in any month."""
    rows = fetch_all(conn, "sources/known_entries", {"entry_ids": list(entry_ids)})
    return {row["entry_id"] for row in rows}


def add_entries(conn: Connection, entries: Iterable[NewEntry], now: datetime) -> set[str]:
    """Insert entries that were not there; their ids.

    In the order of their ids, so that two writers of the same entries wait and never deadlock.
    """
    rows = [_entry_row(new, now) for new in sorted(entries, key=lambda new: new.entry.entry_id)]
    return {entry_id for (entry_id,) in insert_rows(conn, "sources/add_entries", rows, ENTRY_ROW)}


def _entry_row(new: NewEntry, now: datetime) -> dict[str, Any]:
    entry = new.entry
    return {
        "entry_id": entry.entry_id,
        "month": month_of(now),
        "source_id": entry.source_id,
        "item_key": entry.item_key,
        "payload": Json(to_payload(entry)),
        "body_sha256": entry.body_sha256,
        "first_seen_at": now,
        "state": new.state,
        "page_sha256": new.page_sha256,
        "page_url": new.page_url,
        "page_outcome": "ok" if new.page_sha256 else None,
        "page_next_at": new.page_next_at,
        "code": new.rejected.code if new.rejected else None,
        "message": new.rejected.message if new.rejected else None,
        "done_at": now if new.rejected else None,
    }


def claim_pages(
    conn: Connection, now: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """Entries whose page is wanted: entry_id, month, url, page_attempts."""
    return fetch_all(conn, "sources/claim_pages", {"now": now, "until": until, "limit": limit})


def finish_page(conn: Connection, values: Mapping[str, Any]) -> None:
    """What came of a page: entry_id, month, state, page_url, page_sha256, outcome, attempts,
    next_at.
    """
    execute(conn, "sources/finish_page", values)


def claim_rechecks(
    conn: Connection, now: datetime, until: datetime, since: datetime, limit: int
) -> list[dict[str, Any]]:
    """Entries since ``since`` whose page is due to be looked at again."""
    values = {"now": now, "until": until, "since": since, "limit": limit}
    return fetch_all(conn, "sources/claim_rechecks", values)


def finish_recheck(conn: Connection, entry_id: str, month: date, next_at: datetime | None) -> None:
    """When a page is looked at again; None for never."""
    values = {"entry_id": entry_id, "month": month, "next_at": next_at}
    execute(conn, "sources/finish_recheck", values)


def put_outlets(conn: Connection, outlets: Iterable[Outlet]) -> int:
    """Insert or overwrite outlets; how many."""
    rows = [asdict(outlet) for outlet in outlets]
    return len(insert_rows(conn, "sources/put_outlets", rows, OUTLET_ROW))


def outlets(conn: Connection) -> list[Outlet]:
    """Every outlet."""
    return [Outlet(**row) for row in fetch_all(conn, "sources/outlets")]


def remove_outlet(conn: Connection, outlet_id: str) -> bool:
    """Delete an outlet unless a source or article speaks of it."""
    return bool(execute(conn, "sources/remove_outlet", {"outlet_id": outlet_id}))
