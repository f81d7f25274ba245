"""From hits to matches: which are news, under which cause, and why they matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from mediawatch.alerts import news, sentences
from mediawatch.alerts.news import Seen
from mediawatch.model import LIVE_CAUSES, Match, Reason
from mediawatch.search.marks import folded

Span: TypeAlias = tuple[int, int]
# A clause of the field "actor", in quotation marks or as one word that may end in a star.
_ACTOR = re.compile(r'actor:(?:"((?:\\.|[^"\\])*)"|([^\s"*?]+\*?))(?:\^[\d.]+)?')

_FIELD = re.compile(r"(\w+)(?:\.cased)?:")

# Version kinds that are news of their own, and the word of ``watch.news`` for each.
NEWS_OF_KIND: Mapping[str, str] = {"update": "update", "correction": "correction"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One watch met one document. Marks are (start, end) in code points, in order."""

    watch_id: str
    article_id: str
    version_no: int
    title: str
    body: str
    title_marks: tuple[tuple[int, int], ...]
    body_marks: tuple[tuple[int, int], ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """What matching needs to know of a watch."""

    watch_id: str
    unit: Literal["story", "event"]
    news: frozenset[str]
    active_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One changed article: its facts, its units, and what changed."""

    seen: Seen
    story_id: str
    event_id: str
    is_original: bool
    causes: frozenset[str]
    # version -> (kind, seen_at), of the versions that changed now
    versions: Mapping[int, tuple[str, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is in the ledger: members of each unit, and the states of earlier matches.

    Keys are (unit, unit id); those of ``matches`` are (watch id, unit, unit id, cause key).
    """

    members: Mapping[tuple[str, str], Sequence[Seen]]
    matches: Mapping[tuple[str, str, str, str], str]


def decide(
    hits: Iterable[Hit],
    watches: Mapping[str, Searcher],
    changed: Mapping[str, Changed],
    known: Known,
    window: timedelta,
) -> list[Match]:
    """The matches to write, at most one for each ledger key, live ones before suppressed.

    Of several articles of a story in one batch the original speaks for it, then the oldest.
    """
    found: dict[tuple[str, str, str, str], Match] = {}
    for hit in sorted(hits, key=lambda h: _rank(changed[h.article_id])):
        watch, article = watches[hit.watch_id], changed[hit.article_id]
        unit_id = article.event_id if watch.unit == "event" else article.story_id
        members = known.members.get((watch.unit, unit_id), ())
        for cause_key, why in _causes(hit, watch, article, unit_id, members, known, window):
            key = (watch.watch_id, watch.unit, unit_id, cause_key)
            if known.matches.get(key) == "live":
                continue
            earlier = found.get(key)
            if earlier is not None and (earlier.state == "live" or why is not None):
                continue
            found[key] = Match(
                watch_id=watch.watch_id,
                unit=watch.unit,
                unit_id=unit_id,
                cause_key=cause_key,
                article_id=hit.article_id,
                version_no=hit.version_no,
                reason=reason(hit),
                state="live" if why is None else "suppressed",
                suppressed_why=why,
            )
    return list(found.values())


def _rank(article: Changed) -> tuple[bool, datetime, datetime, str]:
    seen = article.seen
    return (not article.is_original, seen.dated_at, seen.first_seen_at, seen.article_id)


def _causes(
    hit: Hit,
    watch: Searcher,
    article: Changed,
    unit_id: str,
    members: Sequence[Seen],
    known: Known,
    window: timedelta,
) -> Iterable[tuple[str, str | None]]:
    """Cause keys of one hit, each with why it is suppressed or None.

    The first match of a story is ``new`` even when an update brought it; only a story that was
    found before has updates and corrections.
    """
    earlier = known.matches.get((watch.watch_id, watch.unit, unit_id, "new"))
    if "new" in watch.news:
        why = news.why_suppressed(article.seen, article.causes, members, watch.active_since, window)
        yield "new", why
        if earlier is None:
            return
    if "new_version" not in article.causes and article.causes & LIVE_CAUSES:
        return
    version = article.versions.get(hit.version_no)
    if version is None:
        return
    kind, seen_at = version
    word = NEWS_OF_KIND.get(kind)
    if word in watch.news:
        yield (
            f"{word}:{hit.version_no}",
            news.why_update_suppressed(article.seen, article.causes, seen_at, watch.active_since),
        )


def reason(hit: Hit) -> Reason:
    """Where and with which words a hit matched: the sentence with the most different words.

    A sentence of the body is preferred to the headline, which the reader sees anyway. A match in
    fields alone has the first sentence and no marks.
    """
    for part, text, marks in (
        ("body", hit.body, hit.body_marks),
        ("title", hit.title, hit.title_marks),
    ):
        if marks:
            start, end = _best_sentence(text, marks)
            return Reason(
                part="body" if part == "body" else "title",
                sentence=text[start:end],
                marks=tuple((s - start, min(e, end) - start) for s, e in marks if start <= s < end),
                start=start,
                clauses=hit.clauses,
            )
    first = next(sentences.spans(hit.body), (0, 0))
    return Reason(
        part="field",
        sentence=hit.body[first[0] : first[1]],
        marks=(),
        start=first[0],
        clauses=hit.clauses,
    )


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
    asked = [value for clause in clauses if (value := _actor_asked(clause))]
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
        if any(_is_named(value, name) for value in asked for name in names):
            found.append(span)
    return tuple(sorted(found))


def _actor_asked(clause: str) -> str | None:
    found = _ACTOR.fullmatch(clause)
    return folded(re.sub(r"\\(.)", r"\1", found[1] or found[2])) if found else None


def _is_named(value: str, name: str) -> bool:
    return name.startswith(value[:-1]) if value.endswith("*") else name == value


def _best_sentence(text: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    best, best_words = (marks[0][0], marks[0][1]), 0
    for start, end in sentences.spans(text):
        found = {text[s:e].casefold() for s, e in marks if start <= s < end}
        if len(found) > best_words:
            best, best_words = (start, end), len(found)
    return best


def as_json(reason: Reason) -> dict[str, Any]:
    """A reason as the ledger keeps it."""
    return {
        "part": reason.part,
        "sentence": reason.sentence,
        "marks": [list(mark) for mark in reason.marks],
        "start": reason.start,
        "clauses": list(reason.clauses),
    }


def from_json(kept: Mapping[str, Any]) -> Reason:
    """A reason as it was kept."""
    return Reason(
        part=kept["part"],
        sentence=kept["sentence"],
        marks=tuple((start, end) for start, end in kept["marks"]),
        start=kept["start"],
        clauses=tuple(kept["clauses"]),
    )
