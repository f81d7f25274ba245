"""What is read piece by piece: sitemaps of an index, archives and feeds' pasts, seed folders."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mediawatch.sources.seed_items import SeedItem
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows

PART_ROW = (
    "(%(source_id)s, %(url)s, %(depth)s, %(changed)s, %(is_past)s, %(next_fetch_at)s::timestamptz)"
)
HELD_ROW = "(%(source_id)s, %(item_key)s, %(file)s, %(sha256)s, %(revision)s, %(now)s::timestamptz)"


def has_entries(conn: Connection, source_id: str) -> bool:
    """Whether a source ever brought anything."""
    row = fetch_one(conn, "archives/has_entries", {"source_id": source_id})
    return bool(row and row["has_entries"])


def has_parts(conn: Connection, source_id: str) -> bool:
    """Whether a source's sitemap index was read before."""
    row = fetch_one(conn, "archives/has_parts", {"source_id": source_id})
    return bool(row and row["has_parts"])


def put_parts(conn: Connection, parts: Iterable[Mapping[str, Any]]) -> None:
    """Note the sitemaps of an index: source_id, url, depth, changed, is_past, next_fetch_at."""
    insert_rows(conn, "archives/put_parts", list(parts), PART_ROW)


def claim_parts(
    conn: Connection, now: datetime, until: datetime, limit: int
) -> list[dict[str, Any]]:
    """Sitemaps of indexes that are to be read, this worker's own until ``until``."""
    return fetch_all(conn, "archives/claim_parts", {"now": now, "until": until, "limit": limit})


def finish_part(conn: Connection, values: Mapping[str, Any]) -> None:
    """What came of a part: source_id, url, outcome, message, failures, etag, last_modified,
    body_sha256, is_read, next_fetch_at, now.
    """
    execute(conn, "archives/finish_part", values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the reading of one file, or of one feed's past, goes on.

    ``head`` tells the file from others of its name; ``place`` is a byte offset or an address.
    """

    head: str
    place: str = "0"
    records: int = 0
    done: bool = False


def position(conn: Connection, source_id: str, name: str, head: str) -> Position:
    """Where to go on; the beginning when nothing of this very file was read."""
    row = fetch_one(conn, "archives/position", {"source_id": source_id, "name": name})
    return Position(**row) if row and row["head"] == head else Position(head=head)


def move_position(
    conn: Connection, source_id: str, name: str, position: Position, now: datetime
) -> None:
    """Note where to go on, in the transaction that keeps what was read."""
    values = {**asdict(position), "source_id": source_id, "name": name, "now": now}
    execute(conn, "archives/move_position", values)


@dataclass(frozen=True, slots=True)
class Held:
    """What a folder held of one item when it was read last."""

    sha256: str
    revision: int
    is_gone: bool


def held_items(conn: Connection, source_id: str, keys: Sequence[str]) -> dict[str, Held]:
    """What is known of these items of a folder, by key."""
    values = {"source_id": source_id, "keys": list(keys)}
    return {
        row["item_key"]: Held(row["sha256"], row["revision"], row["is_gone"])
        for row in fetch_all(conn, "archives/held_items", values)
    }


def hold_items(
    conn: Connection, source_id: str, items: Iterable[tuple[str, SeedItem, int]], now: datetime
) -> None:
    """Note what a folder holds now: the file, the item, and how many contents it had before."""
    rows = [
        {
            "source_id": source_id,
            "item_key": item.key,
            "file": file,
            "sha256": item.sha256,
            "revision": revision,
            "now": now,
        }
        for file, item, revision in items
    ]
    insert_rows(conn, "archives/hold_items", rows, HELD_ROW)


def note_gone(
    conn: Connection,
    source_id: str,
    seen: Collection[str],
    unchanged: Collection[str],
    now: datetime,
) -> int:
    """Note the items that are there no more; how many articles those are.

    ``seen`` are the keys that were read, ``unchanged`` the files whose items are as they were.
    """
    rows = fetch_all(conn, "archives/present_items", {"source_id": source_id})
    gone = [
        row
        for row in rows
        if row["item_key"] not in seen
        and row["file"] not in unchanged
        and row["item_key"] not in unchanged
    ]
    keys = [row["item_key"] for row in gone]
    execute(conn, "archives/note_gone", {"source_id": source_id, "keys": keys, "now": now})
    return sum(bool(row["file"]) for row in gone)


def kept_entry(conn: Connection, entry_id: str) -> dict[str, Any] | None:
    """A raw entry and the unpacked body that it came in; None when there is no such entry.

    Without a kept body ``parser`` is None and ``content`` empty.
    """
    row = fetch_one(conn, "archives/kept_entry", {"entry_id": entry_id})
    if row is None:
        return None
    content = gzip.decompress(bytes(row["content"])) if row["content"] is not None else b""
    return {**row, "content": content}
