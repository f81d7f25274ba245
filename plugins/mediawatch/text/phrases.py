"""The wording by which a line of a page or feed is known to be no part of the article.

The phrases are data (``phrases.toml``). A line must be such a line as a whole: that an article
speaks of newsletters takes nothing out of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediawatch.text.dates import parse_date
from mediawatch.text.phrasebook import Inside, Openings, plain, read_phrases
from mediawatch.text.rejections import is_paywall

_TABLES = read_phrases("phrases.toml")
RULES = f"phrases-{_TABLES['version']}"
LONGEST = 450
LONGEST_STAMP = 100
START = re.compile(r"[\W_]*")
LINES = Openings(
    [
        (_TABLES["elsewhere"], r"\s*(?:[:：>»|→–—-]|[\W_]*$)"),
        (_TABLES["appeal"], ""),
        (_TABLES["alone"], r"[\W_]*$"),
        (_TABLES["label"], r"\s?[:：]"),
    ]
)
# The same words alone on a line announce what follows.
HEADINGS = Openings([(_TABLES["elsewhere"], r"[\W_]*$"), (_TABLES["alone"], r"[\W_]*$")])
STAMPS = Openings([(_TABLES["stamp"], r"(?:\s+(?:on|at|am|um|le|à|el|il|em|op|в))?\W*")])
CREDITS = Openings([(_TABLES["credit"], "")])
TIME = re.compile(r"\d{1,2}[:.h]\d{2}\b")
NOTICES = Openings([(_TABLES["rights"], "")])
INSIDE = Inside(_TABLES["inside"])
LAST = 5
SENTENCE = re.compile(r"[.!?…。！？؟][\"'”’»」)]*$")
TAIL = 0.35
LONG = 300


def is_furniture(line: str) -> bool:
    """Whether a whole line is an appeal, a pointer elsewhere, a label, a credit or a notice."""
    if len(line) > LONGEST:
        return False
    text = plain(line)
    opening = _opening(text)
    return bool(
        LINES.match(opening)
        or NOTICES.match(text)
        or NOTICES.match(opening)
        or INSIDE.search(text)
        or _is_stamp(opening)
    )


def is_credit(line: str) -> bool:
    """Whether a line says who else wrote or edited; true of sentences, so ask it at the end."""
    return len(line) <= LONGEST and CREDITS.match(_opening(plain(line))) is not None


def without_furniture(lines: Sequence[str]) -> list[str]:
    """The lines of an article; all of them where hardly any would be left."""
    kept: list[str] = []
    announced = False
    for number, line in enumerate(lines):
        last = number >= len(lines) - LAST
        if is_furniture(line) or (last and (is_credit(line) or is_paywall(line))):
            announced = HEADINGS.match(_opening(plain(line))) is not None
            if announced and _is_tail(lines[number + 1 :], lines):
                break
        elif not (announced and _is_title(line)):
            announced = False
            kept.append(line)
    for place in (0, -1):
        while len(kept) > 1 and _is_date(kept[place]):
            kept.pop(place)
    if sum(map(len, kept)) * 3 < sum(map(len, lines)):
        return list(lines)
    return kept


def _opening(text: str) -> str:
    """A line from its first letter or figure on."""
    return text[START.match(text).end() :]  # type: ignore[union-attr]


def _is_tail(rest: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether what follows is the smaller part of a text, with titles in it as a list has."""
    small = sum(map(len, rest)) < TAIL * sum(map(len, lines))
    titles = sum(map(_is_title, rest))
    return small and titles * 3 >= len(rest) and all(len(line) < LONG for line in rest)


def _is_title(line: str) -> bool:
    return len(line) < LONG / 2 and SENTENCE.search(line) is None


def _is_stamp(text: str) -> bool:
    if len(text) > LONGEST_STAMP or not (found := STAMPS.match(text)):
        return False
    rest = text[found.end() :]
    return TIME.match(rest) is not None or _is_date(rest)


def _is_date(line: str) -> bool:
    return len(line) <= 60 and parse_date(line, origin="line").value is not None
