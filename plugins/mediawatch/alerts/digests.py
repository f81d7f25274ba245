"""Digests: written into the ledger when their slot has come, composed when they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from mediawatch.alerts import compose, message, receipts, slots, telling, wording
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.view import Reader
from mediawatch.checkpoints import reached
from mediawatch.model import Message
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection, transaction

HOUR = timedelta(hours=1)


def write_due(conn: Connection, host: str, now: datetime) -> int:
    """Write the digests and catch-up mails whose time has come; how many are to be sent.

    A slot without anything to tell, of a reader who wants no empty digest, is written as
    suppressed: it has passed.
    """
    with transaction(conn):
        subscriptions = storage.digest_readers(conn, now)
    written = 0
    for recipient_id, rows in groupby(subscriptions, key=lambda row: row["recipient_id"]):
        with transaction(conn):
            written += _write_reader(conn, int(recipient_id), list(rows), host, now)
    return written


def _write_reader(
    conn: Connection, recipient_id: int, subscriptions: Sequence[Row], host: str, now: datetime
) -> int:
    """The digests of one reader that are due, and the catch-up of one without a schedule."""
    storage.lock_recipient(conn, recipient_id)
    address = subscriptions[0]["address"]
    if not any(row["digest_times"] for row in subscriptions):
        matches = storage.untold_matches(conn, recipient_id, [], now)
        matches = _released(conn, recipient_id, subscriptions, matches, now)
        slot = slots.catch_up(subscriptions[0]["zone"], now)
        if not matches or storage.slot_is_taken(conn, recipient_id, slot):
            return 0
        _insert(conn, recipient_id, address, slot, matches, "queued", host, now)
        return 1
    written = 0
    for slot, due in sorted(_due(subscriptions, now).items()):
        if storage.slot_is_taken(conn, recipient_id, slot):
            continue
        asked = [row for row in due if row["mode"] != "instant"]
        watch_ids = [row["watch_id"] for row in asked]
        matches = storage.untold_matches(conn, recipient_id, watch_ids, now)
        is_wanted = bool(matches) or any(row["empty_digest"] and row["runs"] for row in asked)
        state = "queued" if is_wanted else "suppressed"
        _insert(conn, recipient_id, address, slot, matches, state, host, now)
        written += int(is_wanted)
    return written


def _insert(
    conn: Connection,
    recipient_id: int,
    address: str,
    slot: str,
    matches: Sequence[Row],
    state: str,
    host: str,
    now: datetime,
) -> None:
    key = {"recipient_id": recipient_id, "kind": "digest", "slot": slot}
    identifier = message.message_id(address, "digest", slot, host)
    storage.insert_deliveries(conn, [{**key, "state": state, "message_id": identifier, "now": now}])
    told = [{**key, "match_id": match["match_id"], "state": "told"} for match in matches]
    storage.insert_delivery_matches(conn, told)
    reached("digest.written")


def _due(subscriptions: Sequence[Row], now: datetime) -> dict[str, list[Row]]:
    """The latest slot that has come for each of the reader's schedules, and its watches.

    The schedule of an instant subscription is for what was held back.
    """
    found: dict[str, list[Row]] = {}
    for row in subscriptions:
        slot = slots.latest_due(
            row["digest_times"], row["digest_days"], row["zone"], row["created_at"], now
        )
        if slot is not None:
            found.setdefault(slot, []).append(row)
    return found


def _released(
    conn: Connection,
    recipient_id: int,
    subscriptions: Sequence[Row],
    matches: Sequence[Row],
    now: datetime,
) -> list[Row]:
    """The held-back matches whose hold has ended."""
    by_watch = {row["watch_id"]: row for row in subscriptions}
    sent = storage.sent_since(conn, recipient_id, now, HOUR) if matches else 0
    free: list[Row] = []
    for match in matches:
        wish = by_watch.get(match["watch_id"])
        if wish is None or slots.is_quiet(wish["quiet"], wish["zone"], now):
            continue
        if wish["max_per_hour"] is None or sent < wish["max_per_hour"]:
            free.append(match)
    return free


def compose_digest(
    conn: Connection, sender: Sender, row: Row, reader: Reader, now: datetime
) -> Message:
    """The mail of one digest of the ledger, with its receipt."""
    recipient_id = row["recipient_id"]
    matches = storage.told_matches(conn, recipient_id, row["kind"], row["slot"], now)
    tellings = telling.load(conn, [match for match in matches if match["wanted"]])
    since = storage.digest_since(conn, recipient_id, row["slot"], row["queued_at"])
    about = compose.Digest(
        title=_title(row["slot"], reader),
        watches=storage.reader_watches(conn, recipient_id),
        receipt=receipts.load(conn, since, now, reader),
        uncertain=[
            (mail["subject"] or "", mail["sent_at"])
            for mail in storage.uncertain_mails(conn, recipient_id, since)
        ],
    )
    return compose.digest(
        tellings,
        about,
        reader,
        sender,
        slot=row["slot"],
        message_id=row["message_id"],
        date=now,
    )


def _title(slot: str, reader: Reader) -> str:
    """A slot in the reader's words, such as ``15 May 2026, 08:00 CEST``."""
    day, _, clock = slot.removeprefix("catchup:").partition("T")
    if ":" not in clock:
        clock = f"{clock}:00"
    moment = slots.instant(date.fromisoformat(day), clock, reader.zone)
    return wording.moment(moment, reader.zone, reader.language)
