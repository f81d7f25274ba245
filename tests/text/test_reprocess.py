"""Articles made again from their raw entries under other rules.

Older rules are played by changing what they would have written.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mediawatch.cli import main
from mediawatch.cli.reprocess import read_since
from mediawatch.errors import InputError
from mediawatch.pipeline.reprocess import reprocess
from mediawatch.pipeline.stories import cluster, compare
from mediawatch.pipeline.text import normalise
from mediawatch.storage import reprocess as storage

SEEN = datetime(2026, 5, 14, 12, tzinfo=UTC)
URL = "https://daily.example/world/bridge-closed"
BODY = (
    "<p>The old bridge over the river was closed on Wednesday after engineers found cracks.</p>"
    "<p>Buses now take the northern road, and the city expects repairs to last until June.</p>"
)


@pytest.fixture
def announced(desk, context):
    """An article that went all the way and was announced."""
    desk.source("daily")
    entry = desk.entry(
        "daily", "g1", url=URL, title="Bridge closed", content=BODY,
        published="2026-05-14T08:00:00Z",
    )  # fmt: skip
    normalise(context)
    desk.run("UPDATE article SET stage = 'done', pending_cause = NULL")
    return desk.article_of(entry)


def row(desk):
    return desk.rows("SELECT version_no, stage, pending_cause, first_seen_at FROM article")


def test_what_did_not_change_stays_as_it_is(desk, context, announced):
    summary = reprocess(context, "text", SEEN)
    assert summary.counts == {"entries": 1, "same": 1}
    assert row(desk) == [(1, "done", None, SEEN)]
    assert desk.rows(
        "SELECT stage, since, finished_at IS NOT NULL, summary, rules ? 'urls' FROM reprocess_run"
    ) == [("text", SEEN, True, {"counts": {"entries": 1, "same": 1}, "fields": {}}, True)]


def test_a_changed_field_is_a_version_and_is_told_to_nobody(desk, context, announced):
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily', language = 'und'")
    desk.run("UPDATE article SET language = 'und'")
    summary = reprocess(context, "text", SEEN)
    assert summary.counts == {"entries": 1, "changed": 1}
    assert summary.fields == {"title": 1, "language": 1}
    assert [(e.article_id, e.field, e.before, e.after) for e in summary.examples] == [
        (announced, "title", "Bridge closed | Daily", "Bridge closed"),
        (announced, "language", "und", "en"),
    ]
    assert row(desk) == [(2, "cluster", "reprocess", SEEN)]
    assert desk.rows(
        "SELECT kind, title, language, rules <> '{}' FROM article_version ORDER BY version_no"
    ) == [
        ("first", "Bridge closed | Daily", "und", True),
        ("reprocess", "Bridge closed", "en", True),
    ]
    cluster(context)
    desk.run("UPDATE article SET stage = 'compare'")
    compare(context)
    assert desk.rows("SELECT version_no, cause FROM article_change") == [(2, "reprocess")]
    assert reprocess(context, "text", SEEN).counts == {"entries": 1, "same": 1}


def test_to_run_it_twice_before_the_next_step_makes_one_version(desk, context, announced):
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily'")
    reprocess(context, "text", SEEN)
    assert reprocess(context, "text", SEEN).counts == {"entries": 1, "same": 1}
    assert row(desk) == [(2, "cluster", "reprocess", SEEN)]


def test_an_article_under_way_is_left_alone(desk, context, announced):
    desk.run("UPDATE article SET stage = 'annotate', pending_cause = 'new_article'")
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily'")
    assert reprocess(context, "text", SEEN).counts == {}
    assert row(desk) == [(1, "annotate", "new_article", SEEN)]


def test_what_comes_in_while_it_is_made_again_is_news(desk, context, announced):
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily'")
    reprocess(context, "text", SEEN)
    desk.entry(
        "daily", "g1", seen=SEEN + timedelta(hours=2), url=URL, title="Bridge closed",
        content=BODY.replace("until June", "until August"),
    )  # fmt: skip
    normalise(context)
    assert row(desk) == [(3, "cluster", "new_version", SEEN)]


def test_a_date_that_the_rules_no_longer_believe_goes(desk, context, announced):
    desk.run("UPDATE raw_entry SET payload = payload - 'published'")
    summary = reprocess(context, "text", SEEN)
    assert summary.fields == {"published": 1, "event date": 1}
    assert desk.rows(
        "SELECT published_at, published_precision, dated_at, dated_origin, index_month FROM article"
    ) == [(None, "none", SEEN, "first_seen", date(2026, 5, 1))]


def test_a_date_that_another_entry_gave_stays(desk, context, announced):
    desk.source("planet")
    desk.entry(
        "planet", "x", seen=SEEN + timedelta(hours=1), url=URL, title="Bridge closed",
        content=BODY.replace("until June", "until July"),
    )  # fmt: skip
    normalise(context)
    desk.run("UPDATE article SET stage = 'done', pending_cause = NULL")
    later = replace(context, now=SEEN + timedelta(hours=2))
    assert reprocess(later, "text", SEEN).counts == {"entries": 1, "same": 1}
    assert desk.rows("SELECT published_at FROM article") == [
        (datetime(2026, 5, 14, 8, tzinfo=UTC),)
    ]


def test_what_was_wrongly_rejected_comes_in_and_is_told_to_nobody(desk, context, announced):
    entry = desk.entry("daily", "g2", url=f"{URL}-again", title="Bridge open again", content=BODY)
    desk.run(
        "UPDATE raw_entry SET state = 'rejected', code = 'soft_404' WHERE entry_id = %s", entry
    )
    assert reprocess(context, "text", SEEN).counts == {"entries": 2, "same": 1, "accepted": 1}
    assert desk.state(entry) == "article"
    assert desk.rows(
        "SELECT pending_cause FROM article WHERE article_id = %s", desk.article_of(entry)
    ) == [("reprocess",)]


def test_what_would_be_rejected_now_stays_and_is_shown(desk, context, announced):
    desk.run(
        "UPDATE raw_entry SET payload = payload || %s",
        json.dumps({"content": "", "title": "", "summary": ""}),
    )
    summary = reprocess(context, "text", SEEN)
    assert summary.counts == {"entries": 1, "refused": 1}
    assert summary.examples[0].after == "empty: There is no text in it."
    assert row(desk) == [(1, "done", None, SEEN)]


def test_a_page_that_is_no_longer_kept_changes_nothing(desk, context):
    desk.source("daily")
    page = f"<html><head><title>Bridge closed</title></head><body><article>{BODY * 3}</article>"
    desk.entry("daily", "g1", url=URL, title="Bridge closed", summary="Short.", page=page)
    normalise(context)
    desk.run("UPDATE article SET stage = 'done', pending_cause = NULL")
    desk.run("DELETE FROM raw_body")
    assert reprocess(context, "text", SEEN).counts == {"entries": 1, "without page": 1}
    assert row(desk) == [(1, "done", None, SEEN)]


def test_two_articles_that_have_one_key_by_the_rules_of_today_become_one(desk, context, announced):
    entry = desk.entry("daily", "g2", url=f"{URL}?id=7", title="Bridge closed", content=BODY)
    normalise(context)
    desk.run("UPDATE article SET stage = 'done', pending_cause = NULL")
    desk.run("UPDATE raw_entry SET payload = payload || %s", json.dumps({"url": URL}))
    assert reprocess(context, "text", SEEN).counts["merged"] == 1
    assert desk.rows(
        "SELECT merged_into FROM article WHERE article_id = %s", desk.article_of(entry)
    ) == [(announced,)]


def test_only_what_was_first_seen_since_is_made_again(context, announced):
    assert reprocess(context, "text", SEEN + timedelta(seconds=1)).counts == {}


def test_killed_before_the_commit_it_ends_the_same_when_run_again(
    desk, context, announced, database_url, tmp_path
):
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily'")
    program = "import sys; from mediawatch.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "reprocess", "--stage", "text"]
    env = {
        **os.environ,
        "MEDIAWATCH_DATABASE_URL": database_url,
        "MEDIAWATCH_ELASTICSEARCH_URL": "http://127.0.0.1:9",  # not asked
        "MEDIAWATCH_HOME": str(tmp_path),
        "MEDIAWATCH_KILL_AT": "reprocess.written",
    }
    killed = subprocess.run([*command, "--since", "2026-05-01"], env=env, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert row(desk) == [(1, "done", None, SEEN)]
    assert desk.rows("SELECT finished_at FROM reprocess_run") == [(None,)]
    assert reprocess(context, "text", SEEN).counts == {"entries": 1, "changed": 1}


def test_the_command_says_what_changed(
    desk, announced, database_url, tmp_path, monkeypatch, capsys
):
    desk.run("UPDATE article_version SET title = 'Bridge closed | Daily'")
    monkeypatch.setenv("MEDIAWATCH_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDIAWATCH_ELASTICSEARCH_URL", "http://127.0.0.1:9")  # not asked
    monkeypatch.setenv("MEDIAWATCH_HOME", str(tmp_path))
    assert main(["reprocess", "--stage", "text", "--since", "2026-05-01"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "        1  entries",
        "        1  changed",
        "        1  with another title",
        f"  {announced}  title: Bridge closed | Daily → Bridge closed",
    ]


def test_since_is_a_day_or_a_time():
    assert read_since("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)
    assert read_since("2026-05-01T08:00+02:00") == datetime(2026, 5, 1, 6, tzinfo=UTC)
    with pytest.raises(InputError, match="is no date; write"):
        read_since("last week")


def test_other_stages_choose_articles_and_send_them_back(desk, conn, announced):
    [chosen] = storage.articles_since(conn, SEEN, 0, 10)
    assert (chosen["article_id"], chosen["version_no"]) == (announced, 1)
    storage.send_back(conn, [announced], "annotate")
    conn.commit()
    assert row(desk) == [(1, "annotate", "reprocess", SEEN)]
    assert storage.articles_since(conn, SEEN, chosen["article_no"], 10) == []
