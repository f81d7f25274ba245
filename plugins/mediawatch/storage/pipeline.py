"""What the pipeline as a whole asks of the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one


def make_partitions(conn: Connection, today: date) -> int:
    """Make the partitions of the months and days around ``today``; how many were made."""
    row = fetch_one(conn, "pipeline/make_partitions", {"today": today})
    assert row is not None
    return int(row["made"])


def drop_raw_bodies(conn: Connection, before: date) -> int:
    """Drop the raw bodies of the months that ended before ``before``; how many months."""
    row = fetch_one(conn, "pipeline/drop_raw_bodies", {"before": before})
    assert row is not None
    return int(row["dropped"])


def open_work(conn: Connection, now: datetime) -> dict[str, int]:
    """How many rows wait for a step: pages, entries, articles, changes, matches,
    mails (instant ones) and digests."""
    row = fetch_one(conn, "pipeline/open_work", {"now": now})
    assert row is not None
    return {name: int(count) for name, count in row.items()}


def overview(conn: Connection) -> dict[str, int]:
    """How much there is of everything."""
    row = fetch_one(conn, "pipeline/overview")
    assert row is not None
    return {name: int(count) for name, count in row.items()}


def make_sources_due(conn: Connection, now: datetime) -> int:
    """Let every source be read now whose server has not asked us to wait; how many."""
    return execute(conn, "pipeline/make_sources_due", {"now": now})


def source_states(conn: Connection) -> list[dict[str, Any]]:
    """Every source with its state and the reason in words."""
    return fetch_all(conn, "pipeline/source_states")


def rejections(conn: Connection, since: datetime, limit: int) -> list[dict[str, Any]]:
    """The entries rejected since a time: source, item, code, sentence."""
    return fetch_all(conn, "pipeline/rejections", {"since": since, "limit": limit})


def story_sizes(conn: Connection, since: datetime, limit: int) -> list[dict[str, Any]]:
    """The largest stories that grew since a time: story_id, articles, outlets, title."""
    return fetch_all(conn, "pipeline/story_sizes", {"since": since, "limit": limit})


def mails_since(conn: Connection, since: datetime) -> list[dict[str, Any]]:
    """The deliveries queued since a time: address, kind, state, subject, message bytes."""
    return fetch_all(conn, "pipeline/mails_since", {"since": since})


def language_counts(conn: Connection) -> dict[str, int]:
    """How many articles there are of each language, most first."""
    return {
        row["language"]: int(row["articles"]) for row in fetch_all(conn, "pipeline/language_counts")
    }
