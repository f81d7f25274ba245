"""A source's own rhythm: how much it publishes at each hour of the week, and what follows.

A request is worth ``PRICE`` item-hours of waiting: a source is read again when the items that
are expected to have come by then would have waited that long together. With a steady rate of
``r`` items an hour that is every ``sqrt(2 * PRICE / r)`` hours, the interval that makes waiting
plus price of requests least (the square root rule of Cho and Garcia-Molina, Effective Page
Refresh Policies for Web Crawlers, ACM TODS 2003); with nights and weekends it looks through them.

Rates are counts faded with a half-life of four weeks. An hour of the week of which little is
known borrows from its day and its hour of the day, and those from the whole (gamma-Poisson
shrinkage). What came in the last hours raises or lowers the rate of the next ones: news comes
in bursts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

HOURS = 168
HOUR = timedelta(hours=1)
WEEK = timedelta(hours=HOURS)
HALF_LIFE = timedelta(days=28)
PAST = timedelta(days=56)  # older items say nothing of today
BURST = 2.0  # hours in which a burst fades by half
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=24)
PRICE = 2 / 60  # item-hours of waiting that one request is worth
STEP = 0.25  # hours
GAPS, FEWEST_GAPS = 40, 5
SHORTEST_GAP = 0.5  # what comes closer together came in one go
# Before anything is known: one item in four hours, as sure as if one had been seen.
PRIOR_ITEMS = 1.0
PRIOR_HOURS = 4.0
# How many items one must have seen to believe half in a day, an hour, an hour of the week.
SHAPE_ITEMS = 4.0
CELL_ITEMS = 4.0
BURST_ITEMS = 2.0
# What is left of an hour's count by its age in hours, and after a week.
FADES = tuple(0.5 ** (age * HOUR / HALF_LIFE) for age in range(HOURS))
WEEKLY = 0.5 ** (WEEK / HALF_LIFE)
# The hours before now by their age, with the weight that they still have.
BURST_STEPS = tuple(
    (age, STEP * 0.5 ** (age / BURST)) for age in (STEP * (n + 0.5) for n in range(32))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is known. ``week`` counts items by hour of the week (Monday 0:00 UTC first) and
    ``recent`` those of the last hours, both faded to ``at``; ``latest`` is when the newest came.
    ``gaps`` are the last silences by how many items were to be expected in each.
    """

    since: datetime
    at: datetime
    week: tuple[float, ...] = (0.0,) * HOURS
    recent: float = 0.0
    latest: datetime | None = None
    gaps: tuple[float, ...] = ()


def learned(rhythm: Rhythm | None, moments: Iterable[datetime], now: datetime) -> Rhythm:
    """The rhythm with new items, by when each was published (or found, where it does not say).

    The first reading (``rhythm`` is None) learns from the dates of all that the source holds.
    """
    found = sorted(min(moment, now) for moment in moments)
    young = [moment for moment in found if moment > now - PAST]
    if rhythm is None:
        since = now - PAST if len(young) < len(found) else min(young, default=now)
        rhythm = Rhythm(since=since, at=now)
    if not young:
        return rhythm
    week = [count * _faded(now - rhythm.at, HALF_LIFE) for count in rhythm.week]
    recent = rhythm.recent * _faded(now - rhythm.at, BURST * HOUR)
    for moment in young:
        week[hour_of_week(moment)] += _faded(now - moment, HALF_LIFE)
        recent += _faded(now - moment, BURST * HOUR)
    return replace(
        rhythm,
        at=now,
        week=tuple(week),
        recent=recent,
        latest=max(young[-1], rhythm.latest or young[-1]),
    )


def with_gaps(
    rhythm: Rhythm, usual: Sequence[float], before: datetime | None, moments: Iterable[datetime]
) -> Rhythm:
    """The rhythm with the silences between these new items, and before the first of them."""
    line = sorted(moment for moment in moments if moment >= rhythm.since)
    if before is not None:
        line = [before, *(moment for moment in line if moment > before)]
    found = (expected_items(usual, one, other) for one, other in pairwise(line))
    gaps = tuple(round(gap, 2) for gap in found if gap >= SHORTEST_GAP)
    return replace(rhythm, gaps=(*rhythm.gaps, *gaps)[-GAPS:])


def usual_gap(rhythm: Rhythm) -> float | None:
    """The silence that nine of ten stay below, in items to be expected; None if not known yet."""
    if len(rhythm.gaps) < FEWEST_GAPS:
        return None
    return sorted(rhythm.gaps)[int(0.9 * len(rhythm.gaps))]


