"""Making stages again: the runs, what they choose, and what the text stage kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2.extras import Json

from mediawatch.storage.articles import PendingEntry, pending_entry
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one


@dataclass(frozen=True, slots=True)
class EntryAgain:
    """An entry that is read again, and the article whose current version it made (None: it was
    rejected)."""

    pending: PendingEntry
    article_id: str | None


def start_run(
    conn: Connection, stage: str, since: datetime, rules: Mapping[str, str], now: datetime
) -> int:
    """A row of ``reprocess_run``; its number."""
    values = {"stage": stage, "since": since, "rules": Json(dict(rules)), "now": now}
    row = fetch_one(conn, "reprocess/start_run", values)
    assert row is not None
    return int(row["run_id"])


def finish_run(conn: Connection, run_id: int, summary: Mapping[str, Any], now: datetime) -> None:
    """That a run came to its end, and what it changed."""
    values = {"run_id": run_id, "summary": Json(dict(summary)), "now": now}
    execute(conn, "reprocess/finish_run", values)


def articles_since(
    conn: Connection, since: datetime, after: int, limit: int
) -> list[dict[str, Any]]:
    """Articles at rest first seen since a time, above ``article_no`` ``after``, locked.

    Columns: article_id, article_no, version_no, index_month.
    """
    values = {"since": since, "after": after, "limit": limit}
    return fetch_all(conn, "reprocess/articles_since", values)


def send_back(conn: Connection, article_ids: Iterable[str], stage: str) -> None:
    """Let the step of ``stage`` (cluster, annotate, compare) take locked articles again."""
    execute(conn, "reprocess/send_back", {"article_ids": list(article_ids), "stage": stage})


def entries_since(
    conn: Connection, since: datetime, after: str, until: datetime, limit: int
) -> list[EntryAgain]:
    """Entries to be read again, first seen since a time; go on from the last one's time and id."""
    values = {"since": since, "after": after, "until": until, "limit": limit}
    return [
        EntryAgain(pending_entry(row), row["article_id"])
        for row in fetch_all(conn, "reprocess/entries_since", values)
    ]


def kept_article(conn: Connection, article_id: str) -> dict[str, Any] | None:
    """An article at rest with its current text, locked; None where it is not at rest.

    Columns: those of ``article_columns`` and ``version_columns``, version_no, index_month,
    first_seen_at, dated_at, dated_origin, entry_id, and one_origin (one entry made all versions).
    """
    return fetch_one(conn, "reprocess/kept_article", {"article_id": article_id})


def replace_article(conn: Connection, values: Mapping[str, Any]) -> None:
    """Another version in the article's own row: ``article_columns`` and article_id, version_no,
    outlet_id, dated_at, dated_origin."""
    execute(conn, "reprocess/replace_article", values)
