"""Far more stories than usual in an hour, judged by numbers that one odd day cannot bend.

The stories of the last 60 minutes are held against those of the same 60 minutes of each of the
past 28 days: their median, and as spread the median absolute deviation (times 1.4826, which makes
it a standard deviation for normal data), never less than the root of the median, which is what
chance alone gives to counts. (Rousseeuw and Croux, Journal of the American Statistical
Association 88, 1993.)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sqrt
from statistics import median

DAYS = 28
HOUR = timedelta(hours=1)
# Fewer are no spike, however quiet it is else.
FEWEST_STORIES = 5
# Days with a past that must be known before anything is called usual.
FEWEST_DAYS = 7
SPREADS = 5.0
# A watch that told a spike says nothing of the next ones for so long.
COOLDOWN = timedelta(hours=6)


def windows(now: datetime, since: datetime) -> list[tuple[datetime, datetime]]:
    """The hour before ``now``, then the same one of each day back to ``since``, (from, to]."""
    found = [(now - HOUR, now)]
    for back in range(1, DAYS + 1):
        end = now - timedelta(days=back)
        if end - HOUR < since:
            break
        found.append((end - HOUR, end))
    return found


def usual(counts: Sequence[int]) -> float | None:
    """The median of the past days' counts when the hour's own, the first one, is a spike.

    None when it is none, or too little of the past is known.
    """
    stories, before = counts[0], counts[1:]
    if stories < FEWEST_STORIES or len(before) < FEWEST_DAYS:
        return None
    middle = float(median(before))
    deviation = 1.4826 * median(abs(count - middle) for count in before)
    spread = max(deviation, sqrt(middle), 1.0)
    return middle if stories - middle >= SPREADS * spread else None
