"""What the steps of this room pass among themselves: a text in two parts, and places in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypeAlias

from mediawatch.meaning.gazetteer import Actor, fold
from mediawatch.meaning.tagger import Tagged

PartName: TypeAlias = Literal["title", "body"]
POSSESSIVE = re.compile(r"['’‘]s?$")


@dataclass(frozen=True, slots=True)
class Part:
    """Title or body, with what the tagger found in it."""

    name: PartName
    text: str
    tagged: Sequence[Tagged] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in one part that names an actor, known (``actor``) or only of a kind."""

    part: PartName
    start: int
    end: int
    kind: str
    actor: Actor | None = None
    via: str = "name"
    meant_id: str | None = None
    short: bool = False

    def overlaps(self, other: Spot) -> bool:
        """Whether both cover a common character."""
        return self.part == other.part and self.start < other.end and other.start < self.end

    def covers(self, other: Spot) -> bool:
        """Whether the other lies within this one."""
        return self.part == other.part and self.start <= other.start and other.end <= self.end

    @property
    def length(self) -> int:
        """In code points."""
        return self.end - self.start


def local_actor(name: str, kind: str, country: str | None = None) -> Actor:
    """An actor met in texts and linked to nothing: its id is a hash of name and country."""
    key = f"{fold(' '.join(name.split()))}\x1f{country or ''}"
    identity = sha256(key.encode()).hexdigest()[:16]
    return Actor(f"local:{identity}", kind, " ".join(name.split()), country, None, "", 0)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks, a leading article and a closing possessive."""
    while start < end and not (text[start].isalnum()):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ".)!"):
        end -= 1
    if text[start:end][:4].lower() == "the ":
        start += 4
    found = POSSESSIVE.search(text, start, end)
    if found and found.start() > start:
        end = found.start()
    if text[start:end].count(")") > text[start:end].count("("):
        end = text.rindex(")", start, end)
    return start, end


class Taken:
    """Which characters of one part belong to a spot already; asking takes constant time."""

    def __init__(self, part: Part, spots: Iterable[Spot] = ()) -> None:
        self._marks = bytearray(len(part.text) + 1)
        for spot in spots:
            if spot.part == part.name:
                self.add(spot)

    def add(self, spot: Spot) -> None:
        """Mark the characters of a spot."""
        self._marks[spot.start : spot.end] = b"\1" * spot.length

    def __contains__(self, spot: Spot) -> bool:
        return self._marks.find(1, spot.start, spot.end) >= 0


def longest_first(part: Part, spots: Iterable[Spot]) -> list[Spot]:
    """The spots of one part without those that overlap a longer one; in the order of the text."""
    kept: list[Spot] = []
    taken = Taken(part)
    for spot in sorted(spots, key=lambda s: (-s.length, s.start)):
        if spot not in taken:
            taken.add(spot)
            kept.append(spot)
    return in_order(kept)


def meeting(spot: Spot, others: Sequence[Spot], starts: Sequence[int]) -> list[Spot]:
    """Those of some spots in order, none overlapping another, that this one overlaps."""
    first = max(bisect_right(starts, spot.start) - 1, 0)
    last = bisect_left(starts, spot.end)
    return [other for other in others[first:last] if other.overlaps(spot)]


def in_order(spots: Iterable[Spot]) -> list[Spot]:
    """Title first, then by place; a longer one before one within it."""
    return sorted(spots, key=lambda s: (s.part != "title", s.start, -s.end))
