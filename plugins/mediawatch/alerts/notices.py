"""Mails of our own trouble: an uncertain mail to the operator, a failing watch to its owner.

They stand in the ledger as instant mails whose slot names what they tell, so each goes once.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from mediawatch.alerts import compose, message, wording
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.view import Reader
from mediawatch.model import Message
from mediawatch.storage import alerts as storage
from mediawatch.storage import watches as watch_storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection

UNCERTAIN = "uncertain:"
FAILING = "failing:"
PAUSED = "paused:"
# A watch whose search takes too long so many times in a row is paused.
SLOW_TIMES = 3


def is_notice(slot: str) -> bool:
    """Whether an instant mail of this slot is a notice, and tells no match."""
    return slot.startswith((UNCERTAIN, FAILING, PAUSED))


def queue(conn: Connection, address: str, slot: str, host: str, now: datetime) -> None:
    """Write a notice into the ledger, unless it stands there; the caller commits."""
    storage.insert_deliveries(
        conn,
        [
            {
                "recipient_id": watch_storage.operator_recipient(conn, address),
                "kind": "instant",
                "slot": slot,
                "state": "queued",
                "now": now,
                "message_id": message.message_id(address, "instant", slot, host),
            }
        ],
    )


def queue_failing(conn: Connection, host: str, now: datetime) -> None:
    """Tell the owner of each watch that cannot run, once for each reason.

    Of a watch that is only slow they hear when it is paused, once for each pause.
    """
    for row in watch_storage.watches(conn):
        if _is_paused(row):
            since = int(row["active_since"].timestamp())
            queue(conn, row["owner"], f"{PAUSED}{since}:{row['watch_id']}", host, now)
        elif row["failure"] and row["active"] and not row["slow"]:
            reason = sha256(row["failure"].encode()).hexdigest()[:12]
            queue(conn, row["owner"], f"{FAILING}{reason}:{row['watch_id']}", host, now)


def _is_paused(row: Row) -> bool:
    return not row["active"] and row["slow"] >= SLOW_TIMES


def compose_notice(
    conn: Connection, sender: Sender, row: Row, reader: Reader, now: datetime
) -> Message | None:
    """The mail of a notice; None when what it tells is over."""
    words = wording.words(reader.language)
    if row["slot"].startswith((FAILING, PAUSED)):
        watch_id = row["slot"].split(":", 2)[2]
        found = [one for one in watch_storage.watches(conn) if one["watch_id"] == watch_id]
        kind = "paused" if row["slot"].startswith(PAUSED) else "failing"
        if not found or not found[0]["failure"] or (kind == "paused") != _is_paused(found[0]):
            return None
        subject = words[f"{kind}_subject"].format(watch=found[0]["name"])
        text = words[f"{kind}_text"].format(id=watch_id, times=SLOW_TIMES)
        lines = [found[0]["query"], found[0]["failure"]]
    else:
        lost_id = int(row["slot"].removeprefix(UNCERTAIN))
        lost = storage.delivery(conn, lost_id)
        if lost is None or lost["state"] != "uncertain":
            return None
        subject = words["operator_subject"]
        text = words["operator_text"].format(id=lost_id)
        lines = [
            f"{lost['subject']} → {lost['address']}",
            f"{lost['message_id']}",
            f"{lost['smtp_answer']}",
        ]
    return compose.note(
        subject,
        text,
        lines,
        reader,
        sender,
        slot=row["slot"],
        message_id=row["message_id"],
        date=now,
    )
