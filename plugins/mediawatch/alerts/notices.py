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


def is_notice(slot: str) -> bool:
    """Whether an instant mail of this slot is a notice, and tells no match."""
    return slot.startswith((UNCERTAIN, FAILING))


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
    """Tell the owner of each watch that cannot run, once for each reason."""
    for row in watch_storage.watches(conn):
        if row["failure"] and row["active"]:
            reason = sha256(row["failure"].encode()).hexdigest()[:12]
            queue(conn, row["owner"], f"{FAILING}{reason}:{row['watch_id']}", host, now)


def compose_notice(
    conn: Connection, sender: Sender, row: Row, reader: Reader, now: datetime
) -> Message | None:
    """The mail of a notice; None when what it tells is over."""
    words = wording.words(reader.language)
    if row["slot"].startswith(FAILING):
        watch_id = row["slot"].split(":", 2)[2]
        found = [one for one in watch_storage.watches(conn) if one["watch_id"] == watch_id]
        if not found or not found[0]["failure"]:
            return None
        subject = words["failing_subject"].format(watch=found[0]["name"])
        text = words["failing_text"].format(id=watch_id)
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
