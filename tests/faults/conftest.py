"""A small newsroom of its own for each fault: files, one feed with a page, watches."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from mediawatch.storage.connection import connect

RUNNER = Path(__file__).with_name("run_pipeline.py")

WIRE = """ date 2026-03-02 {lead}

The strike began at dawn when four hundred dockers left the grain terminal of Port Meridian.
Cargo ships waited outside the breakwater and the harbour master closed the northern basin.

"We will return when the safety report is published," said Ingrid Solvang, who speaks for the
dockers. The port authority answered that the report needs another three weeks.

Talks are to continue on Tuesday in the town hall, where both sides have asked the labour
ministry for a mediator. Shipping companies count a loss of two million a day.
"""
FILES = {
    "wire-1.txt": WIRE.format(lead="Dockers strike at Port Meridian over crane accident."),
    "wire-2.txt": WIRE.format(lead="Port Meridian at a standstill as dockers walk out."),
    "wire-3.txt": WIRE.format(lead="Grain terminal closed by strike."),
    "other.txt": """ date 2026-03-02 Ingrid Solvang opened the seamen's library in Port Meridian.

The library holds nine thousand volumes and will lend them to crews of every flag. Solvang, a
docker's daughter, read from a logbook of 1911 before an audience of sixty.
""",
    "weather.txt": """ date 2026-03-01 Fog is expected along the coast until Thursday.

The weather office warned small boats to stay in harbour. Visibility will fall below one
hundred metres in the mornings, forecasters said.
""",
    "broken.txt": "\x00\x01\x02 not a text \x00",
}
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Meridian Gazette</title><link>{base}/</link>
<item><title>Mediator named in port strike</title><link>{base}/mediator.html</link>
<guid>mediator</guid><pubDate>Mon, 02 Mar 2026 08:30:00 GMT</pubDate>
<description>The ministry has named a mediator.</description></item>
</channel></rss>"""
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Mediator named in port strike</title></head>
<body><nav><a href="/">Home</a></nav><article><h1>Mediator named in port strike</h1>
<p>The labour ministry named the retired judge Alma Okonjo as mediator in the dockers' strike
at Port Meridian on Monday.</p>
<p>"I shall listen first," Okonjo said. She will meet Ingrid Solvang and the port authority in
the town hall on Tuesday morning, the ministry announced.</p>
<p>The strike has closed the grain terminal and the northern basin since dawn, and shipping
companies have sent three vessels to other ports.</p></article></body></html>"""
SOURCES = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:mw="https://mediawatch.invalid/opml"><head><title>t</title></head>
<body><outline text="Meridian Gazette" type="rss" xmlUrl="{base}/feed.xml"/></body></opml>"""
WATCHES = """
- id: strike
  name: Port strike
  owner: desk@example.org
  query: '"port meridian" AND (strike OR mediator)'
  recipients:
    - {address: duty@example.org}
    - {address: night@example.org}
- id: solvang
  name: Solvang
  owner: desk@example.org
  query: '"ingrid solvang"'
  recipients:
    - {address: duty@example.org}
"""


class Pages(BaseHTTPRequestHandler):
    """The feed and its one page."""

    def do_GET(self) -> None:
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        pages = {
            "/feed.xml": (FEED.format(base=base), "application/rss+xml"),
            "/mediator.html": (PAGE, "text/html; charset=utf-8"),
        }
        text, kind = pages.get(self.path, ("", "text/plain"))
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Newsroom:
    """The environment of the pipeline's process, and what became of everything."""

    env: dict[str, str]
    database_url: str
    es: Elasticsearch
    alias: str
    smtp: Any

    def run(self, now: datetime, kill_at: str | None = None) -> subprocess.CompletedProcess[str]:
        env = self.env | ({"MEDIAWATCH_KILL_AT": kill_at} if kill_at else {})
        return subprocess.run(
            [sys.executable, RUNNER, now.isoformat()],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def settle(self, now: datetime) -> None:
        """Run once more, with every lease and back-off behind us."""
        done = self.run(now + timedelta(hours=1))
        assert done.returncode == 0, done.stderr

    def end_state(self) -> dict[str, Any]:
        """Rows, documents and mails, without times and numbers that a retry may change."""
        with closing(connect(self.database_url)) as conn, conn.cursor() as cursor:

            def rows(sql: str) -> list[Any]:
                cursor.execute(sql)
                return [tuple(row) for row in cursor.fetchall()]

            found: dict[str, Any] = {
                "entries": rows(
                    "SELECT item_key, state, code, page_outcome FROM raw_entry ORDER BY 1, 2"
                ),
                "articles": rows(
                    "SELECT title, body, kind, a.language, relation IS NULL, stage, a.version_no"
                    " FROM article a JOIN article_version v USING (article_id) ORDER BY 1, 2"
                ),
                "stories": sorted(
                    sorted(titles)
                    for (titles,) in rows(
                        "SELECT array_agg(title) FROM article"
                        " JOIN article_version USING (article_id, version_no) GROUP BY story_id"
                    )
                ),
                "mentions": rows(
                    "SELECT name, part, start_at, count(*) FROM mention"
                    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
                ),
                "quotes": rows("SELECT text, speaker_name FROM quote ORDER BY 1, 2"),
                "matches": rows(
                    "SELECT watch_id, unit, cause_key, state, count(*) FROM match"
                    " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
                ),
                "deliveries": rows(
                    "SELECT address, kind, state, count(*) FROM delivery"
                    " JOIN recipient USING (recipient_id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
                ),
                "unmatched": rows("SELECT count(*) FROM article_change WHERE matched_at IS NULL"),
            }
        self.es.indices.refresh(index=self.alias)
        hits = self.es.search(index=self.alias, size=1000)["hits"]["hits"]
        found["documents"] = sorted(
            (hit["_source"]["title"], hit["_source"]["body"], hit["_source"]["is_first"])
            for hit in hits
        )
        found["mails"] = sorted((m["To"], m["Subject"]) for m in self.smtp.messages())
        return found


@pytest.fixture
def newsroom(
    database_url: str,
    elasticsearch_url: str,
    es: Elasticsearch,
    index_prefix: str,
    smtp: Any,
    tagger: Any,
    cache: Path,
    tmp_path: Path,
) -> Iterator[Newsroom]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seeds = tmp_path / "home" / "seeds"
    (seeds / "articles").mkdir(parents=True)
    for name, text in FILES.items():
        (seeds / "articles" / name).write_text(text, encoding="utf-8")
    (seeds / "sources.opml").write_text(SOURCES.format(base=base), encoding="utf-8")
    (seeds / "watches.yaml").write_text(WATCHES, encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    env = plain | {
        "MEDIAWATCH_HOME": str(tmp_path / "home"),
        "MEDIAWATCH_CACHE": str(cache),
        "MEDIAWATCH_SEED_ROOTS": str(seeds),
        "MEDIAWATCH_PROFILE": index_prefix.rstrip("-"),
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": elasticsearch_url,
        "MEDIAWATCH_SMTP_URL": smtp.url,
        "MEDIAWATCH_ALLOW_HOSTS": f"127.0.0.1:{server.server_address[1]}",
    }
    yield Newsroom(
        env=env,
        database_url=database_url,
        es=es,
        alias=f"{index_prefix}mediawatch-articles",
        smtp=smtp,
    )
    server.shutdown()
    server.server_close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each place once for each round of ``--rounds``, in a newsroom of its own."""
    if "round_no" in metafunc.fixturenames:
        metafunc.parametrize("round_no", range(metafunc.config.getoption("--rounds")))