def rates(rhythm: Rhythm, now: datetime, claimed: float | None = None) -> tuple[float, ...]:
    """Items to expect in each hour of the week. ``claimed`` is the rate that the source claims
    of itself (items an hour), believed as long as nothing is known.
    """
    fade = _faded(now - rhythm.at, HALF_LIFE)
    counts = [count * fade for count in rhythm.week]
    hours = _exposure(rhythm.since, now)
    prior = PRIOR_HOURS if claimed is None else PRIOR_ITEMS / claimed
    mean = (sum(counts) + PRIOR_ITEMS) / (sum(hours) + prior)
    by_day = _shape(counts, hours, mean, [range(day * 24, day * 24 + 24) for day in range(7)])
    by_hour = _shape(counts, hours, mean, [range(hour, HOURS, 24) for hour in range(24)])
    near = _neighbours(counts), _neighbours(hours)
    guess = [mean * by_day[cell // 24] * by_hour[cell % 24] for cell in range(HOURS)]
    return tuple(
        guess[cell] * (near[0][cell] + CELL_ITEMS) / (near[1][cell] * guess[cell] + CELL_ITEMS)
        for cell in range(HOURS)
    )


def burst(rhythm: Rhythm, usual: Sequence[float], now: datetime) -> float:
    """How many times the usual comes just now: of the last hours, 1 when all is as ever."""
    recent = rhythm.recent * _faded(now - rhythm.at, BURST * HOUR)
    place, watched = _place(now), (now - rhythm.since) / HOUR
    expected = sum(
        usual[int(place - age) % HOURS] * weight for age, weight in BURST_STEPS if age < watched
    )
    return float((recent + BURST_ITEMS) / (expected + BURST_ITEMS))


def next_reading(
    usual: Sequence[float], factor: float, now: datetime, price: float = PRICE
) -> timedelta:
    """How long to wait: until the items expected by then would have waited ``price`` together."""
    waited = items = hours = 0.0
    place, longest = _place(now), LONGEST / HOUR
    while hours < longest:
        rate = usual[int(place + hours) % HOURS] * (1 + (factor - 1) * 0.5 ** (hours / BURST))
        in_step = items * STEP + rate * STEP * STEP / 2
        if waited + in_step >= price:
            # Where in this step: rate / 2 * t**2 + items * t = what is left of the price.
            left = price - waited
            hours += 2 * left / (items + (items * items + 2 * rate * left) ** 0.5)
            break
        waited += in_step
        items += rate * STEP
        hours += STEP
    return min(max(hours * HOUR, SHORTEST), LONGEST)


def expected_items(usual: Sequence[float], since: datetime, until: datetime) -> float:
    """How many items should have come between two moments."""
    whole, rest = divmod(until - since, WEEK)
    count = whole * sum(usual)
    moment, end = since, since + rest
    while moment < end:
        next_hour = min(end, moment.replace(minute=0, second=0, microsecond=0) + HOUR)
        count += usual[hour_of_week(moment)] * ((next_hour - moment) / HOUR)
        moment = next_hour
    return count


def hour_of_week(moment: datetime) -> int:
    """0 is the hour after Monday 0:00 UTC."""
    utc = moment.astimezone(UTC)
    return utc.weekday() * 24 + utc.hour


def _place(moment: datetime) -> float:
    """Hours since Monday 0:00 UTC."""
    utc = moment.astimezone(UTC)
    return utc.weekday() * 24 + utc.hour + utc.minute / 60 + utc.second / 3600


def to_payload(rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm as JSON."""
    return {
        "since": rhythm.since.isoformat(),
        "at": rhythm.at.isoformat(),
        "week": [round(count, 3) for count in rhythm.week],
        "recent": round(rhythm.recent, 3),
        "gaps": list(rhythm.gaps),
        "latest": rhythm.latest.isoformat() if rhythm.latest else None,
    }


def from_payload(payload: dict[str, Any]) -> Rhythm:
    """The rhythm of its JSON."""
    latest = payload["latest"]
    return Rhythm(
        since=datetime.fromisoformat(payload["since"]),
        at=datetime.fromisoformat(payload["at"]),
        week=tuple(payload["week"]),
        recent=payload["recent"],
        gaps=tuple(payload["gaps"]),
        latest=datetime.fromisoformat(latest) if latest else None,
    )


def _exposure(since: datetime, now: datetime) -> list[float]:
    """How many hours each hour of the week was watched, faded like the counts."""
    watched = int((now - since) / HOUR)
    weeks, rest = divmod(watched, HOURS)
    # An hour of the last week that was watched once more than the others, and one that was not.
    more, less = ((1 - WEEKLY**times) / (1 - WEEKLY) for times in (weeks + 1, weeks))
    this_hour = hour_of_week(now)
    hours = [0.0] * HOURS
    for age, fade in enumerate(FADES):
        hours[(this_hour - age) % HOURS] = fade * (more if age <= rest else less)
    return hours


def _shape(
    counts: Sequence[float], hours: Sequence[float], mean: float, groups: Sequence[range]
) -> list[float]:
    """How many times the mean comes in each group of hours."""
    shape = []
    for group in groups:
        expected = mean * sum(hours[cell] for cell in group)
        seen = sum(counts[cell] for cell in group)
        shape.append((seen + SHAPE_ITEMS) / (expected + SHAPE_ITEMS))
    return shape


def _neighbours(values: Sequence[float]) -> list[float]:
    """Each value with half of those beside it."""
    return [
        values[cell] + (values[cell - 1] + values[(cell + 1) % HOURS]) / 2 for cell in range(HOURS)
    ]


def _faded(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (age / half_life))
