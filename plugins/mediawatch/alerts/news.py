"""What is news to a watch and what was there before: decided from values alone.

The rules are those of the house: entries of feeds alert when their effective date lies at most
the alert window before they were first seen; seeds always do; archives never; and nothing
alerts that was seen before the watch was active.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from mediawatch.model import LIVE_CAUSES

Why = Literal["old", "backfill", "reprocess", "before_watch", "muted"]
# Causes that leave a suppressed match behind; the other causes outside LIVE_CAUSES leave none.
REPLAYED: frozenset[str] = frozenset({"backfill", "reprocess"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What decides about one article: how it came in, and its dates (aware, UTC)."""

    article_id: str
    intake: str
    published_at: datetime | None
    published_precision: str
    dated_at: datetime
    first_seen_at: datetime


def is_matched(causes: AbstractSet[str]) -> bool:
    """Whether changes of these causes are matched at all."""
    return bool(causes & (LIVE_CAUSES | REPLAYED))


def latest_published(article: Seen) -> datetime:
    """The last moment at which the article can have been published, by its effective date.

    A date of day, month or year precision counts from the end of that day, month or year in
    UTC: until then nothing shows it to be older.
    """
    if article.dated_at != article.published_at:
        return article.dated_at
    day = datetime.combine(article.dated_at.date(), time(), UTC)
    if article.published_precision == "day":
        return day + timedelta(days=1)
    if article.published_precision == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    if article.published_precision == "year":
        return day.replace(year=day.year + 1, month=1, day=1)
    return article.dated_at


def is_live(article: Seen, window: timedelta) -> bool:
    """Whether the article was fresh when it was first seen. ``window`` is ALERT_WINDOW."""
    if article.intake == "seed":
        return True
    if article.intake == "archive":
        return False
    return article.first_seen_at - latest_published(article) <= window


def why_suppressed(
    article: Seen,
    causes: AbstractSet[str],
    story: Iterable[Seen],
    active_since: datetime,
    window: timedelta,
) -> Why | None:
    """Why the first match of a story is no news, or None when it is.

    ``causes`` are those of the article's changes, ``story`` all members of its story. A story
    known only from suppressed articles becomes news when a live one joins it, unless a live one
    was first seen before the watch was active.
    """
    if not causes & LIVE_CAUSES:
        return "backfill" if "backfill" in causes else "reprocess"
    if article.intake == "archive":
        return "backfill"
    if not is_live(article, window):
        return "old"
    seen_before = article.first_seen_at < active_since or any(
        member.first_seen_at < active_since and is_live(member, window) for member in story
    )
    return "before_watch" if seen_before else None


def why_update_suppressed(
    article: Seen, causes: AbstractSet[str], seen_at: datetime, active_since: datetime
) -> Why | None:
    """Why an update or correction is no news, or None. ``seen_at``: when we saw that version.

    A source seldom dates its changes, so a version is as old as our first sight of it.
    """
    if not causes & LIVE_CAUSES:
        return "backfill" if "backfill" in causes else "reprocess"
    if article.intake == "archive":
        return "backfill"
    return "before_watch" if seen_at < active_since else None
