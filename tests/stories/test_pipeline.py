"""The steps cluster and compare on Postgres."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediawatch.cli import main
from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings
from mediawatch.storage import stories as storage
from mediawatch.storage.connection import Connection, connect
from mediawatch.stories.inspection import inspect_stories
from stories.rows import NOW, add_article, add_version, annotated, groups, query
from stories.test_clusters import DAY, TEXTS, articles, newcomer, partition
from stories.test_events import TEXTS as EVENT_TEXTS
from stories.texts import FOOTER, MINE, QUAY, VINES, cut, earnings


@pytest.fixture
def context(conn: Connection, tmp_path: Path) -> Context:
    return Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)


def test_copies_become_one_story_and_each_article_gets_its_change(context: Context):
    conn = context.conn
    add_article(conn, "one", "Quay approved", QUAY, outlet="a.example")
    add_article(conn, "two", "A new quay", "LENZ (Agency) - " + QUAY, outlet="b.example")
    add_article(conn, "three", "Herring", cut(QUAY, 0.6) + "\n\n" + FOOTER, outlet="c.example")
    add_article(conn, "mine", "Miners found", MINE, intake="archive")
    conn.commit()
    assert pipeline.cluster(context) == {
        "in": 4, "founded": 2, "joined": 2, "known": 0, "merged": 0, "capped": 0,
    }  # fmt: skip
    assert groups(conn) == {frozenset({"one", "two", "three"}), frozenset({"mine"})}
    assert query(conn, "SELECT relation, of_article_id FROM article WHERE article_id = 'two'") == [
        ("near", "one")
    ]
    annotated(conn)
    assert pipeline.compare(context) == {"in": 4, "events": 2, "changes": 4}
    changes = query(conn, "SELECT article_id, version_no, cause FROM article_change")
    assert sorted(changes) == [
        ("mine", 1, "backfill"),
        ("one", 1, "new_article"),
        ("three", 1, "new_article"),
        ("two", 1, "new_article"),
    ]
    assert query(conn, "SELECT DISTINCT stage, pending_cause FROM article") == [("done", None)]
    events = query(conn, "SELECT story_id, event_id FROM story ORDER BY story_id")
    assert events == [("mine", "mine"), ("one", "one")]
    members = storage.members(conn, ["one"])["one"]
    assert [m["article_id"] for m in members] == ["one", "two", "three"]
    assert pipeline.cluster(context)["in"] == pipeline.compare(context)["in"] == 0


def test_a_bridge_merges_stories_and_puts_the_moved_articles_on_the_list(context: Context):
    conn = context.conn
    half = len(QUAY.split()) // 2
    add_article(conn, "early", "First half", " ".join(QUAY.split()[:half]))
    add_article(conn, "late", "Second half", " ".join(QUAY.split()[half:]))
    conn.commit()
    pipeline.cluster(context)
    annotated(conn)
    pipeline.compare(context)
    add_article(conn, "bridge", "All", QUAY)
    conn.commit()
    assert pipeline.cluster(context)["merged"] == 1
    assert groups(conn) == {frozenset({"early", "late", "bridge"})}
    stories = query(conn, "SELECT story_id, merged_into FROM story ORDER BY story_id")
    assert stories == [("early", None), ("late", "early")]
    # The article keeps the story that it was given; the way leads over the merge.
    assert query(conn, "SELECT story_id FROM article WHERE article_id = 'late'") == [("late",)]
    merges = query(conn, "SELECT article_id FROM article_change WHERE cause = 'merge'")
    assert merges == [("late",)]
    annotated(conn)
    pipeline.compare(context)
    events = query(conn, "SELECT event_id, merged_into FROM event ORDER BY 1")
    assert events == [("early", None), ("late", "early")]


def test_events_are_those_of_inspect_in_any_batches(
    context: Context, monkeypatch: pytest.MonkeyPatch
):
    conn = context.conn
    for n, (title, body) in enumerate(EVENT_TEXTS):
        add_article(conn, f"a{n}", title, body, dated_at=NOW - timedelta(days=n % 2))
    conn.commit()
    pipeline.cluster(context)
    annotated(conn)
    monkeypatch.setattr(pipeline, "COMPARE_BATCH", 3)
    assert pipeline.compare(context)["events"] == len(EVENT_TEXTS)
    lines = [{"id": f"a{n}", "title": t, "body": b} for n, (t, b) in enumerate(EVENT_TEXTS)]
    found = query(conn, "SELECT story_id, event_id FROM story ORDER BY 1")
    assert found == [(a["id"], a["event"]) for a in inspect_stories(lines)]
    profiles = query(conn, "SELECT event_id, stories, last_day - first_day FROM event_profile")
    assert sorted(profiles) == [("a0", 2, 0), ("a1", 1, 0), ("a3", 1, 0), ("a4", 1, 0)]
    assert query(conn, "SELECT stories FROM event_count") == [(5,)]


def test_a_merge_ends_the_event_that_holds_nothing_else(context: Context):
    conn = context.conn
    both = MINE + "\n" + VINES
    add_article(conn, "mine", "Miners", MINE)
    add_article(conn, "vines", "Vines", VINES)
    conn.commit()
    pipeline.cluster(context)
    annotated(conn)
    pipeline.compare(context)
    add_article(conn, "bridge", "All", both)
    conn.commit()
    assert pipeline.cluster(context)["merged"] == 1
    ended = query(conn, "SELECT event_id, merged_into FROM event ORDER BY 1")
    assert ended == [("mine", None), ("vines", "mine")]
    assert query(conn, "SELECT event_id FROM event_profile") == [("mine",)]


def test_a_new_version_keeps_its_story_and_all_texts_stay_searchable(context: Context):
    conn = context.conn
    add_article(conn, "one", "Quay approved", QUAY)
    conn.commit()
    pipeline.cluster(context)
    add_version(conn, "one", 2, "Miners found", MINE)
    add_version(conn, "one", 3, "Vines go", VINES)
    conn.commit()
    assert pipeline.cluster(context)["known"] == 1
    for name, text in (("a", QUAY), ("b", MINE), ("c", VINES)):
        add_article(conn, name, name, text + "\n" + FOOTER)
    conn.commit()
    pipeline.cluster(context)
    assert groups(conn) == {frozenset({"one", "a", "b", "c"})}
    assert query(conn, "SELECT article_id FROM article WHERE 'diverged' = ANY(flags)") == [("one",)]
    signed = query(
        conn,
        "SELECT s.version_no FROM article_signature s JOIN article a USING (article_no)"
        " WHERE a.article_id = 'one' ORDER BY 1",
    )
    assert signed == [(1,), (2,), (3,)]


def test_a_repeat_after_the_window_is_a_new_story_that_says_so(context: Context):
    conn = context.conn
    add_article(conn, "one", "Quay", QUAY, dated_at=NOW - timedelta(days=90))
    add_article(conn, "two", "Quay", QUAY)
    add_article(conn, "three", "Quay", QUAY, dated_at=NOW - timedelta(days=25))
    conn.commit()
    pipeline.cluster(context)
    assert query(conn, "SELECT story_id, repeat_of FROM story ORDER BY 1") == [
        ("one", None),
        ("two", "one"),
    ]
    assert query(conn, "SELECT article_id FROM article WHERE 'repeat' = ANY(flags)") == [("two",)]
    reach = query(conn, "SELECT first_dated_at, last_dated_at FROM story WHERE story_id = 'two'")
    assert reach == [(NOW - timedelta(days=25), NOW)]


def test_hidden_articles_pass_without_a_story(context: Context):
    conn = context.conn
    add_article(conn, "one", "Quay", QUAY)
    query(conn, "UPDATE article SET tombstoned = true RETURNING 1")
    conn.commit()
    pipeline.cluster(context)
    annotated(conn)
    assert pipeline.compare(context)["changes"] == 1
    assert query(conn, "SELECT count(*) FROM story") == [(0,)]


def test_two_thousand_identical_articles_store_their_keys_once(context: Context):
    conn = context.conn
    for number in range(2_000):
        add_article(conn, f"a{number}", f"Headline {number % 5}", QUAY)
    conn.commit()
    counts = pipeline.cluster(context)
    assert (counts["founded"], counts["joined"], counts["capped"]) == (1, 1_999, 0)
    assert query(conn, "SELECT count(*) <= 40 FROM story_band") == [(True,)]


def test_twins_beyond_the_cap_are_recorded(context: Context):
    conn = context.conn
    for n in range(60):
        body = earnings(f"Firm{n} Works", n + 1.5, n + 2.5, n + 300.5, n + 3)
        add_article(conn, f"a{n}", f"Firm{n} reports", body)
    conn.commit()
    counts = pipeline.cluster(context)
    assert counts["founded"] == 60
    assert counts["capped"] == len(query(conn, "SELECT * FROM story_capped")) > 0


def test_two_workers_at_once_agree(context: Context, database_url: str, tmp_path: Path):
    for number in range(40):
        add_article(context.conn, f"a{number}", "Quay", f"Edition {number}. " + QUAY)
    context.conn.commit()
    faults: list[BaseException] = []

    def work() -> None:
        with closing(connect(database_url)) as conn:
            try:
                pipeline.cluster(Context(conn=conn, settings=context.settings, now=NOW))
            except BaseException as fault:  # noqa: BLE001
                faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not faults
    assert groups(context.conn) == {frozenset(f"a{n}" for n in range(40))}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), chosen=articles)
def test_postgres_gives_the_partition_of_memory_in_any_order(
    context: Context, monkeypatch: pytest.MonkeyPatch, data, chosen: Sequence[tuple[int, int, str]]
):
    conn = context.conn
    conn.rollback()
    query(conn, "TRUNCATE article, story, event, story_band, story_content, article_signature,"
                " article_version, story_capped CASCADE; SELECT 1")  # fmt: skip
    in_memory = [
        newcomer(n, *TEXTS[text], day=DAY + timedelta(days), place=place and f"{place} {days}")
        for n, (text, days, place) in enumerate(chosen)
    ]
    expected = {frozenset(f"a{n}" for n in group) for group in partition([in_memory])}
    for number in data.draw(st.permutations(range(len(chosen)))):
        text, days, place = chosen[number]
        dated = NOW + timedelta(days)
        add_article(
            conn, f"a{number}", *TEXTS[text], dated_at=dated, outlet="x.example" if place else None
        )
    conn.commit()
    monkeypatch.setattr(pipeline, "CLUSTER_BATCH", data.draw(st.integers(1, 12)))
    pipeline.cluster(context)
    assert groups(conn) == expected


def test_stories_show_prints_a_story_by_an_article(
    context: Context, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys
):
    add_article(context.conn, "one", "Quay approved", QUAY, outlet="a.example")
    add_article(context.conn, "two", "A new quay", QUAY, outlet="b.example")
    context.conn.commit()
    pipeline.cluster(context)
    monkeypatch.setenv("MEDIAWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDIAWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")  # not asked
    monkeypatch.setenv("MEDIAWATCH_SMTP_URL", "smtp://127.0.0.1:9")
    assert main(["stories", "show", "two"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("story one: 2 articles, 2 known outlets")
    assert "exact of one (1.00)" in shown
    assert main(["stories", "show", "three"]) == 1
    assert "no story 'three'" in capsys.readouterr().err
