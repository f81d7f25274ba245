"""Reads the lists of phrases that lie beside the code as data, and makes patterns of them.

A phrase is literal; its only sign is ``*``, a few words of one sentence. Nothing in such a list
can make a pattern that backtracks far.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FEW_WORDS = r"[^.!?\n]{1,90}?"
# Scripts that write no blanks between words have no ends of words to look for.
LETTER = "[a-zà-ÿа-яёіїєґء-ي0-9]"

Table = Mapping[str, list[str]]


def read_phrases(name: str) -> Mapping[str, Any]:
    """The tables of the file ``name`` in this folder."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A text as phrases are written: small letters, simple apostrophes."""
    return text.casefold().replace("’", "'").replace("‘", "'")


def any_of(table: Table) -> re.Pattern[str]:
    """A pattern for every phrase of a table, in all languages."""
    return re.compile("|".join(map(_pattern, _longest_first(table))))


class Openings:
    """Phrases with which a line opens, each with what must follow; found by their first letter."""

    def __init__(self, tables: Iterable[tuple[Table, str]]) -> None:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for table, follows in tables:
            for phrase in _longest_first(table):
                found[phrase[0]].append(_pattern(phrase) + follows)
        self._patterns = {first: re.compile("|".join(all_)) for first, all_ in found.items()}

    def match(self, text: str) -> re.Match[str] | None:
        """The phrase with which ``text`` opens."""
        pattern = self._patterns.get(text[:1])
        return pattern.match(text) if pattern else None


class Inside:
    """Phrases that may stand anywhere in a line."""

    def __init__(self, table: Table) -> None:
        self._found = [
            (max(phrase.split("*"), key=len).strip(), re.compile(_pattern(phrase)))
            for phrase in _longest_first(table)
        ]

    def search(self, text: str) -> bool:
        """Whether one of the phrases stands in ``text``."""
        return any(part in text and pattern.search(text) for part, pattern in self._found)


def _longest_first(table: Table) -> list[str]:
    return sorted({p for phrases in table.values() for p in phrases}, key=len, reverse=True)


def _pattern(phrase: str) -> str:
    whole = FEW_WORDS.join(re.escape(part) for part in phrase.split("*"))
    before = f"(?<!{LETTER})" if re.match(LETTER, phrase[0]) else ""
    after = f"(?!{LETTER})" if re.match(LETTER, phrase[-1]) else ""
    return f"{before}{whole}{after}"
