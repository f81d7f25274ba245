"""What readers do to their own subscriptions: one function for each file of sql/queries/alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_one


def asked(
    conn: Connection, watch_id: str, recipient_id: int, unit_id: str, now: datetime
) -> dict[str, Any] | None:
    """A subscription with what its reader did already; ``unit_id`` is a story, an event or ""."""
    values = {"watch_id": watch_id, "recipient_id": recipient_id, "unit_id": unit_id, "now": now}
    return fetch_one(conn, "alerts/asked", values)


def unsubscribe(conn: Connection, watch_id: str, recipient_id: int, now: datetime) -> int:
    """End a subscription for good; 0 when there is none."""
    values = {"watch_id": watch_id, "recipient_id": recipient_id, "now": now}
    return execute(conn, "alerts/unsubscribe", values)


def pause(
    conn: Connection, watch_id: str, recipient_id: int, until: datetime, now: datetime
) -> int:
    """Hold a subscription until then, instead of any pause that holds now."""
    values = {"watch_id": watch_id, "recipient_id": recipient_id, "until": until, "now": now}
    return execute(conn, "alerts/pause", values)


def mute(conn: Connection, watch_id: str, recipient_id: int, unit_id: str, now: datetime) -> int:
    """Tell this reader no more of a story or event; 0 when there is no such subscription."""
    values = {"watch_id": watch_id, "recipient_id": recipient_id, "unit_id": unit_id, "now": now}
    return execute(conn, "alerts/mute", values)


def judge(
    conn: Connection, watch_id: str, recipient_id: int, unit_id: str, verdict: str, now: datetime
) -> int:
    """Keep a reader's verdict on a story or event; 0 when there is no such subscription."""
    return execute(
        conn,
        "alerts/judge",
        {
            "watch_id": watch_id,
            "recipient_id": recipient_id,
            "unit_id": unit_id,
            "verdict": verdict,
            "now": now,
        },
    )
