"""/.well-known/tdmrep.json: read by its rules, asked once a day, recorded with each page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from mediawatch.pipeline.pages import fetch_pages
from mediawatch.sources.tdm_rep import PLACE, is_reserved, parse_rules
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import follow, rows, rss
from sources.web import Answer, Web


def rules(*found: tuple[str, int]) -> bytes:
    return json.dumps(
        [{"location": place, "tdm-reservation": value} for place, value in found]
    ).encode()


@pytest.mark.parametrize(
    ("found", "path", "expected"),
    [
        ([("/", 1)], "/news/ferry", True),
        ([("/", 0)], "/news/ferry", False),
        ([], "/news/ferry", False),
        ([("/news/", 1)], "/sport/ferry", False),
        ([("/", 1), ("/news/open/", 0)], "/news/open/1", False),
        ([("/news/open/", 0), ("/", 1)], "/news/closed/1", True),
        ([("/*/ferry$", 1)], "/a/b/ferry", True),
        ([("/*/ferry$", 1)], "/a/b/ferry/2", False),
        ([("*.html", 1)], "/news/1.html?x=1", True),
        ([("/a*b*c", 1)], "/a-c-b", False),
        ([("/ferry$", 1)], "/ferry", True),
        ([("/ferry$", 1)], "/ferry-2", False),
        ([("/a*aa$", 1)], "/aa", False),
    ],
)
def test_the_longest_rule_that_matches_counts(found, path: str, expected: bool):
    assert is_reserved(parse_rules(rules(*found)), path) is expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b"[" * 100_000,
        b'{"location": "/", "tdm-reservation": 1}',
        b'[1, null, {"location": 7, "tdm-reservation": 1}, {"tdm-reservation": 1}]',
        b"\xff\xfe[",
        b" " * 600_000 + b'[{"location": "/", "tdm-reservation": 1}]',
        b"[" + b"9" * 10_000 + b"]",
    ],
)
def test_what_is_no_such_file_says_nothing(content: bytes):
    assert parse_rules(content) == ()


def test_a_reservation_is_recorded_with_the_page_and_asked_for_once_a_day(conn, web: Web, context):
    web.answers[PLACE] = Answer(rules(("/closed/", 1)))
    for n, now in enumerate((NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=26))):
        pages = [f"/closed/{n}", f"/open/{n}"]
        for path in pages:
            web.answers[path] = Answer(
                f"<html><p>{path}</p></html>".encode(), headers={"Content-Type": "text/html"}
            )
        web.answers[f"/f{n}"] = Answer(
            rss(*((p, f"{web.url}{p}", "Only a teaser.") for p in pages))
        )
        follow(conn, f"{web.url}/f{n}")
        poll_sources(context(now))
        assert fetch_pages(context(now))["ok"] == 2
    found = dict(rows(conn, "SELECT url, opt_outs FROM raw_body WHERE url ~ '/(open|closed)/'"))
    assert found == {
        f"{web.url}/{kind}/{n}": ["tdm-reservation"] if kind == "closed" else []
        for kind in ("closed", "open")
        for n in range(3)
    }
    assert web.paths().count(PLACE) == 2


def test_a_site_that_cannot_say_it_now_is_asked_again(conn, web: Web, context):
    web.answers[PLACE] = Answer(status=500)
    for n in range(2):
        web.answers[f"/{n}"] = Answer(b"<p>x</p>", headers={"Content-Type": "text/html"})
        web.answers[f"/f{n}"] = Answer(rss(("A", f"{web.url}/{n}", "Only a teaser.")))
        follow(conn, f"{web.url}/f{n}")
        poll_sources(context())
        assert fetch_pages(context())["ok"] == 1
    assert web.paths().count(PLACE) == 2
