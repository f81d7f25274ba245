"""From what is to be told to the bytes of a mail. Pure: no service, no clock.

All that comes from outside passes :func:`message.one_line` before it reaches a template; the
HTML templates escape, and links are made of http and https addresses only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import css_inline
import jinja2

from mediawatch.alerts import message, wording
from mediawatch.alerts.message import one_line
from mediawatch.model import Message, Reason

TEMPLATES = Path(__file__).with_name("templates")
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
    """

    cause: str
    lead: Copy
    first: Copy
    others: tuple[Copy, ...]
    found: tuple[Found, ...]
    found_at: datetime
    told_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Our side of a mail: its From address and where a person answers, if anyone does."""

    address: str
    reply_to: str | None = None

    @property
    def host(self) -> str:
        """The domain that stands in Message-ID and List-Id."""
        return message.host_of(self.address)


def instant(
    telling: Telling,
    reader: Reader,
    sender: Sender,
    *,
    slot: str,
    message_id: str,
    thread: str | None,
    date: datetime,
    is_late: bool,
) -> Message:
    """The mail of one story. ``thread`` is the Message-ID of the story's first mail, if other."""
    words = wording.words(reader.language)
    watch = telling.found[0]
    names = one_line(watch.watch_name, 80)
    subject = f"[{names}] {one_line(telling.lead.title)}"
    if telling.cause != "new":
        subject = f"[{names}] {words[telling.cause]}: {one_line(telling.lead.title)}"
    delayed = wording.moment(telling.found_at, reader.zone, reader.language)
    values = {
        "story": _story(telling, reader),
        "subject": one_line(subject, message.SUBJECT_LIMIT),
        "delayed": words["delayed"].format(when=delayed) if is_late else None,
        **_common(reader, sender, [found.watch_name for found in telling.found]),
    }
    extra = _list_headers(sender, watch.watch_id, watch.watch_name)
    if thread is not None:
        extra += (("In-Reply-To", thread), ("References", thread))
    return finish("instant", values, reader, sender, slot, message_id, date, extra)


def digest(
    tellings: Sequence[Telling],
    receipt: Mapping[str, Any],
    uncertain: Sequence[tuple[str, datetime]],
    reader: Reader,
    sender: Sender,
    *,
    title: str,
    slot: str,
    message_id: str,
    date: datetime,
) -> Message:
    """All stories of one slot, and the receipt of what was read.

    ``title`` names the slot in words. ``receipt`` has ``since``, ``sources`` (state, number,
    names), ``articles``, ``copies`` and ``rejected`` (number, sentence). ``uncertain`` are the
    mails to this reader whose arrival nobody knows.
    """
    words = wording.words(reader.language)
    count = len(tellings)
    stories = words["stories"].format(n=count)
    if count < 2:
        stories = words["one_story"] if count else words["no_story"]
    kind = words["catch_up"] if slot.startswith("catchup:") else words["digest"]
    watches = [found.watch_name for telling in tellings for found in telling.found]
    head = words["digest_head"].format(stories=stories, slot=title)
    values = {
        "subject": f"[mediawatch] {kind}: {head}",
        "kind": kind,
        "title": title,
        "count": stories,
        "stories": [_story(telling, reader) for telling in tellings],
        "receipt": _receipt(receipt, words),
        "uncertain": [
            (one_line(subject), wording.moment(when, reader.zone, reader.language))
            for subject, when in uncertain
        ],
        **_common(reader, sender, watches),
    }
    extra = (("List-Id", f"mediawatch digest <digest.watch.{sender.host}>"),)
    return finish("digest", values, reader, sender, slot, message_id, date, extra)


def _receipt(receipt: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "since": words["since"].format(when=receipt["since"]),
        "sources": [
            (
                words[f"source_{state}"].format(n=number),
                [one_line(name, 160) for name in names],
                number - len(names),
            )
            for state, number, names in receipt["sources"]
            if number
        ],
        "articles": words["articles_in"].format(n=receipt["articles"]),
        "copies": words["articles_copies"].format(n=receipt["copies"]),
        "rejected": words["articles_rejected"].format(n=sum(n for n, _ in receipt["rejected"])),
        "reasons": [f"{number} × {sentence}" for number, sentence in receipt["rejected"]],
    }


def note(
    subject: str,
    text: str,
    lines: list[str],
    reader: Reader,
    sender: Sender,
    *,
    slot: str,
    message_id: str,
    date: datetime,
) -> Message:
    """A mail of our own: one paragraph and some lines, such as a test or a notice."""
    values = {
        "subject": one_line(subject, message.SUBJECT_LIMIT),
        "text": one_line(text),
        "lines": [one_line(line, SENTENCE_LIMIT) for line in lines],
        **_common(reader, sender, []),
    }
    return finish("note", values, reader, sender, slot, message_id, date)


def finish(
    template: str,
    values: dict[str, Any],
    reader: Reader,
    sender: Sender,
    slot: str,
    message_id: str,
    date: datetime,
    extra: tuple[tuple[str, str], ...] = (),
) -> Message:
    """Fill the two templates of this name and build the message; ``values`` has the subject."""
    values = {"words": wording.words(reader.language), "language": reader.language, **values}
    text = _environment().get_template(f"{template}.txt").render(values)
    html = _inliner().inline(_environment().get_template(f"{template}.html").render(values))
    content = message.build(
        sender=sender.address,
        recipient=reader.address,
        subject=values["subject"],
        date=date,
        identifier=message_id,
        extra=extra,
        text=text,
        html=html,
    )
    return Message(
        recipient=reader.address,
        kind="digest" if template == "digest" else "instant",
        slot=slot,
        message_id=message_id,
        subject=values["subject"],
        content=content,
    )


def _common(reader: Reader, sender: Sender, watch_names: list[str]) -> dict[str, Any]:
    words = wording.words(reader.language)
    names = list(dict.fromkeys(one_line(name, 80) for name in watch_names))
    quoted = ", ".join(words["quoted"].format(text=name) for name in names)
    return {
        "watch_names": names,
        "footer": words["footer"].format(watches=quoted) if names else "",
        "reply_to": sender.reply_to,
        "zone": reader.zone,
    }


def _list_headers(sender: Sender, watch_id: str, name: str) -> tuple[tuple[str, str], ...]:
    headers = (("List-Id", f"{message.phrase(name)} <{watch_id}.watch.{sender.host}>"),)
    if sender.reply_to is None or not sender.reply_to.isascii():
        return headers
    subject = quote(f"unsubscribe {watch_id}")
    return (
        *headers,
        ("Reply-To", f"<{sender.reply_to}>"),
        ("List-Unsubscribe", f"<mailto:{sender.reply_to}?subject={subject}>"),
    )


def _story(telling: Telling, reader: Reader) -> dict[str, Any]:
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


def _one_an_outlet(telling: Telling, words: Any, names: list[str]) -> list[Copy]:
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


def _found(found: Found, words: Any, outlet: str) -> dict[str, Any]:
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


def _outlet(copy: Copy, words: Any) -> str:
    if copy.outlet:
        return one_line(copy.outlet, 120)
    link = safe_link(copy.url)
    host = (urlsplit(link).hostname or "") if link else ""
    if not host and copy.folder:
        return str(words["folder"].format(name=one_line(copy.folder, 120)))
    return host.removeprefix("www.") or str(words["no_outlet"])


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


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    # The style sheet stays beside the inlined rules: it holds what only it can say (dark mode).
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
