"""Migrations: each with its ledger row in one transaction, one migrator at a time."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg2
import pytest

from mediawatch.storage import pipeline
from mediawatch.storage.connection import connect
from mediawatch.storage.migrations import MIGRATIONS, migrate


def ledger(conn) -> list[str]:
    with conn.cursor() as cursor:
        cursor.execute("SELECT name FROM schema_migration ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


def test_every_migration_is_in_the_ledger_once(conn):
    assert ledger(conn) == sorted(path.stem for path in MIGRATIONS.glob("*.sql"))
    assert migrate(conn) == []


def test_a_failing_migration_leaves_nothing_of_itself(conn, tmp_path: Path):
    (tmp_path / "9001_good.sql").write_text("CREATE TABLE good (n integer)")
    (tmp_path / "9002_bad.sql").write_text("CREATE TABLE half (n integer); SELECT no_such_thing()")
    with pytest.raises(psycopg2.Error):
        migrate(conn, tmp_path)
    assert "9001_good" in ledger(conn)
    assert "9002_bad" not in ledger(conn)
    with conn.cursor() as cursor:
        cursor.execute("SELECT to_regclass('mediawatch.half')")
        assert cursor.fetchone() == (None,)


def test_two_migrators_at_once_apply_each_file_once(conn, database_url: str, tmp_path: Path):
    for n in range(5):
        (tmp_path / f"900{n}_t.sql").write_text(f"CREATE TABLE t{n} (n integer)")
    done: list[list[str]] = []

    def work() -> None:
        with closing(connect(database_url)) as own:
            done.append(migrate(own, tmp_path))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(names) for names in done) == [0, 0, 5]


def test_partitions_are_made_ahead_and_only_once(conn):
    assert pipeline.make_partitions(conn, date(2027, 3, 9)) == 5 * 3 + 4
    assert pipeline.make_partitions(conn, date(2027, 3, 9)) == 0
    with conn.cursor() as cursor:
        cursor.execute("SELECT to_regclass('raw_entry_20270501') IS NOT NULL")
        assert cursor.fetchone() == (True,)


def test_a_row_without_its_partition_is_kept_and_stays(conn):
    with conn.cursor() as cursor:
        cursor.execute(
            "INSERT INTO raw_body VALUES ('a', '2031-01-01', '', NULL, NULL, '2031-01-05Z')"
        )
    pipeline.make_partitions(conn, date(2031, 1, 9))
    with conn.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM raw_body")
        assert cursor.fetchall() == [("raw_body_default",)]


def test_raw_bodies_are_dropped_by_whole_months(conn):
    pipeline.make_partitions(conn, date(2027, 3, 9))
    assert pipeline.drop_raw_bodies(conn, date(2027, 4, 30)) == 1
    assert pipeline.drop_raw_bodies(conn, date(2027, 4, 30)) == 0


def test_an_absent_server_gives_one_line_without_the_password():
    from mediawatch.errors import ServiceError

    with pytest.raises(ServiceError) as fault:
        connect("postgresql://u:hush@127.0.0.1:1/x")
    assert "hush" not in str(fault.value)
    assert "MEDIAWATCH_DATABASE_URL" in str(fault.value)
