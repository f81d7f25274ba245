"""What the alerts room keeps of watches and their files (sql/queries/alerts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mediawatch.model import Subscription, Watch
from mediawatch.storage.alerts import Row
from mediawatch.storage.connection import Connection, execute, fetch_all, fetch_one


def watches(conn: Connection) -> list[Row]:
    """Every watch that was not removed, with what the pipeline keeps of it."""
    return fetch_all(conn, "alerts/watches")


def subscriptions(conn: Connection) -> list[Row]:
    """Every subscription with its reader."""
    return fetch_all(conn, "alerts/subscriptions")


def upsert_watch(conn: Connection, watch: Watch, now: datetime) -> None:
    """Write the watch itself, active since now."""
    execute(
        conn,
        "alerts/upsert_watch",
        {
            "watch_id": watch.watch_id,
            "name": watch.name,
            "owner": watch.owner,
            "query": watch.query,
            "languages": list(watch.languages),
            "unit": watch.unit,
            "news": list(watch.news),
            "active": watch.active,
            "expires": watch.expires,
            "now": now,
        },
    )


def upsert_recipient(conn: Connection, reader: Subscription) -> int:
    """The id of a reader, made or brought up to date."""
    values = {"address": reader.address, "language": reader.language, "zone": reader.zone}
    row = fetch_one(conn, "alerts/upsert_recipient", values)
    assert row is not None
    return int(row["recipient_id"])


def operator_recipient(conn: Connection, address: str) -> int:
    """The id of the operator as a reader."""
    row = fetch_one(conn, "alerts/operator_recipient", {"address": address})
    assert row is not None
    return int(row["recipient_id"])


def upsert_subscription(
    conn: Connection, watch_id: str, recipient_id: int, reader: Subscription, now: datetime
) -> None:
    """Write how a reader wants to hear of a watch."""
    execute(
        conn,
        "alerts/upsert_subscription",
        {
            "watch_id": watch_id,
            "recipient_id": recipient_id,
            "mode": reader.mode,
            "max_per_hour": reader.max_per_hour,
            "quiet": list(reader.quiet),
            "digest_times": list(reader.digest_times),
            "digest_days": list(reader.digest_days),
            "empty_digest": reader.empty_digest,
            "now": now,
        },
    )


def drop_subscriptions(conn: Connection, watch_id: str, kept: Sequence[int]) -> int:
    """Drop the readers of a watch who are not among ``kept``."""
    return execute(conn, "alerts/drop_subscriptions", {"watch_id": watch_id, "kept": list(kept)})


def set_watch_active(conn: Connection, watch_id: str, active: bool, now: datetime) -> int:
    """Pause or resume; 0 when there is no such watch."""
    values = {"watch_id": watch_id, "active": active, "now": now}
    return execute(conn, "alerts/set_watch_active", values)


def remove_watch(conn: Connection, watch_id: str) -> int:
    """Remove a watch; what it found stays. 0 when there is no such watch."""
    return execute(conn, "alerts/remove_watch", {"watch_id": watch_id})


def deliveries(
    conn: Connection, state: str | None, limit: int, since: datetime | None = None
) -> list[Row]:
    """The latest deliveries, of one state or all, queued since a time or ever, newest first."""
    values = {"state": state, "limit": limit, "since": since}
    return fetch_all(conn, "alerts/deliveries", values)


def resolve_delivery(conn: Connection, delivery_id: int, state: str, by: str, now: datetime) -> int:
    """Set what a person knows of an uncertain mail; 0 when it is not uncertain."""
    values = {"delivery_id": delivery_id, "state": state, "by": by, "now": now}
    return execute(conn, "alerts/resolve_delivery", values)


def find_article(conn: Connection, what: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """An article by id, address or key, with how far it came."""
    return fetch_one(conn, "alerts/find_article", {"what": what, "keys": list(keys)})


def matches_of_article(
    conn: Connection, watch_id: str, article_id: str, unit_ids: Sequence[str]
) -> list[Row]:
    """What a watch found of an article or its story, with the mails that told it."""
    values = {"watch_id": watch_id, "article_id": article_id, "unit_ids": list(unit_ids)}
    return fetch_all(conn, "alerts/matches_of_article", values)


def find_entries(conn: Connection, what: str) -> list[Row]:
    """The raw entries of an address or item key, newest first, with their source."""
    return fetch_all(conn, "alerts/find_entries", {"what": what})


def sources_of_site(conn: Connection, hosts: Sequence[str]) -> list[Row]:
    """The sources that are followed at one of these hosts, and how they do."""
    return fetch_all(conn, "alerts/sources_of_site", {"hosts": list(hosts)})


def readers_of_watch(
    conn: Connection, watch_id: str, unit_id: str, found_at: datetime
) -> list[Row]:
    """The readers of a watch, and what kept each from hearing of a story found then."""
    values = {"watch_id": watch_id, "unit_id": unit_id, "found_at": found_at}
    return fetch_all(conn, "alerts/readers_of_watch", values)


def verdicts(conn: Connection, watch_id: str) -> list[Row]:
    """The stories that readers called not relevant, with the clauses that found them."""
    return fetch_all(conn, "alerts/verdicts", {"watch_id": watch_id})


def reader_of(conn: Connection, watch_id: str, address: str) -> int | None:
    """The recipient id of a subscription by its address; None when there is none."""
    values = {"watch_id": watch_id, "address": address}
    row = fetch_one(conn, "alerts/reader_of", values)
    return int(row["recipient_id"]) if row else None


def pause_watch(conn: Connection, watch_id: str, until: datetime) -> int:
    """Pause a watch for all its readers until then; 0 when there is no such watch."""
    return execute(conn, "alerts/pause_watch", {"watch_id": watch_id, "until": until})
