"""Addresses: one key for one article, never the same for two, and one that people can open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediawatch.text.urls import address, canonical, is_home_page, registrable_domain

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("address_pairs.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("verdict", "kind", "one", "other"), PAIRS)
def test_the_same_article_has_one_key_and_two_never_share_one(verdict, kind, one, other):
    found, known = address(one), address(other)
    assert (found.key == known.key) == (verdict == "same"), kind
    assert address(found.url) == found


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("https://daily.example/b/8?utm_source=mail", "https://daily.example/b/8",
                     id="norm-01"),
        pytest.param("https://daily.example/b.php?nr=8&utm_id=x", "https://daily.example/b.php?nr=8",
                     id="norm-02"),
        ("https://m.daily.example/b/8?print=1", "https://m.daily.example/b/8?print=1"),
        ("http://www.daily.example/amp/b/8", "http://www.daily.example/amp/b/8"),
    ],
)  # fmt: skip
def test_the_address_shown_stays_one_that_opens(url, shown):
    assert address(url).url == shown


@pytest.mark.parametrize(
    "url",
    ["http://daily.example/?s_cid=3&gclid=4", "http://daily.example/b/?utm_term=x",
     "https://daily.example/b//c/?", "https://daily.example/%7Eanna?b=1&b=2",
     "https://www.google.com/url?q=https%3A%2F%2Fdaily.example%2Fb%3Futm_id%3D1"],
    ids=[f"norm-03-{n}" for n in range(5)],
)  # fmt: skip
def test_a_second_pass_changes_nothing(url):
    found = address(url)
    assert address(found.url) == found
    assert address(f"https://{found.key}").key == found.key


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


def test_escapes_that_are_no_utf8_are_kept():
    assert address("https://daily.example/%AA?q=%AA").key == "daily.example/%AA?q=%AA"


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


@pytest.mark.parametrize(
    ("here", "given", "found"),
    [
        pytest.param("https://daily.example/amp/b/8", ["https://daily.example/b/8"],
                     "https://daily.example/b/8", id="norm-04"),
        pytest.param("https://daily.example/b/8?utm_id=1", ["/b/8/the-slug"],
                     "https://daily.example/b/8/the-slug", id="relative"),
        pytest.param("https://daily.example/b/8", ["https://other.example/b/8"],
                     "https://daily.example/b/8", id="another site"),
        pytest.param("https://daily.example/b/8", ["https://daily.example/"],
                     "https://daily.example/b/8", id="home page"),
        pytest.param("https://daily.example/b/8", ["https://daily.example/b/"],
                     "https://daily.example/b/8", id="section"),
        pytest.param("https://daily.example/b.php?id=8", ["https://daily.example/b.php"],
                     "https://daily.example/b.php?id=8", id="without the article's parameter"),
        pytest.param("https://daily.example/b.php?x=8", ["https://daily.example/b.php"],
                     "https://daily.example/b.php", id="without a parameter that says nothing"),
        pytest.param("https://daily.example/b/8", [None, "javascript:void(0)", "/b/9"],
                     "https://daily.example/b/9", id="the second where the first is none"),
        pytest.param(None, ["https://daily.example/b/8"], "https://daily.example/b/8",
                     id="read from a file"),
        pytest.param(None, ["/b/8"], None, id="no address at all"),
    ],
)  # fmt: skip
def test_the_address_that_a_page_gives_itself_is_taken_where_it_is_plausible(here, given, found):
    assert canonical(here, given) == found


def test_home_pages_name_no_article():
    assert is_home_page("https://www.daily.example/index.html?utm_source=x")
    assert not is_home_page("https://daily.example/?p=3")
