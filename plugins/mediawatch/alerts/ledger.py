"""The ledger of mails: from live matches to deliveries, and each delivery's way to its end.

States: ``queued`` → ``sending`` → ``sent``, ``refused``, ``queued`` again or ``uncertain``;
``suppressed`` and ``expired`` for instants that a digest tells instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mediawatch.alerts import message
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
# An instant mail that could not go for so long is no longer instant.
STALE_AFTER = timedelta(hours=6)


def pause(attempt: int) -> timedelta:
    """How long to wait after the ``attempt``-th failure, counted from 1."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempt - 1, 10)))


def instant_slot(unit: str, unit_id: str, cause_key: str) -> str:
    """The slot of an instant mail: one for each unit and cause, whichever watches met it."""
    return f"{unit}:{unit_id}:{cause_key}"


def queue(conn: Connection, host: str, now: datetime) -> dict[str, int]:
    """Write the instant deliveries of every live match that has none yet.

    Watches that met the same story in one pass share one mail for each reader. A match whose
    reader has that mail already is kept as ``already_told``. ``host`` is for the Message-ID. The
    caller commits.
    """
    matches = storage.claim_matches_to_queue(conn)
    watch_ids = sorted({match["watch_id"] for match in matches})
    readers = _by_watch(storage.instant_readers(conn, watch_ids))
    muted = {
        (row["watch_id"], row["recipient_id"], row["story_id"])
        for row in storage.mutes(conn, watch_ids, sorted({m["unit_id"] for m in matches}))
    }
    deliveries: dict[tuple[int, str, str], Row] = {}
    told: list[Row] = []
    for match in matches:
        slot = instant_slot(match["unit"], match["unit_id"], match["cause_key"])
        for reader in readers.get(match["watch_id"], []):
            recipient_id = reader["recipient_id"]
            if (match["watch_id"], recipient_id, match["unit_id"]) in muted:
                continue
            key = {"recipient_id": recipient_id, "kind": "instant", "slot": slot}
            deliveries[recipient_id, "instant", slot] = {
                **key,
                "state": "queued",
                "message_id": message.message_id(reader["address"], "instant", slot, host),
                "now": now,
            }
            told.append({**key, "match_id": match["match_id"]})
    made = storage.insert_deliveries(conn, list(deliveries.values()))
    for row in told:
        is_new = (row["recipient_id"], row["kind"], row["slot"]) in made
        row["state"] = "told" if is_new else "already_told"
    storage.insert_delivery_matches(conn, told)
    storage.mark_queued(conn, [match["match_id"] for match in matches], now)
    return {"queued": len(made)}


def _by_watch(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["watch_id"], []).append(row)
    return found
