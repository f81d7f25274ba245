"""In which state a reading leaves a source, with the words that a reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from mediawatch.errors import SOURCE_STATES
from mediawatch.model import Rejected, Source, SourceKind
from mediawatch.sources.entries import source_id
from mediawatch.sources.fetching import Fetched, FetchFailed, FetchResult, NotModified
from mediawatch.sources.intervals import DEAD, back_off
from mediawatch.sources.items import Feed
from mediawatch.sources.rhythm import Rhythm, expected_items, usual_gap

MOVES = 3  # permanent redirects in a row that are believed
TIMES_USUAL = 3  # so many usual gaps of silence are unusual
NEWEST = 10  # articles that are compared with
BEFORE = 50  # those before them
FEWEST_BEFORE = 20
SHORTER = 0.25  # of the usual length
LONG_ENOUGH = 200  # characters; below that a text says little by its length
UNDATED = 0.5  # of the usual share


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A source that is due, with what is known of it."""

    source: Source
    host: str = ""
    rhythm: Rhythm | None = None
    state_reason: str | None = None
    state_since: datetime | None = None
    least: timedelta = timedelta()
    moved_to: str | None = None
    moved_seen: int = 0


def new_followed(kind: SourceKind, url: str) -> Followed:
    """A source of which nothing is known yet."""
    return Followed(source=Source(source_id=source_id(kind, url), kind=kind, url=url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state after a reading. ``is_ok``: it was read, whether or not it holds anything.

    ``keeps_validators``: what was sent for the next conditional request counts from now on.
    ``wait`` is None after a good reading: the rhythm decides.
    """

    state: str
    reason: str | None
    failures: int
    is_ok: bool
    keeps_validators: bool
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Of one article of a source: how long it is, and whether it says when it was published."""

    characters: int
    is_dated: bool


def judge(source: Source, result: FetchResult, parsed: Feed | Rejected | None) -> Verdict:
    """What one reading by itself says of a source.

    ``parsed`` is None when there was nothing to parse: no answer, or the bytes of last time.
    A source that failed is asked without conditions, so that only a real answer heals it.
    """
    if isinstance(result, FetchFailed):
        state = {"gone": "gone", "robots": "robots"}.get(result.code, "failing")
        return _failed(state, source, result.message, result.retry_after)
    if isinstance(parsed, Rejected):
        return _failed("failing", source, parsed.message)
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
    )


def silence(rhythm: Rhythm, usual: Sequence[float], now: datetime) -> str | None:
    """The sentence of a source that is silent for three times its usual gap at these hours."""
    gap = usual_gap(rhythm)
    if gap is None or rhythm.latest is None:
        return None
    silent = now - rhythm.latest
    expected = expected_items(usual, rhythm.latest, now)
    if expected < TIMES_USUAL * gap or silent < timedelta(hours=1):
        return None
    return (
        f"Silent for {span(silent)}; at this time something usually comes within"
        f" {span(silent * (gap / expected))}."
    )


def degradation(newest: Sequence[Text], before: Sequence[Text]) -> str | None:
    """The sentence of a source whose texts became far shorter, or lost their dates.

    ``newest`` are its last articles, ``before`` those that came before them.
    """
    if len(newest) < NEWEST or len(before) < FEWEST_BEFORE:
        return None
    now, once = (median(text.characters for text in some) for some in (newest, before))
    if once >= LONG_ENOUGH and now < SHORTER * once:
        return (
            f"Its last {len(newest)} texts have about {now:,.0f} characters; before, {once:,.0f}."
        )
    dated, used = (sum(text.is_dated for text in some) / len(some) for some in (newest, before))
    if dated < UNDATED * used:
        return f"Of its last {len(newest)} texts {dated:.0%} are dated; before, {used:.0%}."
    return None


def moves(followed: Followed, result: Fetched | NotModified) -> tuple[str | None, int]:
    """Where permanent redirects lead by now, and how often in a row they led there."""
    if result.moved_to is None or result.moved_to == followed.source.url:
        return None, 0
    seen = followed.moved_seen if result.moved_to == followed.moved_to else 0
    return result.moved_to, seen + 1


def span(time: timedelta) -> str:
    """A length of time as people say it."""
    minutes = max(round(time / timedelta(minutes=1)), 1)
    if minutes < 90:
        return f"{minutes} minute{'s' * (minutes > 1)}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _failed(
    state: str, source: Source, message: str, asked_for: timedelta | None = None
) -> Verdict:
    wait = back_off(source.source_id, source.failures, asked_for)
    if source.failures >= DEAD and state == "failing":
        message += (
            f" It failed {source.failures + 1} times in a row and is asked every {span(wait)} only."
        )
    return Verdict(
        state=state,
        reason=message,
        failures=source.failures + 1,
        is_ok=False,
        keeps_validators=False,
        wait=wait,
    )
