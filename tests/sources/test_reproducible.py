"""Bodies are kept with all that is needed to read them again, and noise is no news."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mediawatch.pipeline.pages import fetch_pages
from mediawatch.pipeline.reparsing import parse_again
from mediawatch.pipeline.seeds import read_seeds
from mediawatch.sources.entries import from_payload
from mediawatch.sources.feeds import entry_id, parse_feed
from mediawatch.sources.items import Feed
from mediawatch.sources.opt_outs import opt_outs
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows, rss
from sources.test_section_pages import HEADLINE, links
from sources.test_sitemaps import news
from sources.web import Answer, Web

ENTRIES = "SELECT entry_id, payload FROM raw_entry ORDER BY item_key"


def test_any_item_can_be_parsed_again_from_its_body(conn, web: Web, context, folder):
    windows = b'<?xml version="1.0"?>' + rss(
        ("Fährt wieder", f"{web.url}/1", LONG), ("B", f"{web.url}/2", "Kurz.")
    ).decode().encode("cp1252")
    kind = {"Content-Type": "text/xml; charset=windows-1252", "ETag": '"a"'}
    web.answers["/f"] = Answer(windows, headers=kind)
    web.answers["/n.xml"] = Answer(news(f"{web.url}/ferry", "Ferry sails"))
    web.answers["/section"] = Answer(links(("/ferry-sails-again-after-ice", HEADLINE)))
    follow(conn, f"{web.url}/f")
    follow(conn, f"{web.url}/n.xml", kind="sitemap")
    follow(conn, f"{web.url}/section", kind="page")
    (folder / "a.txt").write_text("A seed.")
    poll_sources(context())
    read_seeds(context())
    found = rows(conn, ENTRIES)
    assert len(found) == 5
    for name, payload in found:
        assert parse_again(conn, name) == from_payload(payload)
    kept = rows(conn, "SELECT headers, parser, fetched_at FROM raw_body WHERE url LIKE '%/f'")
    ((headers, parser, fetched_at),) = kept
    assert headers["etag"] == '"a"'
    assert parser.startswith("feeds 1, feedparser 6.")
    assert fetched_at == NOW


def test_what_is_kept_no_more_is_none(conn, web: Web, context):
    assert parse_again(conn, "nobody") is None
    web.answers["/f"] = Answer(rss(("A", f"{web.url}/1", LONG)))
    follow(conn, f"{web.url}/f")
    poll_sources(context())
    ((name, payload),) = rows(conn, ENTRIES)
    with conn.cursor() as cursor:
        cursor.execute("DELETE FROM raw_body")
    assert parse_again(conn, name) == from_payload(payload)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ice. 12 comments", "Ice. 1,340 Comments"),
        ("Ice. | 5 minutes ago (3 views)", "Ice. | 2 hours ago (99 views)"),
        ("Ice.&lt;img src='p.gif?1'&gt;", "Ice.&lt;img src='p.gif?2'&gt;"),
        ("Ice.&lt;!-- 17 ms --&gt;", "Ice.&lt;!-- 19 ms --&gt;"),
        ("Ice.", " Ice.\n"),
    ],
)
def test_rotating_noise_makes_no_new_entry(conn, web: Web, context, first: str, second: str):
    follow(conn, f"{web.url}/f")
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1?utm_source=x", f"{LONG} {first}")))
    assert poll_sources(context())["new"] == 1
    web.answers["/f"] = Answer(rss(("A", "http://a.example/1?utm_source=x", f"{LONG} {second}")))
    assert poll_sources(context(NOW + timedelta(hours=24)))["new"] == 0


def test_a_change_of_words_and_numbers_in_the_text_is_new():
    texts = ("He sold 12 views of Lund.", "He sold 13 views of Lund.", "Two hours ago: ice.")
    ids = set()
    for text in texts:
        feed = parse_feed(rss(("A", "http://a.example/1", text)))
        assert isinstance(feed, Feed)
        ids.add(entry_id("s", feed.items[0]))
    assert len(ids) == len(texts)


def test_addresses_that_count_visits_or_sign_recordings_are_the_same():
    feed = parse_feed(rss(("A", "http://a.example/1?id=3&amp;utm_medium=rss", "Ice.")))
    assert isinstance(feed, Feed)
    item = replace(feed.items[0], enclosures=("http://a.example/1.mp3?sig=1",))
    other = replace(
        item, url="http://a.example/1?id=3&fbclid=9", enclosures=("http://a.example/1.mp3?sig=2",)
    )
    assert entry_id("s", item) == entry_id("s", other)
    assert entry_id("s", item) != entry_id("s", replace(item, url="http://a.example/1?id=4"))


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, b"<html>", ()),
        ({"x-robots-tag": "noindex, nofollow"}, b"", ("noindex",)),
        ({"x-robots-tag": "otherbot: noindex, noarchive"}, b"", ()),
        ({"x-robots-tag": "otherbot: noindex, mediawatch: noai"}, b"", ("noai",)),
        ({"x-robots-tag": "none"}, b"", ("noindex",)),
        ({"tdm-reservation": "1"}, b"", ("tdm-reservation",)),
        ({"tdm-reservation": "0"}, b"", ()),
        ({}, b'<META content="NOINDEX, follow" name="Robots">', ("noindex",)),
        ({}, b"<meta name=tdm-reservation content=1>", ("tdm-reservation",)),
        ({}, b'<meta name="description" content="noindex">', ()),
        ({}, b"<meta name=robots content=" * 50_000, ()),
    ],
)
def test_opt_outs_are_seen_in_headers_and_pages(headers, body, expected):
    assert opt_outs(headers, body) == expected


def test_opt_outs_are_kept_with_each_answer(conn, web: Web, context):
    web.answers["/f"] = Answer(
        rss(("A", f"{web.url}/1", "Short.")), headers={"tdm-reservation": "1"}
    )
    web.answers["/1"] = Answer(
        b"<html><meta name=robots content=noindex><p>x</p></html>",
        headers={"Content-Type": "text/html"},
    )
    follow(conn, f"{web.url}/f")
    poll_sources(context())
    fetch_pages(context())
    found = rows(conn, "SELECT opt_outs FROM raw_body ORDER BY url")
    assert found == [(["noindex"],), (["tdm-reservation"],)]
