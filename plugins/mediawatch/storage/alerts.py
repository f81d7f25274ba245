"""What the alerts room asks of the database: one function for each file of sql/queries/alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from mediawatch.storage.connection import (
    Connection,
    execute,
    fetch_all,
    fetch_one,
    insert_rows,
)

Row: TypeAlias = dict[str, Any]

# --- matching --------------------------------------------------------------------------


def claim_changes(conn: Connection, limit: int) -> list[Row]:
    """Lock indexed changes that were not matched yet, oldest first."""
    return fetch_all(conn, "alerts/claim_changes", {"limit": limit})


def mark_matched(conn: Connection, change_nos: Sequence[int], now: datetime) -> int:
    """Mark changes as seen by every watch."""
    return execute(conn, "alerts/mark_matched", {"change_nos": list(change_nos), "now": now})


def active_watches(conn: Connection, now: datetime) -> list[Row]:
    """Every watch that runs now: id, query, languages, unit, news, active_since."""
    return fetch_all(conn, "alerts/active_watches", {"now": now})


def watches_ran(conn: Connection, watch_ids: Sequence[str]) -> int:
    """Forget the faults of watches that run again."""
    return execute(conn, "alerts/watches_ran", {"watch_ids": list(watch_ids)})


def watch_failed(conn: Connection, watch_id: str, failure: str) -> int:
    """Keep why a watch could not run."""
    return execute(conn, "alerts/watch_failed", {"watch_id": watch_id, "failure": failure})


def watch_too_slow(conn: Connection, watch_id: str, failure: str, limit: int) -> int:
    """Keep that a watch took too long; the ``limit``-th time in a row pauses it."""
    values = {"watch_id": watch_id, "failure": failure, "limit": limit}
    return execute(conn, "alerts/watch_too_slow", values)


def changed_articles(conn: Connection, article_ids: Sequence[str]) -> list[Row]:
    """The articles with their dates and their surviving story and event."""
    return fetch_all(conn, "alerts/changed_articles", {"article_ids": list(article_ids)})


def unit_members(conn: Connection, unit: str, unit_ids: Sequence[str]) -> list[Row]:
    """The articles of surviving stories or events; ``unit_id`` says of which."""
    name = "alerts/event_members" if unit == "event" else "alerts/story_members"
    return fetch_all(conn, name, {"unit_ids": list(unit_ids)})


def unit_matches(
    conn: Connection, unit: str, unit_ids: Sequence[str], watch_ids: Sequence[str]
) -> list[Row]:
    """What the watches already found of surviving stories or events."""
    values = {"unit_ids": list(unit_ids), "watch_ids": list(watch_ids)}
    name = "alerts/event_matches" if unit == "event" else "alerts/story_matches"
    return fetch_all(conn, name, values)


def quote_matches(
    conn: Connection, watch_ids: Sequence[str], cause_keys: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """Which (watch id, cause key) of these quotations are live already."""
    values = {"watch_ids": list(watch_ids), "cause_keys": list(cause_keys)}
    rows = fetch_all(conn, "alerts/quote_matches", values)
    return frozenset((row["watch_id"], row["cause_key"]) for row in rows)


def fresh_versions(conn: Connection, article_ids: Sequence[str]) -> list[Row]:
    """The versions that no watch has seen, each with the title and body before it."""
    return fetch_all(conn, "alerts/fresh_versions", {"article_ids": list(article_ids)})


def spiking_watches(conn: Connection, watch_ids: Sequence[str], since: datetime) -> list[str]:
    """Of these watches those that told no spike since then."""
    values = {"watch_ids": list(watch_ids), "since": since}
    return [row["watch_id"] for row in fetch_all(conn, "alerts/spiking_watches", values)]


def insert_matches(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write matches; the states of those that were new or became live."""
    template = (
        "(%(watch_id)s, %(unit)s, %(unit_id)s, %(cause_key)s, %(article_id)s, %(version_no)s,"
        " %(reason)s, %(state)s, %(suppressed_why)s, %(matched_at)s, %(live_at)s)"
    )
    return [state for (state,) in insert_rows(conn, "alerts/insert_matches", rows, template)]


# --- the ledger ------------------------------------------------------------------------


