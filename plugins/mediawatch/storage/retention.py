"""What keeping asks of the database: one function for each file of sql/queries/retention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one

LIMIT = 1_000


def rules(conn: Connection) -> list[dict[str, Any]]:
    """How many days what is kept: what, licence (empty: all others), days."""
    return fetch_all(conn, "retention/rules")


def set_rule(conn: Connection, what: str, licence: str, days: int) -> int:
    """Keep something for so many days."""
    return execute(conn, "retention/set_rule", {"what": what, "licence": licence, "days": days})


def remove_rule(conn: Connection, what: str, licence: str) -> bool:
    """Take a rule away; False when there was none."""
    return bool(execute(conn, "retention/remove_rule", {"what": what, "licence": licence}))


def texts_past_their_time(conn: Connection, now: datetime) -> list[str]:
    """Some articles whose text may be kept no longer, locked."""
    values = {"now": now, "limit": LIMIT}
    return [row["article_id"] for row in fetch_all(conn, "retention/texts_past_their_time", values)]


def erase_texts(conn: Connection, article_ids: Sequence[str]) -> int:
    """Erase the text of articles, their quotations and mentions in it; the headline stays."""
    row = fetch_one(conn, "retention/erase_texts", {"article_ids": list(article_ids)})
    assert row is not None
    return int(row["versions"])


def delete_old_versions(conn: Connection, now: datetime) -> int:
    """Delete some versions that were replaced and are past their time; how many."""
    return execute(conn, "retention/delete_old_versions", {"now": now, "limit": LIMIT})


def delete_raw_by_licence(conn: Connection, now: datetime) -> int:
    """Delete some raw bodies whose own licence says so; how many."""
    return execute(conn, "retention/delete_raw_by_licence", {"now": now, "limit": LIMIT})


def erase_old_mails(conn: Connection, before: datetime) -> int:
    """Drop the text of some mails that ended before a time; how many."""
    return execute(conn, "retention/erase_old_mails", {"before": before, "limit": LIMIT})


def delete_old_fetches(conn: Connection, before: datetime) -> int:
    """Delete some lines of the log of readings; how many."""
    return execute(conn, "retention/delete_old_fetches", {"before": before, "limit": LIMIT})


def free_claims(conn: Connection, now: datetime) -> int:
    """Give back what was claimed by processes that ended; how many rows."""
    row = fetch_one(conn, "retention/free_claims", {"now": now})
    assert row is not None
    return int(row["freed"])


def end_dead_sources(conn: Connection, now: datetime, before: datetime) -> int:
    """Pause sources that gave no good answer since a time; how many."""
    return execute(conn, "retention/end_dead_sources", {"now": now, "before": before})


def unfinished_runs(conn: Connection) -> int:
    """How many runs of forgetting were broken off."""
    row = fetch_one(conn, "retention/unfinished_runs")
    assert row is not None
    return int(row["runs"])
