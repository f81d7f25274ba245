"""Finding a name in a text when the name itself is not known, only whether some words are one.

Words are compared without accents and case. Han, kana and Hangul have no blanks between words:
there every character counts as a word.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BLACK = "█"
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_MARKS = "\u0300-\u036f"
WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+(?:[{_MARKS}]+[^\W_{_ALONE}]*)*")
MARK = re.compile(f"[{_MARKS}]")
TAG = re.compile(r"<[^<>]*>")

# Whether words, folded and joined by blanks, are a name.
IsName = Callable[[str], bool]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, as it stands there and as it is compared."""

    start: int
    end: int
    text: str
    folded: str


def fold(text: str) -> str:
    """Without accents and case; what the SQL function ``folded`` does."""
    return MARK.sub("", unicodedata.normalize("NFKD", text)).lower().replace("ς", "σ")


def words(text: str) -> list[Word]:
    """The words of a text in order."""
    return [Word(m.start(), m.end(), m[0], fold(m[0])) for m in WORD.finditer(text)]


def normal(name: str) -> str:
    """A name as it is compared: its folded words with a blank between two."""
    return " ".join(word.folded for word in words(name))


def plain(markup: str) -> str:
    """HTML or XML with its tags as blanks and its entities resolved, well enough to find names."""
    return html.unescape(TAG.sub(" ", html.unescape(markup)))


def names_in(text: str, lengths: Iterable[int], is_name: IsName) -> list[tuple[int, int]]:
    """Where the names stand, as first and last word; ``lengths`` are numbers of words."""
    return _found(words(text), lengths, is_name)


def spans(text: str, lengths: Iterable[int], is_name: IsName) -> list[Span]:
    """Where the names stand, and each capitalised word of one that stands alone elsewhere."""
    all_words = words(text)
    found = _found(all_words, lengths, is_name)
    named = [all_words[first : last + 1] for first, last in found]
    alone = {w.folded for name in named for w in name if _is_capitalised(w.text)}
    whole = [(name[0].start, name[-1].end) for name in named]
    return sorted(
        {*whole, *((w.start, w.end) for w in all_words if w.folded in alone and _stands(w))}
    )


def black_out(text: str, where: Iterable[Span]) -> str:
    """The text with these places blackened; every other place stays where it is."""
    for start, end in where:
        text = text[:start] + BLACK * (end - start) + text[end:]
    return text


def strings(value: Any) -> list[str]:
    """Every string in a value of JSON, keys left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, Sequence):
        return [text for inner in value for text in strings(inner)]
    return []


def _found(all_words: Sequence[Word], lengths: Iterable[int], is_name: IsName) -> list[Span]:
    return [
        (first, first + length - 1)
        for length in sorted(set(lengths))
        for first in range(len(all_words) - length + 1)
        if is_name(" ".join(word.folded for word in all_words[first : first + length]))
    ]


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()


def _stands(word: Word) -> bool:
    return word.text[0].isupper()
