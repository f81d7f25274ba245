"""Which stories report one happening: one pass, each story against the events still open.

Terms are weighed by place (title, lead, rest), by looking like a name, and by rarity (TF-IDF);
a story joins the event whose centre is nearest in cosine, if it is near enough and in time, as
in J. Allan, R. Papka, V. Lavrenko, "On-line New Event Detection and Tracking" (1998). The cost
of a story does not grow with the past: a term leads to its latest events only, an event keeps
its strongest terms.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nsmallest
from math import log, sqrt

from mediawatch.stories.fingerprints import CJK
from mediawatch.stories.words import WORD, sentences

NEAR = 0.25  # cosine from which a story reports the event
SLIDING, LONGEST = timedelta(days=3), timedelta(days=14)
TITLE, LEAD, NAME = 3.0, 2.0, 2.0
LEAD_SENTENCES = 2
MOST_TERMS = 300  # of a text, the strongest
CENTRE_TERMS = 600  # of an event
LEADING_TERMS = 40  # of a story, by which events are looked up
OF_A_TERM = 300  # latest events that a term leads to
COMPARED = 20
LONGEST_TEXT = 20_000  # characters; a happening is told before


@dataclass(slots=True)
class _Event:
    name: str
    first: date
    last: date
    centre: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    length: float = 0.0


class EventStream:
    """The events of a stream of stories. ``rarity`` comes from :func:`rarities`."""

    def __init__(self, rarity: Mapping[str, float], unknown: float) -> None:
        self._rarity = rarity
        self._unknown = unknown
        self._events: list[_Event] = []
        self._by_term: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=OF_A_TERM))

    def place(self, name: str, terms: Mapping[str, float], day: date) -> str:
        """The event that a story reports: one that is known, or a new one called ``name``."""
        vector = self.vector(terms)
        if not vector:
            return name
        leading = sorted(vector, key=lambda term: (-vector[term], term))[:LEADING_TERMS]
        place = self._nearest(vector, leading, day)
        if place is None:
            place = len(self._events)
            self._events.append(_Event(name=name, first=day, last=day))
        event = self._events[place]
        event.first, event.last = min(event.first, day), max(event.last, day)
        for term, value in vector.items():
            event.centre[term] += value
        if len(event.centre) > 2 * CENTRE_TERMS:
            event.centre = defaultdict(float, _strongest(event.centre, CENTRE_TERMS))
        event.length = sqrt(sum(value * value for value in event.centre.values()))
        for term in leading:
            known = self._by_term[term]
            if place not in known:
                known.append(place)
        return event.name

    def _nearest(
        self, vector: Mapping[str, float], leading: Iterable[str], day: date
    ) -> int | None:
        shared: defaultdict[int, float] = defaultdict(float)
        for term in leading:
            for place in self._by_term.get(term, ()):
                shared[place] += vector[term] * self._events[place].centre.get(term, 0.0)
        best, place_of_best = NEAR, None
        ranked = sorted(shared, key=lambda n: (-shared[n] / self._events[n].length, n))
        for place in ranked[:COMPARED]:
            event = self._events[place]
            if not _in_time(event, day):
                continue
            product = cosine(vector, event.centre)
            if product / event.length >= best:
                best, place_of_best = product / event.length, place
        return place_of_best

    def vector(self, terms: Mapping[str, float]) -> dict[str, float]:
        """The terms weighed by rarity, of length one."""
        weighed = {
            term: weight * self._rarity.get(term, self._unknown) for term, weight in terms.items()
        }
        kept = _strongest(weighed, MOST_TERMS)
        length = sqrt(sum(value * value for value in kept.values()))
        return {term: value / length for term, value in kept.items() if value > 0}


def terms(title: str, body: str) -> dict[str, float]:
    """What a text speaks of: small-letter words (pairs of signs in Chinese and Japanese).

    The weight of a word is the root of its weighed count.
    """
    found: defaultdict[str, float] = defaultdict(float)
    parts = [(title[:LONGEST_TEXT], TITLE)]
    for number, sentence in enumerate(sentences(body[:LONGEST_TEXT])):
        parts.append((sentence, LEAD if number < LEAD_SENTENCES else 1.0))
    for part, weight in parts:
        for number, word in enumerate(WORD.findall(part)):
            if CJK.match(word):
                for n in range(len(word) - 1):
                    found[word[n : n + 2]] += weight
            else:
                is_name = number > 0 and word[0].isupper()
                found[word.casefold()] += weight * NAME if is_name else weight
    return {term: sqrt(count) for term, count in found.items()}


def rarities(texts: Iterable[Mapping[str, float]]) -> tuple[dict[str, float], float]:
    """How telling each term is among these texts, and how telling one that is new."""
    count, holding = 0, Counter[str]()
    for text in texts:
        count += 1
        holding.update(text.keys())
    rarity = {term: log((count + 1) / (n + 0.5)) for term, n in holding.items()}
    return rarity, log((count + 1) / 0.5)


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The scalar product of two vectors: of vectors of length one their cosine, 0 to 1."""
    return sum(value * other.get(term, 0.0) for term, value in one.items())


def _strongest(weighed: Mapping[str, float], most: int) -> dict[str, float]:
    """The heaviest terms; of equal ones the first by alphabet."""
    kept = nsmallest(most, weighed.items(), key=lambda item: (-item[1], item[0]))
    return dict(kept)


def _in_time(event: _Event, day: date) -> bool:
    """Whether a day lies within the sliding window of an event and does not make it too long."""
    near = event.first - SLIDING <= day <= event.last + SLIDING
    return near and max(event.last, day) - min(event.first, day) <= LONGEST
