"""Taking articles out of their stories, so that they are clustered again, and tidying after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all


def placed_since(conn: Connection, since: datetime) -> list[dict[str, Any]]:
    """Articles first seen since a time, locked: article_id, article_no, dated_at, story_id."""
    return fetch_all(conn, "stories/placed_since", {"since": since})


def unplace(conn: Connection, article_ids: Sequence[str], numbers: Sequence[int]) -> None:
    """Forget what clustering knows of these articles: keys, signatures, their places."""
    execute(conn, "stories/delete_signatures", {"numbers": list(numbers)})
    execute(conn, "stories/delete_contents", {"numbers": list(numbers)})
    execute(conn, "stories/delete_bands", {"numbers": list(numbers)})
    execute(conn, "stories/free_articles", {"article_ids": list(article_ids)})
    execute(conn, "stories/free_stories", {"article_ids": list(article_ids)})


def end_deserted(conn: Connection, article_ids: Sequence[str]) -> int:
    """Let the stories that these articles founded and left end where the articles are now."""
    return execute(conn, "stories/end_deserted", {"article_ids": list(article_ids)})


def without_event(conn: Connection, article_ids: Sequence[str]) -> list[str]:
    """Those of these articles that founded a story without an event."""
    rows = fetch_all(conn, "stories/without_event", {"article_ids": list(article_ids)})
    return [row["founding"] for row in rows]
