"""What a good reading of a source teaches: its rhythm, its health, where it moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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


def settle(
    ctx: Context,
    followed: Followed,
    result: Fetched | NotModified,
    new_items: Sequence[Item],
    verdict: Verdict,
) -> tuple[Verdict, Taught]:
    """The verdict of a good reading with the source's health and wait, and what it teaches."""
    learned = learn(followed, result, new_items, ctx.now)
    rhythm = None if learned.rhythm == followed.rhythm else learned.rhythm
    moved_to, seen = moves(followed, result)
    verdict = _of_health(ctx, followed, learned, new_items, verdict)
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


def _of_health(
    ctx: Context,
    followed: Followed,
    learned: Learned,
    new_items: Sequence[Item],
    verdict: Verdict,
) -> Verdict:
    if verdict.state not in ("fine", "unchanged"):
        return verdict
    silent = silence(learned.rhythm, learned.usual, ctx.now)
    if silent:
        return replace(verdict, state="quiet", reason=silent)
    worse = _degradation(ctx, followed, has_news=bool(new_items))
    return replace(verdict, state="degraded", reason=worse) if worse else verdict


def _degradation(ctx: Context, followed: Followed, *, has_news: bool) -> str | None:
    """What became worse; a source that was degraded is compared with what it was before."""
    source, was = followed.source, followed.source.state == "degraded"
    if not has_news:
        return followed.state_reason if was else None
    texts = _texts(ctx, source.source_id, NEWEST + BEFORE)
    before = texts[NEWEST:]
    if was:
        before = _texts(ctx, source.source_id, BEFORE, followed.state_since)
    return degradation(texts[:NEWEST], before)


def _texts(ctx: Context, source_id: str, limit: int, before: datetime | None = None) -> list[Text]:
    rows = storage.newest_texts(ctx.conn, source_id, limit, before)
    return [Text(row["characters"], row["is_dated"]) for row in rows]


def _moved(url: str, into: str | None) -> str:
    if into:
        return f"Has moved to {url}, which is followed already ({into}); it is read there only."
    return f"Has moved to {url} and is read there from now on."
