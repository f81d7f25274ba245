"""Run the DAGs through the real scheduler until nothing is left to do.

Used by ``mediawatch run``. Whether work is left is asked of the database, never of the runs: a
lost event or a killed scheduler only makes it take longer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from mediawatch.errors import ServiceError
from mediawatch.stack.airflow_api import AirflowApi, Run
from mediawatch.stack.echo import Echo

INGEST = ("ingest_seeds", "ingest_feeds")
# The DAG that does each kind of open work, in the order of the pipeline.
WORKERS: Mapping[str, str] = {
    "pages": "ingest_feeds",
    "entries": "process_articles",
    "articles": "process_articles",
    "changes": "index_articles",
    "matches": "send_alerts",
    "mails": "send_alerts",
    "digests": "send_digests",
}
CHAIN = ("process_articles", "index_articles", "send_alerts")
LAST = "send_digests"
ALL = frozenset({*INGEST, *WORKERS.values(), "backfill_archive", "maintain"})

LISTED_SECONDS = 60
POLL_SECONDS = 0.5
# So long nothing runs although there is work before its DAG is started by hand.
IDLE_SECONDS = 3.0
# So often one DAG is started by hand for the same work before the work counts as stuck.
TRIES = 5
RUN_SECONDS = 1800


def unpause_all(api: AirflowApi) -> None:
    """Let every DAG run on its schedule."""
    api.wait_for_dags(set(ALL), seconds=LISTED_SECONDS)
    for dag_id in sorted(ALL):
        api.set_paused(dag_id, paused=False)


def run_once(api: AirflowApi, open_work: Callable[[], Mapping[str, int]], echo: Echo) -> list[Run]:
    """Read every source once and work until nothing is open; the runs that failed.

    ``open_work`` counts what waits, by the keys of :data:`WORKERS`. Each DAG is let run only when
    its turn has come, and at the end is as it was before: paused, or on schedule.

    Raises:
        ServiceError: Airflow is away, or some work is not done by its DAG.
    """
    api.wait_for_dags(set(ALL), seconds=LISTED_SECONDS)
    before = _known(api)
    paused = api.dags()
    try:
        for dag_id in sorted(ALL):
            api.set_paused(dag_id, paused=True)
        # A run by hand is queued first, so that the scheduled one finds nothing left.
        started = [(dag_id, api.trigger(dag_id)) for dag_id in INGEST]
        for dag_id in INGEST:
            api.set_paused(dag_id, paused=False)
        for dag_id, run_id in started:
            with echo.step(dag_id):
                api.wait(dag_id, run_id, seconds=RUN_SECONDS)
            api.set_paused(dag_id, paused=True)
        # Only now, so that the mail of a story names every copy that this run brought.
        with echo.step("process_articles, index_articles, send_alerts"):
            for dag_id in CHAIN:
                api.trigger(dag_id)
                api.set_paused(dag_id, paused=False)
            _work_off(api, open_work)
        _run_and_wait(api, LAST, echo)
    finally:
        for dag_id in sorted(ALL):
            api.set_paused(dag_id, paused=paused[dag_id])
    return [run for run in _runs(api) if run.state == "failed" and _key(run) not in before]


def _work_off(api: AirflowApi, open_work: Callable[[], Mapping[str, int]]) -> None:
    idle_since = time.monotonic()
    give_up = idle_since + RUN_SECONDS
    tried: dict[str, int] = {}
    while time.monotonic() < give_up:
        open_now = {kind: n for kind, n in open_work().items() if n}
        if _busy(api.active_runs()):
            idle_since = time.monotonic()
        elif not open_now:
            return
        elif time.monotonic() - idle_since > IDLE_SECONDS:
            kind = next(kind for kind in WORKERS if kind in open_now)
            tried[kind] = tried.get(kind, 0) + 1
            if tried[kind] > TRIES:
                raise ServiceError(
                    f"{open_now[kind]} {kind} are not done after {TRIES} runs of {WORKERS[kind]};"
                    " see its log on Airflow's page"
                )
            run_id = api.trigger(WORKERS[kind])
            api.set_paused(WORKERS[kind], paused=False)
            api.wait(WORKERS[kind], run_id, seconds=RUN_SECONDS)
            idle_since = time.monotonic()
        time.sleep(POLL_SECONDS)
    raise ServiceError(
        f"the work was not done within {RUN_SECONDS} s; what is open: {dict(open_work())}"
    )


def _busy(runs: Iterable[Run]) -> bool:
    """Whether a DAG is at work that was let run; the runs of a paused one stand still."""
    return any(run.dag_id in CHAIN for run in runs)


def _run_and_wait(api: AirflowApi, dag_id: str, echo: Echo) -> None:
    run_id = api.trigger(dag_id)
    api.set_paused(dag_id, paused=False)
    with echo.step(dag_id):
        api.wait(dag_id, run_id, seconds=RUN_SECONDS)


def _runs(api: AirflowApi) -> list[Run]:
    return [run for dag_id in sorted(ALL) for run in api.runs(dag_id)]


def _known(api: AirflowApi) -> set[tuple[str, str]]:
    return {_key(run) for run in _runs(api)}


def _key(run: Run) -> tuple[str, str]:
    return run.dag_id, run.run_id
