"""When the page of an article is looked at again: often while it is young, and never for long."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_LOOK = timedelta(hours=1)
UNTIL = timedelta(days=7)


def next_look(first_seen: datetime, now: datetime) -> datetime | None:
    """The next time for an article first seen at ``first_seen``; None when it is old enough.

    A text is the likelier to change the younger it is, about as one over its age. So the wait
    grows with the age, and a week takes a dozen looks.
    """
    age = now - first_seen
    return None if age >= UNTIL else now + max(FIRST_LOOK, age / 2)
