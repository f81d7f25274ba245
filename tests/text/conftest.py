"""Raw entries as the sources stage leaves them, and the step that reads them."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)


class Desk:
    """Puts entries into a database and reads back what became of them."""

    def __init__(self, conn) -> None:
        self.conn = conn
        self.number = 0

    def source(self, source_id: str, kind: str = "feed", outlet: str | None = None) -> None:
        if outlet:
            self.run("INSERT INTO outlet (outlet_id, name) VALUES (%s, %s)", outlet, outlet)
        self.run(
            "INSERT INTO source (source_id, kind, url, outlet_id, next_fetch_at, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            source_id, kind, f"https://{source_id}.example/feed", outlet, NOW, NOW,
        )  # fmt: skip

    def entry(
        self, source_id: str, item_key: str, *, seen: datetime = NOW, page: str | None = None,
        **fields,
    ) -> str:  # fmt: skip
        self.number += 1
        entry_id = f"e{self.number}"
        sha256 = None
        if page is not None:
            content = page.encode()
            sha256 = hashlib.sha256(content).hexdigest()
            self.run(
                "INSERT INTO raw_body (sha256, month, content, fetched_at) VALUES (%s, %s, %s, %s)",
                sha256, date(2026, 5, 1), gzip.compress(content), seen,
            )  # fmt: skip
        payload = {"title": "", "content": "", "content_type": "html", **fields}
        self.run(
            "INSERT INTO raw_entry (entry_id, month, source_id, item_key, payload, first_seen_at,"
            " state, page_sha256, page_url) VALUES (%s, %s, %s, %s, %s, %s, 'pending', %s, %s)",
            entry_id, date(2026, 5, 1), source_id, item_key, json.dumps(payload), seen, sha256,
            payload.get("url") if sha256 else None,
        )  # fmt: skip
        return entry_id

    def run(self, sql: str, *values) -> None:
        with self.conn.cursor() as cursor:
            cursor.execute(sql, values)
        self.conn.commit()

    def rows(self, sql: str, *values) -> list[tuple]:
        with self.conn.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        self.conn.commit()
        return found

    def state(self, entry_id: str) -> str:
        return self.rows("SELECT state FROM raw_entry WHERE entry_id = %s", entry_id)[0][0]

    def article_of(self, entry_id: str) -> str:
        return self.rows("SELECT article_id FROM raw_entry WHERE entry_id = %s", entry_id)[0][0]


@pytest.fixture
def desk(conn) -> Desk:
    return Desk(conn)


@pytest.fixture
def context(conn, tmp_path: Path) -> Context:
    settings = Settings.from_env({"MEDIAWATCH_HOME": str(tmp_path)})
    return Context(conn=conn, settings=settings, now=NOW)
