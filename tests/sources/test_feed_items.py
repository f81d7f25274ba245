"""What an item of a feed says of itself: titles, links, keys, ids."""

from __future__ import annotations

import pytest

from mediawatch.sources.feeds import (
    entry_id,
)
from sources.feed_texts import item, only, parsed, rss

# --- titles ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Salt &amp; Light", "Salt & Light"),
        ("Salt &amp;amp; Light", "Salt & Light"),
        ("Salt & Light", "Salt & Light"),
        ("The mayor&amp;#8217;s plan", "The mayor’s plan"),
        ("The mayor&#8217;s plan", "The mayor’s plan"),
        ("Caf&eacute; opens", "Café opens"),
        ("Caf&amp;eacute; opens", "Café opens"),
        ("<![CDATA[Salt & Light]]>", "Salt & Light"),
        ("<![CDATA[Salt &amp; <b>Light</b>]]>", "Salt & Light"),
        ("&lt;b&gt;Bold&lt;/b&gt; words", "Bold words"),
        ("&lt;![CDATA[Inside]]&gt;", "Inside"),
        ("Growth &lt; 2 percent", "Growth < 2 percent"),
        ("I &lt;3 Paris", "I <3 Paris"),
        ("Two\n   lines\tand a tab", "Two lines and a tab"),
        ("Budget \x08talks\x0b", "Budget talks"),
        ("Null&#0; and &#8;bell", "Null and bell"),
        ("Dash&#150;here", "Dash–here"),
        ("&nosuchthing; stays", "&nosuchthing; stays"),
        ("A&amp;nbsp;B", "A B"),
        ("Open &lt;!-- comment", "Open"),
        ("x&lt;script&gt;alert(1)&lt;/script&gt;y", "x y"),
    ],
)
def test_titles_are_what_a_reader_sees(written: str, read: str):
    assert only(rss(item(title=written))).title == read


def test_only_the_items_own_title_and_text_count():
    found = only(
        rss(
            "<item><image><title>Map</title><url>https://post.example/m.gif</url></image>"
            '<media:content url="https://post.example/p.jpg"><media:title>IMG_1</media:title>'
            "<media:description>A cat on a wall.</media:description></media:content>"
            "<title>Bridge reopened</title><link>https://post.example/b</link>"
            "<description>The bridge is open.</description></item>",
            attributes='xmlns:media="http://search.yahoo.com/mrss/"',
        )
    )
    assert (found.title, found.url) == ("Bridge reopened", "https://post.example/b")
    assert (found.summary, found.content) == ("The bridge is open.", "")


# --- links, keys, ids ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/politics/42", "https://post.example/politics/42"),
        ("../sport/7", "https://post.example/sport/7"),
        ("//cdn.post.example/9", "https://cdn.post.example/9"),
        ("?id=3&amp;x=1", "https://post.example/en/rss?id=3&x=1"),
        (" https://post.example/a ", "https://post.example/a"),
        ("javascript:alert(1)", None),
        ("mailto:desk@post.example", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_links_are_absolute_web_addresses_or_none(written: str, read: str | None):
    assert only(rss(item(title="A", link=written))).url == read


def test_the_publishers_own_address_comes_before_the_counters():
    found = only(
        rss(
            "<item><link>https://feeds.counter.example/~r/1</link>"
            "<feedburner:origLink>https://post.example/own</feedburner:origLink></item>",
            attributes='xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
        )
    )
    assert found.url == "https://post.example/own"


def test_a_permanent_guid_is_a_link_and_another_is_not():
    assert only(rss("<item><guid>https://post.example/g</guid></item>")).url == (
        "https://post.example/g"
    )
    found = only(rss('<item><guid isPermaLink="false">https://post.example/g</guid></item>'))
    assert (found.url, found.guid) == (None, "https://post.example/g")


def test_keys_outlive_order_and_a_move_to_https():
    one = item(guid="http://post.example/1", title="One")
    two = item(link="http://post.example/2", title="Two")
    three = item(description="Words alone.")
    before = {i.title: i.key for i in parsed(rss(one + two + three)).items}
    moved = (three + two + one).replace("http://", "https://")
    after = {i.title: i.key for i in parsed(rss(moved)).items}
    assert before == after
    assert len(set(before.values())) == 3


def test_a_guid_that_all_items_share_is_no_key():
    same = "https://post.example/"
    items = "".join(item(guid=same, link=f"https://post.example/{n}") for n in range(3))
    assert len({found.key for found in parsed(rss(items)).items}) == 3


def test_a_guid_of_any_length_makes_a_short_key():
    assert len(only(rss(item(guid="g" * 100_000))).key) < 100


def test_an_item_with_nothing_is_an_item():
    (empty, titled) = parsed(rss("<item></item>" + item(title="B"))).items
    assert (empty.title, empty.url, empty.guid) == ("", None, None)
    assert empty.key.startswith("content:")
    assert titled.title == "B"


def test_the_id_of_an_entry_speaks_of_what_is_seen():
    def named(**fields: str) -> str:
        return entry_id("s", only(rss(item(guid="g", **fields))))

    plain = named(title="A", description="One two three.")
    assert (
        named(title="A", description="&lt;p&gt;One  two\nthree.&lt;/p&gt;&lt;img src='x?9'/&gt;")
        == plain
    )
    assert named(title="B", description="One two three.") != plain
    assert named(title="A", description="One two four.") != plain
    assert named(title="A", description="One two three.", link="https://post.example/n") != plain
    assert entry_id("t", only(rss(item(guid="g", title="A")))) != plain
