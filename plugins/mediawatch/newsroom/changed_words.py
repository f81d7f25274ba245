"""Two versions of a text side by side: which words went out and which came in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Words of context kept beside a change; the rest of what stayed is left out.
CONTEXT = 12
# Longer texts are not compared word by word: that could take minutes.
LONGEST = 8_000
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that stayed, went out or came in; ``gap`` stands for many that stayed."""

    kind: Literal["same", "out", "in", "gap"]
    text: str


def changed_words(old: str, new: str) -> tuple[Run, ...] | None:
    """The difference of two texts in words; None when they are too long to be compared."""
    before, after = _apart(_WORD.findall(old)), _apart(_WORD.findall(new))
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle_before = before[head : len(before) - tail]
    middle_after = after[head : len(after) - tail]
    if max(len(middle_before), len(middle_after)) > LONGEST:
        return None
    runs = [("same", after[:head]), *_middle(middle_before, middle_after)]
    runs.append(("same", after[len(after) - tail :]))
    filled = [(kind, words) for kind, words in runs if words]
    return tuple(_shortened(filled))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left.strip() != right.strip():
            return count
    return min(len(one), len(other))


def _middle(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    matcher = SequenceMatcher(
        None, [w.strip() for w in before], [w.strip() for w in after], autojunk=len(before) > 2000
    )
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield "same", after[c:d]
        else:
            yield "out", before[a:b]
            yield "in", after[c:d]


def _shortened(runs: list[tuple[str, list[str]]]) -> Iterator[Run]:
    for number, (kind, words) in enumerate(runs):
        text = "".join(words)
        if kind == "out":
            yield Run("out", text)
        elif kind == "in":
            yield Run("in", text)
        elif len(runs) == 1 or len(words) <= 2 * CONTEXT:
            yield Run("same", text)
        else:
            if number:
                yield Run("same", "".join(words[:CONTEXT]))
            yield Run("gap", "…")
            if number < len(runs) - 1:
                yield Run("same", "".join(words[-CONTEXT:]))


def _apart(words: list[str]) -> list[str]:
    """The words with a blank after the last one, so that what follows stands apart."""
    return [*words[:-1], f"{words[-1].rstrip(' ')} "] if words else words
