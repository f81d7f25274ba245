"""Backup and restore of Postgres, by the pg_dump and pg_restore of the embedded Postgres.

Elasticsearch needs none: all that it holds is made from Postgres again.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2

from mediawatch.errors import InputError, ServiceError
from mediawatch.stack.programs import install_postgres, postgres_binaries

SCHEMA = "mediawatch"
ASIDE = "mediawatch_before_restore"
# Any number, but the same in every process: two restores at once would lose both.
LOCK = 7_150_330
_OURS = ("--no-owner", "--no-privileges")


def backup(database_url: str, cache: Path, file: Path) -> int:
    """Write everything of ours into a file in pg_dump's custom format; its size in bytes.

    The file is for its owner alone, as it holds the addresses of readers. One of this name is
    replaced when all is written.

    Raises:
        InputError: the file cannot be written.
        ServiceError: pg_dump fails.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _run(
            cache,
            "pg_dump",
            ["--format=custom", f"--schema={SCHEMA}", *_OURS, f"--file={part}"],
            database_url,
        )
        part.rename(file)
        return file.stat().st_size
    except OSError as fault:
        raise InputError(f"{file}: {fault.strerror or fault}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(database_url: str, cache: Path, file: Path, *, replace: bool = False) -> None:
    """Bring a database back to what a backup holds, or leave it as it is.

    What was there is put aside first and dropped only when all is restored. Call
    ``prepare_database`` afterwards, for the backup may be of an older version, and have the index
    made anew.

    Raises:
        InputError: the file is no backup, or the database holds articles or watches and
            ``replace`` is not given.
        ServiceError: pg_restore fails; the database is as it was.
    """
    _check(cache, file)
    with closing(psycopg2.connect(database_url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            held = _held(cursor)
            if held and not replace:
                raise InputError(
                    f"the database holds {held}; give --replace to put the backup in their place"
                )
            cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
            if _is_there(cursor, SCHEMA):
                cursor.execute(f"ALTER SCHEMA {SCHEMA} RENAME TO {ASIDE}")
            try:
                _run(
                    cache,
                    "pg_restore",
                    ["--single-transaction", "--exit-on-error", *_OURS, str(file)],
                    database_url,
                )
            except BaseException:
                cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
                if _is_there(cursor, ASIDE):
                    cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO {SCHEMA}")
                raise
            cursor.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")


def _check(cache: Path, file: Path) -> None:
    """See that the file is a backup of ours."""
    if not file.is_file():
        raise InputError(f"{file}: there is no such file")
    try:
        listed = _run(cache, "pg_restore", ["--list", str(file)])
    except ServiceError as fault:
        raise InputError(f"{file} is not a backup: {fault}") from None
    if f"SCHEMA - {SCHEMA}" not in listed:
        raise InputError(f"{file} is a backup of something else: it has no schema {SCHEMA}")


def _is_there(cursor: psycopg2.extensions.cursor, schema: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
    return cursor.fetchone() is not None


def _held(cursor: psycopg2.extensions.cursor) -> str | None:
    """What would be lost, in words; None when there is nothing."""
    cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.article"])
    found = cursor.fetchone()
    if found is None or found[0] is None:
        return None
    cursor.execute(
        "SELECT (SELECT count(*) FROM mediawatch.article), (SELECT count(*) FROM mediawatch.watch)"
    )
    row = cursor.fetchone()
    assert row is not None
    return f"{row[0]:,} articles and {row[1]:,} watches" if any(row) else None


def _run(cache: Path, program: str, arguments: Sequence[str], database_url: str = "") -> str:
    """Run a program of Postgres, on a database where one is named; what it printed."""
    install_postgres(cache)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    command = [str(postgres_binaries(cache) / program), *arguments]
    if database_url:
        command.append(f"--dbname={_without_password(database_url)}")
        # Not among the arguments, where every user of the machine could read it.
        env["PGPASSWORD"] = unquote(urlsplit(database_url).password or "")
    done = subprocess.run(
        command,
        env={**env, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"{program} ended with {done.returncode}"]
        raise ServiceError(" / ".join(lines[-2:]))
    return done.stdout


def _without_password(database_url: str) -> str:
    parts = urlsplit(database_url)
    if parts.password is None:
        return database_url
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}@{host}").geturl()
