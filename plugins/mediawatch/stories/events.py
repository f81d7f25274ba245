"""Which stories report one happening: each batch of new stories against the events still open.

What a story tells is read in four fields: all its words, the names in it, title and lead, and
its numbers. Each is weighed by rarity (TF-IDF) to a vector of length one, and the similarity of
two stories is the weighted mean of the four cosines. A batch is put together by average link,
starting with the events that are known (``agglomeration``). Nothing that was put together
before is taken apart or joined again, so a story's cost does not grow with the past: a term
leads to its latest events only, and an event keeps its strongest terms.

J. Allan, R. Papka, V. Lavrenko, "On-line New Event Detection and Tracking" (1998), weigh and
compare in this way; average link in batches is after Yang, Pierce, Carbonell, "A Study on
Retrospective and On-line Event Detection" (1998).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from math import log, sqrt
from typing import Protocol
from zlib import crc32

from mediawatch.stories.agglomeration import Group, agglomerate
from mediawatch.stories.fingerprints import CJK
from mediawatch.stories.words import NUMBER, WORD, sentences

BATCH = 1_000  # stories that are put together at once
NEAR = 0.21  # mean similarity from which stories report one event
FIELDS = 4  # words, names, lead, numbers
SHARES = (1.0, 1.0, 1.0, 0.25)  # of the fields in the similarity
LEAD_SENTENCES = 2
STEM = 6  # letters of a word that count; what follows is mostly its ending
TELLING_NUMBER = 3  # signs; shorter ones stand everywhere
DAMPING = 0.8  # so that one very rare term does not drown the rest
MOST_TERMS = 300  # of a field, the strongest
CENTRE_TERMS = 1_000  # of an event
LEADING_TERMS = 24  # of a story, by which events are looked up
OF_A_TERM = 40  # latest events that a term leads to
COMPARED = 8  # events with which a story is compared
LONGEST_TEXT = 20_000  # characters; a happening is told before

Vector = Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a story tells: for each field its terms (32-bit numbers) with their weights."""

    story_id: str
    number: int
    day: date
    fields: tuple[Mapping[int, float], ...]

    def terms(self) -> set[int]:
        """Every term, numbered by field: a word is not as rare as a name as it is as a word."""
        return {
            term * FIELDS + number for number, field in enumerate(self.fields) for term in field
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A known event: the sum of its stories' vectors, and the days they reach over."""

    event_id: str
    stories: int
    first: date
    last: date
    centre: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """How telling terms are: how many of ``stories`` stories hold each."""

    stories: int
    holding: Mapping[int, int]

    def weight(self, term: int) -> float:
        """The damped inverse frequency of a term."""
        return float(log((self.stories + 1) / (self.holding.get(term, 0) + 0.5)) ** DAMPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The outcome of a batch: the event of each story, events that are new or grew, and the
    terms under which each event is found from now on."""

    event_of: Mapping[str, str]
    events: tuple[Event, ...]
    leading: Mapping[str, Collection[int]]


class EventStore(Protocol):
    """What the search for events asks of the place where they are kept."""

    def count(self, terms: Mapping[int, int], stories: int) -> Rarity:
        """Add the stories of a batch to the counts; the counts of the batch's terms."""

    def candidates(self, leading: Sequence[Sequence[int]], days: Sequence[date]) -> list[list[str]]:
        """For each story the events that share most of its terms and may be in time."""

    def events(self, event_ids: Collection[str]) -> Mapping[str, Event]:
        """These events."""

    def keep(self, placed: Placed) -> None:
        """Write the events that are new or grew."""


def place(batch: Sequence[Told], store: EventStore) -> dict[str, str]:
    """Find the event of each story of a batch; a new event is named by its first story.

    The order within the batch does not matter.
    """
    batch = sorted(batch, key=lambda told: (told.day, told.number))
    holding = Counter(term for told in batch for term in told.terms())
    rarity = store.count(holding, len(batch))
    vectors = [vector(told, rarity) for told in batch]
    leading = [leading_terms(found) for found in vectors]
    near = store.candidates(leading, [told.day for told in batch])
    known = store.events({event_id for some in near for event_id in some})
    old = list(known.values())
    places = {event.event_id: place for place, event in enumerate(old)}
    groups = agglomerate(
        [Group(count=1, first=told.day, last=told.day) for told in batch],
        [Group(count=event.stories, first=event.first, last=event.last) for event in old],
        vectors,
        {
            (row, places[event_id]): dot(vectors[row], known[event_id].centre)
            / known[event_id].stories
            for row, some in enumerate(near)
            for event_id in some
        },
        NEAR,
    )
    placed = _placed(batch, vectors, leading, old, groups)
    store.keep(placed)
    return dict(placed.event_of)


def _placed(
    batch: Sequence[Told],
    vectors: Sequence[Vector],
    leading: Sequence[Sequence[int]],
    old: Sequence[Event],
    groups: Sequence[tuple[int | None, Sequence[int]]],
) -> Placed:
    event_of: dict[str, str] = {}
    events: list[Event] = []
    found: dict[str, set[int]] = {}
    for place_of_old, rows in groups:
        days = [batch[row].day for row in rows]
        grown = Event(
            event_id=batch[rows[0]].story_id, stories=0, first=days[0], last=days[0], centre={}
        )
        if place_of_old is not None:
            grown = old[place_of_old]
        events.append(
            Event(
                event_id=grown.event_id,
                stories=grown.stories + len(rows),
                first=min(grown.first, *days),
                last=max(grown.last, *days),
                centre=_sum([grown.centre, *(vectors[row] for row in rows)]),
            )
        )
        event_of |= {batch[row].story_id: grown.event_id for row in rows}
        found[grown.event_id] = {term for row in rows for term in leading[row]}
    return Placed(event_of=event_of, events=tuple(events), leading=found)


def tell(
    story_id: str, number: int, day: date, title: str, body: str, actors: Iterable[str] = ()
) -> Told:
    """Read what a story tells. ``actors``: ids of the actors in it, as far as they are known.

    Chinese and Japanese are read in pairs of signs. The weight of a term is the root of its
    count.
    """
    words, names, lead, numbers = (Counter[int]() for _ in range(FIELDS))
    parts = [title[:LONGEST_TEXT]] if title.strip() else []
    parts += sentences(body[:LONGEST_TEXT])
    first = (1 if title.strip() else 0) + LEAD_SENTENCES
    for place_of_part, part in enumerate(parts):
        stems = [(_number(stem), is_name) for stem, is_name in _stems(part)]
        words.update(stem for stem, _ in stems)
        names.update(stem for stem, is_name in stems if is_name)
        if place_of_part < first:
            lead.update(stem for stem, _ in stems)
        numbers.update(
            _number(f"#{found.replace(',', '')}")
            for found in NUMBER.findall(part)
            if len(found) >= TELLING_NUMBER
        )
    names.update(_number(f"@{actor}") for actor in actors)
    return Told(
        story_id=story_id,
        number=number,
        day=day,
        fields=tuple(
            {term: sqrt(count) for term, count in field.items()}
            for field in (words, names, lead, numbers)
        ),
    )


def _stems(part: str) -> list[tuple[str, bool]]:
    """The beginnings of the words of a sentence, and whether each looks like a name."""
    found: list[tuple[str, bool]] = []
    for place_of_word, word in enumerate(WORD.findall(part)):
        if CJK.match(word):
            found += [(word[n : n + 2], False) for n in range(len(word) - 1)]
            continue
        small = word.casefold()
        if not small[0].isdigit():
            small = small[:STEM]
            if len(small) > 3 and small[-1] == "s" and small[-2] != "s":
                small = small[:-1]
        found.append((small, place_of_word > 0 and word[0].isupper()))
    return found


def vector(told: Told, rarity: Rarity) -> dict[int, float]:
    """All fields in one vector: the product of two of them is the similarity, 0 to 1."""
    found: dict[int, float] = {}
    for number, (field, share) in enumerate(zip(told.fields, SHARES, strict=True)):
        weighed = {
            term: weight * rarity.weight(term * FIELDS + number) for term, weight in field.items()
        }
        kept = _strongest(weighed, MOST_TERMS)
        length = sqrt(sum(value * value for value in kept.values()))
        if length > 0:
            scale = sqrt(share / sum(SHARES)) / length
            found |= {term * FIELDS + number: value * scale for term, value in kept.items()}
    return found


def leading_terms(found: Vector) -> list[int]:
    """The terms of a vector by which its event is looked up, numbered by field."""
    return list(_strongest(found, LEADING_TERMS))


def dot(one: Vector, other: Vector) -> float:
    """The scalar product of two vectors."""
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other[term] for term, value in one.items() if term in other)


def _sum(vectors: Sequence[Vector]) -> dict[int, float]:
    total: dict[int, float] = {}
    for one in vectors:
        for term, value in one.items():
            total[term] = total.get(term, 0.0) + value
    return _strongest(total, CENTRE_TERMS)


def _strongest(weighed: Mapping[int, float], most: int) -> dict[int, float]:
    """The heaviest terms; of equal ones the lowest number."""
    if len(weighed) <= most:
        return dict(weighed)
    return dict(nsmallest(most, weighed.items(), key=lambda item: (-item[1], item[0])))


def _number(term: str) -> int:
    return crc32(term.encode("utf-8", "replace"))
