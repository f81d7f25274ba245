"""The step ``normalise``: identity, versions, merges, rejections."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mediawatch.model import RawEntry
from mediawatch.pipeline import text
from mediawatch.pipeline.text import normalise
from mediawatch.storage.connection import connect
from mediawatch.storage.tombstones import keyed_hash
from mediawatch.text.extraction import Page
from mediawatch.text.normalize import Request
from mediawatch.text.urls import key_hash
from mediawatch.text.worker import Worker

SEEN = datetime(2026, 5, 14, 12, tzinfo=UTC)
LATER = SEEN + timedelta(hours=1)
BODY = (
    "<p>The river commission agreed on Wednesday to lower the dam by two metres before autumn.</p>"
    "<p>Farmers below the dam had asked for a slower plan, and three villages will be paid.</p>"
)
URL = "https://daily.example/world/dam-lowered"
PAGE = f"""<html><head><title>Dam to be lowered | Daily</title>
<link rel="canonical" href="{URL}"></head><body><article><h1>Dam to be lowered</h1>{BODY}
<p>The commission meets again in June to decide on the money, its speaker said in the capital.</p>
</article></body></html>"""


def test_an_entry_becomes_an_article(desk, context):
    desk.source("daily", outlet="daily-desk")
    entry = desk.entry(
        "daily", "g1", url=f"{URL}?utm_source=rss", title="Dam to be lowered", content=BODY,
        authors=["By Jane Doe and John Roe"], published="Thu, 14 May 2026 10:00:00 +0200",
    )  # fmt: skip
    assert normalise(context) == {"in": 1, "article": 1}
    assert desk.state(entry) == "article"
    assert desk.rows(
        "SELECT url, url_key, outlet_id, language, published_at, published_precision, dated_at,"
        " dated_origin, first_seen_at, intake, stage, pending_cause, index_month FROM article"
    ) == [
        (URL, "daily.example/world/dam-lowered", "daily.example", "en",
         datetime(2026, 5, 14, 8, tzinfo=UTC), "second", datetime(2026, 5, 14, 8, tzinfo=UTC),
         "published", SEEN, "feed", "cluster", "new_article", date(2026, 5, 1))
    ]  # fmt: skip
    [(title, body, authors, kind, extractor)] = desk.rows(
        "SELECT title, body, authors, kind, extractor FROM article_version"
    )
    assert (title, authors, kind, extractor) == (
        "Dam to be lowered", ["Jane Doe", "John Roe"], "first", "feed"
    )  # fmt: skip
    assert body.count("\n\n") == 1
    assert body.startswith("The river commission agreed")
    assert len(desk.rows("SELECT key FROM article_key")) == 2
    assert normalise(context) == {}


def test_one_address_from_two_feeds_is_one_article(desk, context):
    desk.source("daily")
    desk.source("planet")
    first = desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    second = desk.entry(
        "planet", "x9", url=URL.replace("https://", "http://www.") + "?ref=rss",
        title="Dam to be lowered", content=BODY,
    )  # fmt: skip
    assert normalise(context) == {"in": 2, "article": 1, "known": 1}
    assert desk.article_of(first) == desk.article_of(second)
    assert sorted(desk.rows("SELECT source_id FROM article_source")) == [("daily",), ("planet",)]


def test_an_item_that_moves_to_another_address_stays_one_article(desk, context):
    desk.source("daily")
    first = desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    moved = desk.entry(
        "daily", "g1", url=URL + "-by-two-metres", title="Dam to be lowered", content=BODY
    )
    normalise(context)
    assert desk.article_of(first) == desk.article_of(moved)
    assert desk.state(moved) == "known"


def test_two_articles_that_meet_on_one_key_are_merged(desk, context):
    desk.source("daily")
    desk.source("planet")
    old = desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    young = desk.entry(
        "planet", "x9", seen=LATER, url="https://planet.example/r/77", title="Dam lowered soon",
        content=BODY.replace("autumn", "winter"),
    )  # fmt: skip
    normalise(context)
    assert desk.article_of(old) != desk.article_of(young)
    met = desk.entry("planet", "x9", seen=LATER, url=URL, title="Dam to be lowered", content=BODY)
    normalise(context)
    assert desk.article_of(met) == desk.article_of(old)
    assert desk.rows(
        "SELECT merged_into FROM article WHERE article_id = %s", desk.article_of(young)
    ) == [(desk.article_of(old),)]
    assert ("merge", desk.article_of(young)) in desk.rows(
        "SELECT cause, article_id FROM article_change"
    )
    assert {article for _, article in desk.rows("SELECT key, article_id FROM article_key")} == {
        desk.article_of(old)
    }


def test_a_changed_text_is_a_new_version(desk, context):
    desk.source("daily")
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    normalise(context)
    desk.run("UPDATE article SET stage = 'done', pending_cause = NULL")
    changed = desk.entry(
        "daily", "g1", seen=LATER, url=URL, title="Dam to be lowered",
        content=BODY.replace("two metres", "three metres"),
    )  # fmt: skip
    assert normalise(context) == {"in": 1, "version": 1}
    assert desk.state(changed) == "version"
    assert desk.rows(
        "SELECT version_no, stage, pending_cause, first_seen_at, dated_at FROM article"
    ) == [(2, "cluster", "new_version", SEEN, SEEN)]
    kinds = desk.rows("SELECT kind FROM article_version ORDER BY version_no")
    assert kinds == [("first",), ("correction",)]


def test_a_version_of_what_was_never_announced_is_announced_as_new(desk, context):
    desk.source("daily")
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    desk.entry(
        "daily", "g1", seen=LATER, url=URL, title="Dam to be lowered",
        content=BODY.replace("two metres", "three metres"),
    )  # fmt: skip
    assert normalise(context) == {"in": 2, "article": 1, "version": 1}
    assert desk.rows("SELECT pending_cause FROM article") == [("new_article",)]


def test_a_teaser_in_another_feed_changes_nothing(desk, context):
    desk.source("daily")
    desk.source("planet")
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", summary="Short.", page=PAGE)
    teaser = desk.entry(
        "planet", "x", seen=LATER, url=URL, title="Dam: a new plan", summary="<p>A new plan.</p>"
    )
    normalise(context)
    assert desk.state(teaser) == "known"
    [(body, extractor)] = desk.rows("SELECT body, extractor FROM article_version")
    assert extractor == "page:trafilatura"
    assert "meets again in June" in body


def test_a_seed_file_is_an_article_and_its_change_a_version(desk, context):
    desk.source("folder", kind="folder")
    text = " date 2026-05-13 The river commission agreed to lower the dam. More will follow.\n"
    first = desk.entry("folder", "a/one.txt", content_type="seed", content=text)
    copied = desk.entry("folder", "a/copy.txt", content_type="seed", content=text)
    normalise(context)
    assert desk.article_of(first) != desk.article_of(copied)
    changed = desk.entry(
        "folder", "a/one.txt", seen=LATER, content_type="seed",
        content=text + "\n\nThe plan was dropped in the evening after a vote of 7 to 2.\n",
    )  # fmt: skip
    normalise(context)
    assert desk.article_of(changed) == desk.article_of(first)
    assert desk.state(changed) == "version"
    assert desk.rows(
        "SELECT DISTINCT intake, published_precision, published_date, outlet_id, url FROM article"
    ) == [("seed", "day", date(2026, 5, 13), None, None)]
    assert not desk.rows("SELECT 1 FROM article_version WHERE body LIKE '%%2026-05-13%%'")


def test_what_is_no_article_is_rejected_with_code_and_sentence(desk, context):
    desk.source("folder", kind="folder")
    entry = desk.entry("folder", "a.txt", content_type="seed", content=" date 2026-05-13 \n\n")
    assert normalise(context) == {"in": 1, "rejected": 1}
    assert desk.rows(
        "SELECT state, code, message, article_id, done_at IS NOT NULL FROM raw_entry"
        " WHERE entry_id = %s", entry,
    ) == [("rejected", "empty", "There is no text in it.", None, True)]  # fmt: skip


def test_a_forgotten_article_is_not_taken_in_again(desk, context):
    desk.source("daily")
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    normalise(context)
    desk.run("UPDATE article SET tombstoned = true")
    again = desk.entry("daily", "g2", url=URL, title="Dam to be lowered", content=BODY)
    assert normalise(context) == {"in": 1, "rejected": 1}
    assert desk.rows("SELECT code FROM raw_entry WHERE entry_id = %s", again) == [("forgotten",)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("article", key_hash("daily.example/world/dam-lowered")), ("source", "daily")],
)
def test_what_was_forgotten_is_known_by_its_keyed_hash(desk, context, kind, value):
    settings = replace(context.settings, signing_key="a secret")
    assert keyed_hash(b"a secret", kind, value) != keyed_hash(b"another", kind, value)
    desk.run(
        "INSERT INTO tombstone (keyed_hash, kind, buried_at) VALUES (%s, %s, %s)",
        keyed_hash(b"a secret", kind, value), kind, SEEN,
    )  # fmt: skip
    desk.source("daily")
    entry = desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    assert normalise(replace(context, settings=settings)) == {"in": 1, "rejected": 1}
    assert desk.rows("SELECT code, article_id FROM raw_entry WHERE entry_id = %s", entry) == [
        ("forgotten", None)
    ]
    assert desk.rows("SELECT count(*) FROM article") == [(0,)]


def test_a_page_that_kills_the_extractor_leaves_what_its_feed_says(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    entry = RawEntry(
        entry_id="e", source_id="daily", item_key="g1", url=URL, title="Dam to be lowered",
        content=BODY, fetched_at=SEEN,
    )  # fmt: skip
    request = Request(entry=entry, page=Page(PAGE, URL), languages=("en",))
    with Worker("dies_of_pages", "article_of", seconds=60) as worker:
        answer = text.ask(worker, request)
        assert (answer.title, answer.extractor) == ("Dam to be lowered", "feed")
        nothing = text.ask(worker, replace(request, entry=replace(entry, title="", content="")))
        assert nothing.code == "extractor_died"


def test_an_archive_is_backfill_until_a_feed_brings_it_too(desk, context):
    desk.source("old", kind="archive")
    desk.source("daily")
    desk.entry("old", "w1", url=URL, title="Dam to be lowered", content=BODY)
    normalise(context)
    assert desk.rows("SELECT intake, pending_cause FROM article") == [("archive", "backfill")]
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    normalise(context)
    assert desk.rows("SELECT intake FROM article") == [("feed",)]


def test_items_that_link_to_the_home_page_are_not_one_article(desk, context):
    desk.source("daily")
    one = desk.entry("daily", "g1", url="https://daily.example/", title="One", content=BODY)
    other = desk.entry("daily", "g2", url="https://daily.example", title="Two", content=BODY)
    normalise(context)
    assert desk.article_of(one) != desk.article_of(other)


def test_a_second_worker_leaves_claimed_entries_alone(desk, context, database_url):
    desk.source("daily")
    desk.entry("daily", "g1", url=URL, title="Dam to be lowered", content=BODY)
    with closing(connect(database_url)) as other:
        with other.cursor() as cursor:
            cursor.execute("SELECT entry_id FROM raw_entry FOR UPDATE")
        assert normalise(replace(context, conn=context.conn)) == {}
        other.rollback()
    assert normalise(context) == {"in": 1, "article": 1}


def test_an_outlet_gets_the_name_that_its_pages_give_unless_a_person_named_it(context, desk):
    desk.source("s1")
    head = "<html><head><meta property='og:site_name' content='Isle News'></head><body><article>"
    text = "<p>The ferry will sail twice a day from June, the two councils decided at last.</p>"
    desk.run("INSERT INTO outlet (outlet_id, name) VALUES ('named.example', 'By Hand')")
    for number, host in enumerate(("bare.example", "isle.fr", "named.example")):
        desk.entry(
            "s1", f"k{number}", title="Ferry", url=f"https://{host}/a/{number}",
            page=(head if number else "<html><body><article>") + text.replace("ferry", host),
        )  # fmt: skip
    normalise(context)
    assert desk.rows("SELECT outlet_id, name, country FROM outlet ORDER BY outlet_id") == [
        ("bare.example", "bare.example", None),
        ("isle.fr", "Isle News", "FR"),
        ("named.example", "By Hand", None),
    ]
