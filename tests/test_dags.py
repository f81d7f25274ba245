"""The DAGs: what each must be, and each run for real by ``dag.test()`` on real services."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.airflow_home  # noqa: F401

# isort: split
# What comes after finds the environment that the import above has set.
from airflow.dag_processing.dagbag import DagBag
from airflow.utils.db import initdb

ROOT = Path(__file__).resolve().parents[1]
SCHEDULES = {
    "backfill_archive": set(),
    "index_articles": {"mw_articles"},
    "ingest_feeds": set(),
    "ingest_seeds": set(),
    "maintain": set(),
    "process_articles": {"mw_raw"},
    "send_alerts": {"mw_index"},
    "send_digests": set(),
}


@pytest.fixture(scope="module")
def bag() -> DagBag:
    initdb()
    return DagBag(ROOT / "dags", bundle_name="dags-folder")


def test_every_dag_of_the_house_is_there_and_loads(bag: DagBag):
    assert bag.import_errors == {}
    assert set(bag.dags) == set(SCHEDULES)


@pytest.mark.parametrize("dag_id", sorted(SCHEDULES))
def test_a_dag_says_what_it_does_and_survives_a_retry(bag: DagBag, dag_id: str):
    dag = bag.dags[dag_id]
    assert dag.catchup is False
    assert dag.max_active_runs == 1
    assert dag.dagrun_timeout is not None
    assert (dag.doc_md or "").strip()
    assert dag.tags
    for task in dag.tasks:
        assert task.owner == "mediawatch"
        assert task.retries > 0
        assert task.retry_exponential_backoff
        assert task.execution_timeout is not None


@pytest.mark.parametrize("dag_id", sorted(SCHEDULES))
def test_dags_are_joined_by_assets(bag: DagBag, dag_id: str):
    condition = bag.dags[dag_id].timetable.asset_condition
    assert {asset.name for asset in getattr(condition, "objects", ())} == SCHEDULES[dag_id]


@pytest.fixture
def newsroom(
    database_url: str,
    elasticsearch_url: str,
    index_prefix: str,
    smtp,
    tagger,
    cache: Path,
    tmp_path: Path,
) -> Iterator[Path]:
    """A home with one seed article and one watch, and the environment of a task in it.

    The profile's name is the index prefix, so that its indices are this test's own.
    """
    seeds = tmp_path / "home" / "seeds"
    (seeds / "articles").mkdir(parents=True)
    before = dict(os.environ)
    os.environ |= {
        "MEDIAWATCH_HOME": str(tmp_path / "home"),
        "MEDIAWATCH_CACHE": str(cache),
        "MEDIAWATCH_SEED_ROOTS": str(seeds),
        "MEDIAWATCH_PROFILE": index_prefix.rstrip("-"),
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": elasticsearch_url,
        "MEDIAWATCH_SMTP_URL": smtp.url,
    }
    yield seeds
    os.environ.clear()
    os.environ |= before
    shutil.rmtree(tmp_path / "home")


ARTICLE = """ date 2026-03-02 The harbour board of Port Meridian chose a new director on Monday.

Ingrid Solvang takes over in May, the board said. "The harbour must earn its keep again,"
Solvang told reporters.
"""
WATCHES = """
- id: harbour
  name: Harbour
  owner: desk@example.org
  query: '"harbour board" AND Solvang'
  recipients:
    - {address: duty@example.org}
"""


def test_the_dags_carry_an_article_from_a_file_to_a_mail(bag: DagBag, newsroom: Path, smtp, es):
    (newsroom / "watches.yaml").write_text(WATCHES, encoding="utf-8")
    (newsroom / "articles" / "director.txt").write_text(ARTICLE, encoding="utf-8")
    chain = ["ingest_seeds", "ingest_feeds", "process_articles", "index_articles", "send_alerts"]
    for dag_id in [*chain, "send_digests", "maintain"]:
        run = bag.dags[dag_id].test(logical_date=None)
        assert run.state == "success", dag_id
    (mail,) = smtp.messages()
    assert mail["To"] == "duty@example.org"
    assert "[Harbour]" in mail["Subject"]
    alias = f"{os.environ['MEDIAWATCH_PROFILE']}-mediawatch-articles"
    es.indices.refresh(index=alias)
    hits = es.search(index=alias, query={"query_string": {"query": 'body:"harbour must earn"'}})
    assert hits["hits"]["total"]["value"] == 1

    for dag_id in [*chain, "send_digests"]:
        assert bag.dags[dag_id].test(logical_date=None).state == "success", dag_id
    assert len(smtp.messages()) == 1


def test_what_tasks_hand_on_is_counts(bag: DagBag, newsroom: Path):
    run = bag.dags["process_articles"].test(logical_date=None)
    for instance in run.get_task_instances():
        counts = instance.xcom_pull(task_ids=instance.task_id)
        assert counts is None or all(isinstance(n, int) for n in counts.values())
        assert len(json.dumps(counts)) < 1000


def test_a_backfill_without_a_path_is_refused(bag: DagBag):
    with pytest.raises(Exception, match="path"):
        bag.dags["backfill_archive"].test(logical_date=None)
