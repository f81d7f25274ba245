"""What a watch would have mailed in the last 30 days: its stories by week, and each reader's mails.

Nothing is written and nothing leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from elasticsearch import Elasticsearch

from mediawatch.alerts import slots
from mediawatch.model import Subscription, Watch
from mediawatch.search import hours
from mediawatch.search.hours import StorySeen
from mediawatch.search.queries import rewrite

DAYS = 30
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week from its Monday: the stories found, and how many mails each reader would have."""

    monday: date
    stories: tuple[StorySeen, ...]
    mails: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The weeks of the last 30 days, the newest first."""

    weeks: tuple[Week, ...]

    @property
    def stories(self) -> int:
        """How many stories were found."""
        return sum(len(week.stories) for week in self.weeks)

    def a_week(self, address: str) -> float:
        """How many mails this reader would have had in a week of seven days."""
        total = sum(dict(week.mails)[address] for week in self.weeks)
        return total * 7 / DAYS


def preview(
    es: Elasticsearch, prefix: str, watch: Watch, now: datetime, window: timedelta
) -> Preview:
    """Run the watch over the last 30 days as if it had been active; ``window`` is ALERT_WINDOW.

    Raises:
        QueryError: the query cannot be run.
    """
    since = now - timedelta(days=DAYS)
    found = hours.found(
        es,
        prefix,
        rewrite(watch.query),
        watch.languages,
        (since, now),
        int(window.total_seconds()),
    )
    moments = [story.first_seen_at for story in found]
    mails = {reader.address: mail_times(reader, moments, since, now) for reader in watch.recipients}
    first = _monday(since)
    weeks = []
    for number in range((_monday(now) - first).days // 7, -1, -1):
        monday = first + timedelta(days=7 * number)
        weeks.append(
            Week(
                monday=monday,
                stories=tuple(s for s in found if _monday(s.first_seen_at) == monday),
                mails=tuple(
                    (address, sum(_monday(moment) == monday for moment in times))
                    for address, times in mails.items()
                ),
            )
        )
    return Preview(weeks=tuple(weeks))


def mail_times(
    reader: Subscription, moments: Sequence[datetime], since: datetime, now: datetime
) -> list[datetime]:
    """When a reader would have had a mail, for stories found at these moments (in order)."""
    times: list[datetime] = []
    held: list[datetime] = []
    if reader.mode == "digest":
        held = list(moments)
    else:
        for moment in moments:
            recent = sum(moment - HOUR < sent for sent in times)
            is_over = reader.max_per_hour is not None and recent >= reader.max_per_hour
            if is_over or slots.is_quiet(reader.quiet, reader.zone, moment):
                held.append(moment)
            else:
                times.append(moment)
    told = list(moments) if reader.mode == "both" else held
    if reader.digest_times:
        return times + _digests(reader, told, since, now)
    return times + _catch_ups(reader, held)


def _digests(
    reader: Subscription, moments: Sequence[datetime], since: datetime, now: datetime
) -> list[datetime]:
    """The slots that have something to tell, or all when an empty digest is wanted."""
    zone = ZoneInfo(reader.zone)
    due = sorted(
        moment
        for back in range((now - since).days + 2)
        for day in [now.astimezone(zone).date() - timedelta(days=back)]
        if not reader.digest_days or slots.DAYS[day.weekday()] in reader.digest_days
        for clock in reader.digest_times
        if since < (moment := slots.instant(day, clock, reader.zone)) <= now
    )
    wanted = []
    before = since
    for slot in due:
        is_empty = not any(before < moment <= slot for moment in moments)
        if not is_empty or (reader.empty_digest and reader.mode != "instant"):
            wanted.append(slot)
        before = slot
    return wanted


def _catch_ups(reader: Subscription, held: Iterable[datetime]) -> list[datetime]:
    """One mail for each hour in which a hold ends."""
    ends = set()
    for moment in held:
        end = moment + HOUR if reader.max_per_hour else moment
        while slots.is_quiet(reader.quiet, reader.zone, end):
            end += timedelta(minutes=15)
        ends.add(end.replace(minute=0, second=0, microsecond=0))
    return sorted(ends)


def _monday(moment: datetime) -> date:
    day = moment.date()
    return day - timedelta(days=day.weekday())
