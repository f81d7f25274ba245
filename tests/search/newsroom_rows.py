"""Rows for the tests of the search room, written as the stages before it would."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from psycopg2.extras import Json

from mediawatch.storage.connection import Connection

SEEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)


class Rows:
    """Writes articles, stories, mentions and changes; every call is committed."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._run(
            "INSERT INTO outlet (outlet_id, name, country, tier)"
            " VALUES ('gazette.example', 'The Gazette', 'GB', 1)"
        )
        self._run(
            "INSERT INTO source (source_id, kind, url, next_fetch_at, created_at) "
            "VALUES ('s1', 'feed', 'http://gazette.example/rss', now(), now())"
        )

    def _run(self, sql: str, values: list[Any] | None = None) -> list[Any]:
        with self.conn.cursor() as cursor:
            cursor.execute(sql, values or [])
            rows = cursor.fetchall() if cursor.description else []
        self.conn.commit()
        return rows

    def article(
        self,
        article_id: str,
        title: str = "Dam holds",
        body: str = "The dam held through the night.",
        *,
        language: str = "en",
        story: str | None = None,
        seen: datetime = SEEN,
        published: datetime | None = SEEN,
        cause: str = "new_article",
    ) -> int:
        """An article with its first version and change; the change number."""
        month = date(seen.year, seen.month, 1)
        self._run(
            "INSERT INTO article (article_id, url, outlet_id, language, published_at,"
            " published_precision, first_seen_at, dated_at, dated_origin, intake, relation,"
            " index_month, stage) VALUES (%s, %s, 'gazette.example', %s, %s, 'minute', %s, %s,"
            " 'feed', 'feed', %s, %s, 'done')",
            [
                article_id,
                f"http://gazette.example/{article_id[:40]}",
                language,
                published,
                seen,
                published or seen,
                "exact" if story else "original",
                month,
            ],
        )
        story_id = story or article_id
        if story is None:
            self._run(
                "INSERT INTO story (story_id, founding, origin_article_id, first_dated_at,"
                " last_dated_at, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
                [article_id, article_id, article_id, seen, seen, seen],
            )
        self._run("UPDATE article SET story_id = %s WHERE article_id = %s", [story_id, article_id])
        self._run(
            "INSERT INTO article_source VALUES (%s, 's1', %s, %s)", [article_id, article_id, seen]
        )
        self.version(article_id, 1, title, body, language=language, month=month, seen=seen)
        return self.change(article_id, cause)

    def version(
        self,
        article_id: str,
        number: int,
        title: str,
        body: str,
        *,
        language: str = "en",
        month: date = date(2026, 5, 1),
        seen: datetime = SEEN,
    ) -> None:
        """A version, which becomes the current one."""
        self._run(
            "INSERT INTO article_version VALUES (%s, %s, %s, 'first', %s, %s, '{Ann Ray}', NULL,"
            " %s, '{}', 'h', 'feed', %s, 'e', %s)",
            [article_id, number, month, title, body, language, Json({"text": "1"}), seen],
        )
        self._run("UPDATE article SET version_no = %s WHERE article_id = %s", [number, article_id])

    def change(self, article_id: str, cause: str, version: int = 1) -> int:
        """A change of an article; its number."""
        return int(
            self._run(
                "INSERT INTO article_change (article_id, version_no, cause, changed_at)"
                " VALUES (%s, %s, %s, now()) RETURNING change_no",
                [article_id, version, cause],
            )[0][0]
        )

    def mention(self, article_id: str, start: int, name: str, actor_id: str, **more: Any) -> None:
        """A mention in the body of version 1; the actor is put in the list with its place."""
        latitude, longitude = more.get("place", (None, None))
        self._run(
            "INSERT INTO actor (actor_id, kind, name, country, latitude, longitude)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [actor_id, more.get("kind", "person"), name, more.get("country"), latitude, longitude],
        )
        self._run(
            "INSERT INTO mention VALUES (%s, 1, '2026-05-01', 'body', %s, %s, %s, %s, %s,"
            " %s, %s, %s, 'name', '1')",
            [
                article_id,
                start,
                start + len(name),
                name,
                actor_id,
                more.get("meant_id"),
                more.get("kind", "person"),
                name,
                more.get("country"),
            ],
        )

    def quote(self, article_id: str, start: int, text: str, speaker: tuple[str, str]) -> None:
        """A direct quote in the body of version 1."""
        self._run(
            "INSERT INTO quote VALUES (%s, 1, '2026-05-01', %s, %s, %s, 'direct', %s, %s,"
            " NULL, NULL, 'said', '1')",
            [article_id, start, start + len(text), text, *speaker],
        )

    def topic(self, article_id: str, topic_id: str, label: str) -> None:
        """The primary topic of version 1."""
        self._run(
            "INSERT INTO article_topic VALUES (%s, 1, %s, %s, 0.9, true, '1')",
            [article_id, topic_id, label],
        )

    def set(self, sql: str) -> None:
        """Any other change of a row."""
        self._run(sql)

    def ask(self, sql: str) -> list[Any]:
        """The rows of a question."""
        return self._run(sql)
