"""The embedded Postgres 18.4: one server for a home, with one database for each profile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg2
from psycopg2 import sql

from mediawatch.errors import ServiceError
from mediawatch.stack import processes, programs
from mediawatch.stack.processes import HOST
from mediawatch.stack.state import Service

NAME = "postgres"
READY_SECONDS = 60  # after a crash it first replays its journal
STOP_SECONDS = 30


def url(port: int, password: str, database: str = "postgres") -> str:
    """The URL of a database of the embedded server."""
    return f"postgresql://postgres:{quote(password, safe='')}@{HOST}:{port}/{database}"


def start(home: Path, cache: Path, password: str, wish: int | None) -> Service:
    """Start the server, made anew where there is none, and wait until it answers.

    Raises:
        ServiceError: it cannot be made or does not start.
    """
    owner = processes.service_owner()
    processes.require_reachable(home, owner, "MEDIAWATCH_HOME")
    processes.require_reachable(cache, owner, "MEDIAWATCH_CACHE")
    binaries = programs.postgres_binaries(cache)
    data = home / "postgres"
    if not (data / "PG_VERSION").exists():
        _make_cluster(binaries, data, owner, password)
    _clear_stale(data)
    port = processes.free_port(wish)
    options = {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "100",
        "shared_buffers": "128MB",
        "timezone": "UTC",
    }
    log = log_file(home)
    service = processes.start(
        NAME,
        [str(binaries / "postgres"), "-D", str(data)]
        + [part for name, value in options.items() for part in ("-c", f"{name}={value}")],
        log=log,
        env=_environment(),
        cwd=Path("/"),
        owner=owner,
        port=port,
    )
    try:
        processes.wait_ready(
            service, lambda: _answers_to(port, password), seconds=READY_SECONDS, log=log
        )
    except BaseException:
        stop(home, service)
        raise
    return service


def _answers_to(port: int, password: str) -> bool:
    try:
        with closing(psycopg2.connect(url(port, password), connect_timeout=5)):
            return True
    except psycopg2.OperationalError as fault:
        if "password authentication failed" in str(fault):
            raise ServiceError(
                "the embedded Postgres does not take the password of state.json; put that file"
                " back, or move MEDIAWATCH_HOME away to begin anew"
            ) from None
        return False


def stop(home: Path, service: Service) -> None:
    """Stop the server: clients are disconnected, nothing is lost."""
    processes.stop([service], ask=signal.SIGINT, seconds=STOP_SECONDS)
    # Its backends lead sessions of their own.
    _end_left(home / "postgres")


def log_file(home: Path) -> Path:
    """Where the server writes what it has to say."""
    return home / "logs" / "postgres.log"


def answers(database_url: str) -> bool:
    """Whether a server answers at this URL."""
    try:
        with closing(psycopg2.connect(database_url, connect_timeout=5)):
            return True
    except psycopg2.OperationalError:
        return False


def create_database(server_url: str, name: str) -> None:
    """Make the database where it is not there yet."""
    with closing(psycopg2.connect(server_url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def database_comment(database_url: str) -> str | None:
    """What :func:`comment_database` has written."""
    with closing(psycopg2.connect(database_url)) as conn, conn.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        row = cursor.fetchone()
        return str(row[0]) if row and row[0] else None


def comment_database(database_url: str, comment: str) -> None:
    """Keep a note on a database, inside the server."""
    with closing(psycopg2.connect(database_url)) as conn, conn, conn.cursor() as cursor:
        name = conn.info.dbname
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(name), sql.Literal(comment)
            )
        )


def with_database(database_url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return urlsplit(database_url)._replace(path=f"/{name}").geturl()


def _environment() -> dict[str, str]:
    # PG… variables of the person's shell are about other servers.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _make_cluster(binaries: Path, data: Path, owner: processes.Owner, password: str) -> None:
    """Run ``initdb`` on a neighbour folder and rename it, so that a half one is never used."""
    part = data.with_name("postgres.part")
    if part.exists():
        shutil.rmtree(part)
    owner.take(part)
    secret = part.with_name("postgres.pwfile")
    secret.unlink(missing_ok=True)
    with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    os.chown(secret, owner.uid, owner.gid)
    change = owner.uid != os.geteuid()
    try:
        done = subprocess.run(
            [
                *[str(binaries / "initdb"), "-D", str(part), "-U", "postgres", "-E", "UTF8"],
                *["--auth=scram-sha-256", f"--pwfile={secret}", "--locale=C.UTF-8"],
            ],
            env=_environment(),
            cwd="/",
            user=owner.uid if change else None,
            group=owner.gid if change else None,
            extra_groups=[] if change else None,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        secret.unlink()
    if done.returncode != 0:
        reason = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise ServiceError(f"Postgres cannot make its data folder {data}: {reason}")
    part.rename(data)


def _clear_stale(data: Path) -> None:
    """After a crash: end what still holds the data folder, then forget the old pid file.

    Postgres itself would refuse to start when the pid in that file belongs to some other process
    by now, which is common after a reboot.
    """
    if (data / "postmaster.pid").exists():
        _end_left(data)
        (data / "postmaster.pid").unlink(missing_ok=True)


def _end_left(data: Path) -> None:
    """End every server process of this data folder, where they all work, also without a leader."""
    processes.end_matching(
        lambda process: Path(process.exe()).name == NAME and process.cwd() == str(data)
    )
