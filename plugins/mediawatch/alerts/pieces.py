"""A sentence with marks, in the pieces that a template writes one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from mediawatch.alerts.message import one_line

# Long enough for any sentence, short enough that one hostile "sentence" does not fill the mail.
SENTENCE_LIMIT = 600


def pieces(sentence: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is marked; a very long one is cut."""
    marks = sorted(spans)
    begin = 0
    if len(sentence) > SENTENCE_LIMIT and marks:
        begin = max(0, min(marks[0][0] - SENTENCE_LIMIT // 3, len(sentence) - SENTENCE_LIMIT))
    end = min(len(sentence), begin + SENTENCE_LIMIT)
    made: list[tuple[str, bool]] = [("…", False)] if begin else []
    at = begin
    for start, stop in marks:
        if start < at or stop > end:
            continue
        made += [(sentence[at:start], False), (sentence[start:stop], True)]
        at = stop
    made.append((sentence[at:end], False))
    if end < len(sentence):
        made.append(("…", False))
    return [(_inner(text), is_marked) for text, is_marked in made if text]


def _inner(text: str) -> str:
    """As :func:`one_line`, but blanks at the ends stay: the pieces are put together again."""
    line = one_line(text)
    left = " " if text[:1].isspace() and line else ""
    right = " " if text[-1:].isspace() else ""
    return f"{left}{line}{right}"
