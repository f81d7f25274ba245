"""Which quotations of an article a watch asks for, and by what a quotation is known again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from mediawatch.alerts.reasons import Said, Span, asked_names, is_named
from mediawatch.search.marks import folded, words_of

# Of one article: a transcript must not make a hundred matches.
MOST = 20


def key(text: str) -> str:
    """The same for the same words, whatever the signs, capitals and accents around them."""
    said = " ".join(folded(word) for word in words_of(text))
    return sha256(said.encode()).hexdigest()[:16]


def said(rows: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """The quotations of an article, from its rows."""
    return tuple(
        Said(
            start=row["start_at"],
            end=row["end_at"],
            speaker=row["speaker_name"] or row["speaker_text"],
        )
        for row in rows
    )


def asked(
    rows: Sequence[Mapping[str, Any]], clauses: Iterable[str], marks: Sequence[Span]
) -> tuple[Said, ...]:
    """The quotations that a watch asks for: those of its speakers, or those with its words.

    ``clauses`` are the rewritten ones that the article fulfils. A watch that names speakers gets
    what these say; another one the quotations in which a word stands that it looked for, or,
    where it looks for no words, every one.
    """
    speakers = asked_names("speaker", clauses)
    chosen = [row for row in rows if _fits(row, speakers, marks)]
    return said(chosen[:MOST])


def _fits(row: Mapping[str, Any], speakers: Sequence[str], marks: Sequence[Span]) -> bool:
    if speakers:
        names = [folded(row[name]) for name in ("speaker_id", "speaker_name") if row[name]]
        return any(is_named(value, name) for value in speakers for name in names)
    if marks:
        return any(row["start_at"] <= start < row["end_at"] for start, _ in marks)
    return True
