"""The sentences of the rooms below in the reader's language (``sentences.toml``).

Those rooms say in English what they found. The table holds each sentence as it is written there,
with ``{…}`` for what differs, beside its translation; what fills a field is translated too where
it is a sentence of the table itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence in its parts: each text is followed by the field of the same number."""

    texts: tuple[str, ...]
    fields: tuple[str, ...]

    def filled(self, sentence: str) -> dict[str, str] | None:
        """What stands in the fields, each as short as it can be; None for another sentence.

        Texts are looked for one after the other, without going back: time grows with the length
        of the sentence alone, whatever it holds.
        """
        if not self.fields:
            return {} if sentence == self.texts[0] else None
        first, *between, last = self.texts
        if not sentence.startswith(first):
            return None
        values: list[str] = []
        at = len(first)
        for text in between:
            found = sentence.find(text, at)
            if found < 0:
                return None
            values.append(sentence[at:found])
            at = found + len(text)
        end = len(sentence) - len(last)
        if end < at or not sentence.endswith(last):
            return None
        values.append(sentence[at:end])
        return dict(zip(self.fields, values, strict=True)) if all(values) else None


def told(language: str, sentence: str, depth: int = DEEPEST) -> str:
    """A sentence of the table in this language; any other as it is."""
    for pattern, translation in _patterns(language):
        values = pattern.filled(sentence) if depth else None
        if values is not None:
            inner = {name: told(language, value, depth - 1) for name, value in values.items()}
            return translation.format_map(inner)
    return sentence


def pattern_of(sentence: str) -> Pattern:
    """A sentence of the table in its parts."""
    texts, fields = [], []
    for text, field, _, _ in Formatter().parse(sentence):
        texts.append(text)
        if field is not None:
            fields.append(field)
    if len(texts) == len(fields):
        texts.append("")
    return Pattern(tuple(texts), tuple(fields))


@cache
def _patterns(language: str) -> tuple[tuple[Pattern, str], ...]:
    """The table of a language, what says most first."""
    table = LANGUAGES.get(language, {})
    ordered = sorted(table, key=lambda sentence: -sum(map(len, pattern_of(sentence).texts)))
    return tuple((pattern_of(sentence), table[sentence]) for sentence in ordered)
