"""How long a source is left alone: what it asks for itself, and after failures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from mediawatch.sources.fetching import Fetched
from mediawatch.sources.rhythm import LONGEST

FIRST_WAIT = timedelta(minutes=15)
# So many failures in a row are about a week of daily ones: from here on it is called dead.
DEAD = 14
DEAD_WAIT = timedelta(days=7)
JITTER = 0.2
# Some sources ask for a year; and a blog's program claims an hour for all that use it.
MOST_ASKED = timedelta(hours=1)
HEAD = 20_000  # bytes in which the channel speaks of itself
FIRST_ITEM = re.compile(rb"<(?:item|entry)[\s>]", re.IGNORECASE)
TTL = re.compile(rb"<ttl[^<>]{0,100}>\s{0,9}([0-9]{1,6})\s{0,9}</ttl", re.IGNORECASE)
PERIOD = re.compile(
    rb"<sy:updatePeriod[^<>]{0,100}>\s{0,9}(hourly|daily|weekly|monthly|yearly)\b", re.IGNORECASE
)
FREQUENCY = re.compile(
    rb"<sy:updateFrequency[^<>]{0,100}>\s{0,9}([0-9]{1,4})\s{0,9}</", re.IGNORECASE
)
PERIOD_HOURS = {b"hourly": 1, b"daily": 24, b"weekly": 168, b"monthly": 720, b"yearly": 8760}
MAX_AGE = re.compile(
    r"(?:^|[\s,])(?:s-maxage|max-age)\s{0,9}=\s{0,9}\"?([0-9]{1,9})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a source says of its own rhythm.

    ``least`` is how long its answer is good for (ttl, Cache-Control), at most an hour;
    ``claimed`` the items an hour that sy:updatePeriod claims.
    """

    least: timedelta = timedelta()
    claimed: float | None = None


def hints_of(answer: Fetched) -> Hints:
    """What an answer says of when to come again."""
    head = answer.body[:HEAD]
    first = FIRST_ITEM.search(head)
    head = head[: first.start()] if first else head
    ttl, age = TTL.search(head), MAX_AGE.search(answer.headers.get("cache-control", ""))
    waits = [timedelta(minutes=int(ttl[1]))] if ttl else []
    waits += [timedelta(seconds=int(age[1]))] if age else []
    period, frequency = PERIOD.search(head), FREQUENCY.search(head)
    claimed = None
    if period:
        times = int(frequency[1]) if frequency else 1
        claimed = max(times, 1) / PERIOD_HOURS[period[1].lower()]
    return Hints(least=min(max(waits, default=timedelta()), MOST_ASKED), claimed=claimed)


def back_off(source_id: str, failures: int, asked_for: timedelta | None = None) -> timedelta:
    """The wait after one failure more than ``failures`` in a row.

    15 minutes, doubled each time, at most a day; a source that is dead by now up to a week. A
    part that differs from source to source is added, so that they do not come back together.
    ``asked_for`` (Retry-After) is never undercut.
    """
    wait = min(FIRST_WAIT * (1 << min(failures, 10)), LONGEST)
    if failures >= DEAD:
        wait = min(LONGEST * (1 << min(failures - DEAD + 1, 10)), DEAD_WAIT)
    wait = max(wait, asked_for or timedelta())
    share = sha256(f"{source_id} {failures}".encode()).digest()[0] / 255
    return wait + wait * JITTER * share
