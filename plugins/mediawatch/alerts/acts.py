"""What a reader can do from a mail, and a person for them: acts on one subscription.

Every act may be repeated: the second time changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mediawatch.alerts.links import Grant
from mediawatch.errors import InputError
from mediawatch.storage import acts as storage
from mediawatch.storage.connection import Connection

LONGEST_PAUSE = timedelta(days=366)
NOT_RELEVANT = "not_relevant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a link is about, in words for its page. Nothing here is escaped.

    ``headline`` is that of the story, None for acts on the subscription and for a story that is
    gone. ``paused_until`` is the end of the pause that holds now. ``is_done``: the act was done
    before (a pause may be set anew).
    """

    watch_name: str
    address: str
    language: str
    zone: str
    headline: str | None
    paused_until: datetime | None
    is_done: bool


def ask(conn: Connection, grant: Grant, now: datetime) -> Asked | None:
    """What the link is about; None when its subscription is gone. Changes nothing."""
    row = storage.asked(conn, grant.watch_id, grant.recipient_id, grant.unit_id, now)
    if row is None:
        return None
    done = {
        "unsubscribe": row["unsubscribed"],
        "pause": row["paused_until"] is not None,
        "mute": row["muted"],
        "not_relevant": row["judged"],
    }
    return Asked(
        watch_name=row["watch_name"],
        address=row["address"],
        language=row["language"],
        zone=row["zone"],
        headline=row["headline"],
        paused_until=row["paused_until"],
        is_done=bool(done[grant.act]),
    )


def perform(conn: Connection, grant: Grant, now: datetime, until: datetime | None = None) -> bool:
    """Do what the link allows; False when its subscription is gone. The caller commits.

    ``until`` is needed for a pause only, and no part of what is signed: the reader chooses it.

    Raises:
        InputError: a pause without an end, or one that is past or more than a year away.
    """
    watch_id, recipient_id = grant.watch_id, grant.recipient_id
    if grant.act == "pause":
        return pause(conn, watch_id, recipient_id, until, now)
    if grant.act == "unsubscribe":
        return storage.unsubscribe(conn, watch_id, recipient_id, now) == 1
    if grant.act == "mute":
        return storage.mute(conn, watch_id, recipient_id, grant.unit_id, now) == 1
    return storage.judge(conn, watch_id, recipient_id, grant.unit_id, NOT_RELEVANT, now) == 1


def pause(
    conn: Connection, watch_id: str, recipient_id: int, until: datetime | None, now: datetime
) -> bool:
    """Tell this reader nothing that the watch finds until then; False: no such subscription.

    The other readers of the watch hear as before. What is found meanwhile is not made up for.

    Raises:
        InputError: no end, or one that is past or more than a year away.
    """
    if until is None or not now < until <= now + LONGEST_PAUSE:
        raise InputError("a pause needs an end that is to come, at most a year away")
    return storage.pause(conn, watch_id, recipient_id, until, now) == 1
