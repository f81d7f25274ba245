"""The main job as a newcomer runs it: ``mediawatch run``, through the real scheduler, twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from elasticsearch import Elasticsearch
from rich.console import Console

from mediawatch.settings import Settings
from mediawatch.stack import services
from mediawatch.stack.echo import Echo

PROGRAM = Path(sys.executable).with_name("mediawatch")
REPOSITORY = Path(__file__).resolve().parents[1]
REAL_SEEDS = REPOSITORY.parent / "shared" / "seeds"
RUN_SECONDS = 900
WIRE_OUTLETS = {
    "Harbour Courier",
    "Northern Ledger",
    "Valley Tribune",
    "Island Gazette",
    "Lakeside Herald",
}
COUNTED = ("raw_entry", "article", "article_version", "story", "mention", "match", "delivery")

QUIET = Echo(Console(quiet=True))
pytestmark = pytest.mark.timeout(3 * RUN_SECONDS)


class Home:
    """A home of its own, and the program run in it as a person would."""

    def __init__(self, folder: Path, cache: Path) -> None:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "MEDIAWATCH"))}
        self.env = plain | {"MEDIAWATCH_HOME": str(folder), "MEDIAWATCH_CACHE": str(cache)}

    def program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )

    def status(self, profile: str) -> dict[str, Any]:
        answer = self.program("status", "--json", "--profile", profile)
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    def mails(self, profile: str) -> list[EmailMessage]:
        outbox = Path(self.status(profile)["outbox"])
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(outbox.glob("*.eml"))
        ]

    def settings(self, profile: str) -> Settings:
        return Settings.from_env(self.env | {"MEDIAWATCH_PROFILE": profile})

    def end_state(self, profile: str) -> dict[str, Any]:
        """Rows, documents and mails, with the services up."""
        found = services.resolve(self.settings(profile))
        assert found.database_url is not None
        with closing(psycopg2.connect(found.database_url)) as conn, conn.cursor() as cursor:
            state: dict[str, Any] = {}
            for table in COUNTED:
                cursor.execute(f"SELECT count(*) FROM mediawatch.{table}")
                state[table] = cursor.fetchone()[0]
        with Elasticsearch(found.elasticsearch_url) as es:
            alias = f"{found.index_prefix}mediawatch-articles"
            es.indices.refresh(index=alias)
            hits = es.search(index=alias, size=1000, version=True)["hits"]["hits"]
        state["documents"] = sorted((hit["_id"], hit["_version"]) for hit in hits)
        state["mails"] = sorted(mail["Message-ID"] for mail in self.mails(profile))
        return state


@pytest.fixture(scope="module")
def home(cache: Path) -> Iterator[Home]:
    """A home of its own, with the services up between the runs to look inside.

    ``run`` leaves running what ran before, and nothing else.
    """
    folder = Path(tempfile.mkdtemp(prefix="mediawatch-run-"))
    made = Home(folder, cache)
    try:
        yield made
    finally:
        made.program("down")
        shutil.rmtree(folder)


def texts(mail: EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_the_sample_newsroom_from_files_to_mails_and_nothing_twice(home: Home):
    first = home.program("run")
    assert first.returncode == 0, first.stdout + first.stderr
    states = {s["name"]: s["state"] for s in home.status("sample")["services"]}
    assert set(states.values()) == {"stopped"}

    mails = home.mails("sample")
    (wire,) = (mail for mail in mails if mail["To"] == "duty@newsroom.example")
    for text in texts(wire):
        assert all(outlet in text for outlet in WIRE_OUTLETS), text
    assert "[Kestrel Bridge]" in wire["Subject"]
    assert "the first mail, as its reader sees it" in first.stdout.lower()
    assert "5 articles, 5 outlets: Kestrel Bridge shut" in first.stdout
    assert "failing" in first.stdout
    assert "fr: actors from the lists alone" in first.stdout

    services.up(home.settings("sample"), airflow=False, echo=QUIET)
    before = home.end_state("sample")
    second = home.program("run")
    assert second.returncode == 0, second.stdout + second.stderr
    assert home.end_state("sample") == before
    assert "No mail was due." in second.stdout
    assert home.program("down").returncode == 0


WATCHES = """
- id: guarantees
  name: Security guarantees
  owner: desk@example.org
  query: '"security guarantees" AND Putin'
  recipients:
    - {address: duty@example.org}
- id: broken
  name: Broken
  owner: desk@example.org
  query: '"open quote AND x'
  recipients:
    - {address: duty@example.org}
"""


@pytest.mark.skipif(not REAL_SEEDS.exists(), reason="the real seed lies beside the repository only")
def test_own_files_in_their_own_profile(home: Home, tmp_path: Path):
    watches = tmp_path / "watches.yaml"
    watches.write_text(WATCHES, encoding="utf-8")
    done = home.program("run", "--seeds", str(REAL_SEEDS), "--watches", str(watches))
    assert done.returncode == 1, done.stdout + done.stderr  # for the broken watch alone
    assert "All the rest was done, but:" in done.stdout
    assert "broken" in done.stdout
    (mail,) = home.mails("own")
    plain, _ = texts(mail)
    assert "Kremlin adviser Yuri Ushakov told reporters" in " ".join(plain.split())
    assert "date 2021-12-16" not in plain

    services.up(home.settings("own"), airflow=False, echo=QUIET)
    found = services.resolve(home.settings("own"))
    with closing(psycopg2.connect(str(found.database_url))) as conn, conn.cursor() as cursor:
        cursor.execute("SELECT published_date::text, event_date::text FROM mediawatch.article")
        assert cursor.fetchall() == [("2021-12-16", "2021-12-15")]
    with Elasticsearch(found.elasticsearch_url) as es:
        hits = es.search(index="mediawatch-articles")["hits"]["hits"]
    (document,) = (hit["_source"] for hit in hits)
    assert document["published_at"].startswith("2021-12-16")
    assert document["body"].startswith("The presidents of Russia")
