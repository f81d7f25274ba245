"""Pages behind items: fetched when wanted, given up with a reason, looked at again."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from mediawatch.pipeline.pages import fetch_pages, recheck_articles
from mediawatch.sources.rechecks import next_look
from mediawatch.storage import sources as storage
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows, rss
from sources.web import Answer, Web

PAGE = "<html><title>A</title><body><article><p>{}</p></article></body></html>"


def html(text: str) -> Answer:
    return Answer(PAGE.format(text).encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def run(conn, sql: str) -> None:
    with conn.cursor() as cursor:
        cursor.execute(sql)
    conn.commit()


@pytest.fixture
def teaser(conn, web: Web, context):
    """A feed with one short item whose page is /1."""
    web.answers["/f"] = Answer(rss(("A", f"{web.url}/1", "Teaser.")))
    follow(conn, f"{web.url}/f")
    poll_sources(context())


STATE = "SELECT state, page_outcome, page_url, page_attempts FROM raw_entry"


def test_a_page_is_kept_and_its_entry_goes_on(conn, web: Web, context, teaser):
    web.answers["/1"] = Answer(status=301, headers={"Location": "/one"})
    web.answers["/one"] = html(LONG)
    assert fetch_pages(context()) == {"in": 1, "ok": 1}
    assert rows(conn, STATE) == [("pending", "ok", f"{web.url}/one", 1)]
    ((sha,),) = rows(conn, "SELECT page_sha256 FROM raw_entry")
    assert storage.raw_body(conn, sha) == web.answers["/one"].body
    assert fetch_pages(context()) == {}


def test_a_page_that_fails_three_times_is_given_up(conn, web: Web, context, teaser):
    web.answers["/1"] = Answer(status=500)
    assert fetch_pages(context()) == {"in": 1, "later": 1}
    assert fetch_pages(context()) == {}
    assert fetch_pages(context(NOW + timedelta(minutes=10))) == {"in": 1, "later": 1}
    assert fetch_pages(context(NOW + timedelta(minutes=15))) == {}
    assert fetch_pages(context(NOW + timedelta(minutes=30))) == {"in": 1, "failed": 1}
    assert rows(conn, STATE) == [("pending", "http_5xx", None, 3)]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(status=404), "http_4xx"),
        (Answer(status=410), "gone"),
        (Answer(b"ID3", headers={"Content-Type": "audio/mpeg"}), "bad_http"),
        (Answer(status=302, headers={"Location": "http://192.168.1.1/"}), "private_address"),
    ],
)
def test_what_will_not_change_is_given_up_at_once(conn, web, context, teaser, answer, outcome):
    web.answers["/1"] = answer
    assert fetch_pages(context()) == {"in": 1, "failed": 1}
    assert rows(conn, STATE) == [("pending", outcome, None, 1)]


def test_robots_are_asked_and_obeyed(conn, web: Web, context, teaser):
    web.answers["/robots.txt"] = Answer(b"User-agent: mediawatch\nDisallow: /1\n")
    web.answers["/1"] = html(LONG)
    fetch_pages(context())
    assert "/1" not in web.paths()
    assert rows(conn, STATE) == [("pending", "robots", None, 1)]


def test_rules_for_others_and_missing_rules_do_not_bind(conn, web: Web, context, teaser):
    web.answers["/robots.txt"] = Answer(b"User-agent: otherbot\nDisallow: /\n")
    web.answers["/1"] = html(LONG)
    assert fetch_pages(context()) == {"in": 1, "ok": 1}


def test_robots_that_cannot_be_read_mean_not_now(conn, web: Web, context, teaser):
    web.answers["/robots.txt"] = Answer(status=503)
    web.answers["/1"] = html(LONG)
    assert fetch_pages(context()) == {"in": 1, "later": 1}
    assert "/1" not in web.paths()


def test_policies(conn, web: Web, context):
    feed = rss(("A", f"{web.url}/1", "Teaser."), ("B", f"{web.url}/2", LONG))
    for policy in ("never", "short", "always"):
        web.answers[f"/{policy}"] = Answer(feed)
        follow(conn, f"{web.url}/{policy}", policy)
    poll_sources(context())
    found = rows(
        conn,
        "SELECT fetch_policy, count(*) FROM raw_entry JOIN source USING (source_id)"
        " WHERE raw_entry.state = 'wanted' GROUP BY 1 ORDER BY 1",
    )
    assert found == [("always", 2), ("short", 1)]


def test_a_recording_is_never_fetched_as_a_page(conn, web: Web, context):
    sound = f"{web.url}/ep9.mp3"
    item = (
        f'<item><title>Episode 9</title><link>{sound}</link><guid isPermaLink="false">9</guid>'
        f'<enclosure url="{sound}" type="audio/mpeg" length="9"/>'
        "<description>Notes.</description></item>"
    )
    body = f'<rss version="2.0"><channel><title>Cast</title>{item}</channel></rss>'
    web.answers["/f"] = Answer(body.encode())
    follow(conn, f"{web.url}/f", "always")
    poll_sources(context())
    assert rows(conn, "SELECT state FROM raw_entry") == [("pending",)]


def test_a_changed_page_enters_again_as_the_same_item(conn, web: Web, context, teaser):
    web.answers["/1"] = html("The bridge opens on Monday.")
    fetch_pages(context())
    run(conn, "UPDATE raw_entry SET state = 'article'")  # as the text stage leaves it
    soon, later, last = (NOW + timedelta(minutes=m) for m in (59, 60, 125))
    assert recheck_articles(context(soon)) == {}
    assert recheck_articles(context(later)) == {"in": 1, "same": 1}
    web.answers["/1"] = html("The bridge opens on Tuesday.")
    assert recheck_articles(context(last)) == {"in": 1, "changed": 1}
    found = rows(
        conn, "SELECT state, item_key, page_url FROM raw_entry ORDER BY first_seen_at, entry_id"
    )
    key = f"//127.0.0.1:{web.port}/1"
    assert found == [("article", key, f"{web.url}/1"), ("pending", key, f"{web.url}/1")]
    assert recheck_articles(context(NOW + timedelta(days=4))) == {}


def test_a_page_is_looked_at_the_less_the_older_its_article_is():
    looks = [NOW]
    while (at := next_look(NOW, looks[-1])) is not None:
        looks.append(at)
    waits = [b - a for a, b in pairwise(looks)]
    assert waits[0] == timedelta(hours=1)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=1)
    assert timedelta(days=7) < looks[-1] - NOW < timedelta(days=11)
    assert len(looks) < 15


def test_a_page_that_changes_at_every_look_is_not_read_for_ever(conn, web, context, teaser):
    web.answers["/1"] = html("Read by 0.")
    fetch_pages(context())
    run(
        conn,
        "INSERT INTO article (article_id, language, first_seen_at, dated_at, dated_origin, intake,"
        f" index_month) VALUES ('a', 'en', '{NOW}', '{NOW}', 'seen', 'feed', '2026-03-01')",
    )
    changes = 0
    for hours in range(0, 24 * 20, 6):
        run(conn, "UPDATE raw_entry SET state = 'version', article_id = 'a'")
        web.answers["/1"] = html(f"Read by {hours}.")
        changes += recheck_articles(context(NOW + timedelta(hours=hours))).get("changed", 0)
    assert 5 <= changes < 15
