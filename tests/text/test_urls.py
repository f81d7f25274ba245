"""Addresses: one key for one article, never the same for two, and one that people can open."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediawatch.text.urls import address, is_home_page, registrable_domain

STORY = "https://daily.example/world/river-treaty-signed"
SAME = [
    STORY + "?utm_source=feed&utm_medium=rss",
    STORY + "#xtor=RSS-16",
    STORY + "?ref=rss",
    STORY + "?fbclid=IwAR2abc&gclid=7",
    "HTTPS://Daily.Example:443/world/river-treaty-signed",
    "http://daily.example/world/river-treaty-signed/",
    "https://www.daily.example/world/river-treaty-signed",
    "https://m.daily.example/world/river-treaty-signed",
    "https://amp.daily.example/world/river-treaty-signed",
    "https://daily.example/amp/world/river-treaty-signed",
    "https://daily.example/world/river-treaty-signed/amp/",
    "https://daily.example/world/river-treaty-signed?amp=1",
    "https://daily.example/world/river-treaty-signed?print=true",
    "https://daily.example/sport/../world/./river-treaty-signed",
    "https://daily.example/world/river%2Dtreaty%2dsigned",
    "https://daily.example/world/river-treaty-signed;jsessionid=0A1B2C",
    "https://www.google.com/amp/s/daily.example/world/river-treaty-signed",
    "https://daily-example.cdn.ampproject.org/c/s/daily.example/world/river-treaty-signed",
    "https://www.google.com/url?q=" + quote(STORY, safe=""),
    "https://l.facebook.com/l.php?h=AT1&u=" + quote(STORY + "?fbclid=x", safe=""),
]
DIFFERENT = [
    ("https://daily.example/story.php?id=7", "https://daily.example/story.php?id=8"),
    ("https://daily.example/watch?v=A", "https://daily.example/watch?v=a"),
    ("https://daily.example/Story", "https://daily.example/story"),
    ("https://daily.example/a/1", "https://weekly.example/a/1"),
    ("https://daily.example/?p=12", "https://daily.example/?p=13"),
    ("https://daily.example/#!/a/1", "https://daily.example/#!/a/2"),
    ("https://daily.example:8080/a", "https://daily.example/a"),
    ("https://daily.example/a?source=interview", "https://daily.example/a"),
]


@pytest.mark.parametrize("url", SAME)
def test_the_same_article_has_one_key(url):
    assert address(url).key == address(STORY).key


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_articles_never_share_a_key(one, other):
    assert address(one).key != address(other).key


def test_the_address_shown_keeps_scheme_and_host():
    assert address("http://www.daily.example/a?utm_source=x&id=3").url == (
        "http://www.daily.example/a?id=3"
    )


def test_international_names_and_letters_follow_the_standard():
    assert address("http://zürich.example/café?q=é").url == (
        "http://xn--zrich-kva.example/caf%C3%A9?q=%C3%A9"
    )


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "mailto:a@b.example", "data:text/html,x", "file:///etc/passwd",
     "http://[::1", "http://a:99999999/", "no address", "http://e.example/" + "a" * 10_000],
)  # fmt: skip
def test_what_is_no_web_address_is_none(url):
    assert address(url) is None


def test_relative_addresses_need_their_base():
    assert address("/a/1", "https://daily.example/feed").url == "https://daily.example/a/1"
    assert address("/a/1") is None


@given(
    st.text(alphabet="ab/.%?&=#;+~é ", max_size=40),
    st.sampled_from(
        ["http://www.daily.example/", "https://m.daily.example/x?", "//daily.example/"]
    ),
)
def test_both_are_idempotent(rest, start):
    found = address(start + rest)
    if found is not None:
        assert address(found.url) == found


def test_who_publishes_is_the_registrable_domain():
    assert registrable_domain("https://news.bbc.co.uk/1/hi") == "bbc.co.uk"
    assert registrable_domain("http://127.0.0.1:8000/a") is None


def test_home_pages_name_no_article():
    assert is_home_page("https://www.daily.example/index.html?utm_source=x")
    assert not is_home_page("https://daily.example/?p=3")