def claim_matches_to_queue(conn: Connection) -> list[Row]:
    """Lock the live matches that have no deliveries yet."""
    return fetch_all(conn, "alerts/claim_matches_to_queue")


def instant_readers(conn: Connection, watch_ids: Sequence[str], now: datetime) -> list[Row]:
    """Who hears at once of what these watches find."""
    return fetch_all(conn, "alerts/instant_readers", {"watch_ids": list(watch_ids), "now": now})


def taken_slots(conn: Connection, keys: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these (recipient id, slot) of instant mails stand in the ledger."""
    values = {"recipient_ids": [key[0] for key in keys], "slots": [key[1] for key in keys]}
    rows = fetch_all(conn, "alerts/taken_slots", values)
    return {(row["recipient_id"], row["slot"]) for row in rows}


def mutes(conn: Connection, watch_ids: Sequence[str], story_ids: Sequence[str]) -> list[Row]:
    """Who has muted which of these stories or events for which of these watches."""
    values = {"watch_ids": list(watch_ids), "story_ids": list(story_ids)}
    return fetch_all(conn, "alerts/mutes", values)


def insert_deliveries(
    conn: Connection, rows: Sequence[Mapping[str, Any]]
) -> set[tuple[int, str, str]]:
    """Write deliveries; the keys of those whose slot was free."""
    template = "(%(recipient_id)s, %(kind)s, %(slot)s, %(state)s, %(now)s, %(message_id)s, %(now)s)"
    return {
        (recipient_id, kind, slot)
        for recipient_id, kind, slot in insert_rows(
            conn, "alerts/insert_deliveries", rows, template
        )
    }


def insert_delivery_matches(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write which mail tells which match."""
    template = "(%(recipient_id)s, %(kind)s, %(slot)s, %(match_id)s, %(state)s)"
    insert_rows(conn, "alerts/insert_delivery_matches", rows, template)


def mark_queued(conn: Connection, match_ids: Sequence[int], now: datetime) -> int:
    """Mark matches as handed to the ledger."""
    return execute(conn, "alerts/mark_queued", {"match_ids": list(match_ids), "now": now})


# --- sending ---------------------------------------------------------------------------


def due_deliveries(conn: Connection, kind: str, now: datetime) -> list[Row]:
    """Id and address of what is due, and of what some sender left in the middle."""
    return fetch_all(conn, "alerts/due_deliveries", {"kind": kind, "now": now})


def try_lock_delivery(conn: Connection, delivery_id: int) -> bool:
    """Take a delivery for this session; False when another one has it."""
    row = fetch_one(conn, "alerts/try_lock_delivery", {"delivery_id": delivery_id})
    assert row is not None
    return bool(row["locked"])


def unlock_delivery(conn: Connection, delivery_id: int) -> None:
    """Give a delivery back."""
    execute(conn, "alerts/unlock_delivery", {"delivery_id": delivery_id})


def delivery(conn: Connection, delivery_id: int) -> Row | None:
    """One delivery with the address, language and zone of its reader."""
    return fetch_one(conn, "alerts/delivery", {"delivery_id": delivery_id})


def delivery_sending(conn: Connection, delivery_id: int, subject: str, message: bytes) -> int:
    """From queued to sending, with what is sent: the final dot is about to go.

    0 when it was not queued.
    """
    values = {"delivery_id": delivery_id, "subject": subject, "message": message}
    return execute(conn, "alerts/delivery_sending", values)


def delivery_ended(
    conn: Connection, delivery_id: int, state: str, answer: str, sent_at: datetime | None
) -> int:
    """To a final state, with the server's or our own words."""
    values = {"delivery_id": delivery_id, "state": state, "answer": answer, "sent_at": sent_at}
    return execute(conn, "alerts/delivery_ended", values)


def delivery_again(
    conn: Connection, delivery_id: int, attempt: int, answer: str, next_attempt_at: datetime
) -> int:
    """Back to queued, to be tried again then."""
    values = {
        "delivery_id": delivery_id,
        "attempt": attempt,
        "answer": answer,
        "next_attempt_at": next_attempt_at,
    }
    return execute(conn, "alerts/delivery_again", values)


def told_matches(
    conn: Connection, recipient_id: int, kind: str, slot: str, now: datetime
) -> list[Row]:
    """The matches of one mail, with watch and subscription; ``wanted`` is as of ``now``."""
    values = {"recipient_id": recipient_id, "kind": kind, "slot": slot, "now": now}
    return fetch_all(conn, "alerts/told_matches", values)


def sent_since(conn: Connection, recipient_id: int, now: datetime, span: timedelta) -> int:
    """How many instant mails this reader got in the last ``span``."""
    row = fetch_one(conn, "alerts/sent_since", {"recipient_id": recipient_id, "since": now - span})
    assert row is not None
    return int(row["sent"])


def story_copies(conn: Connection, article_ids: Sequence[str]) -> list[Row]:
    """Every article of the stories of these articles, oldest first."""
    return fetch_all(conn, "alerts/story_copies", {"article_ids": list(article_ids)})


def foremost_names(conn: Connection, article_ids: Sequence[str]) -> list[Row]:
    """Names of the actors and topics of articles, the foremost first."""
    return fetch_all(conn, "alerts/foremost_names", {"article_ids": list(article_ids)})


# --- digests ---------------------------------------------------------------------------


def digest_readers(conn: Connection, now: datetime) -> list[Row]:
    """Every wanted subscription with its reader, in the order of readers."""
    return fetch_all(conn, "alerts/digest_readers", {"now": now})


def lock_recipient(conn: Connection, recipient_id: int) -> None:
    """Let no one else write digests for this reader before this transaction ends."""
    fetch_all(conn, "alerts/lock_recipient", {"recipient_id": recipient_id})


def slot_is_taken(conn: Connection, recipient_id: int, slot: str) -> bool:
    """Whether this reader has a digest of that slot."""
    row = fetch_one(conn, "alerts/slot_is_taken", {"recipient_id": recipient_id, "slot": slot})
    assert row is not None
    return bool(row["taken"])


def untold_matches(
    conn: Connection, recipient_id: int, watch_ids: Sequence[str], now: datetime
) -> list[Row]:
    """The matches of these watches in no digest yet, and all held-back ones of the reader."""
    values = {"recipient_id": recipient_id, "watch_ids": list(watch_ids), "now": now}
    return fetch_all(conn, "alerts/untold_matches", values)


def digest_since(conn: Connection, recipient_id: int, slot: str, now: datetime) -> datetime:
    """When the reader's digest before this slot was written, or a day before the first wish."""
    values = {"recipient_id": recipient_id, "slot": slot, "now": now}
    row = fetch_one(conn, "alerts/digest_since", values)
    assert row is not None
    since: datetime = row["since"]
    return since


def uncertain_mails(conn: Connection, recipient_id: int, since: datetime) -> list[Row]:
    """Subject and time of the reader's uncertain mails since then."""
    values = {"recipient_id": recipient_id, "since": since}
    return fetch_all(conn, "alerts/uncertain_mails", values)


def receipt_sources(conn: Connection, since: datetime, now: datetime) -> list[Row]:
    """Name and state (read, unchanged, quiet, failing, waiting) of every source of this time."""
    return fetch_all(conn, "alerts/receipt_sources", {"since": since, "now": now})


def receipt_articles(conn: Connection, since: datetime, now: datetime) -> Row:
    """How many articles and copies came in."""
    row = fetch_one(conn, "alerts/receipt_articles", {"since": since, "now": now})
    assert row is not None
    return row


def receipt_rejections(conn: Connection, since: datetime, now: datetime) -> list[Row]:
    """How many entries were rejected, by code."""
    return fetch_all(conn, "alerts/receipt_rejections", {"since": since, "now": now})


def receipt_delays(conn: Connection, since: datetime, now: datetime) -> Row:
    """Number, median and 95th percentile of the seconds from publication to instant mail."""
    row = fetch_one(conn, "alerts/receipt_delays", {"since": since, "now": now})
    assert row is not None
    return row


def reader_watches(conn: Connection, recipient_id: int) -> list[tuple[str, str]]:
    """Id and name of the watches that a reader hears of."""
    rows = fetch_all(conn, "alerts/reader_watches", {"recipient_id": recipient_id})
    return [(row["watch_id"], row["name"]) for row in rows]
