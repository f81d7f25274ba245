"""All embedded services together: up, down, status, and the settings with their URLs.

Postgres and Elasticsearch are shared by the profiles of a home, each with its own database and
index prefix; the mail outbox and Airflow are there once for each profile, so that a mail or a
task of one profile cannot reach another. A service whose URL is in the settings is not started.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mediawatch.errors import ServiceError
from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import (
    airflow_services,
    artifacts,
    own_seeds,
    postgres,
    processes,
    programs,
    search_server,
    state,
    tagger_files,
)
from mediawatch.stack.echo import Echo
from mediawatch.stack.state import Service, State
from mediawatch.storage.connection import connect
from mediawatch.storage.migrations import migrate

OUTBOX = "outbox"
OUTBOX_READY_SECONDS = 30
OUTBOX_STOP_SECONDS = 5


def outbox_folder(settings: Settings) -> Path:
    """The folder of ``.eml`` files of this profile's embedded mail server."""
    return settings.profile_home / "outbox"


def database_name(profile: str) -> str:
    """The name of a profile's database in the embedded Postgres."""
    return f"mediawatch_{profile}"


def up(settings: Settings, *, airflow: bool, echo: Echo, dags: Path = REPOSITORY / "dags") -> State:
    """Start what does not run yet and wait until all of it is ready; apply the migrations.

    What this call has started is stopped again when any of it fails.

    Raises:
        ServiceError: naming the service, what it said and the cure.
    """
    artifacts.install(settings.cache, _programs(settings), echo)
    if settings.database_url is None:
        programs.install_postgres(settings.cache)
    with state.locked(settings.home):
        start = _Start(settings, echo)
        try:
            start.search()
            start.database()
            start.outbox()
            start.finish_search()
            if settings.profile == "own":
                own_seeds.prepare(settings.home)
            if airflow:
                start.airflow(dags)
        except BaseException:
            _stop(settings, start.state, start.started)
            raise
        return start.state


class _Start:
    """One ``up``: the state as it grows, saved after each start so that nothing gets lost."""

    def __init__(self, settings: Settings, echo: Echo) -> None:
        self.settings = settings
        self.echo = echo
        self.state = state.load(settings.home)
        self.started: list[Service] = []
        state.save(settings.home, self.state)

    def runs(self, name: str, profile: str | None = None) -> bool:
        """Whether it runs; what a killed one has left behind is ended."""
        service = self.state.service(name, profile)
        if service is None:
            return False
        if processes.is_running(service):
            return True
        _stop(self.settings, self.state, [service])
        return False

    def add(self, service: Service) -> None:
        self.started.append(service)
        self.state = self.state.with_service(service)
        state.save(self.settings.home, self.state)

    def search(self) -> None:
        if self.settings.elasticsearch_url is None and not self.runs(search_server.NAME):
            wish = self.state.port(search_server.NAME)
            self.add(search_server.start(self.settings.home, self.settings.cache, wish))

    def finish_search(self) -> None:
        for service in self.started:
            if service.name == search_server.NAME:
                with self.echo.step("Elasticsearch"):
                    search_server.wait(self.settings.home, service)

    def database(self) -> None:
        if self.settings.database_url is None and not self.runs(postgres.NAME):
            with self.echo.step("Postgres"):
                self.add(
                    postgres.start(
                        self.settings.home,
                        self.settings.cache,
                        self.state.secrets["postgres"],
                        self.state.port(postgres.NAME),
                    )
                )
        if self.settings.database_url is None:
            server = _postgres_url(self.state, "postgres")
            postgres.create_database(server, database_name(self.settings.profile))
        with closing(connect(_database_url(self.settings, self.state))) as conn:
            migrate(conn)

    def outbox(self) -> None:
        profile = self.settings.profile
        if self.settings.smtp_url is not None or self.runs(OUTBOX, profile):
            return
        folder = outbox_folder(self.settings)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        port = processes.free_port(self.state.port(OUTBOX, profile))
        log = self.settings.profile_home / "logs" / "outbox.log"
        with self.echo.step("Mail outbox"):
            service = processes.start(
                OUTBOX,
                [sys.executable, "-m", "mediawatch.stack.outbox", str(port), str(folder)],
                log=log,
                cwd=folder,
                port=port,
                profile=profile,
            )
            self.add(service)
            processes.wait_ready(
                service,
                lambda: processes.is_listening(port),
                seconds=OUTBOX_READY_SECONDS,
                log=log,
            )

    def airflow(self, dags: Path) -> None:
        profile = self.settings.profile
        missing = [n for n in airflow_services.COMMANDS if not self.runs(n, profile)]
        if not missing:
            return
        settings = _resolved(self.settings, self.state)
        server = settings.database_url or ""
        name = airflow_services.database_name(profile)
        postgres.create_database(server, name)
        database_url = postgres.with_database(server, name)
        api = self.state.service(airflow_services.API_SERVER, profile)
        port = (api.port if api else None) or processes.free_port(
            self.state.port(airflow_services.API_SERVER, profile)
        )
        env = airflow_services.environment(
            settings, self.state, database_url=database_url, dags=dags, port=port
        )
        with self.echo.step("Airflow's database"):
            airflow_services.migrate(settings, env, database_url)
        with self.echo.step("Airflow"):
            begun = airflow_services.start(settings, self.state, env, missing, port)
            for service in begun:
                self.add(service)
            airflow_services.wait(settings, begun, port)


