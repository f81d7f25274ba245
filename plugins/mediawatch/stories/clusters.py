"""Which articles carry the same text: one pass over a batch, against a store of what is known.

Two articles belong together when any of their contents are the same text (``similarity``) and
their days lie at most ``WINDOW`` apart; stories are what these pairs connect. That is a
property of pairs, so the partition of articles does not depend on order or batches; only the
names of stories do. The store may be memory (``memory``) or Postgres (``pipeline.stories``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from mediawatch.model import StoryMember
from mediawatch.stories.fingerprints import Fingerprint, Node, Text, fingerprints, prepare
from mediawatch.stories.identity import DIVERGED, contained
from mediawatch.stories.similarity import Likeness, compare, relation, same_headline

WINDOW = timedelta(days=30)
MOST_CANDIDATES = 40  # of one article that are compared; the most alike come first
MOST_OF_A_KEY = 300  # articles that one key may bring
EXACT = Likeness(same=True, jaccard=1.0, contained=1.0, exchanged=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One content of an article that is to find its story.

    ``number`` rises with the time at which articles came. ``place`` is outlet and minute of
    publication as one string, None when either is not known.
    """

    article_id: str
    number: int
    version_no: int
    title: str
    body: str
    text_hash: str
    day: date
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One stored content of an article, as :class:`Newcomer`, with its text prepared."""

    article_id: str
    number: int
    version_no: int
    text_hash: str
    place: str | None
    text: Text = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One node of a newcomer: the place where it stands in the store."""

    newcomer: Newcomer
    text: Text
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRoot:
    """A story that is merged into none. ``number`` is its founding article's."""

    story_id: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The articles that share keys with a text, the most keys first; whether some were cut."""

    numbers: tuple[int, ...]
    capped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """A person took articles out of one story into another; both named by their roots."""

    article_ids: frozenset[str]
    story_id: str
    other_id: str


class Store(Protocol):
    """What clustering asks of the place where texts are kept. Answers keep the order asked."""

    def sign(self, batch: Sequence[tuple[Known, Fingerprint]]) -> None:
        """Store the texts and signatures of a batch."""

    def keep(self, entries: Sequence[Entry]) -> list[bool]:
        """Store the entries whose content is new on its day; for each whether it was."""

    def same_content(self, entries: Sequence[Entry]) -> list[list[int]]:
        """The articles that stand for an entry's content, its own day first, in the window."""

    def repeats(self, entries: Sequence[Entry]) -> list[int | None]:
        """The last article that stood for an entry's content before the window."""

    def candidates(self, entries: Sequence[Entry]) -> list[Candidates]:
        """At most ``MOST_CANDIDATES`` articles in the window that share keys with an entry."""

    def contents(self, numbers: Sequence[int]) -> Mapping[int, Sequence[Known]]:
        """Every stored content of some articles."""

    def stories(self, numbers: Sequence[int]) -> Mapping[int, StoryRoot]:
        """The root story of each of some articles that has one."""

    def separations(self) -> Sequence[Separation]:
        """What people set apart, as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Two contents that are the same text."""

    own: Known
    other: Known
    likeness: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a batch decided: members of newly placed articles, founded stories, merges.

    ``merged`` pairs the story that ends with the one that goes on; ``repeat_of`` pairs a
    founded story with the one whose text it repeats after the window. ``capped``
    are the articles whose candidate lists were cut, ``diverged`` those whose new content has
    little of the first.
    """

    members: tuple[StoryMember, ...]
    founded: tuple[str, ...]
    merged: tuple[tuple[str, str], ...]
    repeat_of: Mapping[str, str]
    capped: tuple[str, ...]
    diverged: tuple[str, ...]


def cluster(batch: Sequence[Newcomer], store: Store) -> Outcome:
    """Place a batch of contents in stories; ``batch`` is in the order of number and version.

    An article may come with several contents. One that already has a story (a new version)
    keeps it and may connect others.
    """
    texts = [prepare(newcomer.title, newcomer.body) for newcomer in batch]
    prints = fingerprints(texts, [newcomer.place for newcomer in batch])
    entries = [
        Entry(newcomer=newcomer, text=text, node=node)
        for newcomer, text, fingerprint in zip(batch, texts, prints, strict=True)
        for node in fingerprint.nodes
    ]
    store.sign([(known(n, t), f) for n, t, f in zip(batch, texts, prints, strict=True)])
    fresh = [entry for entry, new in zip(entries, store.keep(entries), strict=True) if new]
    found = store.candidates(fresh)
    pairs: dict[tuple[Known, int], None] = {}  # in order, each once
    for entry, numbers in zip(entries, store.same_content(entries), strict=True):
        own = known(entry.newcomer, entry.text)
        # What does not stand for its content meets the others through the one that does.
        stands = numbers[0] == own.number
        pairs.update(((own, number), None) for number in (numbers if stands else numbers[:1]))
    for entry, candidates in zip(fresh, found, strict=True):
        own = known(entry.newcomer, entry.text)
        pairs.update(((own, number), None) for number in candidates.numbers)
    edges = _edges(pairs, store)
    capped = [e.newcomer.article_id for e, c in zip(fresh, found, strict=True) if c.capped]
    return _place(batch, fresh, edges, store, tuple(dict.fromkeys(capped)))


def _edges(pairs: Iterable[tuple[Known, int]], store: Store) -> dict[int, list[Edge]]:
    """The pairs that are the same text, each under both its articles."""
    wanted = [(own, number) for own, number in pairs if own.number != number]
    contents = store.contents(sorted({number for _, number in wanted}))
    edges: dict[int, list[Edge]] = {}
    for own, number in wanted:
        best = _best(own, contents[number])
        if best is not None:
            edges.setdefault(own.number, []).append(best)
            edges.setdefault(number, []).append(
                Edge(own=best.other, other=best.own, likeness=best.likeness)
            )
    return edges


def _place(
    batch: Sequence[Newcomer],
    fresh: Sequence[Entry],
    edges: Mapping[int, list[Edge]],
    store: Store,
    capped: tuple[str, ...],
) -> Outcome:
    """Follow the edges: found, join and merge stories in the order of the articles."""
    others = {edge.other.number for found in edges.values() for edge in found}
    numbers = sorted(others | {newcomer.number for newcomer in batch})
    work = _Roots(store.stories(numbers), store.separations())
    members: list[StoryMember] = []
    founded: list[str] = []
    for newcomer in batch:
        joined = work.allowed(newcomer, edges.get(newcomer.number, []))
        if newcomer.number not in work.of:
            if joined:
                number = min((work.root(e.other.number).number, e.other.number) for e in joined)[1]
                work.of[newcomer.number] = work.root(number)
            else:
                work.of[newcomer.number] = StoryRoot(
                    story_id=newcomer.article_id, number=newcomer.number
                )
                founded.append(newcomer.article_id)
            members.append(_member(newcomer, work.root(newcomer.number).story_id, joined))
        for edge in joined:
            work.merge(newcomer.number, edge.other.number)
    new = set(founded)
    founders = [entry for entry in fresh if entry.newcomer.article_id in new]
    earlier = {
        entry.newcomer.article_id: number
        for entry, number in zip(founders, store.repeats(founders), strict=True)
        if number is not None
    }
    work.of = {**store.stories(sorted(set(earlier.values()))), **work.of}
    return Outcome(
        members=tuple(members),
        founded=tuple(founded),
        merged=work.merged(),
        repeat_of={story_id: work.root(number).story_id for story_id, number in earlier.items()},
        capped=capped,
        diverged=_diverged(batch, store),
    )


def _diverged(batch: Sequence[Newcomer], store: Store) -> tuple[str, ...]:
    """The articles of a batch whose newest content has little of their first."""
    newest = {n.article_id: n for n in batch if n.version_no > 1}
    contents = store.contents(sorted({n.number for n in newest.values()}))
    found = []
    for newcomer in newest.values():
        own = sorted(contents[newcomer.number], key=lambda known: known.version_no)
        first, last = own[0].text, own[-1].text
        if not (first.is_short or last.is_short) and contained(first, last) < DIVERGED:
            found.append(newcomer.article_id)
    return tuple(found)


class _Roots:
    """The root stories of a batch as it is placed, and which of them people set apart."""

    def __init__(self, stories: Mapping[int, StoryRoot], separations: Sequence[Separation]) -> None:
        self.of = dict(stories)
        self._ends: dict[str, StoryRoot] = {}
        self._apart = {frozenset((found.story_id, found.other_id)) for found in separations}
        self._barred: dict[str, set[str]] = {}
        for found in separations:
            for article_id in found.article_ids:
                self._barred.setdefault(article_id, set()).add(found.story_id)

    def root(self, number: int) -> StoryRoot:
        """The root story of a placed article."""
        return self._last(self.of[number])

    def allowed(self, newcomer: Newcomer, edges: Sequence[Edge]) -> list[Edge]:
        """The edges to placed articles, without those to stories from which the best is apart."""
        barred = self._barred.get(newcomer.article_id, set())
        joined = [
            edge
            for edge in edges
            if edge.other.number in self.of and self.root(edge.other.number).story_id not in barred
        ]
        if not joined or not self._apart:
            return joined
        best = self.root(max(joined, key=_rank).other.number)
        if newcomer.number in self.of:
            best = self.root(newcomer.number)
        return [edge for edge in joined if not self._are_apart(best, self.root(edge.other.number))]

    def merge(self, number: int, other: int) -> None:
        """Let the younger story of two articles end in the older one."""
        one, two = sorted((self.root(number), self.root(other)), key=lambda r: r.number)
        if one.story_id == two.story_id or self._are_apart(one, two):
            return
        self._ends[two.story_id] = one
        of_two = [pair - {two.story_id} for pair in self._apart if two.story_id in pair]
        self._apart |= {pair | {one.story_id} for pair in of_two}

    def merged(self) -> tuple[tuple[str, str], ...]:
        """Each story that ended, with the one that goes on."""
        return tuple((gone, self._last(root).story_id) for gone, root in self._ends.items())

    def _are_apart(self, one: StoryRoot, two: StoryRoot) -> bool:
        return frozenset((one.story_id, two.story_id)) in self._apart

    def _last(self, story: StoryRoot) -> StoryRoot:
        while story.story_id in self._ends:
            story = self._ends[story.story_id]
        return story


def _member(newcomer: Newcomer, story_id: str, joined: Sequence[Edge]) -> StoryMember:
    """How an article stands to the one it is most like."""
    if not joined:
        return StoryMember(
            article_id=newcomer.article_id,
            story_id=story_id,
            relation="original",
            of=None,
            similarity=1.0,
        )
    best = max(joined, key=_rank)
    own, other = best.own, best.other
    return StoryMember(
        article_id=newcomer.article_id,
        story_id=story_id,
        relation=relation(
            own.text, other.text, best.likeness, same_hash=own.text_hash == other.text_hash
        ),
        of=other.article_id,
        similarity=round(best.likeness.similarity, 4),
    )


def _rank(edge: Edge) -> tuple[float, float, int]:
    """How near an edge's other end is; of equally near ones the oldest is first."""
    return edge.likeness.similarity, edge.likeness.jaccard, -edge.other.number


def _best(own: Known, stored: Sequence[Known]) -> Edge | None:
    """The best of one article's contents against a text; None when none is the same."""
    best: Edge | None = None
    for other in stored:
        headline = own.place is not None and own.place == other.place
        if own.text.content == other.text.content and (headline or not own.text.is_short):
            return Edge(own=own, other=other, likeness=EXACT)
        likeness = compare(own.text, other.text)
        if headline and same_headline(own.text, other.text):
            likeness = EXACT
        if likeness.same and (best is None or likeness.jaccard > best.likeness.jaccard):
            best = Edge(own=own, other=other, likeness=likeness)
    return best


def known(newcomer: Newcomer, text: Text) -> Known:
    """A newcomer as it will stand in the store."""
    return Known(
        article_id=newcomer.article_id,
        number=newcomer.number,
        version_no=newcomer.version_no,
        text_hash=newcomer.text_hash,
        place=newcomer.place,
        text=text,
    )
