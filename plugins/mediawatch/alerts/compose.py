"""From what is to be told to the bytes of a mail. Pure: no service, no clock.

The HTML templates escape, and links are made of http and https addresses only (``view``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import css_inline
import jinja2

from mediawatch.alerts import message, receipts, view, wording
from mediawatch.alerts.ledger import CAUSES
from mediawatch.alerts.links import Act
from mediawatch.alerts.message import one_line
from mediawatch.alerts.pieces import SENTENCE_LIMIT
from mediawatch.alerts.view import Desk, Reader, Telling
from mediawatch.model import Message

SUBSCRIPTION_ACTS: Final[tuple[Act, ...]] = ("pause", "unsubscribe")
# In the footer; the newsroom has them all.
WATCHES_NAMED = 12
# Told in full: so many, or of more stories than that only the first ones.
MOST_FULL = 50
FULL_OF_MANY = 15
# Told in one line each behind them.
LINES = 100
# Gmail cuts the HTML of a message off above 102 kB.
SIZE_LIMIT = 95_000
Headers: TypeAlias = tuple[tuple[str, str], ...]
TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Our side of a mail: its From address, where a person answers, and where its links lead."""

    address: str
    reply_to: str | None = None
    desk: Desk = field(default_factory=Desk)

    @property
    def host(self) -> str:
        """The domain that stands in Message-ID and List-Id."""
        return message.host_of(self.address)

    @property
    def mailto(self) -> str | None:
        """The link to write to the reply address; None without one that a header can hold."""
        is_fit = self.reply_to is not None and self.reply_to.isascii()
        return f"mailto:{self.reply_to}" if is_fit else None


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
    headline = view.headline(telling, words)
    subject = f"[{names}] {headline}"
    if telling.cause != "new":
        subject = f"[{names}] {words[telling.cause]}: {headline}"
    delayed = wording.moment(telling.seen_at, reader.zone, reader.language)
    values = {
        "story": view.story(telling, reader, sender.desk, date),
        "subject": one_line(subject, message.SUBJECT_LIMIT),
        "delayed": words["delayed"].format(when=delayed) if is_late else None,
        **_common(
            reader, sender, [(found.watch_id, found.watch_name) for found in telling.found], date
        ),
    }
    extra = _list_headers(reader, sender, watch.watch_id, watch.watch_name, date)
    if thread is not None:
        extra += (("In-Reply-To", thread), ("References", thread))
    return finish("instant", values, reader, sender, slot, message_id, date, extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a digest tells beside its stories.

    ``title`` names the slot in words, ``watches`` are (id, name) of the watches it speaks for.
    ``receipt`` has ``since``, ``sources`` (state, number, names), ``articles``, ``copies``,
    ``rejected`` (number, sentence) and ``delays`` (median, p95, number; seconds) or None.
    ``uncertain`` are the mails to this reader whose arrival nobody knows (subject, when).
    """

    title: str
    watches: Sequence[tuple[str, str]]
    receipt: Mapping[str, Any]
    uncertain: Sequence[tuple[str, datetime]] = ()


def digest(
    tellings: Sequence[Telling],
    about: Digest,
    reader: Reader,
    sender: Sender,
    *,
    slot: str,
    message_id: str,
    date: datetime,
) -> Message:
    """All stories of one slot, and the receipt of what was read.

    Above 50 stories, or 95 kB of HTML, the first ones are told in full, more in one line each,
    and the rest is counted with a link to where they stand.
    """
    words = wording.words(reader.language)
    count = len(tellings)
    stories = wording.count(words, "story", count) if count else words["no_story"]
    kind = words["catch_up"] if slot.startswith("catchup:") else words["digest"]
    head = words["digest_head"].format(stories=stories, slot=about.title)
    values = {
        "subject": f"[mediawatch] {kind}: {head}",
        "kind": kind,
        "title": about.title,
        "count": stories,
        "kinds": _kinds(tellings, words),
        "more_link": None,
        "receipt": receipts.lines(about.receipt, words),
        "uncertain": [
            (one_line(subject), wording.moment(when, reader.zone, reader.language))
            for subject, when in about.uncertain
        ],
        **_common(reader, sender, _told_first(about.watches, tellings), date),
    }
    extra: Headers = (("List-Id", f"mediawatch digest <digest.watch.{sender.host}>"),)
    if len(about.watches) == 1:
        extra = _list_headers(reader, sender, *about.watches[0], date)
    elif sender.mailto is not None:
        extra += (*_answers(sender), ("List-Unsubscribe", f"<{sender.mailto}?subject=unsubscribe>"))
    if sender.desk.public_url is not None:
        values["more_link"] = f"{sender.desk.public_url}/stories"
    full = MOST_FULL if count <= MOST_FULL else FULL_OF_MANY
    while True:
        values["groups"] = _groups(tellings[:full], reader, sender, date)
        values["lines"] = [
            view.short(telling, reader, sender.desk) for telling in tellings[full : full + LINES]
        ]
        hidden = count - full - LINES
        values["hidden"] = wording.count(words, "more_story", hidden) if hidden > 0 else None
        html = _html("digest", values, reader)
        if len(html.encode()) <= SIZE_LIMIT or full == 0:
            return finish("digest", values, reader, sender, slot, message_id, date, extra)
        full //= 2


def _told_first(
    watches: Sequence[tuple[str, str]], tellings: Sequence[Telling]
) -> list[tuple[str, str]]:
    told = {found.watch_id for telling in tellings for found in telling.found}
    return sorted(watches, key=lambda watch: watch[0] not in told)


def _groups(
    tellings: Sequence[Telling], reader: Reader, sender: Sender, date: datetime
) -> list[dict[str, Any]]:
    """The stories by event: neighbours of one event are one group."""
    words = wording.words(reader.language)
    groups = []
    for _, members in groupby(tellings, key=lambda t: t.event_id or t.story_id):
        found = list(members)
        head = wording.count(words, "of_event", len(found)) if len(found) > 1 else None
        stories = [view.story(telling, reader, sender.desk, date) for telling in found]
        groups.append({"head": head, "stories": stories})
    return groups


def _kinds(tellings: Sequence[Telling], words: Mapping[str, str]) -> str:
    """How many are new, updated, corrected, and how many articles they stand for."""
    kinds = Counter(telling.cause for telling in tellings)
    parts = [f"{words[kind]}{words['colon']}{kinds[kind]}" for kind in CAUSES if kinds[kind]]
    articles = sum(1 + len(telling.others) for telling in tellings)
    if articles > len(tellings):
        parts.append(words["articles_told"].format(n=articles))
    return " · ".join(parts)


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
        **_common(reader, sender, [], date),
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
    extra: Headers = (),
) -> Message:
    """Fill the two templates of this name and build the message; ``values`` has the subject."""
    text = _filled(f"{template}.txt", values, reader)
    html = _html(template, values, reader)
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


def _html(template: str, values: Mapping[str, Any], reader: Reader) -> str:
    return str(_inliner().inline(_filled(f"{template}.html", values, reader)))


def _filled(name: str, values: Mapping[str, Any], reader: Reader) -> str:
    fixed = {"words": wording.words(reader.language), "language": reader.language}
    return _environment().get_template(name).render(fixed | dict(values))


def _common(
    reader: Reader, sender: Sender, watches: Sequence[tuple[str, str]], date: datetime
) -> dict[str, Any]:
    words = wording.words(reader.language)
    by_id = {watch_id: one_line(name, 80) for watch_id, name in watches}
    names = list(dict.fromkeys(by_id.values()))
    shown = [words["quoted"].format(text=name) for name in names[:WATCHES_NAMED]]
    if len(names) > WATCHES_NAMED:
        shown.append(words["more"].format(n=len(names) - WATCHES_NAMED))
    signer = sender.desk.signer if reader.recipient_id else None
    return {
        "watch_names": names,
        "footer": words["footer"].format(watches=", ".join(shown)) if names else "",
        "reply_to": sender.reply_to,
        "zone": reader.zone,
        "subscriptions": [
            {
                "watch": name,
                "links": [
                    (words[f"act_{act}"], signer.link(act, watch_id, reader.recipient_id, date))
                    for act in SUBSCRIPTION_ACTS
                ],
            }
            for watch_id, name in list(by_id.items())[:WATCHES_NAMED]
        ]
        if signer
        else [],
    }


def _list_headers(
    reader: Reader, sender: Sender, watch_id: str, name: str, date: datetime
) -> Headers:
    """The headers of a list (RFC 2919, 2369), with one click (RFC 8058) where that is safe."""
    headers: Headers = (("List-Id", f"{message.phrase(name)} <{watch_id}.watch.{sender.host}>"),)
    ways = []
    signer = sender.desk.signer
    one_click = signer is not None and signer.is_https and reader.recipient_id > 0
    if signer is not None and one_click:
        ways.append(f"<{signer.link('unsubscribe', watch_id, reader.recipient_id, date)}>")
    if sender.mailto is not None:
        headers += _answers(sender)
        ways.append(f"<{sender.mailto}?subject={quote(f'unsubscribe {watch_id}')}>")
    if ways:
        headers += (("List-Unsubscribe", ",\r\n ".join(ways)),)
    if one_click:
        headers += (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),)
    return headers


def _answers(sender: Sender) -> Headers:
    return (("Reply-To", f"<{sender.reply_to}>"),)


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
