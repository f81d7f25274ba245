"""Up, down and status of single services: what is ours, what is not, and after a crash."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.stack import addresses, postgres, processes, services, state
from mediawatch.stack.echo import Echo
from mediawatch.stack.state import Service
from mediawatch.storage.connection import connect

ECHO = Echo()


@pytest.fixture
def stranger() -> Iterator[psutil.Process]:
    """A process that is none of ours."""
    process = subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    )
    yield psutil.Process(process.pid)
    process.communicate(b"\n")


def up(settings: Settings) -> Service:
    services.up(settings, airflow=False, echo=ECHO)
    return running_postgres(settings)


def running_postgres(settings: Settings) -> Service:
    service = state.load(settings.home).service(postgres.NAME)
    assert service is not None
    assert processes.is_running(service)
    return service


def outlets(settings: Settings) -> list[str]:
    url = services.resolve(settings).database_url
    assert url is not None
    with closing(connect(url)) as conn, conn.cursor() as cursor:
        cursor.execute("SELECT outlet_id FROM outlet")
        return [name for (name,) in cursor.fetchall()]


def add_outlet(settings: Settings, name: str) -> None:
    url = services.resolve(settings).database_url
    assert url is not None
    with closing(connect(url)) as conn, conn, conn.cursor() as cursor:
        cursor.execute("INSERT INTO outlet (outlet_id, name) VALUES (%s, %s)", [name, name])


def test_status_when_nothing_has_ever_run(postgres_only: Settings) -> None:
    bare = replace(postgres_only, elasticsearch_url=None, smtp_url=None)
    held = services.status(bare)
    assert {service["state"] for service in held["services"]} == {"stopped"}
    assert held["database_url"] is None
    assert not bare.home.exists()


def test_down_when_nothing_has_ever_run(postgres_only: Settings) -> None:
    assert services.down(postgres_only) == []


def test_without_services_the_cure_is_named(postgres_only: Settings) -> None:
    with pytest.raises(ServiceError, match="Postgres does not run; run `mediawatch up`"):
        services.resolve(postgres_only)
    sample = replace(postgres_only, profile="sample")
    with pytest.raises(ServiceError, match="run `mediawatch --profile sample up`"):
        services.resolve(sample)


def test_up_down_and_up_again_keeps_data_port_and_password(postgres_only: Settings) -> None:
    first = up(postgres_only)
    url = services.resolve(postgres_only).database_url
    add_outlet(postgres_only, "gazette")
    assert [service.name for service in services.down(postgres_only)] == ["postgres"]
    assert not processes.is_running(first)
    assert up(postgres_only).pid != first.pid
    assert services.resolve(postgres_only).database_url == url
    assert outlets(postgres_only) == ["gazette"]


def test_up_twice_starts_once(postgres_only: Settings) -> None:
    assert up(postgres_only) == up(postgres_only)


def test_a_killed_server_starts_again_with_its_data(postgres_only: Settings) -> None:
    killed = up(postgres_only)
    add_outlet(postgres_only, "gazette")
    os.kill(killed.pid, signal.SIGKILL)
    os.waitpid(killed.pid, 0)
    states = {s["name"]: s["state"] for s in services.status(postgres_only)["services"]}
    assert states["postgres"] == "dead"
    up(postgres_only)
    assert outlets(postgres_only) == ["gazette"]


def test_after_a_reboot_the_pid_in_the_old_pid_file_is_somebody_else(
    postgres_only: Settings, stranger: psutil.Process
) -> None:
    killed = up(postgres_only)
    add_outlet(postgres_only, "gazette")
    os.kill(killed.pid, signal.SIGKILL)
    os.waitpid(killed.pid, 0)
    pid_file = postgres_only.home / "postgres" / "postmaster.pid"
    _, *rest = pid_file.read_text(encoding="utf-8").splitlines()
    pid_file.write_text("\n".join([str(stranger.pid), *rest]), encoding="utf-8")
    up(postgres_only)
    assert outlets(postgres_only) == ["gazette"]
    assert stranger.is_running()


def test_a_server_whose_pid_was_lost_is_found_and_replaced(postgres_only: Settings) -> None:
    lost = up(postgres_only)
    held = state.load(postgres_only.home)
    state.save(postgres_only.home, held.without(lost))
    found = up(postgres_only)
    assert found.pid != lost.pid
    assert not processes.is_running(lost)


def test_down_leaves_a_process_alone_that_has_got_our_old_pid(
    postgres_only: Settings, stranger: psutil.Process
) -> None:
    up(postgres_only)
    held = state.load(postgres_only.home)
    stale = Service("outbox", stranger.pid, stranger.create_time() - 3600, None, "own")
    state.save(postgres_only.home, held.with_service(stale))
    services.down(postgres_only)
    assert stranger.is_running()
    assert state.load(postgres_only.home).services == ()


def test_a_port_that_was_taken_meanwhile_is_replaced(postgres_only: Settings) -> None:
    first = up(postgres_only)
    services.down(postgres_only)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((processes.HOST, first.port or 0))
        taken.listen()
        assert up(postgres_only).port != first.port


def test_two_homes_do_not_meet(postgres_only: Settings) -> None:
    other = replace(postgres_only, home=postgres_only.home.with_name("other"))
    first, second = up(postgres_only), up(other)
    try:
        assert first.pid != second.pid
        assert first.port != second.port
        add_outlet(postgres_only, "gazette")
        assert outlets(other) == []
    finally:
        services.down(other)
    assert processes.is_running(first)


def test_two_profiles_do_not_meet(postgres_only: Settings) -> None:
    sample = replace(postgres_only, profile="sample")
    assert up(postgres_only) == up(sample)
    add_outlet(postgres_only, "gazette")
    assert outlets(sample) == []
    assert addresses.outbox_folder(sample) != addresses.outbox_folder(postgres_only)


def test_the_state_file_is_for_its_owner_alone(postgres_only: Settings) -> None:
    up(postgres_only)
    assert state.path(postgres_only.home).stat().st_mode & 0o777 == 0o600
    password = state.load(postgres_only.home).secrets["postgres"]
    assert password not in str(services.status(postgres_only))
    for folder, _, files in os.walk(postgres_only.home):
        for name in set(files) - {"state.json"}:
            assert password.encode() not in (Path(folder) / name).read_bytes(), name


def test_a_state_file_that_is_broken_is_named(postgres_only: Settings) -> None:
    postgres_only.home.mkdir()
    state.path(postgres_only.home).write_text("{", encoding="utf-8")
    with pytest.raises(ServiceError, match=r"state\.json is broken; end what still runs"):
        services.status(postgres_only)
    state.path(postgres_only.home).unlink()


def test_a_server_that_has_another_password_is_explained(postgres_only: Settings) -> None:
    up(postgres_only)
    services.down(postgres_only)
    state.path(postgres_only.home).unlink()
    with pytest.raises(ServiceError, match=r"put that file back, or move MEDIAWATCH_HOME away"):
        up(postgres_only)


def test_a_home_that_is_a_file(postgres_only: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match=r"cannot be written to .*; set MEDIAWATCH_HOME"):
        up(replace(postgres_only, home=tmp_path / "file"))


def test_a_server_that_ends_at_its_start_says_why(postgres_only: Settings) -> None:
    up(postgres_only)
    services.down(postgres_only)
    (postgres_only.home / "postgres" / "PG_VERSION").write_text("12\n", encoding="utf-8")
    with pytest.raises(ServiceError, match=r"postgres ended at its start: .*initialized by"):
        up(postgres_only)
    assert state.load(postgres_only.home).services == ()


def test_a_url_in_the_settings_wins(postgres_only: Settings, database_url: str) -> None:
    external = replace(postgres_only, database_url=database_url)
    services.up(external, airflow=False, echo=ECHO)
    assert state.load(external.home).services == ()
    assert services.resolve(external).database_url == database_url
    assert {s["state"] for s in services.status(external)["services"][:3]} == {"external"}


def test_own_input_is_made_empty_and_never_overwritten(postgres_only: Settings) -> None:
    up(postgres_only)
    watches = postgres_only.home / "seeds" / "watches.yaml"
    assert watches.read_text(encoding="utf-8").startswith("# One entry")
    watches.write_text("[]", encoding="utf-8")
    up(postgres_only)
    assert watches.read_text(encoding="utf-8") == "[]"
