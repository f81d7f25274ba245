"""What broke readers in the field, case by case, and its whole kind."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from mediawatch.pipeline.pages import fetch_pages
from mediawatch.pipeline.text import normalise
from mediawatch.sources.feeds import parse_feed
from mediawatch.sources.plain import visible_text
from mediawatch.text.feed_inspection import inspect_feed
from sources.conftest import NOW
from sources.feed_texts import HEAD, URL, item, only, parsed, rss
from sources.polling import poll_sources
from sources.test_polling import LONG, follow, rows
from sources.web import Answer, Web

SEEN = "2026-03-02T18:00:00Z"


def dated(spelling: str, name: str = "pubDate") -> dict[str, Any]:
    """The date of an item as it is understood."""
    content = rss(item(title="Ice", link="https://post.example/1", **{name: spelling}))
    answer = inspect_feed({"text": content.decode(), "url": URL, "fetched_at": SEEN})
    (entry,) = answer["entries"]
    return entry["published"]


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        pytest.param("Mon, 02 Mar 2026 11:05 EST", "2026-03-02T16:05:00Z", id="parse-01"),
        pytest.param("Mon, 02 Mar 2026 11:05 PDT", "2026-03-02T18:05:00Z", id="parse-01-pdt"),
        pytest.param("Mon, 02 Mar 2026 11:05:09 MEZ", "2026-03-02T10:05:09Z", id="parse-02-mez"),
        pytest.param("Wed, 01 Jul 2020 11:05:09 MEST", "2020-07-01T09:05:09Z", id="parse-02"),
        pytest.param("Sun, 01 Mar 26 23:10:11 +0100", "2026-03-01T22:10:11Z", id="parse-03"),
        pytest.param("Sun, 01 Mar 98 23:10:11 GMT", "1998-03-01T23:10:11Z", id="parse-03-last"),
        pytest.param("2026/3/1 09:08:07", "2026-03-01T09:08:07Z", id="parse-04"),
        pytest.param("2026-3-1 9:08", "2026-03-01T09:08:00Z", id="parse-04-hyphens"),
        pytest.param("1.3.2026 09:08", "2026-03-01T09:08:00Z", id="parse-04-points"),
    ],
)
def test_a_date_is_the_instant_that_was_meant(spelling: str, value: str):
    found = dated(spelling)
    assert (found["value"], found["raw"]) == (value, spelling)


@pytest.mark.parametrize("zone", ["XYZT", "LOCAL", "Q"])
def test_an_unknown_zone_is_flagged_and_never_in_the_future(zone: str):
    found = dated(f"Mon, 02 Mar 2026 17:55:00 {zone}")
    assert "no_zone" in found["flags"] or found["value"] is None


@pytest.mark.parametrize("updated", [pytest.param("updated", id="parse-20")])
def test_the_date_of_a_change_stands_in_at_first_sight_and_moves_nothing(
    conn, web: Web, context, updated: str
):
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>e</id><title>E</title>'
        "<content>{}</content><{}>2026-03-0{}T09:30:00+02:00</{}></entry></feed>"
    )
    web.answers["/f"] = Answer(feed.format(LONG, updated, 1, updated).encode())
    follow(conn, f"{web.url}/f", "never")
    poll_sources(context())
    normalise(context())
    dates = "SELECT version_no, published_at, modified_at FROM article"
    first = NOW.replace(day=1, hour=7, minute=30)
    assert rows(conn, dates) == [(1, first, first)]
    more = LONG + "The mayor said on Tuesday that the harbour would open again next week."
    web.answers["/f"].body = feed.format(more, updated, 3, updated).encode()
    poll_sources(context(NOW + timedelta(days=2)))
    normalise(context(NOW + timedelta(days=2)))
    assert rows(conn, dates) == [(2, first, first + timedelta(days=2))]


@pytest.mark.parametrize("names", ["one", "two"], ids=["parse-05", "parse-05-guid"])
def test_an_item_without_a_date_keeps_the_first_time_it_was_seen(conn, web, context, names: str):
    guid = "" if names == "one" else "<guid>g7</guid>"
    body = rss(f"<item><title>Ice on the quay</title><link>https://a.example/1</link>{guid}</item>")
    web.answers["/f"] = Answer(body)
    follow(conn, f"{web.url}/f", "never")
    for day in range(2):
        web.answers["/f"].body = body + b"<!-- %d -->" % day
        poll_sources(context(NOW + timedelta(days=day)))
        normalise(context(NOW + timedelta(days=day)))
    found = rows(conn, "SELECT dated_at, dated_origin, published_at FROM article")
    assert found == [(NOW, "first_seen", None)]


@pytest.mark.parametrize("year", ["2099", "2031"], ids=["parse-06", "parse-06-near"])
def test_a_date_in_the_future_is_kept_as_a_claim_alone(conn, web: Web, context, year: str):
    far = item(title="Far", link="https://a.example/1", pubDate=f"Thu, 01 Jan {year} 00:00:00 GMT")
    near = item(title="Near", link="https://a.example/2", pubDate="Mon, 02 Mar 2026 09:00:00 GMT")
    web.answers["/f"] = Answer(rss(far + near))
    follow(conn, f"{web.url}/f", "never")
    poll_sources(context())
    normalise(context())
    found = rows(
        conn, "SELECT dated_at, published_raw, flags @> '{future_date}' FROM article ORDER BY url"
    )
    assert found[0] == (NOW, f"Thu, 01 Jan {year} 00:00:00 GMT", True)
    assert found[1] == (NOW - timedelta(hours=1), "Mon, 02 Mar 2026 09:00:00 GMT", False)


@pytest.mark.parametrize(
    ("content", "content_type", "titles"),
    [
        pytest.param(
            rss(item(title="Погода в Лунде") + item(title="Two", description="a @ b")).replace(
                b"@", b"\xff"
            ),
            "text/xml; charset=utf-8",
            ["Погода в Лунде", "Two"],
            id="parse-07",
        ),
        pytest.param(
            rss(item(title="Погода"), head=HEAD.replace("UTF-8", "windows-1251"))
            .decode()
            .encode("cp1251"),
            "text/xml",
            ["Погода"],
            id="parse-08",
        ),
        pytest.param(
            rss(item(title="Погода"), head=HEAD.replace("UTF-8", "koi8-u"))
            .decode()
            .encode("koi8-u"),
            "",
            ["Погода"],
            id="parse-08-koi8",
        ),
        pytest.param(b"\r\n \n" + rss(item(title="Déjà")), "text/xml", ["Déjà"], id="parse-09"),
        pytest.param(
            rss(item(title="Harbour \x08fees\x1f") + item(title="Two")),
            "",
            ["Harbour fees", "Two"],
            id="parse-10",
        ),
        pytest.param(
            rss(item(title="B&amp;amp;B owner&amp;#8217;s plea to H&amp;amp;M")),
            "",
            ["B&B owner’s plea to H&M"],
            id="parse-11",
        ),
        pytest.param(
            rss("<item><image><title>A map</title></image><title>Bridge shut</title></item>"),
            "",
            ["Bridge shut"],
            id="parse-19",
        ),
    ],
)
def test_titles_are_read_right(content: bytes, content_type: str, titles: list[str]):
    assert [i.title for i in parsed(content, content_type=content_type).items] == titles


@pytest.mark.parametrize(
    ("link", "address"),
    [
        pytest.param("/de/wetter/7", "https://post.example/de/wetter/7", id="parse-12"),
        pytest.param("../wetter/7", "https://post.example/wetter/7", id="parse-12-above"),
        pytest.param("//m.post.example/7", "https://m.post.example/7", id="parse-12-protocol"),
    ],
)
def test_links_are_absolute(link: str, address: str):
    assert only(rss(item(title="A", link=link))).url == address


@pytest.mark.parametrize(
    ("more", "attributes", "seen", "unseen"),
    [
        pytest.param(
            '<media:content url="https://post.example/p.jpg"><media:title>DSC_1</media:title>'
            "<media:description>A cat on ice.</media:description></media:content>",
            'xmlns:media="http://search.yahoo.com/mrss/"',
            "The council met.",
            "A cat on ice.",
            id="parse-13",
        ),
        pytest.param("", "", "The council met.", "CDATA", id="parse-14"),
    ],
)
def test_the_text_is_the_items_own(more: str, attributes: str, seen: str, unseen: str):
    said = "&lt;![CDATA[The council met.]]&gt;" if not more else "The council met."
    found = only(rss(f"<item><title>Vote</title><description>{said}</description>{more}</item>",
                     attributes=attributes))  # fmt: skip
    text = visible_text(f"{found.summary} {found.content}")
    assert seen in text
    assert unseen not in text
    assert "]]" not in text
    assert found.title == "Vote"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(
            "&lt;p&gt;The dam holds. More soon.&lt;/p&gt;", "The dam holds.", id="parse-15"
        ),
        pytest.param("The dam holds", "The dam holds", id="parse-15-plain"),
    ],
)
def test_an_item_without_a_title_gets_one_from_its_text(conn, web: Web, context, text, title):
    web.answers["/f"] = Answer(rss(f"<item><description>{text}</description></item>"))
    follow(conn, f"{web.url}/f", "never")
    poll_sources(context())
    normalise(context())
    assert rows(conn, "SELECT title FROM article_version") == [(title,)]
    assert rows(conn, "SELECT flags @> '{derived_title}' FROM article") == [(True,)]


@pytest.mark.parametrize("policy", [pytest.param("always", id="parse-16")])
def test_a_podcast_keeps_its_notes_and_its_sound_is_never_fetched(conn, web: Web, context, policy):
    sound = f"{web.url}/e.mp3"
    web.answers["/f"] = Answer(
        rss(
            '<item><title>Episode 3</title><guid isPermaLink="false">e3</guid>'
            f'<enclosure url="{sound}" type="audio/mpeg" length="9"/>'
            "<description>Notes on the dam.</description></item>"
        )
    )
    follow(conn, f"{web.url}/f", policy)
    poll_sources(context())
    fetch_pages(context())
    normalise(context())
    assert web.paths() == ["/f"]
    assert rows(conn, "SELECT title, body FROM article_version") == [
        ("Episode 3", "Notes on the dam.")
    ]


@pytest.mark.parametrize("count", [pytest.param(10_000, id="parse-17")])
def test_an_archive_of_thousands_is_read_once_and_little_of_it_is_news(
    conn, web: Web, context, settings, count: int
):
    newest = NOW - timedelta(hours=1)
    web.answers["/f"] = Answer(
        rss(
            "".join(
                item(
                    title=f"Truce {n}",
                    link=f"https://a.example/{n}",
                    pubDate=f"{newest - n * timedelta(hours=6):%a, %d %b %Y %H:%M:%S} GMT",
                )
                for n in range(count)
            )
        )
    )
    follow(conn, f"{web.url}/f", "never")
    assert poll_sources(context())["new"] == count
    web.answers["/f"].body += b"<!-- again -->"
    assert poll_sources(context(NOW + timedelta(hours=24)))["new"] == 0
    dates = rows(conn, "SELECT payload ->> 'published' FROM raw_entry")
    young = [d for (d,) in dates if NOW - parsedate_to_datetime(d) <= settings.alert_window]
    assert len(young) == 4


@pytest.mark.parametrize("reference", [pytest.param("file", id="parse-18"), "http"])
def test_an_outside_entity_is_neither_read_nor_asked_for(web: Web, tmp_path: Path, reference: str):
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    address = secret.as_uri() if reference == "file" else f"{web.url}/secret"
    content = rss(
        item(title="Good &x; day"), head=f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{address}">]>'
    )
    assert "the-secret" not in str(parse_feed(content))
    assert web.asked == []
