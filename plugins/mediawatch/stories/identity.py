"""Whether an address still belongs to the article that had it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mediawatch.stories.fingerprints import Text

USED_AGAIN = 0.2  # of the smaller text's shingles in the other: below, it is another article
DIVERGED = 0.3  # of the first content in a version: below, the article is flagged


def contained(old: Text, new: Text) -> float:
    """How much of the smaller of two texts is in the other, 0 to 1; 1 where one has no words."""
    least = min(len(old.shingles), len(new.shingles))
    return len(old.shingles & new.shingles) / least if least else 1.0


def is_used_again(old: Text, new: Text, old_day: date | None, new_day: date | None) -> bool:
    """Whether an address was given to another article: a daily column, a page of live scores.

    Text, headline and day must differ; days that are not known are no evidence against it, and
    texts that prove nothing are none for it.
    """
    if old.headline == new.headline or old.is_short or new.is_short:
        return False
    if old_day is not None and old_day == new_day:
        return False
    return contained(old, new) < USED_AGAIN


@dataclass(frozen=True, slots=True)
class Telling:
    """A text with the moment and the day of its publication, where they are known."""

    text: Text
    moment: datetime | None
    day: date | None


def is_other_item(old: Telling, new: Telling) -> bool:
    """Whether two articles with two addresses are two, though their feed gives them one id.

    Their texts decide. Where one proves nothing, the same moment of publication speaks for one
    article that moved, and the same headline does unless the days differ.
    """
    if not (old.text.is_short or new.text.is_short):
        return contained(old.text, new.text) < USED_AGAIN
    if old.moment is not None and old.moment == new.moment:
        return False
    days_differ = None not in (old.day, new.day) and old.day != new.day
    return old.text.headline != new.text.headline or days_differ
