"""A small client of Airflow's REST API: unpause, trigger, wait, list."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from mediawatch.errors import ServiceError

PAGE = 100  # the server never gives more rows at once
POLL_SECONDS = 0.3
TIMEOUT_SECONDS = 30
ENDED = frozenset({"success", "failed"})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a DAG. ``state`` is queued, running, success or failed."""

    dag_id: str
    run_id: str
    run_type: str
    state: str
    started: datetime | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a run; ``state`` is None as long as it has not been looked at."""

    task_id: str
    state: str | None
    attempt: int


class AirflowApi:
    """Airflow at ``address``, logged in as ``user``. Use it as a context manager.

    Every method raises ServiceError when Airflow cannot be reached or refuses.
    """

    def __init__(self, address: str, user: str, password: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._login = {"username": user, "password": password}

    def __enter__(self) -> Self:
        self.log_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def log_in(self) -> None:
        """Get a new token; tokens expire after a day."""
        token = self._ask("POST", "/auth/token", json=self._login)["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def dags(self) -> dict[str, bool]:
        """The id of each DAG, and whether it is paused."""
        return {d["dag_id"]: bool(d["is_paused"]) for d in self._list("/api/v2/dags", "dags")}

    def import_errors(self) -> dict[str, str]:
        """The DAG files that cannot be read, each with its traceback."""
        found = self._list("/api/v2/importErrors", "import_errors")
        return {error["filename"]: error["stack_trace"] for error in found}

    def wait_for_dags(self, names: set[str], *, seconds: float) -> None:
        """Wait until Airflow has read these DAGs from their files.

        Raises:
            ServiceError: also when they are not there in time, with what stands in the way.
        """
        give_up = time.monotonic() + seconds
        while missing := names - self.dags().keys():
            if time.monotonic() > give_up:
                errors = [
                    f"{file}: {trace.strip().splitlines()[-1]}"
                    for file, trace in self.import_errors().items()
                ]
                raise ServiceError(
                    f"Airflow does not list {', '.join(sorted(missing))} after {seconds:.0f} s;"
                    f" {'; '.join(errors) or 'no file has an error'}"
                )
            time.sleep(POLL_SECONDS)

    def set_paused(self, dag_id: str, paused: bool) -> None:
        """Pause or unpause a DAG. A paused one runs nothing, also not by hand."""
        self._ask("PATCH", f"/api/v2/dags/{dag_id}", json={"is_paused": paused})

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run by hand; the id of the run."""
        asked = {"logical_date": None, "conf": dict(conf or {})}
        return str(self._ask("POST", f"/api/v2/dags/{dag_id}/dagRuns", json=asked)["dag_run_id"])

    def run(self, dag_id: str, run_id: str) -> Run:
        """One run as it stands."""
        return _run(self._ask("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}"))

    def runs(self, dag_id: str) -> list[Run]:
        """Every run of a DAG, oldest first."""
        return [_run(row) for row in self._list(f"/api/v2/dags/{dag_id}/dagRuns", "dag_runs")]

    def tasks(self, dag_id: str, run_id: str) -> list[Task]:
        """The tasks of a run as they stand."""
        where = f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        return [
            Task(row["task_id"], row["state"], int(row["try_number"]))
            for row in self._list(where, "task_instances")
        ]

    def wait(self, dag_id: str, run_id: str, *, seconds: float) -> Run:
        """Wait until a run has ended, well or not.

        Raises:
            ServiceError: also when it has not ended after ``seconds``.
        """
        give_up = time.monotonic() + seconds
        while (run := self.run(dag_id, run_id)).state not in ENDED:
            if time.monotonic() > give_up:
                raise ServiceError(
                    f"the run {run_id} of {dag_id} is still {run.state} after {seconds:.0f} s;"
                    " see its log on Airflow's page"
                )
            time.sleep(POLL_SECONDS)
        return run

    def active_runs(self) -> list[Run]:
        """The runs of all DAGs that are queued or running."""
        where = "/api/v2/dags/~/dagRuns"
        states = [("state", "queued"), ("state", "running")]
        return [_run(row) for row in self._list(where, "dag_runs", states)]

    def _list(
        self, path: str, key: str, query: list[tuple[str, str]] | None = None
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            page = [("limit", str(PAGE)), ("offset", str(len(rows))), *(query or [])]
            answer = self._ask("GET", path, params=page)
            rows += answer[key]
            if not answer[key] or len(rows) >= answer["total_entries"]:
                return rows

    def _ask(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        try:
            answer = self._send(method, path, **parts)
        except httpx.HTTPError as fault:
            raise ServiceError(
                f"Airflow at {self._client.base_url} cannot be reached ({type(fault).__name__});"
                " see `mediawatch status`"
            ) from None
        if answer.is_error:
            raise ServiceError(
                f"Airflow refused {method} {path}: {answer.status_code} {answer.text[:300]}"
            )
        held: dict[str, Any] = answer.json()
        return held

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **parts)
        except httpx.TransportError:
            if method != "GET":
                raise
            # Reading once more harms nothing, and a busy machine may be slow to answer.
            return self._client.request(method, path, **parts)


def _run(row: Mapping[str, Any]) -> Run:
    return Run(
        row["dag_id"],
        row["dag_run_id"],
        row["run_type"],
        row["state"],
        _time(row["start_date"]),
        _time(row["end_date"]),
    )


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
