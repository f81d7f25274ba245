"""Old and new words of an article side by side."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TypeAlias

from mediawatch.model import Change
from mediawatch.stories.versions import differences

Text: TypeAlias = tuple[str, str]
MOST = 6
LONGEST = 600
_WORD = re.compile(r"\w+(?:['’.,]\w+)*|[^\w\s]")


def between(old: Text, new: Text) -> tuple[Change, ...]:
    """What changed from one (title, body) to the next: at most six changes.

    First the headline, then sentences that were rewritten, taken out and put in, each in the
    order of the text; of a sentence above 600 characters the rest is left out.
    """
    found: list[Change] = []
    if old[0] != new[0]:
        found.append(_marked(old[0], new[0]))
    parts = differences(old[1], new[1])
    found += [_marked(before, after) for before, after in parts.rewritten]
    found += [Change(old=_cut(sentence), new="") for sentence in parts.taken_out]
    found += [Change(old="", new=_cut(sentence)) for sentence in parts.put_in]
    return tuple(found[:MOST])


def _marked(old: str, new: str) -> Change:
    """Two sentences with the words in which they differ."""
    old, new = _cut(old), _cut(new)
    before, after = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    matcher = SequenceMatcher(
        None, [word[0] for word in before], [word[0] for word in after], autojunk=False
    )
    old_marks, new_marks = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        if b > a:
            old_marks.append((before[a].start(), before[b - 1].end()))
        if d > c:
            new_marks.append((after[c].start(), after[d - 1].end()))
    return Change(old=old, new=new, old_marks=tuple(old_marks), new_marks=tuple(new_marks))


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
