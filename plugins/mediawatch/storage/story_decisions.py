"""What people decided of stories: rows that outlive clustering, and what follows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one


def standing_decisions(conn: Connection, kind: str) -> list[dict[str, Any]]:
    """The decisions of a kind (``merge``, ``split``) that nobody took back, oldest first.

    Columns: decision_id, kind, story_id, other_id, article_ids, decided_at, decided_by.
    """
    return fetch_all(conn, "stories/standing_decisions", {"kind": kind})


def decisions_of(conn: Connection, story_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Every decision that names one of these stories, with undone_at."""
    return fetch_all(conn, "stories/decisions_of", {"story_ids": list(story_ids)})


def find_decision(conn: Connection, decision_id: int) -> dict[str, Any] | None:
    """A decision, locked: decision_id, kind, story_id, other_id, article_ids, undone_at."""
    return fetch_one(conn, "stories/find_decision", {"decision_id": decision_id})


def insert_decision(
    conn: Connection,
    kind: str,
    story_id: str,
    other_id: str,
    article_ids: Sequence[str],
    by: str,
    now: datetime,
) -> int:
    """Write a decision down; its number."""
    values = {"kind": kind, "story_id": story_id, "other_id": other_id, "by": by, "now": now}
    row = fetch_one(conn, "stories/insert_decision", {**values, "article_ids": list(article_ids)})
    assert row is not None
    return int(row["decision_id"])


def undo_decision(conn: Connection, decision_id: int, now: datetime) -> None:
    """Mark a decision as taken back."""
    execute(conn, "stories/undo_decision", {"decision_id": decision_id, "now": now})


def restore_story(conn: Connection, story_id: str) -> None:
    """Let a story that was merged stand by itself again, with its event."""
    execute(conn, "stories/restore_story", {"story_id": story_id})
    execute(conn, "stories/restore_events", {"story_id": story_id})


def split_story(
    conn: Connection, story_id: str, new_id: str, article_ids: Sequence[str], now: datetime
) -> None:
    """Move articles of a root story into one that is named by the first of them.

    The new story stays in the event of the old one.
    """
    values = {"story_id": story_id, "new_id": new_id, "article_ids": list(article_ids), "now": now}
    execute(conn, "stories/keep_in_story", values)
    execute(conn, "stories/split_story", values)
    execute(conn, "stories/move_articles", values)
