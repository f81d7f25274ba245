"""Watches between file and database: import entry by entry, add, and write back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from mediawatch.alerts import watches
from mediawatch.alerts.watches import WatchFile
from mediawatch.model import Subscription, Watch
from mediawatch.storage import file_entries
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import Connection
from mediawatch.storage.file_entries import Report, Stored


def import_file(
    conn: Connection, file: str, found: WatchFile, now: datetime, *, prune: bool = False
) -> Report:
    """Bring the database up to the file, by the rule of ``file_entries``; the caller commits.

    With ``prune`` the watches that have gone from the file are removed.
    """
    report = Report(faults=list(found.faults))
    wanted = {entry.watch.watch_id: _entry(conn, file, entry, now) for entry in found.entries}
    # Who unsubscribed from a mail has not edited the watch.
    here = load(conn, with_unsubscribed=True)
    stored = {watch.watch_id: Stored(_hash(watch), _hash(watch)) for watch in here}
    file_entries.import_entries(conn, file, wanted, stored, report, now)
    if prune:
        file_entries.prune(
            conn, file, found.named, lambda name: storage.remove_watch(conn, name), report
        )
    return report


def _entry(conn: Connection, file: str, entry: watches.Entry, now: datetime) -> file_entries.Entry:
    def write_readers() -> None:
        for reader in entry.watch.recipients:
            storage.upsert_recipient(conn, reader)

    return file_entries.Entry(
        origin=entry.origin_hash,
        whole=_hash(entry.watch),
        kept=_hash(entry.watch),
        write=lambda: save(conn, entry.watch, now),
        same=write_readers,
        edited=(
            f"{file}:{entry.line}: watch {entry.watch.watch_id} was edited or removed in the "
            "database too; the database wins: run `mediawatch watch export` to write it back"
        ),
    )


def save(conn: Connection, watch: Watch, now: datetime) -> None:
    """Write a watch with its readers, active since now: what was seen before does not alert."""
    storage.upsert_watch(conn, watch, now)
    kept = []
    for reader in watch.recipients:
        recipient_id = storage.upsert_recipient(conn, reader)
        storage.upsert_subscription(conn, watch.watch_id, recipient_id, reader, now)
        kept.append(recipient_id)
    storage.drop_subscriptions(conn, watch.watch_id, kept)


def load(conn: Connection, *, with_unsubscribed: bool = False) -> list[Watch]:
    """Every watch of the database with its readers, without those who unsubscribed."""
    readers: dict[str, list[Subscription]] = {}
    for row in storage.subscriptions(conn):
        if row["unsubscribed_at"] is not None and not with_unsubscribed:
            continue
        readers.setdefault(row["watch_id"], []).append(
            Subscription(
                address=row["address"],
                language=row["language"],
                zone=row["zone"],
                mode=row["mode"],
                max_per_hour=row["max_per_hour"],
                quiet=tuple(row["quiet"]),
                digest_times=tuple(row["digest_times"]),
                digest_days=tuple(row["digest_days"]),
                empty_digest=row["empty_digest"],
            )
        )
    return [
        Watch(
            watch_id=row["watch_id"],
            name=row["name"],
            owner=row["owner"],
            query=row["query"],
            languages=tuple(row["languages"]),
            unit=row["unit"],
            news=tuple(row["news"]),
            active=row["active"],
            expires=row["expires"],
            recipients=tuple(readers.get(row["watch_id"], ())),
        )
        for row in storage.watches(conn)
    ]


def _hash(watch: Watch) -> str:
    """Of what belongs to the watch: language and zone belong to the reader, over all watches."""
    readers = tuple(replace(reader, language="en", zone="UTC") for reader in watch.recipients)
    return sha256(watches.canonical(replace(watch, recipients=readers)).encode()).hexdigest()
