"""The store of ``clusters`` in memory: for the inspect command, measurements and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from mediawatch.stories.clusters import (
    MOST_CANDIDATES,
    MOST_OF_A_KEY,
    WINDOW,
    Candidates,
    Entry,
    Known,
    Newcomer,
    Outcome,
    Separation,
    StoryRoot,
    cluster,
)
from mediawatch.stories.fingerprints import Fingerprint


class MemoryStore:
    """Texts, keys and stories in dictionaries."""

    def __init__(self) -> None:
        self._standing: dict[str, list[tuple[date, int]]] = {}
        self._keys: dict[int, list[tuple[date, int]]] = {}
        self._contents: dict[int, list[Known]] = {}
        self._stories: dict[int, StoryRoot] = {}
        self._merged: dict[str, StoryRoot] = {}
        self._roots: dict[str, StoryRoot] = {}

    def place(self, batch: Sequence[Newcomer]) -> Outcome:
        """Cluster a batch and keep what was decided."""
        outcome = cluster(batch, self)
        numbers = {newcomer.article_id: newcomer.number for newcomer in batch}
        for story_id in outcome.founded:
            self._roots[story_id] = StoryRoot(story_id=story_id, number=numbers[story_id])
        for member in outcome.members:
            self._stories[numbers[member.article_id]] = self._roots[member.story_id]
        for gone, kept in outcome.merged:
            self._merged[gone] = self._roots[kept]
        return outcome

    def root_of(self, story_id: str) -> str:
        """The story that a story was merged into, or itself."""
        while story_id in self._merged:
            story_id = self._merged[story_id].story_id
        return story_id

    def sign(self, batch: Sequence[tuple[Known, Fingerprint]]) -> None:
        for content, _ in batch:
            self._contents.setdefault(content.number, []).append(content)

    def keep(self, entries: Sequence[Entry]) -> list[bool]:
        fresh = []
        for entry in entries:
            newcomer, content = entry.newcomer, entry.node.content
            standing = self._standing.setdefault(content, [])
            new = all(day != newcomer.day for day, _ in standing)
            if new:
                standing.append((newcomer.day, newcomer.number))
                for key in entry.node.keys:
                    self._keys.setdefault(key, []).append((newcomer.day, newcomer.number))
            fresh.append(new)
        return fresh

    def same_content(self, entries: Sequence[Entry]) -> list[list[int]]:
        found = []
        for entry in entries:
            day = entry.newcomer.day
            near = [
                (abs(other - day), number)
                for other, number in self._standing[entry.node.content]
                if abs(other - day) <= WINDOW
            ]
            found.append([number for _, number in sorted(near)])
        return found

    def repeats(self, entries: Sequence[Entry]) -> list[int | None]:
        found = []
        for entry in entries:
            before = [
                standing
                for standing in self._standing[entry.node.content]
                if standing[0] < entry.newcomer.day - WINDOW
            ]
            found.append(max(before)[1] if before else None)
        return found

    def candidates(self, entries: Sequence[Entry]) -> list[Candidates]:
        found = []
        for entry in entries:
            day, mine = entry.newcomer.day, entry.newcomer.number
            shared: Counter[int] = Counter()
            crowded = False
            for key in entry.node.keys:
                holders = (
                    number
                    for other, number in self._keys[key]
                    if abs(other - day) <= WINDOW and number != mine
                )
                some = list(islice(holders, MOST_OF_A_KEY))
                crowded |= len(some) == MOST_OF_A_KEY
                shared.update(some)
            ranked = sorted(shared, key=lambda number: (-shared[number], number))
            found.append(
                Candidates(
                    numbers=tuple(ranked[:MOST_CANDIDATES]),
                    capped=crowded or len(ranked) > MOST_CANDIDATES,
                )
            )
        return found

    def contents(self, numbers: Sequence[int]) -> Mapping[int, Sequence[Known]]:
        return {number: self._contents[number] for number in numbers}

    def stories(self, numbers: Sequence[int]) -> Mapping[int, StoryRoot]:
        return {
            number: self._roots[self.root_of(self._stories[number].story_id)]
            for number in numbers
            if number in self._stories
        }

    def separations(self) -> Sequence[Separation]:
        return ()
