"""The store of ``stories.events`` in Postgres, for one batch in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from mediawatch.storage import events as storage
from mediawatch.storage.connection import Connection
from mediawatch.stories.agglomeration import LONGEST
from mediawatch.stories.events import COMPARED, OF_A_TERM, Event, Placed, Rarity


class PostgresEvents:
    """Reads and writes events and counts; the caller holds the lock of comparing."""

    def __init__(self, conn: Connection, now: datetime) -> None:
        self._conn = conn
        self._now = now

    def count(self, terms: Mapping[int, int], stories: int) -> Rarity:
        return Rarity(
            stories=storage.count_told(self._conn, stories),
            holding=storage.count_terms(self._conn, terms),
        )

    def candidates(self, leading: Sequence[Sequence[int]], days: Sequence[date]) -> list[list[str]]:
        found: list[list[str]] = [[] for _ in leading]
        rows = storage.event_candidates(
            self._conn,
            [(place, term, days[place]) for place, some in enumerate(leading) for term in some],
            window=LONGEST.days,
            of_a_term=OF_A_TERM,
            most=COMPARED,
        )
        for place, event_id in rows:
            found[place].append(event_id)
        return found

    def events(self, event_ids: Collection[str]) -> Mapping[str, Event]:
        return {
            row["event_id"]: Event(
                event_id=row["event_id"],
                stories=row["stories"],
                first=row["first_day"],
                last=row["last_day"],
                centre=dict(zip(row["terms"], row["weights"], strict=True)),
            )
            for row in storage.event_profiles(self._conn, event_ids)
        }

    def keep(self, placed: Placed) -> None:
        new = [event for event in placed.events if event.event_id in placed.event_of]
        storage.insert_events(self._conn, [event.event_id for event in new], self._now)
        numbers = storage.keep_profiles(
            self._conn,
            [
                {
                    "event_id": event.event_id,
                    "stories": event.stories,
                    "first_day": event.first,
                    "last_day": event.last,
                    "terms": list(event.centre.keys()),
                    "weights": list(event.centre.values()),
                }
                for event in placed.events
            ],
        )
        storage.insert_event_terms(
            self._conn,
            [
                (term, event.last, numbers[event.event_id])
                for event in placed.events
                for term in placed.leading[event.event_id]
            ],
        )
        storage.set_events(self._conn, placed.event_of)
