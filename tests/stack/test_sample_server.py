"""The sample newsroom as its readers meet it: over HTTP, on the loopback address."""

from __future__ import annotations

import csv
import difflib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest

from mediawatch.alerts import watches
from mediawatch.errors import ServiceError
from mediawatch.settings import REPOSITORY
from mediawatch.stack import sample_server

NOW = datetime(2026, 3, 4, 17, 30, 12, tzinfo=UTC)
SEEDS = REPOSITORY / "seeds"
FORMATS = {
    "harbour-courier": "rss20",
    "northern-ledger": "atom10",
    "littoral": "rss10",
    "meridian-post": "rss20",
    "press-review": "rss20",
}


def feeds(server: sample_server.SampleServer) -> dict[str, httpx.Response]:
    addresses = sample_server.addresses(server.port)
    return {urlsplit(url).path.split("/")[1]: httpx.get(url) for url in addresses}


def test_six_sources_of_which_one_is_dead(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        answers = feeds(server)
    assert len(answers) == 6
    assert answers.pop("evening-mail").status_code == 500
    for name, answer in answers.items():
        parsed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
        assert (parsed.version, parsed.bozo) == (FORMATS[name], False)
        assert b"{{" not in answer.content


def test_french_comes_in_another_charset(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        content = feeds(server)["littoral"].content
    assert "cœurs de marins" in content.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_what_is_unchanged_is_answered_with_304(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        for name in FORMATS:
            url = next(a for a in sample_server.addresses(server.port) if name in a)
            etag = httpx.get(url).headers["ETag"]
            again = httpx.get(url, headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")


def test_dates_count_from_the_first_start_and_stay(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        first = {name: answer.content for name, answer in feeds(server).items()}
        port = server.port
    with sample_server.start(tmp_path, NOW + timedelta(days=3)) as server:
        assert server.port == port
        assert {name: answer.content for name, answer in feeds(server).items()} == first
    dates = re.findall(rb"<pubDate>([^<]+)", first["harbour-courier"])
    ages = [NOW - parsedate_to_datetime(date.decode()) for date in dates]
    assert [age for age in ages if age > timedelta(hours=24)] == ages[-1:]
    assert all(age > timedelta(0) for age in ages)


def test_every_short_item_has_its_page(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        entries = feedparser.parse(feeds(server)["meridian-post"].content).entries
        pages = [httpx.get(entry.link) for entry in entries]
    assert [page.status_code for page in pages] == [200] * 4
    for entry, page in zip(entries, pages, strict=True):
        assert len(entry.summary) < 80 < len(page.text)
        assert '"datePublished": "2026-03-0' in page.text


def test_the_second_edition_corrects_one_article_while_it_is_served(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        before = feeds(server)
        sample_server.advance(tmp_path)
        after = feeds(server)
    changed = [name for name in before if before[name].content != after[name].content]
    assert changed == ["harbour-courier"]
    was, became = before["harbour-courier"].text, after["harbour-courier"].text
    lines = list(difflib.ndiff(was.splitlines(), became.splitlines()))
    assert [line[2:20] for line in lines if line.startswith("- ")] == [
        "  <lastBuildDate>W",
        "<p>Parliament's et",
    ]
    assert "Correction: An earlier version" in became


def test_only_what_is_published_can_be_read(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        for path in ("/second-edition/harbour-courier/rss.xml", "/../sources.opml", "/", "/.."):
            assert httpx.get(server.base_url + path).status_code == 404


def test_a_taken_port_is_named(tmp_path: Path):
    with (
        sample_server.start(tmp_path / "one", NOW) as server,
        pytest.raises(ServiceError, match=str(server.port)),
        sample_server.start(tmp_path / "other", NOW, server.port),
    ):
        pass


def test_a_broken_state_says_what_to_do(tmp_path: Path):
    (tmp_path / "sample.json").write_text('{"anchor": "yesterday", "port": 1, "edition": 1}')
    with pytest.raises(ServiceError, match="delete it"):
        sample_server.load(tmp_path)


def test_no_second_edition_without_a_first(tmp_path: Path):
    with pytest.raises(ServiceError, match="never started"):
        sample_server.advance(tmp_path)


def test_the_wire_story_stands_at_five_outlets_under_five_headlines(tmp_path: Path):
    with sample_server.start(tmp_path, NOW) as server:
        entries = [
            entry
            for answer in feeds(server).values()
            for entry in feedparser.parse(answer.content).entries
        ]
    copies = [e for e in entries if "no longer be trusted with lorries" in str(e.get("content"))]
    assert len({urlsplit(copy.link).hostname for copy in copies}) == 5
    assert len({copy.title for copy in copies}) == 5


def test_forty_seed_articles_and_five_watches():
    assert len(list((SEEDS / "articles").glob("*.txt"))) >= 40
    read = watches.parse((SEEDS / "watches.yaml").read_text(encoding="utf-8"), "watches.yaml")
    assert (len(read.entries), read.faults) == (5, ())


def test_outlets_are_named_once():
    with (SEEDS / "outlets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["outlet_id", "name", "country", "zone", "locale", "tier", "licence"]
    ids = [row["outlet_id"] for row in rows]
    assert len(ids) == len(set(ids))
    for name in ("sources.opml", "sources-public.opml"):
        opml = (SEEDS / name).read_text(encoding="utf-8")
        assert set(re.findall(r'mw:outlet="([^"]+)"', opml)) <= set(ids)