def down(settings: Settings, *, only_profile: bool = False) -> list[Service]:
    """Stop what :func:`up` started in this home, and nothing else; returns what was there.

    With ``only_profile`` the outbox and Airflow of this profile, and the shared services only
    when no other profile uses them.
    """
    if not state.path(settings.home).exists():
        return []
    with state.locked(settings.home):
        held = state.load(settings.home)
        chosen = list(held.services)
        if only_profile:
            chosen = [s for s in held.services if s.profile == settings.profile]
            others = [s for s in held.services if s.profile not in {None, settings.profile}]
            if not any(processes.is_running(service) for service in others):
                chosen += [s for s in held.services if s.profile is None]
        _stop(settings, held, chosen)
        return chosen


def status(settings: Settings) -> dict[str, Any]:
    """What runs, in the shape of ``mediawatch status --json``; also when nothing does."""
    held = state.load(settings.home)
    api = _running(held, airflow_services.API_SERVER, settings.profile)
    search = _running(held, search_server.NAME)
    database = _running(held, postgres.NAME)
    database_url = settings.database_url
    if database_url is None and database is not None:
        database_url = _database_url(settings, held)
    elasticsearch_url = settings.elasticsearch_url
    if elasticsearch_url is None and search is not None:
        elasticsearch_url = search_server.url(search.port or 0)
    return {
        "profile": settings.profile,
        "home": str(settings.home),
        "outbox": str(outbox_folder(settings)),
        "database_url": without_password(database_url),
        "elasticsearch_url": without_password(elasticsearch_url),
        "airflow_url": airflow_services.url(api.port or 0) if api else None,
        "services": _service_list(settings, held),
    }


def resolve(settings: Settings) -> Settings:
    """The settings with the URLs of the embedded services where none is set.

    Raises:
        ServiceError: Postgres or Elasticsearch is neither set nor running.
    """
    return _resolved(settings, state.load(settings.home))


def airflow_login(settings: Settings) -> tuple[str, str, str]:
    """Address, user and password of this profile's running Airflow.

    Raises:
        ServiceError: it does not run.
    """
    held = state.load(settings.home)
    api = _running(held, airflow_services.API_SERVER, settings.profile)
    if api is None:
        raise ServiceError(
            f"Airflow does not run for profile {settings.profile}; {_cure(settings)}"
        )
    return airflow_services.url(api.port or 0), "admin", held.secrets["airflow_admin"]


def without_password(url: str | None) -> str | None:
    """A URL as it may be shown."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.password is None:
        return url
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}@{place}").geturl()


def _programs(settings: Settings) -> list[artifacts.Program]:
    search = [programs.ELASTICSEARCH, programs.JAVA]
    wanted = tagger_files.programs(settings)
    if settings.elasticsearch_url is None:
        wanted = [*search, *(p for p in wanted if p not in search)]
    return wanted


def _stop(settings: Settings, held: State, chosen: Iterable[Service]) -> None:
    """Stop in the order of dependence, and take out of the state what is gone."""
    services = list(chosen)
    airflow_services.stop([s for s in services if s.name in airflow_services.COMMANDS])
    processes.stop([s for s in services if s.name == OUTBOX], seconds=OUTBOX_STOP_SECONDS)
    for service in services:
        if service.name == search_server.NAME:
            search_server.stop(service)
        if service.name == postgres.NAME:
            postgres.stop(settings.home, service)
    for service in services:
        held = held.without(service)
    state.save(settings.home, held)


def _running(held: State, name: str, profile: str | None = None) -> Service | None:
    service = held.service(name, profile)
    return service if service is not None and processes.is_running(service) else None


def _service_list(settings: Settings, held: State) -> list[dict[str, Any]]:
    """One line for each service that belongs to this profile: running, dead or stopped."""
    external = {
        postgres.NAME: settings.database_url,
        search_server.NAME: settings.elasticsearch_url,
        OUTBOX: settings.smtp_url,
    }
    lines: list[dict[str, Any]] = []
    shared = [(postgres.NAME, None), (search_server.NAME, None)]
    own = [(name, settings.profile) for name in (OUTBOX, *airflow_services.COMMANDS)]
    for name, profile in [*shared, *own]:
        if external.get(name) is not None:
            lines.append({"name": name, "pid": None, "state": "external"})
            continue
        service = held.service(name, profile)
        if service is None:
            lines.append({"name": name, "pid": None, "state": "stopped"})
        elif processes.is_running(service):
            lines.append({"name": name, "pid": service.pid, "state": "running"})
        else:
            lines.append({"name": name, "pid": service.pid, "state": "dead"})
    return lines


def _resolved(settings: Settings, held: State) -> Settings:
    database_url = settings.database_url
    if database_url is None:
        if _running(held, postgres.NAME) is None:
            raise ServiceError(f"Postgres does not run; {_cure(settings)}")
        database_url = _database_url(settings, held)
    elasticsearch_url = settings.elasticsearch_url
    if elasticsearch_url is None:
        search = _running(held, search_server.NAME)
        if search is None:
            raise ServiceError(f"Elasticsearch does not run; {_cure(settings)}")
        elasticsearch_url = search_server.url(search.port or 0)
    smtp_url = settings.smtp_url
    mail = _running(held, OUTBOX, settings.profile)
    if smtp_url is None and mail is not None:
        smtp_url = f"smtp://{processes.HOST}:{mail.port}"
    java = settings.java or programs.java_home(settings.cache) / "bin" / "java"
    return dataclasses.replace(
        settings,
        database_url=database_url,
        elasticsearch_url=elasticsearch_url,
        smtp_url=smtp_url,
        java=java,
    )


def _cure(settings: Settings) -> str:
    chosen = "" if settings.profile == "own" else f" --profile {settings.profile}"
    return f"run `mediawatch{chosen} up`"


def _postgres_url(held: State, database: str) -> str:
    service = held.service(postgres.NAME)
    port = service.port if service else None
    return postgres.url(port or 0, held.secrets["postgres"], database)


def _database_url(settings: Settings, held: State) -> str:
    return settings.database_url or _postgres_url(held, database_name(settings.profile))
