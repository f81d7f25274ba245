"""When a reader wants to hear: the slots of digests and the quiet hours, in their own zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
QUIET = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")
# A weekly digest must still be found after a night without power.
LOOK_BACK_DAYS = 8


def instant(day: date, clock: str, zone: str) -> datetime:
    """The moment (UTC) at which ``clock`` ("HH:MM") comes on that local day.

    Of a doubled hour the first counts; a skipped clock time comes when the clocks have moved.
    """
    hour, minute = clock.split(":")
    local = datetime.combine(day, time(int(hour), int(minute)))
    while not _exists(local, zone):
        local += timedelta(minutes=1)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _exists(local: datetime, zone: str) -> bool:
    there = local.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def name(day: date, clock: str) -> str:
    """The ledger's name of a slot: local date and time of the schedule."""
    return f"{day.isoformat()}T{clock}"


def latest_due(
    times: Iterable[str], days: Sequence[str], zone: str, since: datetime, now: datetime
) -> str | None:
    """The name of the latest slot after ``since`` and not after ``now``, or None.

    ``days`` empty means every day. Earlier slots that were missed are not made up for: the
    latest one takes everything that is in no digest yet.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    due = [
        (moment, name(day, clock))
        for back in range(LOOK_BACK_DAYS)
        for day in [today - timedelta(days=back)]
        if not days or DAYS[day.weekday()] in days
        for clock in times
        if since < (moment := instant(day, clock, zone)) <= now
    ]
    return max(due)[1] if due else None


def is_quiet(ranges: Iterable[str], zone: str, now: datetime) -> bool:
    """Whether ``now`` lies in one of the ranges ("22:00-06:00") of the reader's local time."""
    clock = now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    for begin, end in (part.split("-") for part in ranges):
        inside = begin <= clock < end if begin <= end else clock >= begin or clock < end
        if inside:
            return True
    return False


def catch_up(zone: str, now: datetime) -> str:
    """The slot of a catch-up mail: one in a local hour."""
    return f"catchup:{now.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H}"
