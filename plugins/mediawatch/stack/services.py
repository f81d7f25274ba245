"""All embedded services together: up, down, status, and the settings with their URLs.

Postgres and Elasticsearch are shared by the profiles of a home, each with its own database and
index prefix; the mail outbox and Airflow are there once for each profile, so that a mail or a
task of one profile cannot reach another. A service whose URL is in the settings is not started.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

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
from mediawatch.stack.addresses import (
    OUTBOX,
    airflow_login,
    database_name,
    effective_database_url,
    outbox_folder,
    postgres_url,
    resolve,
    resolved,
    status,
)
from mediawatch.stack.echo import Echo
from mediawatch.stack.state import Service, State
from mediawatch.storage.connection import connect, transaction
from mediawatch.storage.migrations import migrate
from mediawatch.storage.pipeline import make_partitions

__all__ = ["airflow_login", "down", "outbox_folder", "resolve", "status", "up"]

OUTBOX_READY_SECONDS = 30
STOP_SECONDS = 15


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
            if settings.profile == "own":
                own_seeds.prepare(settings.home)
            start.search()
            start.database()
            start.outbox()
            # Elasticsearch takes longest: what needs no answer of it goes on meanwhile, and the
            # scheduler, whose tasks do, comes last.
            if airflow:
                start.airflow(dags)
            start.finish_search()
            if airflow:
                start.scheduler()
        except BaseException:
            _stop(settings, start.state, start.started)
            raise
        return start.state


def prepare_database(database_url: str) -> list[str]:
    """Apply the migrations and make the partitions of these days; what was applied."""
    with closing(connect(database_url)) as conn:
        applied = migrate(conn)
        with transaction(conn):
            make_partitions(conn, datetime.now(UTC).date())
    return applied


class _Start:
    """One ``up``: the state as it grows, saved after each start so that nothing gets lost."""

    def __init__(self, settings: Settings, echo: Echo) -> None:
        self.settings = settings
        self.echo = echo
        self.state = state.load(settings.home)
        self.started: list[Service] = []
        self.moved = False  # a service that Airflow uses has another port than before
        self.airflow_env: dict[str, str] = {}
        state.save(settings.home, self.state)

    def runs(self, name: str, profile: str | None = None) -> bool:
        """Whether it runs; what a killed one has left behind is ended."""
        service = self.state.service(name, profile)
        if service is None:
            return False
        if processes.is_running(service):
            return True
        self.state = _stop(self.settings, self.state, [service])
        return False

    def add(self, service: Service) -> None:
        self.moved |= self.state.port(service.name, service.profile) not in {None, service.port}
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
            server = postgres_url(self.state, "postgres")
            postgres.create_database(server, database_name(self.settings.profile))
        prepare_database(effective_database_url(self.settings, self.state))

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
        """Everything of Airflow but the scheduler."""
        if self.moved:
            stale = [s for s in self.state.services if s.name in airflow_services.COMMANDS]
            self.state = _stop(self.settings, self.state, stale)
        profile = self.settings.profile
        missing = [n for n in airflow_services.COMMANDS if not self.runs(n, profile)]
        if not missing:
            return
        settings = resolved(self.settings, self.state)
        server = settings.database_url or ""
        name = airflow_services.database_name(profile)
        postgres.create_database(server, name)
        database_url = postgres.with_database(server, name)
        api = self.state.service(airflow_services.API_SERVER, profile)
        port = (api.port if api else None) or processes.free_port(
            self.state.port(airflow_services.API_SERVER, profile)
        )
        self.airflow_env = airflow_services.environment(
            settings, self.state, database_url=database_url, dags=dags, port=port
        )
        with self.echo.step("Airflow's database"):
            airflow_services.migrate(settings, self.airflow_env, database_url)
        airflow_services.write_passwords(settings, self.state)
        for part in missing:
            if part != airflow_services.SCHEDULER:
                self.add(airflow_services.start(settings, self.airflow_env, part))

    def scheduler(self) -> None:
        """The scheduler, and the wait until Airflow is ready."""
        profile = self.settings.profile
        with self.echo.step("Airflow"):
            if not self.runs(airflow_services.SCHEDULER, profile):
                self.add(
                    airflow_services.start(
                        self.settings, self.airflow_env, airflow_services.SCHEDULER
                    )
                )
            names = airflow_services.COMMANDS
            parts = [s for s in self.state.services if s.name in names and s.profile == profile]
            airflow_services.wait(self.settings, parts)


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


def _programs(settings: Settings) -> list[artifacts.Program]:
    search = [programs.ELASTICSEARCH, programs.JAVA]
    wanted = tagger_files.programs(settings)
    if settings.elasticsearch_url is None:
        wanted = [*search, *(p for p in wanted if p not in search)]
    return wanted


def _stop(settings: Settings, held: State, chosen: Iterable[Service]) -> State:
    """Stop in the order of dependence; the state, saved, without what is gone."""
    services = list(chosen)
    # The triggerer needs 12 s to end in good order and holds nothing, for no task of ours defers.
    hasty = [s for s in services if s.name == airflow_services.TRIGGERER]
    processes.stop(hasty, ask=signal.SIGKILL, seconds=STOP_SECONDS)
    processes.stop([s for s in services if s.name != postgres.NAME], seconds=STOP_SECONDS)
    for service in services:
        if service.name == search_server.NAME:
            search_server.end_left(settings.home)
        if service.name == postgres.NAME:  # last, for all others write to it
            postgres.stop(settings.home, service)
    for service in services:
        held = held.without(service)
    state.save(settings.home, held)
    return held
