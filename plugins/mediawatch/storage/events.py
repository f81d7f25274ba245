"""What the search for events asks of the database: counts of terms, profiles, candidates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one, insert_rows

Row = Mapping[str, Any]


def untold_stories(
    conn: Connection, article_ids: Sequence[str], root_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The root stories of these articles that have no event yet.

    Columns: story_id, article_no, dated_at, title, body, actors (their ids).
    """
    values = {"article_ids": list(article_ids), "root_ids": list(root_ids)}
    return fetch_all(conn, "stories/untold_stories", values)


def count_told(conn: Connection, stories: int) -> int:
    """Add to the number of stories that were counted; the number now."""
    row = fetch_one(conn, "stories/count_told", {"stories": stories})
    assert row is not None
    return int(row["stories"])


def count_terms(conn: Connection, holding: Mapping[int, int]) -> dict[int, int]:
    """Add to the number of stories that hold each term; the numbers now."""
    values = {"terms": list(holding.keys()), "holding": list(holding.values())}
    rows = fetch_all(conn, "stories/count_terms", values)
    return {row["term"]: row["stories"] for row in rows}


def event_candidates(
    conn: Connection,
    wanted: Sequence[tuple[int, int, date]],
    *,
    window: int,
    of_a_term: int,
    most: int,
) -> list[tuple[int, str]]:
    """Pairs of place and event_id, for rows of place, term and day; the most alike first."""
    values: dict[str, Any] = {"window": window, "of_a_term": of_a_term, "most": most}
    for column, name in enumerate(("places", "terms", "days")):
        values[name] = [row[column] for row in wanted]
    rows = fetch_all(conn, "stories/event_candidates", values)
    return [(row["place"], row["event_id"]) for row in rows]


def event_profiles(conn: Connection, event_ids: Collection[str]) -> list[dict[str, Any]]:
    """Columns: event_id, stories, first_day, last_day, terms, weights."""
    return fetch_all(conn, "stories/event_profiles", {"event_ids": list(event_ids)})


def insert_events(conn: Connection, event_ids: Sequence[str], now: datetime) -> None:
    """Found an event for each of these stories."""
    rows = [{"event_id": event_id, "now": now} for event_id in event_ids]
    insert_rows(conn, "stories/insert_events", rows, "(%(event_id)s, %(event_id)s, %(now)s)")


def keep_profiles(conn: Connection, rows: Sequence[Row]) -> dict[str, int]:
    """Write profiles (the columns of :func:`event_profiles`); the number of each event."""
    template = (
        "(%(event_id)s, %(stories)s, %(first_day)s, %(last_day)s, %(terms)s::bigint[],"
        " %(weights)s::real[])"
    )
    return dict(insert_rows(conn, "stories/keep_profiles", rows, template))


def insert_event_terms(conn: Connection, rows: Sequence[tuple[int, date, int]]) -> None:
    """Write rows of term, day and event_no."""
    values = {
        name: [row[column] for row in rows]
        for column, name in enumerate(("terms", "days", "event_nos"))
    }
    execute(conn, "stories/insert_event_terms", values)


def set_events(conn: Connection, event_of: Mapping[str, str]) -> None:
    """Write the event of each story."""
    values = {"story_ids": list(event_of.keys()), "event_ids": list(event_of.values())}
    execute(conn, "stories/set_events", values)


def merge_events(conn: Connection, merged: Iterable[tuple[str, str]]) -> None:
    """End the events that hold nothing but stories that were merged (gone, kept)."""
    pairs = list(merged)
    values = {"gone": [gone for gone, _ in pairs], "kept": [kept for _, kept in pairs]}
    ended = [row["event_id"] for row in fetch_all(conn, "stories/merge_events", values)]
    execute(conn, "stories/drop_profiles", {"event_ids": ended})
