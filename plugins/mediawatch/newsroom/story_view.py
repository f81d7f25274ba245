"""Everything that is known of one story, read from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mediawatch.newsroom.changed_words import Run, changed_words
from mediawatch.storage import newsroom as storage
from mediawatch.storage import search as search_storage
from mediawatch.storage import stories as story_storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.connection import Connection

Row = Mapping[str, Any]
COPIES_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article; the changes are against the version before, None at the first
    and for texts too long to be compared.
    """

    row: Row
    title: tuple[Run, ...] | None
    body: tuple[Run, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of the story. ``place`` is where it stands in time, in percent."""

    row: Row
    place: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story with one of its articles chosen; ``actors`` are (id, name, kind, mentions).

    ``silent`` are the watches that did not find it.
    """

    story_id: str
    event_id: str
    members: tuple[Member, ...]
    hidden: int
    outlets: int
    article: Row
    actors: tuple[tuple[str, str, str, int], ...]
    quotes: Sequence[Row]
    topics: Sequence[Row]
    versions: tuple[Version, ...]
    matches: Sequence[Row]
    silent: Sequence[Row]

    @property
    def places(self) -> list[tuple[str, float]]:
        """Each shown article with its outlet and where it stands in time, in percent."""
        return [(member.row["outlet_id"] or "", member.place) for member in self.members]


def load(conn: Connection, name: str, article_id: str | None) -> StoryView | None:
    """The story of an id or address, or the one that it was merged into.

    ``article_id`` chooses one of its articles; the first one otherwise. None when there is no
    such story, or nothing of it is left.
    """
    found = story_storage.find_story(conn, name)
    if found is None:
        return None
    root = story_storage.root_of(conn, [found]).get(found, found)
    members = story_storage.members(conn, [root]).get(root, [])
    ids = [row["article_id"] for row in members]
    if not ids:
        return None
    wanted = next((known for known in (article_id, name) if known in ids), None) or ids[0]
    rows = next(iter(search_storage.article_rows(conn, [wanted])), None)
    if rows is None:
        return None
    event_id = str(rows.article["event_id"])
    matches = storage.story_matches(conn, _units(root, event_id, members))
    telling = {row["watch_id"] for row in matches}
    return StoryView(
        story_id=root,
        event_id=event_id,
        members=_in_time(members[:COPIES_SHOWN]),
        hidden=max(0, len(members) - COPIES_SHOWN),
        outlets=len({row["outlet_id"] for row in members if row["outlet_id"]}),
        article=rows.article,
        actors=_actors(rows.mentions),
        quotes=rows.quotes,
        topics=rows.topics,
        versions=_versions(storage.versions(conn, wanted)),
        matches=matches,
        silent=[row for row in watch_storage.watches(conn) if row["watch_id"] not in telling],
    )


def _units(root: str, event_id: str, members: Sequence[Row]) -> list[str]:
    """All ids under which watches may have found the story."""
    return sorted({root, event_id, *(row["story_id"] for row in members)})


def _in_time(rows: Sequence[Row]) -> tuple[Member, ...]:
    times: list[datetime] = [row["dated_at"] for row in rows]
    first, length = min(times), (max(times) - min(times)).total_seconds() or 1.0
    return tuple(
        Member(row=row, place=round((row["dated_at"] - first).total_seconds() / length * 100, 2))
        for row in rows
    )


def _actors(mentions: Sequence[Row]) -> tuple[tuple[str, str, str, int], ...]:
    counts: dict[str, tuple[str, str, int]] = {}
    for row in mentions:
        actor_id = row["meant_id"] or row["actor_id"]
        name = (row["meant_name"] if row["meant_id"] else None) or row["name"]
        kept, kind, count = counts.get(actor_id, (name, row["kind"], 0))
        counts[actor_id] = (kept, kind, count + 1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1][2], item[1][0]))
    return tuple((actor_id, *values) for actor_id, values in ordered)


def _versions(rows: Sequence[Row]) -> tuple[Version, ...]:
    made: list[Version] = []
    for before, row in zip([None, *rows], rows, strict=False):
        if before is None:
            made.append(Version(row=row, title=None, body=None))
            continue
        made.append(
            Version(
                row=row,
                title=changed_words(before["title"], row["title"]),
                body=changed_words(before["body"], row["body"]),
            )
        )
    return tuple(made)
