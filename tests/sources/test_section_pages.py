"""Section pages: article links told from navigation by shape and by what was there before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mediawatch.model import Rejected
from mediawatch.sources.items import Feed
from mediawatch.sources.section_pages import parse_section
from sources.conftest import NOW
from sources.polling import poll_sources
from sources.test_polling import follow, rows, source
from sources.web import Answer, Web

SECTION = "https://www.fjord.example/news/"
HEADLINE = "Ferry to Lund Island sails again after ice has gone"


def links(*found: tuple[str, str], around: str = "{}") -> bytes:
    inner = "".join(f'<a href="{address}">{text}</a>' for address, text in found)
    return f"<html lang=en><title>News</title><body>{around.format(inner)}</body></html>".encode()


def read(content: bytes) -> dict[str, bool]:
    found = parse_section(content, url=SECTION)
    assert isinstance(found, Feed), found
    return {str(item.url): item.is_sure for item in found.items}


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/news/ferry-sails-again-after-ice", "More"),
        ("/2026/03/02/ferry-sails", "More"),
        ("/news/2026-03-02/12", HEADLINE),
        ("/news/europe-68432197", "Ferry sails again, owners say"),
        ("/a/68432197.html", "Ferry sails again today"),
        ("/f%C3%A4hre-f%C3%A4hrt-nach-sturm-wieder", ""),
        ("https://sport.fjord.example/x", HEADLINE),
        ("story?id=7", HEADLINE),
    ],
)
def test_an_article_is_known_by_its_shape(address: str, text: str):
    assert list(read(links((address, text))).values()) == [True]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/", "Home"),
        ("/news/", HEADLINE),
        ("#top", HEADLINE),
        ("?page=2", HEADLINE),
        ("/sport", "Sport"),
        ("/tag/ferries-and-their-long-history", HEADLINE),
        ("/author/ada-lind-of-the-harbour-desk", HEADLINE),
        ("/privacy", "How we handle what you tell us about yourself"),
        ("/ferry-sails-again-after-ice.jpg", HEADLINE),
        ("https://elsewhere.example/2026/03/02/ferry-sails-again-after-ice", HEADLINE),
        ("https://fjord.example.evil.example/ferry-sails-again-after-ice", HEADLINE),
        ("mailto:desk@fjord.example", HEADLINE),
        ("javascript:void(0)", HEADLINE),
        ("http://[broken", HEADLINE),
    ],
)
def test_navigation_is_left_out(address: str, text: str):
    assert read(links((address, text))) == {}


@pytest.mark.parametrize(
    "around", ["<nav>{}</nav>", "<footer>{}</footer>", "<div role=navigation>{}</div>"]
)
def test_what_stands_in_navigation_is_navigation(around: str):
    assert read(links(("/news/ferry-sails-again-after-ice", HEADLINE), around=around)) == {}


def test_what_says_nothing_is_unsure_and_links_come_once():
    found = read(
        links(
            ("/world/europe", "Europe"),
            ("/news/item/a1#comments", "7 comments"),
            ("/news/item/a1?utm_source=front", HEADLINE),
        )
    )
    assert found == {
        "https://www.fjord.example/world/europe": False,
        "https://www.fjord.example/news/item/a1": True,
    }


@pytest.mark.parametrize("content", [b"", b" \n", b"<!-- x -->"])
def test_a_page_without_anything_is_refused(content: bytes):
    assert isinstance(parse_section(content, url=SECTION), Rejected)


@pytest.mark.parametrize("content", [b"<div>" * 100_000, b"<a href=" * 100_000, b"\x00\xff" * 999])
def test_hostile_pages_are_answered(content: bytes):
    parse_section(content, url=SECTION)


def test_new_links_are_wanted_and_old_unsure_ones_are_not(conn, web: Web, context):
    nav, story = ("/world/europe", "Europe"), ("/ferry-sails-again-after-ice", HEADLINE)
    web.answers["/news"] = Answer(links(nav, story), headers={"Content-Type": "text/html"})
    name = follow(conn, f"{web.url}/news", kind="page")
    assert poll_sources(context())["new"] == 2
    states = "SELECT payload ->> 'url', state FROM raw_entry ORDER BY 1"
    assert rows(conn, states) == [
        (f"{web.url}/ferry-sails-again-after-ice", "wanted"),
        (f"{web.url}/world/europe", "known"),
    ]
    assert source(conn, name)["state"] == "fine"
    web.answers["/news"].body = links(nav, ("/item/a2", "Ice"), story)
    assert poll_sources(context(NOW + timedelta(hours=24)))["new"] == 1
    assert (f"{web.url}/item/a2", "wanted") in rows(conn, states)
