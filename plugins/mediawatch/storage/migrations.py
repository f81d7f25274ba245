"""Numbered migrations: each file in one transaction with its ledger row, under one lock."""

from __future__ import annotations

from pathlib import Path

from mediawatch.settings import REPOSITORY
from mediawatch.storage.connection import Connection, transaction

MIGRATIONS = REPOSITORY / "sql" / "migrations"
# Any number, but the same in every process: the name of the advisory lock.
LOCK = 7_150_322


def migrate(conn: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what is missing, in order of name; the names that were applied now.

    Two migrators at once wait for each other. A file that fails leaves nothing of itself.
    """
    done: list[str] = []
    with conn.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        conn.commit()
        try:
            with transaction(conn):
                cursor.execute("CREATE SCHEMA IF NOT EXISTS mediawatch")
                cursor.execute(
                    "CREATE TABLE IF NOT EXISTS mediawatch.schema_migration ("
                    "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
                )
                cursor.execute("SELECT name FROM mediawatch.schema_migration")
                applied = {name for (name,) in cursor.fetchall()}
            for path in sorted(folder.glob("*.sql")):
                if path.stem in applied:
                    continue
                with transaction(conn):
                    cursor.execute(path.read_text(encoding="utf-8"))
                    cursor.execute(
                        "INSERT INTO mediawatch.schema_migration (name) VALUES (%s)", [path.stem]
                    )
                done.append(path.stem)
        finally:
            if not conn.closed:
                conn.rollback()
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
                conn.commit()
    return done
