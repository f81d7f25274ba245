"""Own topics in the database: rows of ``watch`` with the kind ``topic``, and of articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, insert_rows

_ROW = "(%(article_id)s, %(version_no)s, %(topic_id)s, %(label)s, 1, false, %(rule_version)s)"


def upsert_topic(conn: Connection, topic: Mapping[str, Any], now: datetime) -> int:
    """Write a topic where it is new or has changed; how many rows."""
    return execute(conn, "search/upsert_topic", {**topic, "now": now})


def active_topics(conn: Connection) -> list[dict[str, Any]]:
    """The topics that run: watch_id, name, query, languages."""
    return fetch_all(conn, "search/active_topics")


def topic_failed(conn: Connection, watch_id: str, reason: str) -> int:
    """Note why a topic could not be asked."""
    return execute(conn, "search/topic_failed", {"watch_id": watch_id, "reason": reason})


def insert_topics(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write topics on articles; a known one gets its new name."""
    insert_rows(conn, "search/insert_own_topics", rows, _ROW)


def drop_topics(conn: Connection, lost: Sequence[tuple[str, int, str]]) -> int:
    """Take topics (article, version, topic) off articles; how many."""
    values = {
        "article_ids": [article_id for article_id, _, _ in lost],
        "version_nos": [version_no for _, version_no, _ in lost],
        "topic_ids": [topic_id for _, _, topic_id in lost],
    }
    return execute(conn, "search/drop_own_topics", values)


def add_topic_changes(
    conn: Connection, article_ids: Sequence[str], window: timedelta, now: datetime
) -> int:
    """Put articles on the work list because their topics changed; how many."""
    values = {"article_ids": list(article_ids), "window": window, "now": now}
    return execute(conn, "search/add_topic_changes", values)
