"""``mediawatch up, down, status, doctor``."""

from __future__ import annotations

import argparse
import json

from mediawatch.settings import REPOSITORY, Settings
from mediawatch.stack import doctor, services
from mediawatch.stack.airflow_api import AirflowApi
from mediawatch.stack.echo import Echo

DAGS_LISTED_SECONDS = 60


def add_parsers(sub: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs of this room."""
    sub.add_parser("up", help="start all services, on schedule").set_defaults(run=up)
    sub.add_parser("down", help="stop all services of this home").set_defaults(run=down)
    verb = sub.add_parser("status", help="what runs, and where")
    verb.add_argument("--json", action="store_true", help="for programs")
    verb.set_defaults(run=status)
    verb = sub.add_parser("doctor", help="what is wrong, and the cure")
    verb.set_defaults(run=examine)


def up(_args: argparse.Namespace, settings: Settings) -> int:
    """Start everything, unpause every DAG, print the addresses and the log-in."""
    echo = Echo()
    services.up(settings, airflow=True, echo=echo)
    address, user, password = services.airflow_login(settings)
    dags = {path.stem for path in (REPOSITORY / "dags").glob("*.py")}  # one DAG a file
    with AirflowApi(address, user, password) as airflow:
        airflow.wait_for_dags(dags, seconds=DAGS_LISTED_SECONDS)
        for dag_id in dags:
            airflow.set_paused(dag_id, paused=False)
    _print_addresses(services.status(settings), echo)
    echo(f"Log in to Airflow as {user} with {password}")
    return 0


def down(_args: argparse.Namespace, settings: Settings) -> int:
    """Stop what ``up`` started."""
    ended = services.down(settings)
    print(f"Stopped: {', '.join(s.name for s in ended)}" if ended else "Nothing was running.")
    return 0


def status(args: argparse.Namespace, settings: Settings) -> int:
    """Print what runs; 0 also when nothing does."""
    held = services.status(settings)
    if args.json:
        print(json.dumps(held, indent=2))
        return 0
    echo = Echo()
    _print_addresses(held, echo)
    for service in held["services"]:
        pid = f" (pid {service['pid']})" if service["pid"] else ""
        echo(f"{service['name']:22} {service['state']}{pid}")
    return 0


def examine(_args: argparse.Namespace, settings: Settings) -> int:
    """Print each check; 1 when one is not well."""
    echo = Echo()
    well = True
    for check in doctor.examine(settings):
        echo(f"{'ok ' if check.well else 'BAD'} {check.name}: {check.words}")
        well &= check.well
    return 0 if well else 1


def _print_addresses(held: dict[str, object], echo: Echo) -> None:
    for key in ("profile", "home", "outbox", "database_url", "elasticsearch_url", "airflow_url"):
        echo(f"{key:18} {held[key] or 'not running'}")
