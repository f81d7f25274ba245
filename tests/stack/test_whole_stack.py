"""All services with Airflow, started once: a run, the sockets, a crash of everything, the end."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from elasticsearch import Elasticsearch

from mediawatch.settings import Settings
from mediawatch.stack import airflow_services, doctor, processes, services, state
from mediawatch.stack.airflow_api import AirflowApi
from mediawatch.stack.echo import Echo

SECONDS = 200
ECHO = Echo()
DAG = '''
"""Says in which profile it runs."""
import os
import time
from pathlib import Path

from airflow.sdk import dag, task


@dag(schedule=None, catchup=False)
def trial():
    @task
    def say(params=None):
        note = Path(os.environ["MEDIAWATCH_HOME"]) / "profiles" / "said"
        with note.open("a") as file:
            print(os.environ["MEDIAWATCH_PROFILE"], file=file)
        if not (note.parent / "quick").exists():
            time.sleep(300)

    say()


trial()
'''


class Stack:
    """The running stack and the folder of its DAG."""

    def __init__(self, settings: Settings, dags: Path) -> None:
        self.settings = settings
        self.dags = dags

    def up(self) -> list[state.Service]:
        services.up(self.settings, airflow=True, echo=ECHO, dags=self.dags)
        return self.services()

    def services(self) -> list[state.Service]:
        return sorted(state.load(self.settings.home).services, key=lambda service: service.name)

    def processes(self) -> list[psutil.Process]:
        """Every process of ours, by descent or by session."""
        leaders = [psutil.Process(service.pid) for service in self.services()]
        family = {p for leader in leaders for p in (leader, *leader.children(recursive=True))}
        return [*family, *(p for s in self.services() for p in processes.session_of(s))]

    def api(self) -> AirflowApi:
        return AirflowApi(*services.airflow_login(self.settings))

    @property
    def notes(self) -> Path:
        return self.settings.home / "profiles"


@pytest.fixture(scope="module")
def whole(cache: Path) -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="mediawatch-whole-"))
    folder.chmod(0o755)
    dags = folder / "dags"
    dags.mkdir()
    (dags / "trial.py").write_text(DAG, encoding="utf-8")
    env = {
        "MEDIAWATCH_HOME": str(folder / "home"),
        "MEDIAWATCH_CACHE": str(cache),
        "MEDIAWATCH_PROFILE": "trial",
    }
    stack = Stack(Settings.from_env(env), dags)
    try:
        stack.up()
        yield stack
    finally:
        services.down(stack.settings)
        shutil.rmtree(folder)


def test_every_service_runs(whole: Stack) -> None:
    held = services.status(whole.settings)
    names = ["postgres", "elasticsearch", "outbox", *airflow_services.COMMANDS]
    assert [service["name"] for service in held["services"]] == names
    assert {service["state"] for service in held["services"]} == {"running"}
    assert [check for check in doctor.examine(whole.settings) if not check.well] == []


def test_everything_listens_on_the_loopback_address_only(whole: Stack) -> None:
    sockets = [c for p in whole.processes() for c in p.net_connections("inet")]
    open_to = {c.laddr.ip for c in sockets if c.status == psutil.CONN_LISTEN or not c.raddr}
    assert open_to <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    listening = {c.laddr.port for c in sockets if c.status == psutil.CONN_LISTEN}
    assert {s.port for s in whole.services() if s.port} <= listening


def test_logs_and_passwords_are_for_their_owner_alone(whole: Stack) -> None:
    home = whole.settings.profile_home
    files = [home / "airflow" / "passwords.json", *(home / "logs").iterdir()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_a_mail_lands_in_the_outbox_of_the_profile(whole: Stack) -> None:
    mail = state.load(whole.settings.home).service("outbox", "trial")
    assert mail is not None
    with smtplib.SMTP(processes.HOST, mail.port or 0, timeout=10) as client:
        client.sendmail("desk@example.org", ["reader@example.org"], "Subject: Trial\n\nA line.\n")
    (message,) = Path(services.status(whole.settings)["outbox"]).glob("*.eml")
    assert b"Subject: Trial" in message.read_bytes()


def test_a_run_through_the_real_scheduler(whole: Stack) -> None:
    (whole.notes / "quick").touch()
    with whole.api() as api:
        api.wait_for_dags({"trial"}, seconds=SECONDS)
        api.set_paused("trial", paused=False)
        run = api.wait("trial", api.trigger("trial"), seconds=SECONDS)
        assert run.state == "success"
        assert [(t.task_id, t.state) for t in api.tasks("trial", run.run_id)] == [
            ("say", "success")
        ]
    assert (whole.notes / "said").read_text(encoding="utf-8") == "trial\n"


def test_up_again_starts_nothing(whole: Stack) -> None:
    assert whole.services() == whole.up()


def test_everything_killed_in_the_middle_starts_again(whole: Stack) -> None:
    (whole.notes / "quick").unlink(missing_ok=True)
    (whole.notes / "said").unlink(missing_ok=True)
    url = services.resolve(whole.settings).elasticsearch_url
    assert url is not None
    with Elasticsearch(url, request_timeout=60) as client:
        client.indices.create(index="kept", settings={"number_of_replicas": 0})
        client.index(index="kept", id="1", document={"title": "kept"}, refresh=True)
    with whole.api() as api:
        api.wait_for_dags({"trial"}, seconds=SECONDS)
        api.set_paused("trial", paused=False)
        run_id = api.trigger("trial")
        wait_for(whole.notes / "said")
    before = whole.services()
    family = whole.processes()
    for service in before:
        os.kill(service.pid, signal.SIGKILL)
    (whole.notes / "quick").touch()
    after = whole.up()
    assert [s.name for s in after] == [s.name for s in before]
    assert not {s.pid for s in after} & {s.pid for s in before}
    assert [p for p in family if lives(p)] == []
    url = services.resolve(whole.settings).elasticsearch_url  # the port may be another one
    with Elasticsearch(str(url), request_timeout=60) as client:
        assert client.get(index="kept", id="1")["_source"] == {"title": "kept"}
    with whole.api() as api:
        assert api.wait("trial", run_id, seconds=SECONDS).state == "success"


def test_down_ends_all_of_it(whole: Stack) -> None:
    whole.up()
    family = whole.processes()
    services.down(whole.settings)
    assert [p for p in family if lives(p)] == []
    assert {s["state"] for s in services.status(whole.settings)["services"]} == {"stopped"}
    assert whole.services() == []


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(path: Path) -> None:
    give_up = time.monotonic() + SECONDS
    while not path.exists():
        assert time.monotonic() < give_up, f"{path.name} did not appear"
        time.sleep(0.1)
