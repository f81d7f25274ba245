"""What the pages ask of the database: one function for each file of sql/queries/newsroom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one

Row: TypeAlias = dict[str, Any]


def limit_statements(conn: Connection, limit: str) -> None:
    """Let no statement of this connection take longer than ``limit``, such as ``10s``."""
    fetch_one(conn, "newsroom/limit_statements", {"limit": limit})


# --- the day ---------------------------------------------------------------------------


def source_counts(conn: Connection, now: datetime) -> Row:
    """How many sources are followed, due, paused."""
    return _one(conn, "newsroom/source_counts", {"now": now})


def version_counts(conn: Connection, since: datetime, now: datetime) -> int:
    """How many versions after the first came in a span of time."""
    return int(_one(conn, "newsroom/version_counts", {"since": since, "now": now})["versions"])


def oldest_work(conn: Connection, now: datetime) -> dict[str, datetime | None]:
    """Since when the oldest row waits for each step; names as in ``pipeline.open_work``."""
    return _one(conn, "newsroom/oldest_work", {"now": now})


def waiting(conn: Connection, step: str, now: datetime, limit: int) -> list[Row]:
    """What waits for a step of ``pipeline.open_work``, the oldest first."""
    return fetch_all(conn, "newsroom/waiting", {"step": step, "now": now, "limit": limit})


def later_versions(conn: Connection, since: datetime, now: datetime, limit: int) -> list[Row]:
    """Versions after the first that came in a span of time, newest first; as :func:`waiting`."""
    values = {"since": since, "now": now, "limit": limit}
    return fetch_all(conn, "newsroom/later_versions", values)


def mail_states(conn: Connection, since: datetime, now: datetime) -> dict[str, int]:
    """How many mails queued in a span of time are in each state."""
    rows = fetch_all(conn, "newsroom/mail_states", {"since": since, "now": now})
    return {row["state"]: int(row["mails"]) for row in rows}


def uncertain_count(conn: Connection) -> int:
    """How many mails wait for a person to say whether they arrived."""
    return int(_one(conn, "newsroom/uncertain_count", {})["mails"])


def days(conn: Connection, now: datetime, count: int) -> list[Row]:
    """Articles, copies, rejected, failing sources and mails of each of the last days."""
    return fetch_all(conn, "newsroom/days", {"now": now, "days": count})


def rejected_entries(conn: Connection, code: str | None, since: datetime, limit: int) -> list[Row]:
    """The entries rejected since a time, of one code or all."""
    values = {"code": code, "since": since, "limit": limit}
    return fetch_all(conn, "newsroom/rejected_entries", values)


# --- sources ---------------------------------------------------------------------------


def source_fetches(conn: Connection, source_id: str, limit: int) -> list[Row]:
    """The latest readings of a source, newest first."""
    return fetch_all(conn, "newsroom/source_fetches", {"source_id": source_id, "limit": limit})


def source_days(conn: Connection, source_id: str, now: datetime, count: int) -> list[Row]:
    """New entries of a source on each of the last days."""
    values = {"source_id": source_id, "now": now, "days": count}
    return fetch_all(conn, "newsroom/source_days", values)


# --- stories ---------------------------------------------------------------------------


def versions(conn: Connection, article_id: str) -> list[Row]:
    """Every version of an article, oldest first."""
    return fetch_all(conn, "newsroom/versions", {"article_id": article_id})


def story_matches(conn: Connection, unit_ids: Sequence[str]) -> list[Row]:
    """What every watch found of these stories and events, with the mails that told it."""
    return fetch_all(conn, "newsroom/story_matches", {"unit_ids": list(unit_ids)})


def known_actor(conn: Connection, actor_id: str) -> Row | None:
    """The actor of an id, of the list or of the articles alone; None when nothing knows it."""
    return fetch_one(conn, "newsroom/known_actor", {"actor_id": actor_id})


def actor_quotes(conn: Connection, actor_id: str, limit: int) -> list[Row]:
    """The latest words of a speaker."""
    return fetch_all(conn, "newsroom/actor_quotes", {"actor_id": actor_id, "limit": limit})


# --- watches and mails -----------------------------------------------------------------


def watch_counts(conn: Connection, since: datetime) -> dict[str, Row]:
    """For each watch what it found since a time, and when it found something last."""
    rows = fetch_all(conn, "newsroom/watch_counts", {"since": since})
    return {row["watch_id"]: row for row in rows}


def mailed_matches(conn: Connection, delivery_id: int) -> list[Row]:
    """What one mail told."""
    return fetch_all(conn, "newsroom/mailed_matches", {"delivery_id": delivery_id})


# --- addresses for feed readers ----------------------------------------------------------


def add_feed_token(
    conn: Connection, token_hash: str, name: str, query: str, owner: str, now: datetime
) -> None:
    """Keep the hash of a new token with its search."""
    values = {"token_hash": token_hash, "name": name, "query": query, "owner": owner, "now": now}
    execute(conn, "newsroom/add_feed_token", values)


def feed_tokens(conn: Connection, owner: str | None) -> list[Row]:
    """The tokens in force, of one owner or all."""
    return fetch_all(conn, "newsroom/feed_tokens", {"owner": owner})


def revoke_feed_token(conn: Connection, token_id: int, owner: str | None, now: datetime) -> bool:
    """End a token, of this owner alone where one is given; False when there is none."""
    values = {"token_id": token_id, "owner": owner, "now": now}
    return bool(execute(conn, "newsroom/revoke_feed_token", values))


def use_feed_token(conn: Connection, token_hash: str, now: datetime) -> Row | None:
    """Name and query of the token in force with this hash, its use noted."""
    return fetch_one(conn, "newsroom/use_feed_token", {"token_hash": token_hash, "now": now})


def _one(conn: Connection, name: str, values: Row) -> Row:
    row = fetch_one(conn, name, values)
    assert row is not None
    return row
