"""``mediawatch run``: the main job once, through the real scheduler, from files to mails."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mediawatch.errors import InputError
from mediawatch.pipeline import imports, inputs, report
from mediawatch.pipeline.context import Context, open_context
from mediawatch.settings import Settings
from mediawatch.stack import sample_server, schedule, services
from mediawatch.stack.airflow_api import AirflowApi
from mediawatch.stack.echo import Echo
from mediawatch.stack.sample_server import HOST
from mediawatch.storage import pipeline as storage
from mediawatch.storage.connection import transaction


def add_parsers(verbs: Any) -> None:
    """Add the verb ``run``."""
    verb = verbs.add_parser(
        "run", help="the main job once: on the sample newsroom, or on your own files"
    )
    verb.add_argument("--seeds", type=Path, help="a folder of seed articles")
    verb.add_argument("--feeds", type=Path, help="an OPML file of sources")
    verb.add_argument("--watches", type=Path, help="a YAML file of watches")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Start what does not run, do the job, say what happened, stop what was started."""
    own_input = any((args.seeds, args.feeds, args.watches))
    if not own_input and not os.environ.get("MEDIAWATCH_PROFILE") and settings.profile == "own":
        settings = replace(settings, profile=inputs.SAMPLE)
    _check(args)
    echo = Echo()
    with ExitStack() as ends:
        if settings.profile == inputs.SAMPLE:
            server = ends.enter_context(
                sample_server.start(settings.profile_home, datetime.now(UTC))
            )
            settings = replace(
                settings, allow_hosts=(*settings.allow_hosts, f"{HOST}:{server.port}")
            )
            echo(f"Sample newsroom: {server.base_url}")
        ends.enter_context(_services(settings, echo))
        return _main_job(args, settings, echo)


def _check(args: argparse.Namespace) -> None:
    for name in ("feeds", "watches"):
        path = getattr(args, name)
        if path is not None and not path.is_file():
            raise InputError(f"{path} is not a file; {name.upper()}= takes one")
    if args.seeds is not None and not args.seeds.is_dir():
        raise InputError(f"{args.seeds} is not a folder; SEEDS= takes one")


@contextmanager
def _services(settings: Settings, echo: Echo) -> Iterator[None]:
    """The services and Airflow, stopped at the end unless they ran before."""
    ran = any(s["state"] == "running" for s in services.status(settings)["services"])
    try:
        services.up(settings, airflow=True, echo=echo)
        yield
    finally:
        if not ran:
            with echo.step("Stopped"):
                services.down(settings, only_profile=True)


def _main_job(args: argparse.Namespace, settings: Settings, echo: Echo) -> int:
    now = datetime.now(UTC)
    if args.seeds is not None:
        inputs.add_folder(settings, args.seeds)
    with open_context(settings, now) as context:
        problems = list(_import(context, args))
        for problem in problems:
            echo(f"! {problem}")
        with transaction(context.conn) as conn:
            storage.make_sources_due(conn, now)
        before = storage.overview(conn)
        conn.commit()

        def open_work() -> dict[str, int]:
            counts = storage.open_work(conn, datetime.now(UTC))
            conn.commit()
            return counts

        with AirflowApi(*services.airflow_login(settings)) as api:
            failed = schedule.run_once(api, open_work, echo)
        echo("")
        for line in report.lines(conn, before, now, settings.taggers):
            echo(line)
    _say_where(settings, echo)
    problems += [f"a run of {run.dag_id} failed; its log is on Airflow's page" for run in failed]
    if problems:
        echo("")
        echo("All the rest was done, but:")
    for problem in problems:
        echo(f"! {problem}")
    return 1 if problems else 0


def _import(context: Context, args: argparse.Namespace) -> Iterator[str]:
    """The files that serve all, the profile's own, and those given by hand."""
    yield from imports.import_shared(context)
    yield from imports.import_own(context)
    if args.feeds is not None:
        yield from imports.import_source_file(context, args.feeds)
    if args.watches is not None:
        yield from imports.import_watch_file(context, args.watches)


def _say_where(settings: Settings, echo: Echo) -> None:
    found = services.status(settings)
    flag = "" if settings.profile == "own" else f" --profile {settings.profile}"
    echo("")
    echo(f"Outbox        {found['outbox']}")
    echo(f"Search        .venv/bin/mediawatch search{flag} 'WORDS'  (while it is up)")
    echo(f"Stay running  .venv/bin/mediawatch up{flag}  (Airflow's page, schedules), then `down`")
