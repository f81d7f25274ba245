"""Stretches of text between quotation marks, in the styles of the languages we read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CLOSING = {"“": "”", "«": "»", "„": "“”", "‹": "›", "「": "」", "『": "』", "»": "«"}
MARK = re.compile("[“”«»„\"「」『』]|‘‘|’’|``|''|(?<![\\w‘])‘(?=\\w)|(?<=[\\w.,!?…])’(?!\\w)")
DOUBLE = {"‘‘": "“", "``": "“", "’’": "”", "''": "”"}
PARAGRAPH = re.compile(r"[^\n]+")
LONGEST = 6000


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands between marks, without them; ``open_ended``: the paragraph ended first."""

    start: int
    end: int
    open_ended: bool = False


def stretches(text: str) -> Iterator[Stretch]:
    """Every quoted stretch in order, paragraph by paragraph; quotes within quotes left out."""
    for paragraph in PARAGRAPH.finditer(text):
        yield from _of_paragraph(text, paragraph.start(), paragraph.end())


def _of_paragraph(text: str, begin: int, finish: int) -> Iterator[Stretch]:
    marks = [
        (m.start(), m.end(), DOUBLE.get(m[0], m[0])) for m in MARK.finditer(text, begin, finish)
    ]
    number = 0
    while number < len(marks):
        start, after, mark = marks[number]
        number += 1
        closing = _closing(text, start, after, mark)
        if closing is None:
            continue
        end = next((n for n in range(number, len(marks)) if _closes(text, marks[n], closing)), None)
        if end is not None:
            if after < marks[end][0] <= after + LONGEST:
                yield Stretch(after, marks[end][0])
            number = end + 1
        elif mark != "‘" and not text[begin:start].strip() and finish - after <= LONGEST:
            yield Stretch(after, finish, open_ended=True)
            return


def _closing(text: str, start: int, after: int, mark: str) -> str | None:
    """The marks that end what this one begins, or None: it begins nothing."""
    if mark == '"':
        opens = after < len(text) and not text[after].isspace()
        free = start == 0 or not text[start - 1].isalnum()
        return '"' if opens and free else None
    if mark == "‘":
        return "’"
    if mark == "»" and (after >= len(text) or not text[after].isalnum()):
        return None
    return CLOSING.get(mark)


def _closes(text: str, mark: tuple[int, int, str], closing: str) -> bool:
    start, after, sign = mark
    if sign not in closing:
        return False
    if sign == '"':
        return not text[start - 1].isspace() or after >= len(text) or not text[after].isalnum()
    return True
