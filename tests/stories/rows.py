"""Articles put into the database as the text stage leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from mediawatch.storage import stories as storage
from mediawatch.storage.connection import Connection

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def add_article(
    conn: Connection,
    article_id: str,
    title: str,
    body: str,
    *,
    dated_at: datetime = NOW,
    outlet: str | None = None,
    intake: str = "feed",
) -> None:
    """One article of one version that waits for clustering."""
    month = dated_at.date().replace(day=1)
    with conn.cursor() as cursor:
        if outlet:
            cursor.execute(
                "INSERT INTO outlet (outlet_id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (outlet, outlet),
            )
        cursor.execute(
            """INSERT INTO article (article_id, outlet_id, language, published_at,
                   published_precision, first_seen_at, dated_at, dated_origin, intake,
                   index_month, pending_cause)
               VALUES (%s, %s, 'en', %s, 'minute', %s, %s, 'feed', %s, %s, 'new_article')""",
            (article_id, outlet, dated_at, dated_at, dated_at, intake, month),
        )
    add_version(conn, article_id, 1, title, body)


def add_version(conn: Connection, article_id: str, version_no: int, title: str, body: str) -> None:
    """One content of an article, as the newest."""
    with conn.cursor() as cursor:
        cursor.execute(
            """INSERT INTO article_version (article_id, version_no, month, kind, title, body,
                   language, text_hash, extractor, entry_id, seen_at)
               SELECT article_id, %s, index_month, 'update', %s, %s, 'en', %s, 'test', 'e',
                      first_seen_at
               FROM article WHERE article_id = %s""",
            (version_no, title, body, sha256(body.encode()).hexdigest(), article_id),
        )
        cursor.execute(
            "UPDATE article SET version_no = %s, stage = 'cluster' WHERE article_id = %s",
            (version_no, article_id),
        )


def annotated(conn: Connection) -> None:
    """Do what the meaning stage does to the stage of articles."""
    query(conn, "UPDATE article SET stage = 'compare' WHERE stage = 'annotate' RETURNING 1")
    conn.commit()


def query(conn: Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with conn.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def groups(conn: Connection) -> set[frozenset[str]]:
    """The articles that share a root story."""
    rows = query(conn, "SELECT article_id, story_id FROM article")
    roots = storage.root_of(conn, {story for _, story in rows})
    found: dict[str, set[str]] = {}
    for article_id, story_id in rows:
        found.setdefault(roots[story_id], set()).add(article_id)
    return {frozenset(group) for group in found.values()}
