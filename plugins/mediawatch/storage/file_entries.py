"""The one rule for files that people keep (outlets, sources, watches), entry by entry.

An entry is written only when its own text changed since its last import. One that was also
edited in the database is a conflict: the database wins. Entries that have gone from the file
stay, unless the import prunes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mediawatch.storage.connection import Connection, execute, fetch_all


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did: ids by what became of them, and a line for each fault or conflict."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a file: hashes of its text, of all it says, and of what only people change.

    ``write`` puts it into the database; ``same`` is done instead when the database says the same
    already. ``edited`` is the line that a person gets when the database has another one that the
    file knows nothing of.
    """

    origin: str
    whole: str
    kept: str
    write: Callable[[], object]
    edited: str
    same: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database has under the same id: hashes as of :class:`Entry`."""

    whole: str
    kept: str


def import_entries(
    conn: Connection,
    file: str,
    wanted: Mapping[str, Entry],
    stored: Mapping[str, Stored],
    report: Report,
    now: datetime,
) -> None:
    """Bring the database up to the entries of a file, by id; the caller commits."""
    known = imported(conn, file)
    for name, entry in wanted.items():
        before = known.get(name)
        here = stored.get(name)
        if before is not None and before[0] == entry.origin:
            report.unchanged.append(name)  # the file is as it was: what the database has stands
            continue
        if here is not None and here.whole == entry.whole:
            if entry.same is not None:
                entry.same()
            report.unchanged.append(name)
        elif _was_edited(here, before):
            # Said once: until the entry's text changes again, what the database has stands.
            report.conflicts.append(entry.edited)
            _keep(conn, file, name, entry.origin, before[1] if before else "", now)
            continue
        else:
            entry.write()
            (report.added if here is None else report.changed).append(name)
        _keep(conn, file, name, entry.origin, entry.kept, now)


def _keep(conn: Connection, file: str, name: str, origin: str, kept: str, now: datetime) -> None:
    values = {"file": file, "entry_id": name, "origin_hash": origin, "db_hash": kept, "now": now}
    execute(conn, "file_entries/keep", values)


def prune(
    conn: Connection,
    file: str,
    named: Collection[str],
    remove: Callable[[str], object],
    report: Report,
) -> None:
    """Remove the entries that were imported from the file and stand in it no longer."""
    for name in imported(conn, file).keys() - set(named):
        if remove(name):
            report.pruned.append(name)
        execute(conn, "file_entries/forget", {"file": file, "entry_id": name})


def imported(conn: Connection, file: str) -> dict[str, tuple[str, str]]:
    """Entry id to (origin hash, hash of what people change), as imported last from a file."""
    rows = fetch_all(conn, "file_entries/imported", {"file": file})
    return {row["entry_id"]: (row["origin_hash"], row["db_hash"]) for row in rows}


def _was_edited(here: Stored | None, before: tuple[str, str] | None) -> bool:
    """Whether what the database has is not what the last import wrote."""
    if here is None or before is None:
        return (here is None) != (before is None)
    return here.kept != before[1]
