"""Airflow's four processes for one profile, with its own folder and its own database.

Nothing listens but the API server, on the loopback address. Tasks get the settings of the
profile in their environment, so a task can only ever act on the profile it was started for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

import httpx

from mediawatch.errors import ServiceError
from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import postgres, processes
from mediawatch.stack.processes import HOST
from mediawatch.stack.state import Service, State

API_SERVER = "airflow-api-server"
SCHEDULER = "airflow-scheduler"
TRIGGERER = "airflow-triggerer"
# The log servers of scheduler and triggerer listen on every interface and cannot be told not to.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    API_SERVER: ("api-server", "--workers", "1"),
    SCHEDULER: ("scheduler", "--skip-serve-logs"),
    "airflow-dag-processor": ("dag-processor",),
    TRIGGERER: ("triggerer", "--skip-serve-logs"),
}
QUIET = " ".join(
    f"airflow.{name}=WARNING"
    for name in ("jobs", "executors", "models", "dag_processing", "serialization")
)
READY_SECONDS = 240


def folder(settings: Settings) -> Path:
    """This profile's AIRFLOW_HOME."""
    return settings.profile_home / "airflow"


def database_name(profile: str) -> str:
    """The name of the database with this profile's Airflow metadata."""
    return f"airflow_{profile}"


def url(port: int) -> str:
    """The address of Airflow's page and API."""
    return f"http://{HOST}:{port}"


def environment(
    settings: Settings, state: State, *, database_url: str, dags: Path, port: int
) -> dict[str, str]:
    """The environment of every Airflow process and task.

    ``settings`` are resolved ones. Other Airflow settings of the person's shell are about
    another Airflow and left out, connections and variables are kept.
    """
    own = {
        "AIRFLOW_HOME": str(folder(settings)),
        "AIRFLOW__API__BASE_URL": url(port),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": state.secrets["api_secret"],
        "AIRFLOW__API_AUTH__JWT_SECRET": state.secrets["jwt_secret"],
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": state.secrets["fernet"],
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords(settings)),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,viewer:viewer",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "0",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": _for_sqlalchemy(database_url),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": QUIET,
        "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
        # A killed scheduler's tasks are taken up again after that long, and not after 5 minutes.
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "15",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "MEDIAWATCH_ALLOW_HOSTS": ",".join(settings.allow_hosts),
        "MEDIAWATCH_CACHE": str(settings.cache),
        "MEDIAWATCH_HOME": str(settings.home),
        "MEDIAWATCH_PROFILE": settings.profile,
        "MEDIAWATCH_SEED_ROOTS": os.pathsep.join(map(str, settings.seed_roots)),
    }
    for name in ("database_url", "elasticsearch_url", "smtp_url", "java"):
        value = getattr(settings, name)
        if value is not None:
            own[f"MEDIAWATCH_{name.upper()}"] = str(value)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW__", "AIRFLOW_HOME", "PG"))
    }
    programs = os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    )
    return {**kept, "PATH": programs, **own}


def migrate(settings: Settings, env: Mapping[str, str], database_url: str) -> None:
    """Bring Airflow's database up to date, when this version has not done so yet.

    Which version did is kept as the comment of the database.

    Raises:
        ServiceError: Airflow cannot; with the end of what it said.
    """
    home = folder(settings)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = f"migrated by Airflow {version('apache-airflow')}"
    if postgres.database_comment(database_url) == wanted:
        return
    ran = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=dict(env),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        reason = " / ".join((ran.stdout + ran.stderr).strip().splitlines()[-3:])
        raise ServiceError(f"Airflow cannot prepare its database: {reason}")
    postgres.comment_database(database_url, wanted)


def start(settings: Settings, env: Mapping[str, str], name: str) -> Service:
    """Start one of :data:`COMMANDS`; all are ready when :func:`wait` returns."""
    return processes.start(
        name,
        [sys.executable, "-m", "airflow", *COMMANDS[name]],
        log=log_file(settings, name),
        env=env,
        cwd=folder(settings),
        port=int(env["AIRFLOW__API__PORT"]) if name == API_SERVER else None,
        profile=settings.profile,
    )


def wait(settings: Settings, services: Iterable[Service]) -> None:
    """Wait until Airflow calls every part of itself healthy.

    Raises:
        ServiceError: a process ended or it took too long.
    """
    parts = {service.name: service for service in services}
    api = parts[API_SERVER]

    def ready() -> bool:
        for service in parts.values():
            if not processes.is_running(service):
                log = log_file(settings, service.name)
                raise ServiceError(
                    f"{service.name} ended at its start: {processes.log_tail(log)} (see {log})"
                )
        return is_healthy(url(api.port or 0))

    log = log_file(settings, API_SERVER)
    processes.wait_ready(api, ready, seconds=READY_SECONDS, log=log)


def is_healthy(address: str) -> bool:
    """Whether the API server answers and every part of Airflow is healthy."""
    try:
        answer = httpx.get(f"{address}/api/v2/monitor/health", timeout=10, trust_env=False)
        parts = answer.json().values()
        return answer.status_code == httpx.codes.OK and all(p["status"] == "healthy" for p in parts)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
        return False


def log_file(settings: Settings, name: str) -> Path:
    """Where this process writes; closed to others, for task output passes through it."""
    return settings.profile_home / "logs" / f"{name}.log"


def _for_sqlalchemy(database_url: str) -> str:
    return f"postgresql+psycopg2://{database_url.partition('://')[2]}"


def _passwords(settings: Settings) -> Path:
    return folder(settings) / "passwords.json"


def write_passwords(settings: Settings, state: State) -> None:
    """Write the log-ins for Airflow's page; it keeps them in clear, so in a closed file."""
    path = _passwords(settings)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(
            {"admin": state.secrets["airflow_admin"], "viewer": state.secrets["airflow_viewer"]},
            file,
        )
