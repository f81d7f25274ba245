"""Watches between file and database: import entry by entry, add, and write back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from mediawatch.alerts import watches
from mediawatch.alerts.watches import Entry, WatchFile
from mediawatch.model import Subscription, Watch
from mediawatch.storage import watches as storage
from mediawatch.storage.connection import Connection


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did: ids by what became of them, and a line for each fault or conflict."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def import_file(
    conn: Connection, file: str, found: WatchFile, now: datetime, *, prune: bool = False
) -> Report:
    """Bring the database up to the file; the caller commits.

    An entry is written only when its own text changed since its last import. One that was also
    edited in the database is a conflict: the database wins. With ``prune`` entries that have
    gone from the file are removed.
    """
    report = Report(faults=list(found.faults))
    known = storage.import_entries(conn, file)
    stored = {watch.watch_id: watch for watch in load(conn)}
    for entry in found.entries:
        _import_entry(conn, file, entry, known, stored, report, now)
    if prune:
        for watch_id in known.keys() - found.named:
            storage.remove_watch(conn, watch_id)
            storage.forget_import_entry(conn, file, watch_id)
            report.pruned.append(watch_id)
    return report


def _import_entry(
    conn: Connection,
    file: str,
    entry: Entry,
    known: dict[str, tuple[str, str]],
    stored: dict[str, Watch],
    report: Report,
    now: datetime,
) -> None:
    watch_id = entry.watch.watch_id
    here = stored.get(watch_id)
    before = known.get(watch_id)
    if before is not None and before[0] == entry.origin_hash:
        report.unchanged.append(watch_id)  # the file is as it was: what the database has stands
        return
    wanted = _hash(entry.watch)
    if here is not None and _hash(here) == wanted:
        for reader in entry.watch.recipients:
            storage.upsert_recipient(conn, reader)
        report.unchanged.append(watch_id)
    elif _was_edited(here, before):
        report.conflicts.append(
            f"{file}:{entry.line}: watch {watch_id} was edited or removed in the database too; "
            "the database wins: run `mediawatch watch export` to write it back"
        )
        return
    else:
        save(conn, entry.watch, now)
        (report.changed if here else report.added).append(watch_id)
    storage.keep_import_entry(conn, file, watch_id, entry.origin_hash, wanted, now)


def _was_edited(here: Watch | None, before: tuple[str, str] | None) -> bool:
    """Whether the database's watch is not the one that the last import wrote."""
    if here is None or before is None:
        return (here is None) != (before is None)
    return _hash(here) != before[1]


def save(conn: Connection, watch: Watch, now: datetime) -> None:
    """Write a watch with its readers, active since now: what was seen before does not alert."""
    storage.upsert_watch(conn, watch, now)
    kept = []
    for reader in watch.recipients:
        recipient_id = storage.upsert_recipient(conn, reader)
        storage.upsert_subscription(conn, watch.watch_id, recipient_id, reader, now)
        kept.append(recipient_id)
    storage.drop_subscriptions(conn, watch.watch_id, kept)


def load(conn: Connection) -> list[Watch]:
    """Every watch of the database with its readers, those who unsubscribed left out."""
    readers: dict[str, list[Subscription]] = {}
    for row in storage.subscriptions(conn):
        if row["unsubscribed_at"] is not None:
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
