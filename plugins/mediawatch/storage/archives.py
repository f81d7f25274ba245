"""What is read piece by piece: sitemaps of an index, archives and feeds' pasts, seed folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows

PART_ROW = (
    "(%(source_id)s, %(url)s, %(depth)s, %(changed)s, %(is_past)s, %(next_fetch_at)s::timestamptz)"
)


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
