"""The store of ``events`` in memory: for the inspect command, measurements and tests."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from mediawatch.stories.agglomeration import LONGEST
from mediawatch.stories.events import COMPARED, OF_A_TERM, Event, Placed, Rarity


class MemoryEvents:
    """Events, terms and counts in dictionaries."""

    def __init__(self) -> None:
        self._stories = 0
        self._holding: Counter[int] = Counter()
        self._events: dict[str, Event] = {}
        self._by_term: defaultdict[int, deque[str]] = defaultdict(lambda: deque(maxlen=OF_A_TERM))

    def count(self, terms: Mapping[int, int], stories: int) -> Rarity:
        self._stories += stories
        self._holding.update(terms)
        return Rarity(stories=self._stories, holding=self._holding)

    def candidates(self, leading: Sequence[Sequence[int]], days: Sequence[date]) -> list[list[str]]:
        found = []
        for terms, day in zip(leading, days, strict=True):
            shared = Counter(
                event_id
                for term in terms
                for event_id in self._by_term.get(term, ())
                if abs(self._events[event_id].last - day) <= LONGEST
            )
            several = [event_id for event_id, terms in shared.items() if terms > 1]
            ranked = sorted(several, key=lambda event_id: (-shared[event_id], event_id))
            found.append(ranked[:COMPARED])
        return found

    def events(self, event_ids: Collection[str]) -> Mapping[str, Event]:
        return {event_id: self._events[event_id] for event_id in sorted(event_ids)}

    def keep(self, placed: Placed) -> None:
        self._events |= {event.event_id: event for event in placed.events}
        for event_id, terms in placed.leading.items():
            for term in terms:
                known = self._by_term[term]
                if event_id not in known:
                    known.append(event_id)
