"""One story as the templates of a mail see it: single lines, safe links, the reader's times.

All that comes from outside passes :func:`message.one_line` here, before it reaches a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from mediawatch.alerts import wording
from mediawatch.alerts.message import one_line
from mediawatch.model import Reason

HEADLINE_LIMIT = 200
# Long enough for any sentence, short enough that one hostile "sentence" does not fill the mail.
SENTENCE_LIMIT = 600
OUTLETS_NAMED = 12
CLAUSES_NAMED = 8
URL_LIMIT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: plain address, language of the words, zone of the times."""

    address: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a story. ``outlet`` is None when nothing names its publisher.

    ``folder`` names the folder of seed files that it came from, for want of an outlet.
    """

    outlet: str | None
    folder: str | None = None
    url: str | None
    title: str
    published_at: datetime | None
    published_precision: str
    published_origin: str
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One watch that met the story, and why; ``outlet`` published the sentence."""

    watch_id: str
    watch_name: str
    reason: Reason
    outlet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One story as one mail tells it: the article that matched, the others, the watches.

    ``cause`` is ``new``, ``update`` or ``correction``; ``first`` is the earliest publication.
    ``seen_at`` is when we first saw what matched, ``found_at`` when a watch found it.
    """

    cause: str
    lead: Copy
    first: Copy
    others: tuple[Copy, ...]
    found: tuple[Found, ...]
    found_at: datetime
    seen_at: datetime
    told_before: bool = False


def story(telling: Telling, reader: Reader) -> dict[str, Any]:
    """One story for the templates: single lines, safe links, times in the reader's zone."""
    words = wording.words(reader.language)
    lead = telling.lead
    outlet = _outlet(lead, words)
    named = list(
        dict.fromkeys(
            name
            for copy in (telling.first, *telling.others)
            if (name := _outlet(copy, words)) != outlet
        )
    )
    first = _outlet(telling.first, words)
    counted = words["one_other"] if len(named) == 1 else words["others"].format(n=len(named))
    hidden = len(named) - OUTLETS_NAMED
    return {
        "cause": words.get(telling.cause, words["new"]),
        "is_new": telling.cause == "new",
        "headline": one_line(lead.title, HEADLINE_LIMIT),
        "outlet": outlet,
        "link": safe_link(lead.url),
        "address": one_line(lead.url, URL_LIMIT) if lead.url else None,
        "published": _published(lead, reader),
        "first": None if first == outlet else f"{first}, {_published(telling.first, reader)}",
        "others": named[:OUTLETS_NAMED],
        "hidden": words["more"].format(n=hidden) if hidden > 0 else None,
        "count": counted if named else None,
        "others_linked": [
            {"name": _outlet(copy, words), "link": safe_link(copy.url)}
            for copy in _one_an_outlet(telling, words, named[:OUTLETS_NAMED])
        ],
        "found": [_found(found, words, outlet) for found in _distinct(telling.found)],
        "why": [
            (
                one_line(found.watch_name, 80),
                [one_line(clause, 120) for clause in found.reason.clauses[:CLAUSES_NAMED]],
            )
            for found in telling.found
        ],
        "watches": list(dict.fromkeys(one_line(f.watch_name, 80) for f in telling.found)),
        "told_before": telling.told_before,
    }


def _one_an_outlet(telling: Telling, words: Mapping[str, str], names: list[str]) -> list[Copy]:
    chosen: dict[str, Copy] = {}
    for copy in (telling.first, *telling.others):
        chosen.setdefault(_outlet(copy, words), copy)
    return [chosen[name] for name in names]


def _distinct(found: tuple[Found, ...]) -> list[Found]:
    """The watches' reasons, each sentence once, with the marks of every watch that met it."""
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        key = (one.reason.part, one.reason.sentence)
        if key in kept:
            marks = tuple(sorted({*kept[key].reason.marks, *one.reason.marks}))
            kept[key] = replace(kept[key], reason=replace(kept[key].reason, marks=marks))
        else:
            kept[key] = one
    return list(kept.values())


def _found(found: Found, words: Mapping[str, str], outlet: str) -> dict[str, Any]:
    reason = found.reason
    place = words[f"in_{reason.part}"]
    if found.outlet is not None and one_line(found.outlet, 120) != outlet:
        place = f"{place} {words['at'].format(outlet=one_line(found.outlet, 120))}"
    return {"place": place, "parts": marked(reason)}


def marked(reason: Reason) -> list[tuple[str, bool]]:
    """The sentence in pieces, each with whether it is marked; a very long one is cut."""
    sentence, marks = reason.sentence, sorted(reason.marks)
    begin = 0
    if len(sentence) > SENTENCE_LIMIT and marks:
        begin = max(0, min(marks[0][0] - SENTENCE_LIMIT // 3, len(sentence) - SENTENCE_LIMIT))
    end = min(len(sentence), begin + SENTENCE_LIMIT)
    pieces: list[tuple[str, bool]] = [("…", False)] if begin else []
    at = begin
    for start, stop in marks:
        if start < at or stop > end:
            continue
        pieces += [(sentence[at:start], False), (sentence[start:stop], True)]
        at = stop
    pieces.append((sentence[at:end], False))
    if end < len(sentence):
        pieces.append(("…", False))
    return [(_inner(text), is_marked) for text, is_marked in pieces if text]


def _inner(text: str) -> str:
    """As :func:`one_line`, but blanks at the ends stay: the pieces are put together again."""
    line = one_line(text)
    left = " " if text[:1].isspace() and line else ""
    right = " " if text[-1:].isspace() else ""
    return f"{left}{line}{right}"


def _outlet(copy: Copy, words: Mapping[str, str]) -> str:
    if copy.outlet:
        return one_line(copy.outlet, 120)
    link = safe_link(copy.url)
    host = (urlsplit(link).hostname or "") if link else ""
    if not host and copy.folder:
        return words["folder"].format(name=one_line(copy.folder, 120))
    return host.removeprefix("www.") or words["no_outlet"]


def _published(copy: Copy, reader: Reader) -> str:
    """When it was published, with its zone, its precision and who said so."""
    words = wording.words(reader.language)
    if copy.published_at is None:
        seen = wording.moment(copy.first_seen_at, reader.zone, reader.language)
        return words["no_date"].format(when=seen)
    precision = copy.published_precision
    if precision in ("day", "month", "year"):
        # A day is a day everywhere: no zone shifts it.
        day = wording.day(copy.published_at, reader.language)
        shown = {"day": day, "month": day.partition(" ")[2], "year": day.rpartition(" ")[2]}
        return f"{shown[precision]} ({words['day_only']})"
    return wording.moment(copy.published_at, reader.zone, reader.language)


def safe_link(url: str | None) -> str | None:
    """The address when it may be a link: http or https, with a host, without odd signs."""
    if url is None or len(url) > URL_LIMIT or any(c.isspace() or ord(c) < 32 for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return url if one_line(url) == url else None
