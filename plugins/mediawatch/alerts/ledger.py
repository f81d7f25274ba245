"""The ledger of mails: from live matches to deliveries, and each delivery's way to its end.

States: ``queued`` → ``sending`` → ``sent``, ``refused``, ``queued`` again or ``uncertain``;
``suppressed`` and ``expired`` for instants that a digest tells instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from mediawatch.alerts import message
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
# An instant mail that could not go for so long is no longer instant.
STALE_AFTER = timedelta(hours=6)
# Which cause gives its name and slot to a mail that tells of several.
CAUSES = ("new", "spike", "correction", "vanished", "update", "quote")


def pause(attempt: int) -> timedelta:
    """How long to wait after the ``attempt``-th failure, counted from 1."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempt - 1, 10)))


def instant_slot(unit: str, unit_id: str, cause_key: str) -> str:
    """The slot of an instant mail: one for each unit and cause, whichever watches met it."""
    return f"{unit}:{unit_id}:{cause_key}"


def queue(conn: Connection, host: str, now: datetime) -> dict[str, int]:
    """Write the instant deliveries of every live match that has none yet.

    What is found of one story in one pass, by whichever watches and for whichever causes, shares
    one mail for each reader. A match whose own mail that reader has already is kept as
    ``already_told``. ``host`` is for the Message-ID. The caller commits.
    """
    matches = storage.claim_matches_to_queue(conn)
    told = _wanted(conn, matches, now)
    taken = storage.taken_slots(conn, [(row["recipient_id"], row["slot"]) for row in told])
    deliveries: dict[tuple[int, Any], Row] = {}
    for row in sorted(told, key=lambda row: CAUSES.index(row["cause"])):
        row["state"] = "told"
        if (row["recipient_id"], row["slot"]) in taken:
            row["state"] = "already_told"
            continue
        first = deliveries.setdefault(
            (row["recipient_id"], row["story"]),
            {
                "recipient_id": row["recipient_id"],
                "kind": "instant",
                "slot": row["slot"],
                "state": "queued",
                "message_id": message.message_id(row["address"], "instant", row["slot"], host),
                "now": now,
            },
        )
        row["slot"] = first["slot"]
    made = storage.insert_deliveries(conn, list(deliveries.values()))
    storage.insert_delivery_matches(conn, told)
    storage.mark_queued(conn, [match["match_id"] for match in matches], now)
    return {"queued": len(made)}


def _wanted(conn: Connection, matches: Sequence[Row], now: datetime) -> list[Row]:
    """Each match with each reader who wants to hear of it at once, and its own slot."""
    watch_ids = sorted({match["watch_id"] for match in matches})
    readers = _by_watch(storage.instant_readers(conn, watch_ids, now))
    muted = {
        (row["watch_id"], row["recipient_id"], row["story_id"])
        for row in storage.mutes(conn, watch_ids, sorted({m["unit_id"] for m in matches}))
    }
    return [
        {
            "recipient_id": reader["recipient_id"],
            "address": reader["address"],
            "kind": "instant",
            "slot": instant_slot(match["unit"], match["unit_id"], match["cause_key"]),
            "cause": match["cause_key"].partition(":")[0],
            "story": match["unit_id"] if match["unit"] == "watch" else match["story_id"],
            "match_id": match["match_id"],
        }
        for match in matches
        for reader in readers.get(match["watch_id"], [])
        if (match["watch_id"], reader["recipient_id"], match["unit_id"]) not in muted
    ]


def _by_watch(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["watch_id"], []).append(row)
    return found
