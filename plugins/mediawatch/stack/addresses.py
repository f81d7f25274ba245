"""Where the services of a profile are: URLs, log-in, and the state of each.

A URL in the settings always wins over the embedded service.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.stack import airflow_services, postgres, processes, programs, search_server, state
from mediawatch.stack.state import Service, State

OUTBOX = "outbox"


def outbox_folder(settings: Settings) -> Path:
    """The folder of ``.eml`` files of this profile's embedded mail server."""
    return settings.profile_home / "outbox"


def database_name(profile: str) -> str:
    """The name of a profile's database in the embedded Postgres."""
    return f"mediawatch_{profile}"


def status(settings: Settings) -> dict[str, Any]:
    """What runs, in the shape of ``mediawatch status --json``; also when nothing does."""
    held = state.load(settings.home)
    api = _running(held, airflow_services.API_SERVER, settings.profile)
    search = _running(held, search_server.NAME)
    database = _running(held, postgres.NAME)
    database_url = settings.database_url
    if database_url is None and database is not None:
        database_url = effective_database_url(settings, held)
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
    return resolved(settings, state.load(settings.home))


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


def resolved(settings: Settings, held: State) -> Settings:
    """As :func:`resolve`, from a state that is at hand."""
    database_url = settings.database_url
    if database_url is None:
        if _running(held, postgres.NAME) is None:
            raise ServiceError(f"Postgres does not run; {_cure(settings)}")
        database_url = effective_database_url(settings, held)
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


def postgres_url(held: State, database: str) -> str:
    """The URL of a database of the embedded Postgres."""
    service = held.service(postgres.NAME)
    port = service.port if service else None
    return postgres.url(port or 0, held.secrets["postgres"], database)


def effective_database_url(settings: Settings, held: State) -> str:
    """The URL of the profile's database: the one that is set, or the embedded one."""
    return settings.database_url or postgres_url(held, database_name(settings.profile))
