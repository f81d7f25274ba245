"""What a good reading of a source teaches: its rhythm, its health, where it moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from mediawatch.pipeline.context import Context
from mediawatch.sources import rhythm as rhythms
from mediawatch.sources.fetching import Fetched, NotModified
from mediawatch.sources.health import (
    BEFORE,
    MOVES,
    NEWEST,
    Followed,
    Text,
    Verdict,
    degradation,
    moves,
    silence,
)
from mediawatch.sources.intervals import Hints, hints_of
from mediawatch.sources.items import Item
from mediawatch.sources.rhythm import Rhythm
from mediawatch.storage import sources as storage
from mediawatch.text.dates import parse_date

# By source, and the time before which they came (None: until now); the newest first.
Texts: TypeAlias = defaultdict[tuple[str, datetime | None], list[Text]]


@dataclass(frozen=True, slots=True)
class Learned:
    """A source's rhythm after a reading, what is usual by it, and how long to wait."""

    rhythm: Rhythm
    usual: Sequence[float]
    least: timedelta
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Taught:
    """What a good reading teaches of a source; ``rhythm`` is None when it is as it was."""

    rhythm: Rhythm | None
    least: timedelta
    moved_to: str | None
    moved_seen: int


def as_before(followed: Followed) -> Taught:
    """What a reading teaches that was not good."""
    return Taught(None, followed.least, followed.moved_to, followed.moved_seen)


def settle(
    ctx: Context,
    followed: Followed,
    result: Fetched | NotModified,
    new_items: Sequence[Item],
    texts: Texts,
    verdict: Verdict,
) -> tuple[Verdict, Taught]:
    """The verdict of a good reading with the source's health and wait, and what it teaches.

    ``texts`` are those of :func:`texts_of`, asked for every source with new items.
    """
    learned = learn(followed, result, new_items, ctx.now)
    rhythm = None if learned.rhythm == followed.rhythm else learned.rhythm
    moved_to, seen = moves(followed, result)
    verdict = _of_health(learned, _worse(followed, texts, new_items), ctx.now, verdict)
    if moved_to and seen >= MOVES:
        moved = storage.move_source(ctx.conn, followed.source, moved_to)
        if moved.is_moved:
            verdict = replace(verdict, state="moved", reason=_moved(moved_to, moved.into))
        moved_to, seen = None, 0
    return replace(verdict, wait=learned.wait), Taught(rhythm, learned.least, moved_to, seen)


def learn(
    followed: Followed, result: Fetched | NotModified, new_items: Sequence[Item], now: datetime
) -> Learned:
    """The rhythm with the new items, and when to read again by it."""
    before = followed.rhythm
    hints = hints_of(result) if isinstance(result, Fetched) else Hints(least=followed.least)
    moments = _moments(new_items, now, is_first=before is None)
    rhythm = rhythms.learned(before, moments, now) if moments or before is None else before
    usual = rhythms.rates(rhythm, now, hints.claimed)
    if moments:
        rhythm = rhythms.with_gaps(rhythm, usual, before.latest if before else None, moments)
    wait = rhythms.next_reading(usual, rhythms.burst(rhythm, usual, now), now)
    return Learned(rhythm, usual, hints.least, max(wait, hints.least))


def _moments(items: Sequence[Item], now: datetime, *, is_first: bool) -> list[datetime]:
    """When items were published. One that does not say it to the minute came just now, unless
    the source is read for the first time.
    """
    found = []
    for item in items:
        date = parse_date(item.published or item.updated, origin="feed")
        if date.value is not None and date.precision in ("second", "minute"):
            found.append(date.value)
        elif not is_first:
            found.append(now)
    return found


def texts_of(ctx: Context, some: Sequence[Followed]) -> Texts:
    """The newest texts of sources, and of each that is degraded those from before it was."""
    asked = [
        (one.source.source_id, before)
        for one in some
        for before in {None, one.state_since if one.source.state == "degraded" else None}
    ]
    texts: Texts = defaultdict(list)
    if asked:
        for row in storage.newest_texts(ctx.conn, asked, NEWEST + BEFORE):
            text = Text(row["characters"], row["is_dated"])
            texts[row["source_id"], row["before"]].append(text)
    return texts


def _of_health(learned: Learned, worse: str | None, now: datetime, verdict: Verdict) -> Verdict:
    if verdict.state not in ("fine", "unchanged"):
        return verdict
    silent = silence(learned.rhythm, learned.usual, now)
    if silent:
        return replace(verdict, state="quiet", reason=silent)
    return replace(verdict, state="degraded", reason=worse) if worse else verdict


def _worse(followed: Followed, texts: Texts, new_items: Sequence[Item]) -> str | None:
    """What became worse; a source that was degraded is compared with what it was before."""
    source, was = followed.source, followed.source.state == "degraded"
    if not new_items:
        return followed.state_reason if was else None
    newest = texts[source.source_id, None]
    before = texts[source.source_id, followed.state_since][:BEFORE] if was else newest[NEWEST:]
    return degradation(newest[:NEWEST], before)


def _moved(url: str, into: str | None) -> str:
    if into:
        return f"Has moved to {url}, which is followed already ({into}); it is read there only."
    return f"Has moved to {url} and is read there from now on."
