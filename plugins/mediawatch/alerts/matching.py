"""From hits to matches: which are news, under which cause, and why they matched.

What is news is decided without the marks of a hit, which cost more than the rest of a search:
they are made for the hits that are written, and for those of watches that ask for quotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from mediawatch.alerts import changes, news, quoting, reasons
from mediawatch.alerts.news import Seen
from mediawatch.alerts.reasons import Hit, Said
from mediawatch.model import LIVE_CAUSES, Change, Match

# Version kinds that are news of their own, and the word of ``watch.news`` for each.
NEWS_OF_KIND: Mapping[str, str] = {
    "update": "update",
    "headline": "update",
    "correction": "correction",
    "vanished": "vanished",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """What matching needs to know of a watch."""

    watch_id: str
    unit: Literal["story", "event"]
    news: frozenset[str]
    active_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article, with the text before it; ``old`` and ``new`` are title, body."""

    kind: str
    seen_at: datetime
    old: tuple[str, str]
    new: tuple[str, str]

    def changes(self) -> tuple[Change, ...]:
        """Old and new words side by side; none for a text that has gone as it was."""
        return () if self.kind == "vanished" else changes.between(self.old, self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One changed article: its facts, its units, and what changed."""

    seen: Seen
    story_id: str
    event_id: str
    is_original: bool
    causes: frozenset[str]
    # by number: the versions that no watch has seen yet
    versions: Mapping[int, Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is in the ledger: members of each unit, and the states of earlier matches.

    Keys are (unit, unit id); those of ``matches`` are (watch id, unit, unit id, cause key), those
    of ``quotes`` (watch id, cause key): a quotation is told once, in whichever story it stands.
    """

    members: Mapping[tuple[str, str], Sequence[Seen]]
    matches: Mapping[tuple[str, str, str, str], str]
    quotes: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One match to write, but for its reason, which may need the marks of its hit.

    ``quotation`` or ``version`` is what it tells beside the article, if anything.
    """

    watch_id: str
    article_id: str
    version_no: int
    unit: Literal["story", "event"]
    unit_id: str
    cause_key: str
    state: Literal["live", "suppressed"]
    suppressed_why: str | None
    quotation: Said | None = None
    version: Version | None = None

    def match(self, hit: Hit) -> Match:
        """The match with its reason, from its hit with the marks."""
        if self.quotation is not None:
            reason = reasons.of_quotation(hit, self.quotation)
        else:
            reason = reasons.reason(hit)
        if self.version is not None:
            reason = replace(reason, changes=self.version.changes())
        return Match(
            watch_id=self.watch_id,
            unit=self.unit,
            unit_id=self.unit_id,
            cause_key=self.cause_key,
            article_id=self.article_id,
            version_no=self.version_no,
            reason=reason,
            state=self.state,
            suppressed_why=self.suppressed_why,
        )


def decide(
    hits: Iterable[Hit],
    watches: Mapping[str, Searcher],
    changed: Mapping[str, Changed],
    known: Known,
    window: timedelta,
) -> list[Decision]:
    """The matches to write, at most one for each ledger key, live ones before suppressed.

    Of several articles of a story in one batch the original speaks for it, then the oldest.
    """
    found: dict[tuple[str, str, str, str], Decision] = {}
    for hit in sorted(hits, key=lambda h: _rank(changed[h.article_id])):
        watch, article = watches[hit.watch_id], changed[hit.article_id]
        unit_id = article.event_id if watch.unit == "event" else article.story_id
        members = known.members.get((watch.unit, unit_id), ())
        for cause in _causes(hit, watch, article, unit_id, members, known, window):
            why = cause.why
            key = (watch.watch_id, watch.unit, unit_id, cause.key)
            if known.matches.get(key) == "live":
                continue
            earlier = found.get(key)
            if earlier is not None and (earlier.state == "live" or why is not None):
                continue
            found[key] = Decision(
                watch_id=watch.watch_id,
                article_id=hit.article_id,
                version_no=hit.version_no,
                unit=watch.unit,
                unit_id=unit_id,
                cause_key=cause.key,
                state="live" if why is None else "suppressed",
                suppressed_why=why,
                quotation=cause.quotation,
                version=cause.version,
            )
    return list(found.values())


def _rank(article: Changed) -> tuple[bool, datetime, datetime, str]:
    seen = article.seen
    return (not article.is_original, seen.dated_at, seen.first_seen_at, seen.article_id)


@dataclass(frozen=True, slots=True)
class _Cause:
    """A cause key, why it is suppressed or None, and what it tells beside the article."""

    key: str
    why: str | None
    quotation: Said | None = None
    version: Version | None = None


def _causes(
    hit: Hit,
    watch: Searcher,
    article: Changed,
    unit_id: str,
    members: Sequence[Seen],
    known: Known,
    window: timedelta,
) -> Iterator[_Cause]:
    """The causes of one hit.

    The first match of a story is ``new`` even when an update brought it; only a story that was
    found before has updates and corrections.
    """
    why = news.why_suppressed(article.seen, article.causes, members, watch.active_since, window)
    earlier = known.matches.get((watch.watch_id, watch.unit, unit_id, "new"))
    if "new" in watch.news and hit.is_found:
        yield _Cause("new", why)
    if "quote" in watch.news:
        for said in hit.asked:
            key = f"quote:{quoting.key(hit.body[said.start : said.end])}"
            if (watch.watch_id, key) not in known.quotes:
                yield _Cause(key, why, quotation=said)
    if earlier is None and "new" in watch.news:
        return
    if "new_version" not in article.causes and article.causes & LIVE_CAUSES:
        return
    for number, version in sorted(article.versions.items()):
        word = NEWS_OF_KIND.get(version.kind)
        if word in watch.news:
            old = news.why_update_suppressed(
                article.seen, article.causes, version.seen_at, watch.active_since
            )
            yield _Cause(f"{word}:{number}", old, version=version)
