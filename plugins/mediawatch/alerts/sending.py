"""Send what is due: one message at a time, the ledger written on each side of the final dot.

A delivery is held by an advisory lock of the session while it is worked on. The lock ends with
the session, however that ends: a row found in ``sending`` whose lock is free was left between
its final dot and its answer, and is uncertain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mediawatch.alerts import compose, digests, ledger, message, notices, slots, telling
from mediawatch.alerts.compose import Sender
from mediawatch.alerts.mail import Outcome, Relay
from mediawatch.alerts.view import Reader, Telling
from mediawatch.checkpoints import reached
from mediawatch.model import Message
from mediawatch.storage import alerts as storage
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection, transaction

HOUR = timedelta(hours=1)
# Later than this after it was first seen, a mail says so.
LATE_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What sending needs: the relay, who we are, whom to tell of trouble, and the time."""

    relay: Relay
    sender: Sender
    operator: str | None
    now: datetime


def send_due(conn: Connection, post: Post, kind: str) -> Counter[str]:
    """Send every due delivery of a kind, oldest first; how many ended in which state.

    When the relay is away the rest waits: nobody is made to wait for a thousand timeouts. When a
    domain asks for patience, the rest for that domain waits for the next run.
    """
    counts: Counter[str] = Counter()
    busy: set[str] = set()
    with transaction(conn):
        due = storage.due_deliveries(conn, kind, post.now)
    for row in due:
        delivery_id, domain = row["delivery_id"], message.host_of(row["address"])
        if domain in busy:
            continue
        with transaction(conn):
            locked = storage.try_lock_delivery(conn, delivery_id)
        if not locked:
            continue
        try:
            outcome = _one(conn, post, delivery_id)
        finally:
            if not conn.closed:
                conn.rollback()
                with transaction(conn):
                    storage.unlock_delivery(conn, delivery_id)
        if outcome is None:
            continue
        counts[outcome.state] += 1
        if outcome.relay_down:
            break
        if outcome.domain_busy:
            busy.add(domain)
    return counts


@dataclass(frozen=True, slots=True)
class _Held:
    """A delivery that does not go out itself: its state and why."""

    state: str
    why: str
    relay_down: bool = False
    domain_busy: bool = False


def _one(conn: Connection, post: Post, delivery_id: int) -> Outcome | _Held | None:
    """Bring one locked delivery a step on; None when there is nothing to do."""
    with transaction(conn):
        row = storage.delivery(conn, delivery_id)
        assert row is not None
        if row["state"] == "sending":
            words = "the sender ended between the final dot and the answer"
            _uncertain(conn, post, row, words)
            return _Held("uncertain", words)
        if row["state"] != "queued" or row["next_attempt_at"] > post.now:
            return None
    reached("send.claimed")
    with transaction(conn):
        content = _content(conn, post, row)
        if isinstance(content, _Held):
            storage.delivery_ended(conn, delivery_id, content.state, content.why, None)
            return content

    outcome = post.relay.send(
        message.ascii_domain(post.sender.address),
        message.ascii_domain(row["address"]),
        content.content,
        _before_dot(conn, delivery_id, content),
    )
    reached("send.answered")
    with transaction(conn):
        _record(conn, post, row, outcome)
    return outcome


def _before_dot(conn: Connection, delivery_id: int, sent: _Ready) -> Callable[[], None]:
    def commit() -> None:
        reached("send.before_data")
        with transaction(conn):
            if storage.delivery_sending(conn, delivery_id, sent.subject, sent.content) != 1:
                raise RuntimeError(f"delivery {delivery_id} changed under its lock")
        reached("send.sending")

    return commit


def _record(conn: Connection, post: Post, row: Row, outcome: Outcome) -> None:
    if outcome.state == "queued":
        attempt = row["attempt"] + 1
        again = post.now + ledger.pause(attempt)
        storage.delivery_again(conn, row["delivery_id"], attempt, outcome.answer, again)
    elif outcome.state == "uncertain":
        _uncertain(conn, post, row, outcome.answer)
    else:
        sent_at = post.now if outcome.state == "sent" else None
        storage.delivery_ended(conn, row["delivery_id"], outcome.state, outcome.answer, sent_at)


def _uncertain(conn: Connection, post: Post, row: Row, words: str) -> None:
    """Never repeat it, and tell the operator, once."""
    storage.delivery_ended(conn, row["delivery_id"], "uncertain", words, post.now)
    if post.operator is not None and not notices.is_notice(row["slot"]):
        slot = f"{notices.UNCERTAIN}{row['delivery_id']}"
        notices.queue(conn, post.operator, slot, post.sender.host, post.now)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What goes out."""

    subject: str
    content: bytes


def _content(conn: Connection, post: Post, row: Row) -> _Ready | _Held:
    """What to send, composed now: a try that failed left nothing with the reader.

    Only what a person sends again after an uncertain end goes out as it was.
    """
    if row["kind"] == "instant" and not notices.is_notice(row["slot"]):
        matches = storage.told_matches(
            conn, row["recipient_id"], row["kind"], row["slot"], post.now
        )
        told = [match for match in matches if match["told"] == "told" and match["wanted"]]
        held = _held(conn, post, row, told)
        if held is not None:
            return held
    if row["resolved_by"] is not None and row["message"] is not None:
        return _Ready(row["subject"], bytes(row["message"]))
    reader = Reader(
        recipient_id=row["recipient_id"],
        address=row["address"],
        language=row["language"],
        zone=row["zone"],
    )
    if notices.is_notice(row["slot"]):
        notice = notices.compose_notice(conn, post.sender, row, reader, post.now)
        if notice is None:
            return _Held("suppressed", "no longer so")
        composed = notice
    elif row["kind"] == "digest":
        composed = digests.compose_digest(conn, post.sender, row, reader, post.now)
    else:
        tellings = telling.load(conn, told)
        if not tellings:
            return _Held("suppressed", "what it told was forgotten")
        composed = _instant(post, row, reader, tellings[0])
    return _Ready(composed.subject, composed.content)


def _held(conn: Connection, post: Post, row: Row, told: list[Row]) -> _Held | None:
    """Why an instant mail is left to a digest or catch-up mail, or None when it goes."""
    if not told:
        return _Held("suppressed", "no longer wanted")
    if post.now - row["queued_at"] > ledger.STALE_AFTER:
        return _Held("expired", "could not go for 6 hours")
    if all(slots.is_quiet(match["quiet"], row["zone"], post.now) for match in told):
        return _Held("suppressed", "quiet hours")
    limits = [match["max_per_hour"] for match in told]
    if None not in limits:
        sent = storage.sent_since(conn, row["recipient_id"], post.now, HOUR)
        if sent >= max(limits):
            return _Held("suppressed", f"more than {max(limits)} in an hour")
    return None


def _instant(post: Post, row: Row, reader: Reader, told: Telling) -> Message:
    unit, unit_id, _ = row["slot"].split(":", 2)
    first_slot = ledger.instant_slot(unit, unit_id, "new")
    thread = None
    if first_slot != row["slot"]:
        thread = message.message_id(reader.address, "instant", first_slot, post.sender.host)
    return compose.instant(
        told,
        reader,
        post.sender,
        slot=row["slot"],
        message_id=row["message_id"],
        thread=thread,
        date=post.now,
        is_late=post.now - told.seen_at > LATE_AFTER,
    )
