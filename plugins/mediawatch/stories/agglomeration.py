"""Average link over one batch of vectors and the groups that were there before.

Two groups join while their mean similarity is the highest of all and high enough; two groups
that were there before never join. The mean over the members of a joined group follows from
those of its halves (Lance, Williams, 1967), so no vector is read twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

SLIDING, LONGEST = timedelta(days=3), timedelta(days=14)
APART = -1.0

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many members a group has and the days they reach over."""

    count: int
    first: date
    last: date


def agglomerate(
    new: Sequence[Group],
    old: Sequence[Group],
    vectors: Sequence[Mapping[int, float]],
    to_old: Mapping[tuple[int, int], float],
    near: float,
) -> list[tuple[int | None, list[int]]]:
    """Join what is near; each group as the place of its old one, if any, and its new rows.

    ``vectors`` are those of ``new``; ``to_old`` has the mean similarity of a new one to the
    members of an old one, 0 where none is given. Only groups with new members are answered,
    the rows in order, the groups in the order of their first row.
    """
    work = _Agglomeration(new, old, vectors, to_old)
    while work.join_nearest(near):
        pass
    return work.groups()


class _Agglomeration:
    """The state of one run: a row for each new group, a column for each new and old one."""

    def __init__(
        self,
        new: Sequence[Group],
        old: Sequence[Group],
        vectors: Sequence[Mapping[int, float]],
        to_old: Mapping[tuple[int, int], float],
    ) -> None:
        everyone = [*new, *old]
        self._rows = len(new)
        self._counts = np.array([group.count for group in everyone], dtype=np.float32)
        self._first = np.array([group.first.toordinal() for group in everyone], dtype=np.int64)
        self._last = np.array([group.last.toordinal() for group in everyone], dtype=np.int64)
        self._members: list[list[int]] = [[row] for row in range(len(new))]
        self._members += [[] for _ in old]
        self._gone = np.zeros(len(everyone), dtype=bool)
        self._alike = np.zeros((len(new), len(everyone)), dtype=np.float32)
        self._alike[:, : len(new)] = _products(vectors)
        for (row, place), value in to_old.items():
            self._alike[row, len(new) + place] = value
        self._best = np.zeros(len(new), dtype=np.int64)
        self._value = np.full(len(new), APART, dtype=np.float32)
        for row in range(len(new)):
            self._look(row)

    def join_nearest(self, near: float) -> bool:
        """Join the two nearest groups; False when none is near."""
        if not self._rows:
            return False
        row = int(self._value.argmax())
        if self._value[row] < near:
            return False
        kept, ended = int(self._best[row]), row
        if kept < self._rows:
            kept, ended = min(kept, ended), max(kept, ended)
        self._join(kept, ended)
        return True

    def groups(self) -> list[tuple[int | None, list[int]]]:
        """What is there now, without old groups that nothing joined."""
        found: list[tuple[int | None, list[int]]] = [
            (place - self._rows if place >= self._rows else None, sorted(rows))
            for place, rows in enumerate(self._members)
            if rows and not self._gone[place]
        ]
        return sorted(found, key=lambda group: group[1][0])

    def _join(self, kept: int, ended: int) -> None:
        one, other = self._counts[kept], self._counts[ended]
        mean = (one * self._alike[:, kept] + other * self._alike[:, ended]) / (one + other)
        self._alike[:, kept] = mean
        if kept < self._rows:
            self._alike[kept, : self._rows] = mean
            to_old = (
                self._alike[kept, self._rows :] * one + self._alike[ended, self._rows :] * other
            )
            self._alike[kept, self._rows :] = to_old / (one + other)
        self._counts[kept] = one + other
        self._first[kept] = min(self._first[kept], self._first[ended])
        self._last[kept] = max(self._last[kept], self._last[ended])
        self._members[kept] += self._members[ended]
        self._members[ended] = []
        self._gone[ended] = True
        self._value[ended] = APART
        stale = (self._best == kept) | (self._best == ended) | (mean > self._value)
        stale[ended] = False
        if kept < self._rows:
            stale[kept] = True
        for row in np.flatnonzero(stale & ~self._gone[: self._rows]):
            self._look(int(row))

    def _look(self, row: int) -> None:
        """Find the nearest group that a row may join."""
        gap = np.maximum(self._first, self._first[row]) - np.minimum(self._last, self._last[row])
        span = np.maximum(self._last, self._last[row]) - np.minimum(self._first, self._first[row])
        open_to = (gap <= SLIDING.days) & (span <= LONGEST.days) & ~self._gone
        open_to[row] = False
        alike = np.where(open_to, self._alike[row], APART)
        self._best[row] = alike.argmax()
        self._value[row] = alike[self._best[row]]


def _products(vectors: Sequence[Mapping[int, float]]) -> Numbers:
    """The scalar product of every two vectors; terms of one vector alone are left out."""
    holding = Counter(term for vector in vectors for term in vector)
    column = {
        term: n for n, term in enumerate(sorted(t for t, many in holding.items() if many > 1))
    }
    matrix = np.zeros((len(vectors), len(column)), dtype=np.float32)
    for row, vector in enumerate(vectors):
        shared = [term for term in vector if term in column]
        matrix[row, [column[term] for term in shared]] = [vector[term] for term in shared]
    return matrix @ matrix.T
