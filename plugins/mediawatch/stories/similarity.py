"""Whether two texts are the same text: likeness first, then what was exchanged between them.

Everything here is symmetric and depends on the two texts alone, so that the stories that grow
from it are the same in whatever order the articles come.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from mediawatch.model import Relation
from mediawatch.stories.fingerprints import Text

SHORT = 50  # words; below, a copy must be nearly whole and exchange nothing
SHORT_JACCARD, SHORT_CONTAINED, SHORT_LEAST = 0.7, 0.95, 20
JACCARD = 0.45
CONTAINED, LEAST_SHARED = 0.6, 40  # of the smaller text's shingles; shingles in common
EXCERPT = 0.8  # a text with fewer of the other's shingles, all from it, is an excerpt
ALIGNED = 3_000  # words that are laid side by side
LONGEST_EXCHANGE = 4  # words; a longer replaced stretch is another passage, no exchange
NUMBERS_EXCHANGED = 0.3  # share of the numbers in common places
LITTLE = 150  # words of a text in which two exchanged numbers are another report
CONTRARY = 0.5  # share of words below which two short texts say different things


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts compared. ``jaccard`` and ``contained`` (of the smaller) lie in 0 to 1."""

    same: bool
    jaccard: float
    contained: float
    exchanged: bool

    @property
    def similarity(self) -> float:
        """One number for people and ranking: how much of the smaller text is in the other."""
        return self.contained


@dataclass(frozen=True, slots=True)
class Exchanges:
    """What stands in the same place of two texts and differs: name pairs, number pairs."""

    names: frozenset[tuple[str, str]]
    numbers: int
    numbers_kept: int


DIFFERENT = Likeness(same=False, jaccard=0.0, contained=0.0, exchanged=False)


def compare(one: Text, other: Text) -> Likeness:
    """Decide whether two texts are one. Texts that prove nothing are never the same here."""
    if one.is_short or other.is_short:
        return DIFFERENT
    first, second = sorted((one, other), key=lambda text: (len(text.words), text.content))
    shared = len(first.shingles & second.shingles)
    least = min(len(first.shingles), len(second.shingles))
    jaccard = shared / (len(first.shingles) + len(second.shingles) - shared)
    contained = shared / least
    alike = _alike(first, jaccard, contained, shared)
    if not alike or _other_company(first, second):
        return Likeness(same=False, jaccard=jaccard, contained=contained, exchanged=False)
    if first.small == second.small:
        return Likeness(same=True, jaccard=jaccard, contained=contained, exchanged=False)
    found = exchanges(first, second)
    return Likeness(
        same=not _other_subject(first, second, found),
        jaccard=jaccard,
        contained=contained,
        exchanged=bool(found.names or found.numbers),
    )


def same_headline(one: Text, other: Text) -> bool:
    """Whether a text that proves nothing goes with another of its headline, outlet and minute.

    The caller knows that these agree; here the texts must not say different things.
    """
    if one.headline != other.headline or not (one.is_short or other.is_short):
        return False
    first, second = set(one.small), set(other.small)
    if not first or not second:
        return True
    return len(first & second) / min(len(first), len(second)) >= CONTRARY


def relation(newer: Text, older: Text, found: Likeness, *, same_hash: bool) -> Relation:
    """How the newer text stands to the one it repeats."""
    if same_hash:
        return "exact"
    if found.exchanged or newer.corrected != older.corrected:
        return "version"
    if len(newer.shingles) < EXCERPT * len(older.shingles) and found.contained >= EXCERPT:
        return "excerpt"
    return "near"


def exchanges(one: Text, other: Text) -> Exchanges:
    """Lay two texts side by side, numbers masked, and read what differs in equal places."""
    if not (one.telling - other.telling and other.telling - one.telling):
        return Exchanges(names=frozenset(), numbers=0, numbers_kept=0)
    before, after = one.words[:ALIGNED], other.words[:ALIGNED]
    names: set[tuple[str, str]] = set()
    numbers = kept = 0
    aligned = SequenceMatcher(None, one.masked[:ALIGNED], other.masked[:ALIGNED], autojunk=False)
    for kind, a, b, c, d in aligned.get_opcodes():
        if kind == "equal":
            for x, y in zip(range(a, b), range(c, d), strict=True):
                if one.masked[x] == "#":
                    numbers += one.small[x] != other.small[y]
                    kept += one.small[x] == other.small[y]
        elif kind == "replace" and max(b - a, d - c) <= LONGEST_EXCHANGE:
            gone, come = _names(before[a:b]), _names(after[c:d])
            if gone and come:
                names.add((" ".join(gone), " ".join(come)))
    everywhere = (frozenset(one.small), frozenset(other.small))
    return Exchanges(
        names=frozenset(pair for pair in names if _is_consistent(pair, *everywhere)),
        numbers=numbers,
        numbers_kept=kept,
    )


def _alike(smaller: Text, jaccard: float, contained: float, shared: int) -> bool:
    if len(smaller.words) < SHORT:
        whole = contained >= SHORT_CONTAINED and len(smaller.words) >= SHORT_LEAST
        return jaccard >= SHORT_JACCARD or whole
    return jaccard >= JACCARD or (contained >= CONTAINED and shared >= LEAST_SHARED)


def _other_company(one: Text, other: Text) -> bool:
    if one.title_tickers and other.title_tickers:
        return not one.title_tickers & other.title_tickers
    return bool(one.tickers and other.tickers and not one.tickers & other.tickers)


def _other_subject(smaller: Text, larger: Text, found: Exchanges) -> bool:
    """The twins' rule: another name and another number, or too many other numbers."""
    if smaller.corrected != larger.corrected:
        return False
    length = len(smaller.words)
    if length < SHORT_LEAST and (found.names or found.numbers):
        return True
    if found.names and (found.numbers or length < LITTLE):
        return True
    share = found.numbers / max(1, found.numbers + found.numbers_kept)
    return found.numbers >= 2 and (length < LITTLE or share >= NUMBERS_EXCHANGED)


def _is_consistent(pair: tuple[str, str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a name was exchanged throughout: neither text knows the other's name."""
    gone, come = ({word.casefold() for word in name.split()} for name in pair)
    return not gone <= other and not come <= one


def _names(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word[0].isupper()]
