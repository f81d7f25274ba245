"""The steps on a real database."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest

from mediawatch.cli import main
from mediawatch.pipeline import meaning
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection

NOW = datetime(2021, 12, 16, 9, 0, tzinfo=UTC)
BODY = (
    "Vladimir Putin met Emmanuel Macron in Moscow on Monday, after weeks of tension.\n\n"
    "“We agreed on every single point of the plan,” Putin said.\n\n"
    "The Russian president thanked Marlene Vossbeck, a mediator from Lübeck."
)


@pytest.fixture
def ctx(conn: Connection, tagger) -> Context:
    return Context(conn=conn, settings=Settings.from_env(os.environ), now=NOW)


def add_article(
    conn: Connection, name: str, body: str = BODY, *, language: str = "en", version: int = 1
) -> None:
    values = {"id": name, "body": body, "lang": language, "v": version, "now": NOW}
    with conn, conn.cursor() as cursor:
        cursor.execute(
            """INSERT INTO article (article_id, language, version_no, published_at, published_date,
                   first_seen_at, dated_at, dated_origin, intake, index_month, stage)
               VALUES (%(id)s, %(lang)s, %(v)s, %(now)s, %(now)s, %(now)s, %(now)s,
                   'published', 'feed', '2021-12-01', 'annotate')
               ON CONFLICT (article_id) DO UPDATE SET version_no = %(v)s, stage = 'annotate'""",
            values,
        )
        cursor.execute(
            """INSERT INTO article_version (article_id, version_no, month, kind, title, body,
                   language, text_hash, extractor, rules, entry_id, seen_at)
               VALUES (%(id)s, %(v)s, '2021-12-01', 'first', 'Putin and Macron meet', %(body)s,
                   %(lang)s, 'h', 'x', '{"text": "1"}', 'e', %(now)s)""",
            values,
        )


def rows(conn: Connection, sql: str) -> list[tuple]:
    with conn, conn.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_an_article_gets_its_annotation_and_goes_on(ctx: Context, conn: Connection):
    add_article(conn, "a")
    counts = meaning.annotate(ctx)
    assert (counts["in"], counts["failed"], counts["without_tagger"]) == (1, 0, 0)
    assert rows(conn, "SELECT stage FROM article") == [("compare",)]
    found = rows(
        conn,
        "SELECT text, actor_id, via, country, month FROM mention WHERE part = 'body'"
        " ORDER BY start_at, end_at",
    )
    assert ("Vladimir Putin", "Q7747", "name", "Q159", date(2021, 12, 1)) in found
    assert ("Russian president", "Q7747", "description", "Q159", date(2021, 12, 1)) in found
    assert any(text == "Marlene Vossbeck" and i.startswith("local:") for text, i, *_ in found)
    assert rows(conn, "SELECT DISTINCT text FROM mention WHERE part = 'title'") == [
        ("Macron",),
        ("Putin",),
    ]
    assert rows(conn, "SELECT speaker_id, cue FROM quote") == [("Q7747", "said")]
    assert rows(conn, "SELECT count(*) FROM article_topic WHERE is_primary") == [(1,)]
    ((rules,),) = rows(conn, "SELECT rules FROM article_version")
    assert rules["text"] == "1"
    assert rules["tagger"] == "stanford-4.5.10:en"


def test_doing_it_again_changes_nothing(ctx: Context, conn: Connection):
    add_article(conn, "a")
    meaning.annotate(ctx)
    first = rows(conn, "SELECT * FROM mention ORDER BY 1, 2, 4, 5, 6, 8")
    rows_before = rows(conn, "SELECT * FROM quote")
    with conn, conn.cursor() as cursor:
        cursor.execute("UPDATE article SET stage = 'annotate'")
    meaning.annotate(ctx)
    assert rows(conn, "SELECT * FROM mention ORDER BY 1, 2, 4, 5, 6, 8") == first
    assert rows(conn, "SELECT * FROM quote") == rows_before
    assert meaning.annotate(ctx)["in"] == 0


def test_each_version_has_its_own(ctx: Context, conn: Connection):
    add_article(conn, "a")
    meaning.annotate(ctx)
    add_article(conn, "a", "Angela Merkel spoke in Berlin.", version=2)
    meaning.annotate(ctx)
    found = rows(conn, "SELECT DISTINCT version_no FROM mention ORDER BY 1")
    assert found == [(1,), (2,)]
    people = rows(
        conn,
        "SELECT name FROM mention WHERE version_no = 2 AND part = 'body' AND kind = 'person'",
    )
    assert people == [("Angela Merkel",)]


def test_without_a_tagger_the_list_alone_and_it_says_so(ctx: Context, conn: Connection):
    add_article(conn, "a", "Vladimir Poutine a reçu Emmanuel Macron à Moscou.", language="fr")
    assert meaning.annotate(ctx)["without_tagger"] == 1
    ((rules,),) = rows(conn, "SELECT rules FROM article_version")
    assert rules["tagger"] == "none:fr"


def test_hidden_and_empty_articles_go_on_without(ctx: Context, conn: Connection):
    add_article(conn, "a", "")
    add_article(conn, "b")
    with conn, conn.cursor() as cursor:
        cursor.execute("UPDATE article SET tombstoned = true WHERE article_id = 'b'")
    assert meaning.annotate(ctx)["in"] == 2
    assert rows(conn, "SELECT DISTINCT stage FROM article") == [("compare",)]
    assert rows(conn, "SELECT count(*) FROM mention WHERE part = 'body'") == [(0,)]


def test_what_another_worker_holds_is_left_alone(ctx: Context, conn: Connection, database_url: str):
    from mediawatch.storage.connection import connect

    add_article(conn, "a")
    other = connect(database_url)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM article FOR UPDATE")
        assert meaning.annotate(ctx)["in"] == 0
    finally:
        other.close()
    assert meaning.annotate(ctx)["in"] == 1


def test_the_list_is_imported_once(ctx: Context, conn: Connection):
    assert meaning.import_actors(ctx)["actors"] > 10_000
    assert meaning.import_actors(ctx) == {"actors": 0}
    assert rows(conn, "SELECT name, country FROM actor WHERE actor_id = 'gov:RUS'") == [
        ("Government of Russia", "Q159")
    ]
    with conn, conn.cursor() as cursor:
        cursor.execute("UPDATE import_entry SET origin_hash = '' WHERE entry_id = 'persons.tsv'")
        cursor.execute("UPDATE actor SET name = 'VVP', origin = 'person' WHERE actor_id = 'Q7747'")
        cursor.execute("UPDATE actor SET name = 'old' WHERE actor_id = 'Q15031'")
        cursor.execute("INSERT INTO actor_alias VALUES ('Q7747', 'gone', 'name')")
    assert meaning.import_actors(ctx) == {"actors": 1}
    names = rows(conn, "SELECT name FROM actor WHERE actor_id IN ('Q7747', 'Q15031') ORDER BY 1")
    assert names == [("VVP",), ("Xi Jinping",)]
    assert rows(conn, "SELECT 1 FROM actor_alias WHERE alias = 'gone'") == []


def test_actors_show(
    ctx: Context, conn: Connection, database_url: str, monkeypatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setenv("MEDIAWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDIAWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("MEDIAWATCH_SMTP_URL", "smtp://127.0.0.1:9")
    meaning.import_actors(ctx)
    add_article(conn, "a")
    meaning.annotate(ctx)
    assert main(["actors", "show", "vladimir putin"]) == 0
    shown = capsys.readouterr().out
    assert "Vladimir Putin  Q7747  (person, Russia)" in shown
    assert "in 1 articles as Vladimir Putin" in shown
    assert main(["actors", "show", "Marlene Vossbeck", "--json"]) == 0
    assert '"local:' in capsys.readouterr().out
    assert main(["actors", "show", "Nobody At All"]) == 1
    assert "Nobody At All" in capsys.readouterr().err
