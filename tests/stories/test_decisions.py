"""People correct stories; origins, merged keys and what follows of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mediawatch.cli import main
from mediawatch.errors import InputError
from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline import story_decisions
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from mediawatch.stories.origins import Publication, origin
from stories.rows import NOW, add_article, annotated, groups, query
from stories.texts import FOOTER, MINE, QUAY, VINES, cut


@pytest.fixture
def context(conn: Connection, tmp_path: Path) -> Context:
    return Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)


def work(context: Context) -> None:
    """Cluster and compare what waits."""
    pipeline.cluster(context)
    annotated(context.conn)
    pipeline.compare(context)
    context.conn.commit()


def causes(context: Context) -> list[tuple[str, str]]:
    rows = query(
        context.conn, "SELECT article_id, cause FROM article_change WHERE cause <> 'new_article'"
    )
    context.conn.commit()
    return sorted(rows)


def test_a_merge_by_hand_holds_and_can_be_taken_back(context: Context):
    conn = context.conn
    for name, text in (("mine", MINE), ("quay", QUAY), ("copy", QUAY + "\n" + FOOTER)):
        add_article(conn, name, name, text)
    conn.commit()
    work(context)
    decided = story_decisions.merge(context, "copy", "mine", "ann")
    assert (decided.story_id, decided.other_id) == ("mine", "quay")
    assert groups(conn) == {frozenset({"mine", "quay", "copy"})}
    assert causes(context) == [("copy", "merge"), ("quay", "merge")]
    with pytest.raises(InputError, match="one story already"):
        story_decisions.merge(context, "copy", "mine", "ann")
    story_decisions.undo(context, decided.decision_id)
    assert groups(conn) == {frozenset({"mine"}), frozenset({"quay", "copy"})}
    assert ("copy", "split") in causes(context)
    assert query(conn, "SELECT event_id, merged_into FROM event ORDER BY 1") == [
        ("mine", None),
        ("quay", None),
    ]
    with pytest.raises(InputError, match="taken back before"):
        story_decisions.undo(context, decided.decision_id)
    with pytest.raises(InputError, match="no decision 99"):
        story_decisions.undo(context, 99)


def test_what_was_split_stays_apart_from_later_copies_too(context: Context):
    conn = context.conn
    other = QUAY + "\n" + FOOTER.upper()
    for name, text in (("one", QUAY), ("two", cut(QUAY, 0.9)), ("three", other)):
        add_article(conn, name, name, text)
    conn.commit()
    work(context)
    decided = story_decisions.split(context, "one", ["three", "two"], "ann")
    assert (decided.story_id, decided.other_id) == ("one", "two")
    assert groups(conn) == {frozenset({"one"}), frozenset({"two", "three"})}
    assert causes(context) == [("three", "split"), ("two", "split")]
    add_article(conn, "four", "a later copy of both", QUAY + "\n(Agency)")
    add_article(conn, "bridge", "another", QUAY + "\n" + VINES)
    conn.commit()
    work(context)
    assert len(groups(conn)) == 2
    story_decisions.undo(context, decided.decision_id)
    assert len(groups(conn)) == 1


def test_a_founder_does_not_leave_and_strangers_cannot(context: Context):
    add_article(context.conn, "one", "Quay", QUAY)
    add_article(context.conn, "two", "Quay", QUAY)
    add_article(context.conn, "mine", "Mine", MINE)
    context.conn.commit()
    work(context)
    with pytest.raises(InputError, match="founded the story"):
        story_decisions.split(context, "two", ["one"], "ann")
    with pytest.raises(InputError, match="no article 'mine' in the story"):
        story_decisions.split(context, "two", ["mine"], "ann")


def test_the_story_of_a_merged_founder_stands_again_when_it_is_split_off(context: Context):
    conn = context.conn
    half = len(QUAY.split()) // 2
    add_article(conn, "early", "First half", " ".join(QUAY.split()[:half]))
    add_article(conn, "late", "Second half", " ".join(QUAY.split()[half:]))
    conn.commit()
    work(context)
    add_article(conn, "late copy", "Second half", " ".join(QUAY.split()[half:]) + "\n" + FOOTER)
    add_article(conn, "whole", "All", QUAY)
    conn.commit()
    work(context)
    assert len(groups(conn)) == 1
    story_decisions.split(context, "early", ["late"], "ann")
    assert groups(conn) == {frozenset({"late"}), frozenset({"early", "late copy", "whole"})}


def test_two_articles_that_are_one_bring_their_stories_together(context: Context):
    conn = context.conn
    add_article(conn, "old", "Quay", QUAY)
    add_article(conn, "young", "Mine", MINE)
    add_article(conn, "copy", "Mine", MINE + "\n" + FOOTER)
    conn.commit()
    work(context)
    # What the text stage does with two articles that meet on one key.
    query(
        conn,
        "UPDATE article SET merged_into = 'old', stage = 'cluster' WHERE article_id = 'young'"
        " RETURNING 1",
    )
    conn.commit()
    assert pipeline.cluster(context)["merged"] == 1
    assert groups(conn) == {frozenset({"old", "young", "copy"})}
    assert query(conn, "SELECT merged_into FROM story WHERE story_id = 'young'") == [("old",)]
    assert pipeline.cluster(context)["in"] == 0


def test_the_origin_moves_to_the_earlier_publication_with_a_reason(context: Context):
    conn = context.conn
    add_article(conn, "copy", "Quay", QUAY, outlet="b.example")
    conn.commit()
    work(context)
    origins = "SELECT origin_article_id, origin_reason FROM story WHERE story_id = 'copy'"
    assert query(conn, origins) == [("copy", "earliest")]
    add_article(conn, "first", "Quay", QUAY, outlet="a.example", dated_at=NOW - timedelta(hours=3))
    conn.commit()
    work(context)
    assert query(conn, origins) == [("first", "earliest")]
    # The document of the old first article must say so; the new one's comes with its own change.
    assert causes(context) == [("copy", "merge")]
    query(conn, "UPDATE article SET merged_into = 'copy', stage = 'cluster'"
                " WHERE article_id = 'first' RETURNING 1")  # fmt: skip
    conn.commit()
    pipeline.cluster(context)
    assert query(conn, origins) == [("copy", "earliest")]


PAPER = Publication(
    article_id="paper",
    number=2,
    dated_at=NOW,
    outlet_id="paper.example",
    outlet_name="The Paper",
    tier=2,
    credit="Reuters",
)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], ("paper", "earliest")),
        # the agency's own publication, though it came later
        (
            [
                replace(
                    PAPER, article_id="wire", outlet_id="reuters.com", dated_at=NOW + timedelta(1)
                )
            ],
            ("wire", "agency"),
        ),
        # an agency that credits another one
        (
            [replace(PAPER, article_id="wire", outlet_name="AFP", dated_at=NOW + timedelta(1))],
            ("paper", "earliest"),
        ),
        # two letters of a domain name no agency
        (
            [replace(PAPER, article_id="tt", outlet_id="tt.com", credit=None, number=3)],
            ("paper", "first_seen"),
        ),
        ([replace(PAPER, article_id="large", tier=1, number=3)], ("large", "outlet")),
    ],
)
def test_origin(others: list[Publication], expected: tuple[str, str]):
    assert origin([PAPER, *others]) == expected
    assert origin([*others, PAPER]) == expected


def test_the_commands_say_what_they_did_and_how_to_take_it_back(
    context: Context, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys
):
    for name, text in (("mine", MINE), ("quay", QUAY)):
        add_article(context.conn, name, name, text, outlet=f"{name}.example")
    context.conn.commit()
    work(context)
    monkeypatch.setenv("MEDIAWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDIAWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")  # not asked
    monkeypatch.setenv("MEDIAWATCH_SMTP_URL", "smtp://127.0.0.1:9")
    assert main(["stories", "merge", "mine", "quay", "--by", "ann"]) == 0
    number = capsys.readouterr().out.split()[-1].strip("`")
    assert main(["stories", "show", "quay"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("story mine: 2 articles, 2 known outlets")
    assert f"decision {number}: merge quay by ann" in shown
    assert "the origin" in shown
    assert main(["stories", "undo", number]) == 0
    assert main(["stories", "undo", number]) == 1
    assert main(["stories", "split", "mine", "mine"]) == 1
    assert "founded the story" in capsys.readouterr().err
