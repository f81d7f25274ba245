"""Why a watch matched, in values: the sentence, where it stands, and which words of it count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from mediawatch.alerts import sentences
from mediawatch.model import Change, Reason, Spike
from mediawatch.search.marks import folded

Span: TypeAlias = tuple[int, int]
# A clause of one field, in quotation marks or as one word that may end in a star.
_VALUE = re.compile(r'(\w+):(?:"((?:\\.|[^"\\])*)"|([^\s"*?]+\*?))(?:\^[\d.]+)?')
_FIELD = re.compile(r"(\w+)(?:\.cased)?:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One quotation of an article's body, and whose it is where that is known."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One watch met one document. Marks are (start, end) in code points, in order.

    ``said`` are all quotations of the body; ``asked`` those that the watch asks for.
    ``is_found`` is False for a document that the watch told before and does not find any more.
    """

    watch_id: str
    article_id: str
    version_no: int
    title: str
    body: str
    title_marks: tuple[tuple[int, int], ...]
    body_marks: tuple[tuple[int, int], ...]
    clauses: tuple[str, ...]
    said: tuple[Said, ...] = ()
    asked: tuple[Said, ...] = ()
    is_found: bool = True


def reason(hit: Hit) -> Reason:
    """Where and with which words a hit matched: the sentence with the most different words.

    A sentence of the body is preferred to the headline, which the reader sees anyway. A match in
    fields alone has the first sentence and no marks.
    """
    if hit.body_marks:
        start, end = _best_sentence(hit.body, hit.body_marks)
        marks = _inside(hit.body_marks, start, end)
        first = start + marks[0][0]
        quoted = next((said for said in hit.said if said.start <= first < said.end), None)
        part: Literal["lead", "body", "quote"] = "body"
        if quoted is not None:
            part = "quote"
        elif start < len(hit.body.lstrip().partition("\n")[0]):
            part = "lead"
        return Reason(
            part=part,
            sentence=hit.body[start:end],
            marks=marks,
            start=start,
            clauses=hit.clauses,
            speaker=quoted.speaker if quoted else None,
        )
    if hit.title_marks:
        start, end = _best_sentence(hit.title, hit.title_marks)
        return Reason(
            part="title",
            sentence=hit.title[start:end],
            marks=_inside(hit.title_marks, start, end),
            start=start,
            clauses=hit.clauses,
        )
    start, end = next(sentences.spans(hit.body), (0, 0))
    return Reason(
        part="field", sentence=hit.body[start:end], marks=(), start=start, clauses=hit.clauses
    )


def of_quotation(hit: Hit, said: Said) -> Reason:
    """The reason of a match by one quotation."""
    return Reason(
        part="quote",
        sentence=hit.body[said.start : said.end],
        marks=_inside(hit.body_marks, said.start, said.end),
        start=said.start,
        clauses=hit.clauses,
        speaker=said.speaker,
    )


def _inside(marks: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple((s - start, min(e, end) - start) for s, e in marks if start <= s < end)


def _best_sentence(text: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    best, best_words = (marks[0][0], marks[0][1]), 0
    for start, end in sentences.spans(text):
        found = {text[s:e].casefold() for s, e in marks if start <= s < end}
        if len(found) > best_words:
            best, best_words = (start, end), len(found)
    return best


def shown(source: str, text: str) -> str:
    """A clause as a reader knows it: as it was written, with the field that it was written under.

    ``text`` is the rewritten clause, which names its fields; one without a field of its own is
    looked for in several and is in brackets.
    """
    field = _FIELD.match(text)
    if field is None or source.startswith(f"{field[1]}:"):
        return source
    return f"{field[1]}:{source}"


def with_mentions(
    marks: Iterable[Span], part: str, clauses: Iterable[str], mentions: Iterable[Mapping[str, Any]]
) -> tuple[Span, ...]:
    """The marks of one part of a text, and the places that name the actors asked for.

    ``clauses`` are rewritten ones; of them only those of the field ``actor`` count, and
    ``mentions`` are the rows of the article.
    """
    asked = asked_names("actor", clauses)
    found = list(marks)
    for mention in mentions:
        span = (mention["start_at"], mention["end_at"])
        if mention["part"] != part or any(s < span[1] and span[0] < e for s, e in found):
            continue
        names = [
            folded(mention[key])
            for key in ("actor_id", "meant_id", "name", "meant_name")
            if mention[key]
        ]
        if any(is_named(value, name) for value in asked for name in names):
            found.append(span)
    return tuple(sorted(found))


def asked_names(field: str, clauses: Iterable[str]) -> list[str]:
    """The names or ids that clauses of one field ask for, folded; a star at the end stays."""
    found = (_VALUE.fullmatch(clause) for clause in clauses)
    return [
        folded(re.sub(r"\\(.)", r"\1", one[2] or one[3]))
        for one in found
        if one and one[1] == field
    ]


def is_named(value: str, name: str) -> bool:
    """Whether what was asked for is this folded name."""
    return name.startswith(value[:-1]) if value.endswith("*") else name == value


def as_json(reason: Reason) -> dict[str, Any]:
    """A reason as the ledger keeps it; what it does not have is left out."""
    kept: dict[str, Any] = {
        "part": reason.part,
        "sentence": reason.sentence,
        "marks": [list(mark) for mark in reason.marks],
        "start": reason.start,
        "clauses": list(reason.clauses),
    }
    if reason.speaker is not None:
        kept["speaker"] = reason.speaker
    if reason.changes:
        kept["changes"] = [
            [change.old, change.new, change.old_marks, change.new_marks]
            for change in reason.changes
        ]
    if reason.spike is not None:
        kept["spike"] = [
            reason.spike.stories,
            reason.spike.usual,
            reason.spike.until.isoformat(),
            reason.spike.article_ids,
        ]
    return kept


def from_json(kept: Mapping[str, Any]) -> Reason:
    """A reason as it was kept."""
    return Reason(
        part=kept["part"],
        sentence=kept["sentence"],
        marks=_spans(kept["marks"]),
        start=kept["start"],
        clauses=tuple(kept["clauses"]),
        speaker=kept.get("speaker"),
        changes=tuple(
            Change(old=old, new=new, old_marks=_spans(gone), new_marks=_spans(come))
            for old, new, gone, come in kept.get("changes", ())
        ),
        spike=_spike(kept["spike"]) if "spike" in kept else None,
    )


def _spike(kept: Sequence[Any]) -> Spike:
    stories, usual, until, article_ids = kept
    return Spike(
        stories=stories,
        usual=usual,
        until=datetime.fromisoformat(until),
        article_ids=tuple(article_ids),
    )


def _spans(kept: Iterable[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in kept)
