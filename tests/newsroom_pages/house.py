"""A newsroom with a little of everything in it, behind its app, for two people and a stranger."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch
from fastapi import HTTPException, Request
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.routing import Mount

from mediawatch.alerts import importing, watches
from mediawatch.newsroom.access import Person
from mediawatch.newsroom.app import create_app
from mediawatch.pipeline import steps
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search.index import alias_name
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection, connect, transaction
from search.newsroom_rows import Rows

BASE = "/mediawatch"
NOW = datetime(2026, 5, 14, 10, 0, tzinfo=UTC)
EDITOR, READER = Person("ed", may_edit=True), Person("rita", may_edit=False)
PEOPLE = {person.name: person for person in (EDITOR, READER)}
KEY = "a key for links of mails in tests"
EVIL = '<script>alert(1)</script> "><img src=x onerror=alert(2)> \u202egnp.exe {{7776*7776}}'
EVIL_URL = "javascript:alert(document.cookie)"
LONG = "x" * 5_000
WATCHES = """
- id: lund
  name: Lund & the dam
  owner: desk@example.org
  query: lund AND dam
  recipients: [{address: duty@example.org}]
- id: other
  name: Other
  owner: second@example.org
  query: nobody-at-all
  recipients: [{address: press@example.org, mode: digest, digest: {times: ["08:00"]}}]
"""


def whois(request: Request) -> Person:
    """The log-in of the tests: the name stands in the cookie."""
    name = request.cookies.get("who") or request.headers.get("authorization", "")
    if name not in PEOPLE:
        raise HTTPException(401, "log in first")
    return PEOPLE[name]


class House:
    """The app on one database and index prefix, at a time that stands still."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.now = NOW
        app = create_app(whois, lambda: self.settings, login="/auth/login", clock=lambda: self.now)
        self.app = app
        self.outer = Starlette(routes=[Mount(BASE, app)])

    def client(self, name: str | None = None) -> TestClient:
        """A browser of this person, or of a stranger."""
        client = TestClient(
            self.outer,
            base_url="http://newsroom.example",
            headers={"sec-fetch-site": "same-origin", "accept": "text/html"},
            raise_server_exceptions=False,
            follow_redirects=False,
        )
        if name:
            client.cookies.set("who", name)
        return client

    def context(self, conn: Connection) -> Context:
        return Context(conn=conn, settings=self.settings, now=self.now)


def fill(settings: Settings, es: Elasticsearch, smtp_url: str) -> None:
    """Three stories, one with a copy and a correction, a watch that mailed one of them, a source
    that fails, and texts that mean harm.
    """
    assert settings.database_url
    with closing(connect(settings.database_url)) as conn:
        rows = Rows(conn)
        context = Context(conn=conn, settings=replace(settings, smtp_url=smtp_url), now=NOW)
        found = watches.parse(WATCHES, "watches.yaml")
        assert not found.faults
        with transaction(conn):
            importing.import_file(conn, "watches.yaml", found, NOW - timedelta(days=2))
        body = 'Ada Lund has left over the dam. "I am done," she said. Nobody was hurt.'
        rows.article("u:1", "Lund resigns", body)
        rows.mention("u:1", 0, "Ada Lund", "Q1", country="GBR")
        rows.quote("u:1", 33, "I am done,", ("Q1", "Ada Lund"))
        rows.topic("u:1", "medtop:11000000", "politics")
        rows.article("u:2", "Lund goes", body, story="u:1", seen=NOW - timedelta(minutes=10))
        rows.article("u:3", EVIL, f"{EVIL}\n\n{LONG} flood")
        rows.set(f"UPDATE article SET url = '{EVIL_URL}' WHERE article_id = 'u:3'")
        rows.mention("u:3", 0, EVIL[:40], "local:evil")
        rows.article("u:4", LONG, "شرح عربي dam 北京大学", language="ar")
        _events(rows)
        index(context)
        es.indices.refresh(index=alias_name(settings.index_prefix))
        for name in ("match", "send_instants"):
            steps.run(name, context.settings, NOW)
        rows.version("u:1", 2, "Lund resigns", body.replace("Nobody was", "Two people were"))
        rows.set("UPDATE article_version SET kind = 'correction' WHERE version_no = 2")
        _troubles(rows)


def _events(rows: Rows) -> None:
    rows.set(
        "INSERT INTO event (event_id, founding, created_at)"
        " SELECT story_id, story_id, created_at FROM story"
    )
    rows.set("UPDATE story SET event_id = story_id")


def _troubles(rows: Rows) -> None:
    """A failing source, a rejected entry, a mail whose arrival is uncertain."""
    rows.set(
        "INSERT INTO source (source_id, kind, url, title, state, state_reason, next_fetch_at,"
        f" created_at) VALUES ('s2', 'feed', 'http://evil.example/', $${EVIL}$$, 'failing',"
        f" $${EVIL}$$, now(), now())"
    )
    rows.set(
        'INSERT INTO "fetch" (source_id, started_at, finished_at, url, outcome, message)'
        " VALUES ('s2', '2026-05-14 09:00Z', '2026-05-14 09:00Z', 'http://evil.example/',"
        f" 'http_5xx', $${EVIL}$$)"
    )
    rows.set(
        "INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at,"
        f" state, code, message) VALUES ('e', '2026-05-01', 's2', $${EVIL}$$,"
        f" jsonb_build_object('title', $${EVIL}$$, 'url', '{EVIL_URL}'), '2026-05-14 09:00Z',"
        " 'rejected', 'consent_wall', 'A notice.')"
    )
    rows.set(
        "INSERT INTO delivery (recipient_id, kind, slot, state, next_attempt_at, message_id,"
        " subject, queued_at) SELECT recipient_id, 'instant', 'story:x:new', 'uncertain', now(),"
        f" '<x@y>', $${EVIL}$$, '2026-05-14 09:00Z' FROM recipient LIMIT 1"
    )


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a house's database."""
    assert settings.database_url
    with closing(connect(settings.database_url)) as conn, conn.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def change(settings: Settings, sql: str) -> None:
    """Change rows of a house's database."""
    assert settings.database_url
    with (
        closing(connect(settings.database_url)) as conn,
        transaction(conn),
        conn.cursor() as cursor,
    ):
        cursor.execute(sql)
