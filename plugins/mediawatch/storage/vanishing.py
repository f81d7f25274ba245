"""Articles whose page is gone: twice over a day is a version of the kind ``vanished``."""

from __future__ import annotations

from datetime import datetime, timedelta

from mediawatch.storage.connection import Connection, execute

GONE_FOR = timedelta(days=1)


def note_missing(conn: Connection, article_id: str, now: datetime) -> bool:
    """Write down that an article's page is not there; whether it counts as vanished now."""
    execute(conn, "stories/note_missing", {"article_id": article_id, "now": now})
    values = {"article_id": article_id, "now": now, "before": now - GONE_FOR}
    return execute(conn, "stories/vanish_article", values) > 0


def seen_again(conn: Connection, article_id: str) -> None:
    """Forget that an article's page was not there."""
    execute(conn, "stories/seen_again", {"article_id": article_id})
