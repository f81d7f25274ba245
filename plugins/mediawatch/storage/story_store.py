"""The store of ``stories.clusters`` in Postgres, for one batch in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mediawatch.storage import stories as storage
from mediawatch.storage import story_decisions as decisions
from mediawatch.storage.connection import Connection
from mediawatch.storage.outlet_lines import own_bodies
from mediawatch.stories.clusters import (
    MOST_CANDIDATES,
    MOST_OF_A_KEY,
    WINDOW,
    Candidates,
    Entry,
    Known,
    Separation,
    StoryRoot,
)
from mediawatch.stories.fingerprints import SCHEME, Fingerprint, prepare


class PostgresStore:
    """Reads and writes texts, keys and stories; the caller holds the lock of clustering."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._own: dict[tuple[int, int], Known] = {}

    def sign(self, batch: Sequence[tuple[Known, Fingerprint]]) -> None:
        for content, _ in batch:
            self._own[content.number, content.version_no] = content
        rows = [
            {
                "article_no": content.number,
                "version_no": content.version_no,
                "scheme": SCHEME,
                "shingles": fingerprint.shingles,
                "signature": fingerprint.signature,
            }
            for content, fingerprint in batch
        ]
        storage.insert_signatures(self._conn, rows)

    def keep(self, entries: Sequence[Entry]) -> list[bool]:
        places = [(e.node.content, e.newcomer.day, e.newcomer.number) for e in entries]
        left = storage.insert_contents(
            self._conn,
            [
                {"content": content, "day": day, "article_no": number}
                for content, day, number in places
            ],
        )
        fresh = []
        for place in places:
            fresh.append(place in left)
            left.discard(place)  # of two equal contents of one article one is enough
        new = [entry for entry, is_new in zip(entries, fresh, strict=True) if is_new]
        storage.insert_bands(self._conn, _asked(new))
        return fresh

    def same_content(self, entries: Sequence[Entry]) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in entries]
        rows = storage.same_content(
            self._conn,
            [entry.node.content for entry in entries],
            [entry.newcomer.day for entry in entries],
            WINDOW.days,
        )
        for row in rows:
            found[row["place"]].append(row["article_no"])
        return found

    def repeats(self, entries: Sequence[Entry]) -> list[int | None]:
        found: list[int | None] = [None] * len(entries)
        rows = storage.earlier_content(
            self._conn,
            [entry.node.content for entry in entries],
            [entry.newcomer.day for entry in entries],
            WINDOW.days,
        )
        for row in rows:
            found[row["place"]] = row["article_no"]
        return found

    def candidates(self, entries: Sequence[Entry]) -> list[Candidates]:
        rows = storage.candidates(
            self._conn,
            _asked(entries),
            window=WINDOW.days,
            most=MOST_CANDIDATES,
            of_a_key=MOST_OF_A_KEY,
        )
        numbers: list[list[int]] = [[] for _ in entries]
        capped = [False] * len(entries)
        for row in rows:
            if row["position"] <= MOST_CANDIDATES:
                numbers[row["place"]].append(row["article_no"])
            capped[row["place"]] |= row["crowded"] or row["position"] > MOST_CANDIDATES
        return [
            Candidates(numbers=tuple(some), capped=cut)
            for some, cut in zip(numbers, capped, strict=True)
        ]

    def contents(self, numbers: Sequence[int]) -> Mapping[int, Sequence[Known]]:
        found: dict[int, list[Known]] = {number: [] for number in numbers}
        rows = storage.stored_contents(self._conn, numbers)
        for row, body in zip(rows, own_bodies(self._conn, rows), strict=True):
            place = (row["article_no"], row["version_no"])
            if place not in self._own:
                self._own[place] = Known(
                    article_id=row["article_id"],
                    number=row["article_no"],
                    version_no=row["version_no"],
                    text_hash=row["text_hash"],
                    place=outlet_and_minute(row),
                    text=prepare(row["title"], body),
                )
            found[row["article_no"]].append(self._own[place])
        return found

    def stories(self, numbers: Sequence[int]) -> Mapping[int, StoryRoot]:
        return {
            row["article_no"]: StoryRoot(story_id=row["story_id"], number=row["founding_no"])
            for row in storage.article_stories(self._conn, numbers)
        }

    def separations(self) -> Sequence[Separation]:
        rows = decisions.standing_decisions(self._conn, "split")
        roots = storage.root_of(
            self._conn, {row[name] for row in rows for name in ("story_id", "other_id")}
        )
        return [
            Separation(
                article_ids=frozenset(row["article_ids"]),
                story_id=roots.get(row["story_id"], row["story_id"]),
                other_id=roots.get(row["other_id"], row["other_id"]),
            )
            for row in rows
        ]


def _asked(entries: Sequence[Entry]) -> storage.Asked:
    return storage.Asked(
        keys=[entry.node.keys for entry in entries],
        days=[entry.newcomer.day for entry in entries],
        numbers=[entry.newcomer.number for entry in entries],
    )


def outlet_and_minute(row: Mapping[str, Any]) -> str | None:
    """Outlet and minute of publication as one string; None when either is not known."""
    published: datetime | None = row["published_at"]
    exact = row["published_precision"] in ("second", "minute")
    if row["outlet_id"] is None or published is None or not exact:
        return None
    return f"{row['outlet_id']} {published:%Y-%m-%dT%H:%M}"
