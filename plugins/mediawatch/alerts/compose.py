"""From what is to be told to the bytes of a mail. Pure: no service, no clock.

The HTML templates escape, and links are made of http and https addresses only (``view``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import css_inline
import jinja2

from mediawatch.alerts import message, view, wording
from mediawatch.alerts.message import one_line
from mediawatch.alerts.view import Reader, Telling
from mediawatch.model import Message

TEMPLATES = Path(__file__).with_name("templates")


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
    delayed = wording.moment(telling.seen_at, reader.zone, reader.language)
    values = {
        "story": view.story(telling, reader),
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
        "stories": [view.story(telling, reader) for telling in tellings],
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
        "lines": [one_line(line, view.SENTENCE_LIMIT) for line in lines],
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
