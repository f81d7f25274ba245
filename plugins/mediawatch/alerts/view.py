"""One story as the templates of a mail see it: single lines, safe links, the reader's times.

All that comes from outside passes :func:`message.one_line` here, before it reaches a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from mediawatch.alerts import wording
from mediawatch.alerts.discover import Kibana
from mediawatch.alerts.links import Act, Signer
from mediawatch.alerts.message import one_line
from mediawatch.alerts.pieces import pieces
from mediawatch.model import Change, Reason

HEADLINE_LIMIT = 200
OUTLETS_NAMED = 12
CLAUSES_NAMED = 8
URL_LIMIT = 2000
STORY_ACTS: Final[tuple[Act, ...]] = ("mute", "not_relevant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: plain address, language of the words, zone of the times.

    ``recipient_id`` is for the reader's links, 0 where there are none.
    """

    recipient_id: int = 0
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
    """One watch that met the story, and why; ``outlet`` published the sentence.

    ``unit_id`` is what a reader can mute or judge: the story or event that the watch found.
    ``query`` and ``languages`` are what the watch looks for now.
    """

    watch_id: str
    unit_id: str = ""
    watch_name: str
    reason: Reason
    outlet: str | None
    query: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One story as one mail tells it: the article that matched, the others, the watches.

    ``cause`` is one of ``ledger.CAUSES``; ``first`` is the earliest publication. ``seen_at`` is
    when we first saw what matched, ``found_at`` when a watch found it; ``was_held``: an instant
    mail was due and held back by a limit, quiet hours or an outage. ``spiking`` are the newest
    stories of a spike. ``actors`` and ``topics`` are names, the foremost first.
    """

    cause: str
    lead: Copy
    first: Copy
    others: tuple[Copy, ...]
    found: tuple[Found, ...]
    found_at: datetime
    seen_at: datetime
    told_before: bool = False
    was_held: bool = False
    story_id: str = ""
    event_id: str = ""
    actors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    spiking: tuple[Copy, ...] = ()

    @property
    def outlets(self) -> int:
        """How many outlets carry the story."""
        return len({copy.outlet for copy in (self.lead, *self.others)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the links of a mail lead: the newsroom, the signer and Kibana, if there are any."""

    public_url: str | None = None
    signer: Signer | None = None
    kibana: Kibana | None = None


def story(telling: Telling, reader: Reader, desk: Desk, now: datetime) -> dict[str, Any]:
    """One story for the templates: single lines, safe links, times in the reader's zone."""
    words = wording.words(reader.language)
    return {
        **short(telling, reader, desk),
        **_outlets(telling, reader),
        "address": one_line(telling.lead.url, URL_LIMIT) if telling.lead.url else None,
        "found": [_found(found, words, telling) for found in _distinct(telling.found)],
        "why": [
            (
                one_line(found.watch_name, 80),
                [one_line(clause, 120) for clause in found.reason.clauses[:CLAUSES_NAMED]],
            )
            for found in telling.found
        ],
        "actors": [one_line(name, 60) for name in telling.actors],
        "topics": [one_line(name, 60) for name in telling.topics],
        "acts": _acts(telling, reader, desk, words, now),
        "searches": _searches(telling, desk, now),
    }


def short(telling: Telling, reader: Reader, desk: Desk) -> dict[str, Any]:
    """One story in one line: headline, outlet, time, watches, links."""
    words = wording.words(reader.language)
    lead = telling.lead
    spike = telling.found[0].reason.spike
    return {
        "cause": words.get(telling.cause, words["new"]),
        "is_new": telling.cause == "new",
        "is_spike": spike is not None,
        "headline": headline(telling, words),
        "outlet": _outlet(lead, words),
        "outlets": telling.outlets,
        "link": None if spike else safe_link(lead.url),
        "page": page(telling.story_id, desk) if spike is None else None,
        "published": _published(lead, reader),
        "watches": list(dict.fromkeys(one_line(f.watch_name, 80) for f in telling.found)),
        "told_before": telling.told_before,
        "was_held": telling.was_held,
        "spiking": [
            {
                "headline": one_line(copy.title, HEADLINE_LIMIT),
                "link": safe_link(copy.url),
                "outlet": _outlet(copy, words),
            }
            for copy in telling.spiking
        ],
    }


