"""Stories made again: the same rules change nothing, decisions hold, nothing is mailed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mediawatch.model import LIVE_CAUSES
from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline import story_decisions
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.reprocess import reprocess
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from mediawatch.stories import similarity
from stories.rows import NOW, add_article, annotated, groups, query
from stories.texts import FOOTER, MINE, QUAY, VINES, cut

SINCE = NOW - timedelta(days=1)


@pytest.fixture
def context(conn: Connection, tmp_path: Path) -> Context:
    context = Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)
    for name, text in (("one", QUAY), ("cut", cut(QUAY, 0.6) + "\n" + FOOTER), ("mine", MINE)):
        add_article(conn, name, name, text)
    add_article(conn, "old", "Vines", VINES, dated_at=NOW - timedelta(days=5))
    conn.commit()
    finish(context)
    return context


def finish(context: Context) -> None:
    pipeline.cluster(context)
    annotated(context.conn)
    pipeline.compare(context)
    context.conn.commit()


def stories(context: Context) -> list[tuple[str, str, str]]:
    found = query(context.conn, "SELECT article_id, story_id, relation FROM article ORDER BY 1")
    context.conn.commit()
    return found


def last_change(context: Context) -> int:
    ((number,),) = query(context.conn, "SELECT max(change_no) FROM article_change")
    context.conn.commit()
    return int(number)


def test_the_same_rules_change_nothing(context: Context):
    before, changes = stories(context), last_change(context)
    counts = reprocess(context, "stories", SINCE).counts
    assert counts == {
        "articles": 3, "changed": 0, "pairs_kept": 1, "pairs_joined": 0, "pairs_parted": 0,
    }  # fmt: skip
    assert stories(context) == before
    assert last_change(context) == changes
    assert query(context.conn, "SELECT count(*) FROM event") == [(3,)]


def test_other_rules_part_pairs_and_nothing_of_it_is_mailed(
    context: Context, monkeypatch: pytest.MonkeyPatch
):
    before = last_change(context)
    monkeypatch.setattr(similarity, "JACCARD", 0.95)
    monkeypatch.setattr(similarity, "CONTAINED", 1.01)
    summary = reprocess(context, "stories", SINCE)
    assert summary.counts["pairs_parted"] == summary.counts["changed"] == 1
    assert [(e.article_id, e.before, e.after) for e in summary.examples] == [("cut", "one", "cut")]
    finish(context)
    assert query(context.conn, "SELECT event_id IS NOT NULL FROM story WHERE story_id = 'cut'") == [
        (True,)
    ]
    causes = query(
        context.conn, "SELECT article_id, cause FROM article_change WHERE change_no > %s", before
    )
    assert {article_id for article_id, _ in causes} == {"cut"}
    assert not LIVE_CAUSES & {cause for _, cause in causes}
    # Back again: what the story was called leads to the one that has its article.
    context.conn.commit()
    monkeypatch.undo()
    assert reprocess(context, "stories", SINCE).counts["pairs_joined"] == 1
    assert query(context.conn, "SELECT merged_into FROM story WHERE story_id = 'cut'") == [("one",)]


def test_what_people_decided_holds(context: Context):
    story_decisions.merge(context, "one", "mine", "ann")
    story_decisions.split(context, "one", ["cut"], "ann")
    before = groups(context.conn)
    assert before == {frozenset({"one", "mine"}), frozenset({"cut"}), frozenset({"old"})}
    assert reprocess(context, "stories", SINCE).counts["changed"] == 0
    assert groups(context.conn) == before


def test_nothing_to_do_is_said(context: Context):
    assert reprocess(context, "stories", NOW + timedelta(days=1)).counts == {}
