"""A desk: rows as the stages before would write them, watches, and the steps of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from psycopg2.extras import Json

from mediawatch.alerts import importing, watches
from mediawatch.pipeline import alerts, matching
from mediawatch.pipeline.context import Context
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection, transaction
from mediawatch.storage.file_entries import Report
from services.mail_server import MailServer

NOW = datetime(2026, 5, 15, 9, 30, tzinfo=UTC)
BODY = "The dam broke at dawn. Engineers had warned of it for years. Nobody was hurt."


def watch_text(
    watch_id: str = "dam", query: str = "dam", reader: str = "desk@example.org", **more: str
) -> str:
    """One entry of a watch file; ``recipient`` and ``watch`` are further fields of each."""
    return (
        f"- id: {watch_id}\n  name: {more.get('name', 'Dams')}\n  owner: owner@example.org\n"
        f"  query: '{query}'\n{more.get('watch', '')}"
        f"  recipients: [{{address: {reader}{more.get('recipient', '')}}}]\n"
    )


class Desk:
    """Writes articles and runs the steps at ``now``, which a test moves."""

    def __init__(self, conn: Connection, settings: Settings, smtp: MailServer) -> None:
        self.conn = conn
        self.settings = settings
        self.smtp = smtp
        self.now = NOW
        self.relay: str | None = None  # instead of the mail server
        self._count = 0
        self.run_sql(
            "INSERT INTO source (source_id, kind, url, title, next_fetch_at, created_at)"
            " VALUES ('s1', 'feed', 'http://wire.example/rss', 'The Wire', %s, %s)",
            [NOW, NOW],
        )

    @property
    def context(self) -> Context:
        settings = replace(self.settings, smtp_url=self.relay or self.smtp.url)
        return Context(conn=self.conn, settings=settings, now=self.now)

    def run_sql(self, sql: str, values: list[Any] | None = None) -> list[Any]:
        with transaction(self.conn), self.conn.cursor() as cursor:
            cursor.execute(sql, values or [])
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def watch(self, *entries: str, since: datetime | None = None) -> Report:
        """Import a watch file that holds these entries."""
        found = watches.parse("".join(entries), "watches.yaml")
        with transaction(self.conn):
            return importing.import_file(
                self.conn, "watches.yaml", found, since or self.now - timedelta(hours=1)
            )

    def article(
        self,
        title: str = "Dam breaks",
        body: str = BODY,
        *,
        story: str | None = None,
        outlet: str | None = "Gazette",
        url: str | None = None,
        seen: datetime | None = None,
        published: datetime | None = NOW - timedelta(minutes=20),
        precision: str = "minute",
        intake: str = "feed",
        cause: str | None = "new_article",
        language: str = "en",
    ) -> str:
        """An indexed article that waits to be matched; its id. Without story it founds one."""
        self._count += 1
        key = f"a{self._count}"
        seen = seen or self.now
        outlet_id = outlet.lower().replace(" ", "-") if outlet else None
        if outlet:
            self.run_sql(
                "INSERT INTO outlet (outlet_id, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [outlet_id, outlet],
            )
        self.run_sql(
            "INSERT INTO article (article_id, url, outlet_id, language, published_at,"
            " published_precision, published_origin, first_seen_at, dated_at, dated_origin,"
            " intake, relation, index_month, stage)"
            " VALUES (%s, %s, %s, %s, %s, %s, 'feed', %s, %s, 'published', %s, %s, %s, 'done')",
            [
                key,
                url or f"https://{outlet_id or 'wire'}.example/{key}",
                outlet_id,
                language,
                published,
                precision if published else "none",
                seen,
                published or seen,
                intake,
                "exact" if story else "original",
                date(seen.year, seen.month, 1),
            ],
        )
        if story is None:
            for table in ("event", "story"):
                columns = {
                    "event": "(event_id, founding, created_at) VALUES (%s, %s, %s)",
                    "story": "(story_id, founding, created_at, origin_article_id, first_dated_at,"
                    " last_dated_at, event_id) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                }[table]
                values = (
                    [key, key, seen] if table == "event" else [key, key, seen, key, seen, seen, key]
                )
                self.run_sql(f"INSERT INTO {table} {columns}", values)
        self.run_sql("UPDATE article SET story_id = %s WHERE article_id = %s", [story or key, key])
        self.run_sql("INSERT INTO article_source VALUES (%s, 's1', %s, %s)", [key, key, seen])
        self.version(key, 1, title, body, kind="first", cause=cause)
        return key

    def version(
        self,
        article_id: str,
        number: int,
        title: str,
        body: str,
        *,
        kind: str = "update",
        cause: str | None = "new_version",
    ) -> None:
        """A version, which becomes the current one, with its indexed change."""
        [(month, language)] = self.run_sql(
            "SELECT index_month, language FROM article WHERE article_id = %s", [article_id]
        )
        self.run_sql(
            "INSERT INTO article_version VALUES (%s, %s, %s, %s, %s, %s, '{}', NULL, %s, '{}',"
            " 'h', 'feed', %s, 'e', %s)",
            [article_id, number, month, kind, title, body, language, Json({}), self.now],
        )
        self.run_sql(
            "UPDATE article SET version_no = %s WHERE article_id = %s", [number, article_id]
        )
        if cause:
            self.change(article_id, cause, number)

    def change(self, article_id: str, cause: str, version: int = 1) -> None:
        self.run_sql(
            "INSERT INTO article_change (article_id, version_no, cause, changed_at, indexed_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [article_id, version, cause, self.now, self.now],
        )

    def refresh(self) -> None:
        """Let searches see what was just indexed."""
        with connected(self.settings) as es:
            es.indices.refresh(index=f"{self.settings.index_prefix}*")

    def match(self) -> dict[str, int]:
        return matching.match(self.context)

    def send(self) -> dict[str, int]:
        return alerts.send_instants(self.context)

    def digest(self) -> dict[str, int]:
        return alerts.send_digests(self.context)

    def alert(self) -> list[EmailMessage]:
        """Match and send; the mails that came by it."""
        before = len(self.smtp.messages())
        self.match()
        self.send()
        return self.smtp.messages()[before:]

    def matches(self) -> list[tuple[Any, ...]]:
        return self.run_sql(
            "SELECT watch_id, unit_id, cause_key, article_id, state, suppressed_why FROM match"
            " ORDER BY match_id"
        )

    def deliveries(self) -> list[tuple[str, str, str]]:
        """Address, state and answer of each delivery."""
        return self.run_sql(
            "SELECT r.address, d.state, coalesce(d.smtp_answer, '') FROM delivery d"
            " JOIN recipient r USING (recipient_id) ORDER BY d.delivery_id"
        )


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
