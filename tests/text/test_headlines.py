"""Headlines by agreement of what a page says, and marks of wire services as flags."""

from __future__ import annotations

import json

import pytest
from lxml import html

from mediawatch.text.headlines import headline, without_prefix
from mediawatch.text.metadata import read_metadata

BRIDGE = "Old bridge to stay closed until the spring"
SEO = "Bridge closure: what drivers need to know"


def said(*, ld: str = "", og: str = "", h1: str = "", title: str = "", twitter: str = "") -> str:
    stated = json.dumps({"@type": "NewsArticle", "headline": ld, "datePublished": "2026-05-14"})
    page = (
        f"<html><head><title>{title}</title>"
        + (f'<script type="application/ld+json">{stated}</script>' if ld else "")
        + (f'<meta property="og:title" content="{og}">' if og else "")
        + (f'<meta name="twitter:title" content="{twitter}">' if twitter else "")
        + f"</head><body><h1>Isle News</h1>{f'<h1>{h1}</h1>' if h1 else ''}</body></html>"
    )
    return headline(read_metadata(html.document_fromstring(page)), "Isle News")


@pytest.mark.parametrize(
    "page",
    [
        {"og": BRIDGE, "h1": BRIDGE, "ld": SEO, "title": f"{SEO} | Isle News"},
        {"ld": BRIDGE, "h1": BRIDGE, "og": SEO, "twitter": SEO, "title": SEO},
        {"ld": BRIDGE, "og": BRIDGE, "h1": SEO},
        {"og": f"{BRIDGE} | Isle News", "title": f"{BRIDGE} - Transport - Isle News"},
        {"ld": BRIDGE, "title": f"World news: {BRIDGE} * Isle News * by Jane Doe", "og": SEO},
        {"h1": BRIDGE},
        {"title": f"{BRIDGE} – Isle News"},
    ],
)
def test_the_headline_that_most_statements_agree_on(page):
    assert said(**page) == BRIDGE


def test_a_live_blog_has_the_headline_without_its_label():
    live = "LIVE: Bridge closed as storm hits the islands"
    assert said(ld=live, h1=live, og=BRIDGE, title=f"{live} - Isle News") == BRIDGE
    assert said(ld=live, h1=live, og=live) == live


def test_a_word_that_only_some_have_is_left_out():
    longer = "Old narrow bridge to stay closed until the spring of next year"
    shorter = "Old bridge to stay closed until the spring of next year"
    assert said(ld=longer, h1=longer, og=shorter) == shorter


def test_the_spelling_is_that_of_the_statement_for_readers():
    assert said(og="“It’s over”, says the mayor", ld="'It's over', says the mayor") == (
        "“It’s over”, says the mayor"
    )


@pytest.mark.parametrize(
    ("title", "bared"),
    [
        ("UPDATE 2-Bridge closed", "Bridge closed"),
        ("RPT-UPDATE 1-Bridge closed", "Bridge closed"),
        ("WRAPUP 3-Bridge closed", "Bridge closed"),
        ("EXCLUSIVE-Bridge closed", "Bridge closed"),
        ("CORRECTED (OFFICIAL)-Bridge closed", "Bridge closed"),
        ("(2nd LD) Bridge closed", "Bridge closed"),
        ("3RD LD: Bridge closed", "Bridge closed"),
        ("EILMELDUNG: Brücke gesperrt", "Brücke gesperrt"),
        ("ROUNDUP 2: Brücke gesperrt", "Brücke gesperrt"),
        ("ALERTE - Le pont est fermé", "Le pont est fermé"),
        ("(3) Bridge closed", "Bridge closed"),
        ("Bridge closed (2)", "Bridge closed"),
    ],
)
def test_marks_and_counters_become_a_flag(title, bared):
    assert without_prefix(title) == (bared, ("headline_prefix",))


@pytest.mark.parametrize(
    "title",
    ["Update on the bridge", "Focus-group says no", "EIL is a village", "UPDATE 2", "Bridge (2026)",
     "Breaking: how glaciers do it", "Text-messages found", "Bridge updates its rules"],
)  # fmt: skip
def test_headlines_that_only_look_like_it_stay(title):
    assert without_prefix(title) == (title, ())
