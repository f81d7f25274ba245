"""Connections to Postgres and the running of SQL files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

import psycopg2
import psycopg2.extensions
from psycopg2.extras import execute_values

from mediawatch.errors import ServiceError
from mediawatch.settings import REPOSITORY

Connection: TypeAlias = psycopg2.extensions.connection
QUERIES = REPOSITORY / "sql" / "queries"
OPTIONS = "-c search_path=mediawatch,public -c timezone=UTC"

__all__ = [
    "Connection",
    "connect",
    "execute",
    "fetch_all",
    "fetch_one",
    "insert_rows",
    "statement",
    "transaction",
]


def connect(database_url: str) -> Connection:
    """One connection, search path set to the schema ``mediawatch``, time zone UTC.

    Raises:
        ServiceError: when Postgres cannot be reached; the text leaves the password out.
    """
    try:
        return psycopg2.connect(
            database_url, options=OPTIONS, connect_timeout=10, application_name="mediawatch"
        )
    except psycopg2.OperationalError as fault:
        reason = str(fault).strip().splitlines()[-1]
        raise ServiceError(
            f"Postgres cannot be reached ({reason}); "
            "check MEDIAWATCH_DATABASE_URL or `mediawatch status`"
        ) from None


@contextmanager
def transaction(conn: Connection) -> Iterator[Connection]:
    """Commit when the block ends, roll back when it raises."""
    try:
        yield conn
    except BaseException:
        if not conn.closed:
            conn.rollback()
        raise
    conn.commit()


@cache
def statement(name: str) -> str:
    """The one SQL statement of ``sql/queries/<name>.sql``; name is ``room/function``."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def execute(conn: Connection, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Run a statement for its effect; the number of rows it touched."""
    with conn.cursor() as cursor:
        cursor.execute(statement(name), values or {})
        return int(cursor.rowcount)


def fetch_all(
    conn: Connection, name: str, values: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Every row of a statement, as dictionaries by column name."""
    with conn.cursor() as cursor:
        cursor.execute(statement(name), values or {})
        assert cursor.description is not None
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def fetch_one(
    conn: Connection, name: str, values: Mapping[str, Any] | None = None
) -> dict[str, Any] | None:
    """The first row of a statement, or None."""
    rows = fetch_all(conn, name, values)
    return rows[0] if rows else None


def insert_rows(
    conn: Connection, name: str, rows: Sequence[Mapping[str, Any]], template: str
) -> list[tuple[Any, ...]]:
    """Run an ``INSERT … VALUES %s [… RETURNING …]`` file for many rows in few round trips.

    ``template`` is the row's placeholders, such as ``(%(id)s, %(name)s)``. Returns what the
    statement returns, or an empty list.
    """
    if not rows:
        return []
    sql = statement(name)
    with conn.cursor() as cursor:
        returned = execute_values(
            cursor, sql, rows, template=template, page_size=500, fetch="RETURNING" in sql
        )
        return list(returned or [])