def headline(telling: Telling, words: Mapping[str, str]) -> str:
    """What stands at the head of a story: its title, or of a spike how many stories it has."""
    spike = telling.found[0].reason.spike
    if spike is not None:
        return words["spike_head"].format(n=spike.stories, usual=round(spike.usual))
    return one_line(telling.lead.title, HEADLINE_LIMIT)


def page(story_id: str, desk: Desk) -> str | None:
    """The newsroom's page of a story."""
    if desk.public_url is None or not story_id:
        return None
    return f"{desk.public_url}/stories/{quote(story_id, safe='')}"


def _outlets(telling: Telling, reader: Reader) -> dict[str, Any]:
    """Who else carries the story, and who had it first."""
    words = wording.words(reader.language)
    outlet = _outlet(telling.lead, words)
    named = list(
        dict.fromkeys(
            name
            for copy in (telling.first, *telling.others)
            if (name := _outlet(copy, words)) != outlet
        )
    )
    first = _outlet(telling.first, words)
    hidden = len(named) - OUTLETS_NAMED
    return {
        "first": None if first == outlet else f"{first}, {_published(telling.first, reader)}",
        "others": named[:OUTLETS_NAMED],
        "hidden": words["more"].format(n=hidden) if hidden > 0 else None,
        "count": wording.count(words, "other", len(named)) if named else None,
        "others_linked": [
            {"name": _outlet(copy, words), "link": safe_link(copy.url)}
            for copy in _one_an_outlet(telling, words, named[:OUTLETS_NAMED])
        ],
    }


def _acts(
    telling: Telling, reader: Reader, desk: Desk, words: Mapping[str, str], now: datetime
) -> list[dict[str, Any]]:
    """For each watch what the reader can do about this story, as (label, link)."""
    if desk.signer is None or not reader.recipient_id:
        return []
    made = []
    for found in telling.found:
        if found.reason.spike is not None or not found.unit_id:
            continue
        links = [
            (
                words[f"act_{act}"],
                desk.signer.link(act, found.watch_id, reader.recipient_id, now, found.unit_id),
            )
            for act in STORY_ACTS
        ]
        made.append({"watch": one_line(found.watch_name, 80), "links": links})
    return made


def _searches(telling: Telling, desk: Desk, now: datetime) -> list[tuple[str, str]]:
    """Each watch's name with the link to its query in Kibana."""
    if desk.kibana is None:
        return []
    first = min(
        moment
        for copy in (telling.lead, telling.first)
        for moment in (copy.published_at, copy.first_seen_at)
        if moment is not None
    )
    links = [
        (
            found.watch_name,
            desk.kibana.link(found.watch_id, found.query, found.languages, first, now),
        )
        for found in telling.found
    ]
    return [(one_line(name, 80), link) for name, link in links if link is not None]


def _one_an_outlet(telling: Telling, words: Mapping[str, str], names: list[str]) -> list[Copy]:
    chosen: dict[str, Copy] = {}
    for copy in (telling.first, *telling.others):
        chosen.setdefault(_outlet(copy, words), copy)
    return [chosen[name] for name in names]


def _distinct(found: tuple[Found, ...]) -> list[Found]:
    """The watches' reasons, each sentence once, with the marks of every watch that met it."""
    kept: dict[tuple[str, str], Found] = {}
    for one in found:
        if one.reason.spike is not None:
            continue
        key = (one.reason.part, one.reason.sentence)
        if key in kept:
            before = kept[key].reason
            marks = tuple(sorted({*before.marks, *one.reason.marks}))
            changes = before.changes or one.reason.changes
            merged = replace(before, marks=marks, changes=changes)
            kept[key] = replace(kept[key], reason=merged)
        else:
            kept[key] = one
    return list(kept.values())


def _found(found: Found, words: Mapping[str, str], telling: Telling) -> dict[str, Any]:
    reason = found.reason
    place = words[f"in_{reason.part}"]
    if reason.part == "quote" and reason.speaker:
        place = words["in_quote_by"].format(speaker=one_line(reason.speaker, 120))
    outlet = _outlet(telling.lead, words)
    if found.outlet is not None and one_line(found.outlet, 120) != outlet:
        place = f"{place} {words['at'].format(outlet=one_line(found.outlet, 120))}"
    if telling.cause == "vanished":
        place = words["was_there"]
    return {
        "place": place,
        "parts": pieces(reason.sentence, reason.marks),
        "changes": [_change(change) for change in reason.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "old": pieces(change.old, change.old_marks),
        "new": pieces(change.new, change.new_marks),
    }


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
