"""What the DAG files share: assets, defaults, and how a task runs a step.

Beside ``plugins/newsroom.py`` the only module that imports Airflow.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable

RAW = Asset(name="mw_raw", uri="mediawatch://raw")
ARTICLES = Asset(name="mw_articles", uri="mediawatch://articles")
INDEX = Asset(name="mw_index", uri="mediawatch://index")

# A step claims its rows and commits them together, so that a retry, or a second run beside
# the first, finds either all or nothing left to do.
DAG_DEFAULTS: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(hours=1),
    "default_args": {
        "owner": "mediawatch",
        "retries": 3,
        "retry_delay": timedelta(seconds=10),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(minutes=30),
    },
}

# Connections that an administrator may define in Airflow, and the settings they stand for.
CONNECTIONS = {
    "MEDIAWATCH_DATABASE_URL": "mediawatch_database",
    "MEDIAWATCH_ELASTICSEARCH_URL": "mediawatch_elasticsearch",
    "MEDIAWATCH_SMTP_URL": "mediawatch_smtp",
}


def after(asset: Asset) -> AssetOrTimeSchedule:
    """Run when the asset changed, and every five minutes in case an event was lost.

    Not on the minutes at which the sources are read: what they bring would wait for idle runs.
    """
    every_five = CronTriggerTimetable("3-59/5 * * * *", timezone="UTC")
    return AssetOrTimeSchedule(timetable=every_five, assets=[asset])


# A task whose step did nothing is skipped, so that its asset does not wake the next DAG; what
# comes after it in its own DAG runs all the same.
AFTER_ALL = {"trigger_rule": "none_failed"}


def run_step(name: str, *arguments: str, announces: str | None = None) -> dict[str, int]:
    """Run one step of ``mediawatch.pipeline`` inside a task; its counts go to XCom.

    ``announces`` is the count without which there is no news for the task's asset.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from mediawatch.pipeline import steps
    from mediawatch.settings import Settings

    counts = steps.run(name, Settings.from_env(environment()), None, *arguments)
    print(f"{name}: " + (", ".join(f"{key} {n}" for key, n in counts.items()) or "nothing to do"))
    if announces is not None and not counts.get(announces):
        raise AirflowSkipException(f"{name} has no news")
    return counts


def environment() -> dict[str, str]:
    """The environment, with Airflow's connections where a setting is not in it."""
    env = dict(os.environ)
    for variable, connection_id in CONNECTIONS.items():
        if not env.get(variable):
            url = connection_url(connection_id)
            if url:
                env[variable] = url
    return env


def connection_url(connection_id: str) -> str | None:
    """The URL of an Airflow connection, or None where there is none of this name."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return str(Connection.get(connection_id).get_uri())
    except AirflowNotFoundException:
        return None
