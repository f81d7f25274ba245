"""Sitemaps, their indexes and news sitemaps: from bytes to items, and polled into entries."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from mediawatch.model import Rejected
from mediawatch.sources.items import Feed
from mediawatch.sources.sitemaps import is_past, parse_sitemap, w3c_moment
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import follow, rows, source
from sources.web import Answer, Web

MAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
TODAY = "2026-03-02T08:00:00Z"


def urlset(*pages: tuple[str, str | None], more: str = "") -> bytes:
    inner = "".join(
        f"<url><loc>{loc}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</url>"
        for loc, date in pages
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {MAPS}>{inner}{more}</urlset>'.encode()


def index(*parts: tuple[str, str | None]) -> bytes:
    inner = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>"
        for loc, date in parts
    )
    return f"<sitemapindex {MAPS}>{inner}</sitemapindex>".encode()


def news(address: str, title: str) -> bytes:
    return (
        f"<urlset {MAPS} {NEWS}><url><loc>{address}</loc><news:news><news:publication>"
        "<news:name>Fjordposten</news:name><news:language>no</news:language></news:publication>"
        f"<news:publication_date>{TODAY}</news:publication_date><news:title>{title}</news:title>"
        "<news:keywords>ferje, Lund</news:keywords></news:news></url></urlset>"
    ).encode()


def parsed(content: bytes) -> Feed:
    found = parse_sitemap(content)
    assert isinstance(found, Feed), found
    return found


# --- formats ---------------------------------------------------------------------------


def test_pages_come_with_their_dates_each_once():
    found = parsed(
        urlset(
            ("https://fjord.example/a?x=1&amp;y=2", "2026-03-01"),
            ("http://fjord.example/b", None),
            ("https://fjord.example/b", None),
            ("ftp://fjord.example/c", None),
            ("/d", None),
        )
    )
    assert (found.format, found.parts) == ("sitemap", ())
    assert [(i.key, i.url, i.updated, i.title) for i in found.items] == [
        ("//fjord.example/a?x=1&y=2", "https://fjord.example/a?x=1&y=2", "2026-03-01", ""),
        ("//fjord.example/b", "https://fjord.example/b", None, ""),
    ]


def test_a_news_sitemap_gives_title_date_language_and_keywords():
    (item,) = parsed(news("https://fjord.example/ny", "Ny ferje &amp;amp; kai")).items
    assert (item.title, item.published, item.language) == ("Ny ferje & kai", TODAY, "no")
    assert item.categories == ("ferje", "Lund")


def test_an_index_gives_its_sitemaps():
    found = parsed(index(("https://fjord.example/1.xml.gz", TODAY), ("nowhere", None)))
    assert [(part.url, part.changed) for part in found.parts] == [
        ("https://fjord.example/1.xml.gz", TODAY)
    ]
    assert found.items == ()


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: content], ids=["gz", "plain"])
@pytest.mark.parametrize(
    "content",
    [
        urlset(("https://fjord.example/a", None)),
        b"\xef\xbb\xbf\n" + urlset(("https://fjord.example/a", None)),
        "<urlset><url><loc>https://fjord.example/a</loc></url></urlset>".encode("utf-16"),
        b"<urlset><url><loc> https://fjord.example/a\n</loc></url></urlset>",
        f'<s:urlset xmlns:s="{MAPS[7:-1]}"><s:url><s:loc>https://fjord.example/a</s:loc>'
        "</s:url></s:urlset>".encode(),
        b"https://fjord.example/a\r\n\r\n",
        urlset(("https://fjord.example/a", None))[: -len("</urlset>")] + b"<url><loc>https://fjo",
    ],
    ids=["utf-8", "mark", "utf-16", "no namespace", "prefix", "lines", "cut"],
)  # fmt: skip
def test_it_is_read_however_it_is_written(content: bytes, pack):
    assert [item.url for item in parsed(pack(content)).items] == ["https://fjord.example/a"]


def test_one_that_breaks_off_says_so():
    found = parsed(
        urlset(("https://fjord.example/a", None), ("https://fjord.example/b", None))[:-30]
    )
    assert [item.url for item in found.items] == ["https://fjord.example/a"]
    assert "breaks off" in found.problems[0]


def test_more_than_the_protocol_allows_is_cut_and_said():
    found = parsed(urlset(*((f"https://fjord.example/{n}", None) for n in range(50_003))))
    assert len(found.items) == 50_000
    assert "50003" in found.problems[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><body>Not found</body></html>", "not_feed"),
        (b"What we know so far\nabout the harbour", "not_feed"),
        (b"<!DOCTYPE urlset [<!ENTITY a 'b'><urlset>", "bad_xml"),
        (gzip.compress(b"<urlset>" + b" " * 60_000_000), "bomb"),
    ],
)
def test_what_is_none_is_refused_with_a_reason(content: bytes, code: str):
    found = parse_sitemap(content)
    assert isinstance(found, Rejected)
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-02", "2026-03-02T00:00:00+00:00"),
        ("2026-03", "2026-03-01T00:00:00+00:00"),
        ("2026-03-02T09:30+01:00", "2026-03-02T09:30:00+01:00"),
        (" 2026-03-02T09:30:12.55Z ", "2026-03-02T09:30:12.550000+00:00"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_of_sitemaps(text: str, iso: str | None):
    found = w3c_moment(text)
    assert (found.isoformat() if found else None) == iso


def test_the_past_is_told_from_the_news():
    pages = {"1": "2026-02-01", "2": TODAY, "3": None}
    items = parsed(urlset(*((f"http://f.example/{n}", date) for n, date in pages.items()))).items
    assert [is_past(item, NOW) for item in items] == [True, False, None]


# --- polled ----------------------------------------------------------------------------

STATES = "SELECT payload ->> 'url', state FROM raw_entry ORDER BY 1"


def test_new_pages_are_wanted_and_what_was_there_before_is_only_known(conn, web: Web, context):
    old, fresh, undated = (f"{web.url}/{name}" for name in ("old", "fresh", "undated"))
    web.answers["/s.xml"] = Answer(urlset((old, "2025-11-02"), (fresh, TODAY), (undated, None)))
    name = follow(conn, f"{web.url}/s.xml", kind="sitemap")
    assert poll_sources(context())["new"] == 3
    assert rows(conn, STATES) == [(fresh, "wanted"), (old, "known"), (undated, "known")]
    later = NOW + timedelta(hours=1)
    new = f"{web.url}/new"
    web.answers["/s.xml"] = Answer(urlset((new, None), (undated, None), (fresh, TODAY)))
    assert poll_sources(context(later))["new"] == 1
    assert (new, "wanted") in rows(conn, STATES)
    assert source(conn, name)["state"] == "fine"


def test_a_headline_that_changes_in_a_news_sitemap_is_a_new_entry(conn, web: Web, context):
    address = f"{web.url}/ferry"
    web.answers["/n.xml"] = Answer(news(address, "Ferry is late"))
    follow(conn, f"{web.url}/n.xml", kind="sitemap")
    poll_sources(context())
    web.answers["/n.xml"] = Answer(news(address, "Ferry is lost"))
    assert poll_sources(context(NOW + timedelta(hours=1)))["new"] == 1
    assert rows(conn, "SELECT count(DISTINCT item_key) FROM raw_entry") == [(1,)]


def test_an_index_is_followed_and_only_what_changed_is_read_again(conn, web: Web, context):
    first, second = f"{web.url}/1.xml.gz", f"{web.url}/2.xml"
    web.answers["/i.xml"] = Answer(index((first, TODAY), (second, "2026-02-01")))
    web.answers["/1.xml.gz"] = Answer(gzip.compress(urlset((f"{web.url}/a", TODAY))))
    web.answers["/2.xml"] = Answer(urlset((f"{web.url}/b", None)))
    name = follow(conn, f"{web.url}/i.xml", kind="sitemap")
    assert poll_sources(context())["new"] == 2
    assert source(conn, name)["state"] == "fine"
    assert rows(conn, STATES) == [(f"{web.url}/a", "wanted"), (f"{web.url}/b", "known")]
    third = f"{web.url}/3.xml"
    web.answers["/i.xml"] = Answer(
        index((first, "2026-03-02T11:00:00Z"), (second, "2026-02-01"), (third, None))
    )
    web.answers["/1.xml.gz"].body = gzip.compress(
        urlset((f"{web.url}/a", TODAY), (f"{web.url}/c", "2026-03-02T10:59:00Z"))
    )
    web.answers["/3.xml"] = Answer(urlset((f"{web.url}/d", None)))
    web.asked.clear()
    assert poll_sources(context(NOW + timedelta(hours=1)))["new"] == 2
    assert sorted(web.paths()) == ["/1.xml.gz", "/3.xml", "/i.xml"]
    wanted = [url.rpartition("/")[2] for url, state in rows(conn, STATES) if state == "wanted"]
    assert wanted == ["a", "c", "d"]


def test_of_a_long_index_only_the_newest_are_read(conn, web: Web, context):
    parts = [(f"{web.url}/{n:03}.xml", f"2026-02-{n % 28 + 1:02}") for n in range(200)]
    web.answers["/i.xml"] = Answer(index(*parts))
    for n in range(200):
        web.answers[f"/{n:03}.xml"] = Answer(urlset((f"{web.url}/{n}", TODAY)))
    follow(conn, f"{web.url}/i.xml", kind="sitemap")
    assert poll_sources(context())["parts"] == 20
    assert rows(conn, "SELECT count(*), count(next_fetch_at) FROM sitemap_part") == [(200, 0)]
    read = rows(conn, "SELECT min(changed) FROM sitemap_part WHERE read_at IS NOT NULL")
    assert read == [("2026-02-26",)]


def test_a_broken_part_costs_only_itself_and_an_endless_index_ends(conn, web: Web, context):
    web.answers["/i.xml"] = Answer(
        index(
            (f"{web.url}/404.xml", TODAY), (f"{web.url}/i2.xml", None), (f"{web.url}/ok.xml", None)
        )
    )
    web.answers["/i2.xml"] = Answer(index((f"{web.url}/i3.xml", None)))
    web.answers["/i3.xml"] = Answer(index((f"{web.url}/i4.xml", None), (f"{web.url}/i2.xml", None)))
    web.answers["/ok.xml"] = Answer(urlset((f"{web.url}/a", TODAY)))
    follow(conn, f"{web.url}/i.xml", kind="sitemap")
    counts = poll_sources(context())
    assert (counts["parts"], counts["failed"], counts["new"]) == (4, 1, 1)
    assert "/i4.xml" not in web.paths()
    failed = "SELECT outcome, failures FROM sitemap_part WHERE next_fetch_at IS NOT NULL"
    assert rows(conn, failed) == [("http_4xx", 1)]


def test_a_feed_at_the_address_of_a_sitemap_is_read_as_one(conn, web: Web, context):
    item = f"<item><link>{web.url}/a</link><description>Ice.</description></item>"
    web.answers["/s"] = Answer(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
    follow(conn, f"{web.url}/s", kind="sitemap")
    poll_sources(context())
    assert rows(conn, STATES) == [(f"{web.url}/a", "wanted")]


@pytest.mark.parametrize(
    ("padding", "state"),
    [(130_000, "fine"), (280_000, "failing")],
    ids=["26 MB", "56 MB"],
)
def test_a_sitemap_may_be_as_large_as_the_protocol_allows(
    conn, web: Web, context, padding: int, state: str
):
    pages = [(f"{web.url}/{n}", TODAY) for n in range(200)]
    body = urlset(*pages).replace(b"</url>", b"</url>" + b"\n" * padding)
    web.answers["/map.xml"] = Answer(body, headers={"Content-Type": "application/xml"})
    name = follow(conn, f"{web.url}/map.xml", kind="sitemap")
    assert poll_sources(context()).get("new", 0) == (200 if state == "fine" else 0)
    assert source(conn, name)["state"] == state
