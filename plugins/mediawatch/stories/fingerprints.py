"""Texts prepared for comparing: words, shingles, MinHash signature and the keys made of it.

MinHash: A. Broder, "On the resemblance and containment of documents" (1997); banding as in
Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3. A pair with Jaccard
similarity s meets in at least one of 32 bands of 4 with probability 1 - (1 - s^4)^32. Texts of
which one was cut have a low s, so the smallest hashes of the runs of eight words are keys too:
they outlive cutting as long as the part that is left is not too small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from struct import Struct
from zlib import crc32

from rensa import RMinHash

from mediawatch.stories.boilerplate import core_text
from mediawatch.stories.versions import SAYS_CORRECTED
from mediawatch.stories.words import WORD, is_number, words

PERMUTATIONS = 128
BANDS = 32
ROWS = PERMUTATIONS // BANDS
SEED = 42
SCHEME = f"3-128-32x4-8-rensa{RMinHash.ALGORITHM_VERSION}"
SHINGLE = 3
RUN = 8  # words of a run; in scripts without blanks twice as many characters
ANCHORS = 8
ANCHOR_BAND, HEADLINE_BAND = 64, 65
MOST_WORDS = 20_000  # what lies behind is not compared
PROVES_NOTHING = 12  # words; a text of fewer is compared by its headline only
HEADLINE = 4  # words of a headline that may stand for a short text

VALUES = Struct(f"<{PERMUTATIONS}I")
BAND = Struct(f"<B{ROWS}I")
ANCHOR = Struct("<BQ")

CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
TICKER = re.compile(
    r"<([A-Z]{1,6})(?:\.[A-Z]{1,3})?>|\((?:NYSE|NASDAQ|Nasdaq|LSE|AMEX|TSX|ASX|OTC)\s?:\s?([A-Z.]{1,6})\)"
)
TITLE_PARTS = re.compile(r"\s[|\-–—»:]\s|[:|]\s")


@dataclass(frozen=True)
class Text:
    """One content of an article as the comparing sees it.

    ``words`` are those of the core text in their own case (characters in Chinese and
    Japanese), ``title_tickers`` and ``tickers`` the companies that the title, and title and
    beginning, name by ticker, ``corrected`` whether it says to be a correction, ``headline``
    the words of the title without affixes.
    """

    words: tuple[str, ...]
    title_tickers: frozenset[str]
    tickers: frozenset[str]
    corrected: bool
    headline: tuple[str, ...]

    @cached_property
    def small(self) -> tuple[str, ...]:
        """The words in small letters."""
        return tuple(word.casefold() for word in self.words)

    @cached_property
    def shingles(self) -> frozenset[int]:
        """64-bit hashes of the runs of three words."""
        return frozenset(_hashes(self.small, SHINGLE))

    @cached_property
    def masked(self) -> tuple[str, ...]:
        """The words in small letters, one sign for every number."""
        return tuple("#" if is_number(word) else word for word in self.small)

    @cached_property
    def telling(self) -> frozenset[str]:
        """The words that may name somebody or count something."""
        pairs = zip(self.words, self.small, strict=True)
        return frozenset(w for w, small in pairs if w[0].isupper() or is_number(small))

    @property
    def is_short(self) -> bool:
        """Whether the text is too short to prove anything by itself."""
        return len(self.words) < PROVES_NOTHING

    @cached_property
    def content(self) -> str:
        """One value for all texts that the comparing cannot tell apart (hex, 32 digits)."""
        told = [*sorted(self.title_tickers), "\n", *sorted(self.tickers), str(self.corrected)]
        parts = [*self.words, "\n", *told]
        return sha256(" ".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Node:
    """A content under which texts are found, with the keys that lead to it.

    Texts of one ``content`` are the same without looking, so that one of them a day is enough
    in the store. ``keys`` are signed 32-bit ints.
    """

    content: str
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is stored of a text. ``signature``: 128 unsigned 32-bit ints, little endian.

    ``nodes``: one for the text (32 bands, up to 8 anchors), unless it is short, and one for
    its headline, where outlet and minute are known.
    """

    shingles: int
    signature: bytes
    nodes: tuple[Node, ...]


def prepare(title: str, body: str) -> Text:
    """The text of one content. Linear in its length."""
    core = core_text(body)
    found = WORD.findall(core)
    if not core.isascii() and len(CJK.findall(core[:5000])) > len(WORD.findall(core[:5000])):
        found = [sign for word in found[:MOST_WORDS] for sign in word]
    found = found[:MOST_WORDS]
    title_tickers = _tickers(title[:500])
    return Text(
        words=tuple(found),
        title_tickers=title_tickers,
        tickers=title_tickers | _tickers(body[:1000]),
        corrected=any(
            SAYS_CORRECTED.search(part.lower()) for part in (title[:300], body[:300], body[-600:])
        ),
        headline=headline(title),
    )


def _tickers(part: str) -> frozenset[str]:
    return frozenset(one or other for one, other in TICKER.findall(part))


def headline(title: str) -> tuple[str, ...]:
    """The words of a title's longest part, without outlet, column and section names."""
    parts = (tuple(words(part)) for part in TITLE_PARTS.split(title[:500]))
    return max(parts, key=len)


def fingerprints(texts: Sequence[Text], places: Sequence[str | None]) -> list[Fingerprint]:
    """The fingerprints of many texts in one call of rensa.

    ``places``: for each text outlet and minute as one string, or None when either is not
    known: a headline is a key only together with both.
    """
    hashes = [list(text.shingles) for text in texts]
    matrix = RMinHash.digest_matrix_from_token_hash_sets(hashes, PERMUTATIONS, SEED).to_rows()
    return [
        Fingerprint(
            shingles=len(text.shingles),
            signature=VALUES.pack(*row),
            nodes=tuple(_nodes(text, row, place)),
        )
        for text, row, place in zip(texts, matrix, places, strict=True)
    ]


def _nodes(text: Text, row: Sequence[int], place: str | None) -> Iterator[Node]:
    if not text.is_short:
        keys = [_key(BAND.pack(n, *row[n * ROWS : (n + 1) * ROWS])) for n in range(BANDS)]
        runs = sorted(_hashes(text.small, RUN))[:ANCHORS]
        keys += [_key(ANCHOR.pack(ANCHOR_BAND, value)) for value in runs]
        yield Node(content=text.content, keys=tuple(dict.fromkeys(keys)))
    if place is not None and len(text.headline) >= HEADLINE:
        line = "\n".join((place, *text.headline)).encode("utf-8", "replace")
        content = sha256(f"{text.content}\n".encode() + line).hexdigest()[:32]
        yield Node(content=content, keys=(_key(bytes([HEADLINE_BAND]) + line),))


def _key(value: bytes) -> int:
    """A hash of 32 bits as Postgres keeps it, with a sign."""
    return int.from_bytes(crc32(value).to_bytes(4, "little"), "little", signed=True)


def _hashes(words: Sequence[str], length: int) -> set[int]:
    """64-bit hashes of every run of ``length`` words; one of all words of a shorter text."""
    if not words:
        return set()
    length = min(length, len(words))
    shifted = [words[n:] for n in range(length)]
    runs = [" ".join(run) for run in zip(*shifted, strict=False)]
    return set(RMinHash.hash_token_sets([runs])[0])
