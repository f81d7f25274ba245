"""What people decide of actors, and annotations made again: on a real database."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meaning.test_pipeline import add_article, rows
from mediawatch.cli import main
from mediawatch.errors import InputError
from mediawatch.meaning.spots import local_actor
from mediawatch.pipeline import actor_edits, meaning
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.reprocess import reprocess
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection

NOW = datetime(2021, 12, 16, 9, 0, tzinfo=UTC)
BODY = (
    "Angela Merkel met Emmanuel Macron on Monday.\n\n"
    "“The plan is good,” Merkel said. The Iron Postman, as friends call Macron, agreed."
)
MACRON, MERKEL = "Q3052772", "Q567"


@pytest.fixture
def ctx(conn: Connection) -> Context:
    # The list alone is enough here, and starts at once.
    settings = replace(Settings.from_env(os.environ), taggers=())
    made = Context(conn=conn, settings=settings, now=NOW + timedelta(days=1))
    with conn, conn.cursor() as cursor:
        cursor.execute(
            "INSERT INTO actor (actor_id, kind, name) VALUES"
            " ('Q3052772', 'person', 'Emmanuel Macron'), ('Q567', 'person', 'Angela Merkel')"
        )
    for name in ("a", "b"):
        add_article(conn, name, BODY)
    settle(made)
    return made


def settle(ctx: Context) -> dict[str, int]:
    """Annotate what waits, and let it rest as if it had been told."""
    counts = meaning.annotate(ctx)
    with ctx.conn, ctx.conn.cursor() as cursor:
        cursor.execute("UPDATE article SET stage = 'done', pending_cause = NULL")
    return counts


def named(conn: Connection, text: str) -> set[str]:
    return {
        actor_id
        for (actor_id,) in rows(conn, f"SELECT actor_id FROM mention WHERE text = '{text}'")
    }


def waiting(conn: Connection) -> list[tuple]:
    return rows(conn, "SELECT article_id, stage, pending_cause FROM article WHERE stage <> 'done'")


def test_an_alias_finds_its_actor_in_the_past_too_and_can_be_taken_back(ctx, conn):
    assert MACRON not in named(conn, "Iron Postman")
    assert actor_edits.add_alias(ctx, MACRON, "Iron Postman", "eve") == 2
    assert waiting(conn) == [(a, "annotate", "alias_edit") for a in ("a", "b")]
    settle(ctx)
    assert named(conn, "Iron Postman") == {MACRON}
    ((number,),) = rows(conn, "SELECT decision_id FROM actor_decision")
    assert actor_edits.undo(ctx, number) == 2
    settle(ctx)
    assert MACRON not in named(conn, "Iron Postman")
    assert rows(conn, "SELECT count(*) FROM actor_alias WHERE origin = 'person'") == [(0,)]


def test_two_actors_are_one_with_their_quotations_and_can_be_parted_again(ctx, conn):
    assert actor_edits.merge(ctx, MERKEL, MACRON, "eve") == 2
    settle(ctx)
    assert named(conn, "Angela Merkel") == {MACRON}
    assert rows(conn, "SELECT DISTINCT speaker_id FROM quote") == [(MACRON,)]
    ((number,),) = rows(conn, "SELECT decision_id FROM actor_decision")
    actor_edits.undo(ctx, number)
    settle(ctx)
    assert named(conn, "Angela Merkel") == {MERKEL}


def test_a_name_that_means_somebody_else(ctx, conn):
    assert actor_edits.split(ctx, MACRON, "Macron", "eve") == 2
    settle(ctx)
    assert named(conn, "Macron") == {local_actor("Macron", "person").actor_id}
    assert named(conn, "Emmanuel Macron") == {MACRON}


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda c: actor_edits.add_alias(c, MACRON, "EM", "eve"), "too short"),
        (lambda c: actor_edits.add_alias(c, MACRON, "Vladimir Putin", "eve"), "actors split"),
        (lambda c: actor_edits.add_alias(c, "local:1", "Vossi", "eve"), "actors merge"),
        (lambda c: actor_edits.merge(c, MERKEL, "Q0", "eve"), "no actor has the id Q0"),
        (lambda c: actor_edits.split(c, "Q0", "Macron", "eve"), "no actor has the id Q0"),
        (lambda c: actor_edits.undo(c, 7), "no decision 7"),
    ],
)
def test_what_cannot_be_decided_names_the_cure(ctx, conn, edit, fault: str):
    with pytest.raises(InputError, match=fault):
        edit(ctx)
    assert waiting(conn) == []


def test_a_circle_of_merges_is_refused(ctx):
    actor_edits.merge(ctx, MERKEL, MACRON, "eve")
    with pytest.raises(InputError, match="undo that first"):
        actor_edits.merge(ctx, MACRON, MERKEL, "eve")


def test_an_annotation_made_again_changes_only_what_differs(ctx, conn):
    assert reprocess(ctx, "meaning", NOW).counts == {"articles": 2, "same": 2}
    with conn, conn.cursor() as cursor:
        cursor.execute(
            "UPDATE mention SET name = 'Nobody', actor_id = 'Q0'"
            " WHERE article_id = 'a' AND actor_id = 'Q3052772'"
        )
    summary = reprocess(ctx, "meaning", NOW)
    assert summary.counts == {"articles": 2, "same": 1, "changed": 1}
    assert summary.fields == {"actors": 1}
    assert [(e.field, e.before, e.after) for e in summary.examples] == [
        ("Emmanuel Macron", "0 articles (0 stories) lost", "1 articles (1 stories) won"),
        ("Nobody", "1 articles (1 stories) lost", "0 articles (0 stories) won"),
    ]
    assert waiting(conn) == [("a", "compare", "reprocess")]
    assert reprocess(ctx, "meaning", NOW).counts == {"articles": 2, "same": 2}


def test_the_commands(ctx, conn, capsys, monkeypatch, database_url):
    monkeypatch.setenv("MEDIAWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDIAWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("MEDIAWATCH_SMTP_URL", "smtp://127.0.0.1:9")
    assert main(["actors", "split", MACRON, "Macron"]) == 0
    assert "2 articles are read again; nothing of it is mailed" in capsys.readouterr().out
    assert main(["actors", "decisions"]) == 0
    assert "Q3052772 is not Macron" in capsys.readouterr().out
    assert main(["actors", "undo", "99"]) != 0
    assert "no decision 99" in capsys.readouterr().err
