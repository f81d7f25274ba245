"""When a source is read again, and in which state a reading leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mediawatch.errors import SOURCE_STATES
from mediawatch.model import Rejected, Source
from mediawatch.sources.fetching import FetchFailed, FetchResult, NotModified
from mediawatch.sources.items import Feed

INTERVAL = timedelta(minutes=15)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state after a reading. ``is_ok``: it was read, whether or not it holds anything.

    ``keeps_validators``: what was sent for the next conditional request counts from now on.
    """

    state: str
    reason: str | None
    failures: int
    is_ok: bool
    keeps_validators: bool
    wait: timedelta


def judge(source: Source, result: FetchResult, parsed: Feed | Rejected | None) -> Verdict:
    """What one reading says of a source.

    ``parsed`` is None when there was nothing to parse: no answer, or the bytes of last time.
    A source that failed is asked without conditions, so that only a real answer heals it.
    """
    if isinstance(result, FetchFailed):
        if result.code == "gone":
            return _verdict("gone", result.message, source.failures + 1, LONGEST)
        wait = max(back_off(source.failures), result.retry_after or timedelta())
        state = "robots" if result.code == "robots" else "failing"
        return _verdict(state, result.message, source.failures + 1, wait)
    if isinstance(parsed, Rejected):
        return _verdict("failing", parsed.message, source.failures + 1, back_off(source.failures))
    if parsed is None:
        state = source.state if source.state == "empty" else "unchanged"
    else:
        state = "fine" if parsed.items or parsed.parts else "empty"
    problems = "; ".join(parsed.problems) if isinstance(parsed, Feed) else ""
    return Verdict(
        state=state,
        reason=f"{SOURCE_STATES[state]} ({problems})" if problems else None,
        failures=0,
        is_ok=True,
        keeps_validators=not isinstance(result, NotModified) and result.is_whole,
        wait=INTERVAL,
    )


def back_off(failures: int) -> timedelta:
    """The wait after one failure more: 15 minutes, doubled each time, at most a day."""
    return min(INTERVAL * (1 << min(failures, 10)), LONGEST)


def _verdict(state: str, reason: str | None, failures: int, wait: timedelta) -> Verdict:
    return Verdict(
        state=state,
        reason=reason,
        failures=failures,
        is_ok=False,
        keeps_validators=False,
        wait=wait,
    )
