"""Feeds with every fault: hostile, broken off, in the wrong charset."""

from __future__ import annotations

import codecs

import pytest

from mediawatch.model import Rejected
from mediawatch.sources.feeds import (
    parse_feed,
)
from mediawatch.sources.items import Feed
from sources.feed_texts import HEAD, URL, item, only, parsed, rss

# --- hostile XML -------------------------------------------------------------------------


def test_no_entity_is_ever_expanded_or_loaded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("HIDDEN")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "expanded">]>'
    found = only(rss(item(title="A &x; B &y; C"), head=HEAD + doctype))
    assert "HIDDEN" not in found.title
    assert "expanded" not in found.title


def test_a_billion_laughs_are_none():
    entities = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
    )
    found = only(rss(item(title="&l9;"), head=f"{HEAD}<!DOCTYPE rss [{entities}]>"))
    assert len(found.title) < 20


@pytest.mark.parametrize(
    "content",
    [
        b'<rss version="2.0"><channel>' + b"<a>" * 20_000,
        b'<rss version="2.0"><channel>' + b"<item><title>x" * 5_000,
        b"<rss " + b"".join(b"a%d='1' " % n for n in range(50_000)) + b"></rss>",
        b"<rss><channel><item><title>" + b"&amp;" * 300_000,
        b"<rss><channel><item><description>" + b"<!--" * 200_000,
        b"<rss><channel>" + b"<![CDATA[" * 20_000,
        b"<rss><channel>" + b"<category>x<b" * 3_000,
        b"<!DOCTYPE " * 50_000,
        b"<?xml " * 100_000,
    ],
)
@pytest.mark.timeout(60)
def test_hostile_documents_come_to_an_end(content: bytes):
    found = parse_feed(content, url=URL)
    assert isinstance(found, Feed | Rejected)
    assert len(repr(found)) < 3_000_000


# --- charsets ----------------------------------------------------------------------------

WORDS = "Новости дня: выборы"
DECLARED = (
    '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel>'
    "<item><title>{}</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("declared", "real", "header"),
    [
        ("UTF-8", "utf-8", ""),
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "windows-1251", "text/xml"),
        ("koi8-r", "koi8-r", "application/rss+xml"),
        ("UTF-8", "windows-1251", "text/xml; charset=windows-1251"),
        ("UTF-8", "koi8-r", 'application/xml; charset="KOI8-R"'),
        ("windows-1251", "utf-8", "text/xml; charset=utf-8"),
        ("ISO-8859-1", "utf-8", "text/xml"),
        ("US-ASCII", "utf-8", "text/xml"),
        ("nonsense-8", "utf-8", "text/xml; charset=more-nonsense"),
        ("UTF-16", "utf-8", ""),
        ("UTF-16", "utf-16", ""),
        ("UTF-16", "utf-16-le", ""),
        ("UTF-16", "utf-16-be", "text/xml"),
        ("UTF-32", "utf-32", ""),
        ("UTF-8", "utf-8-sig", "text/xml; charset=koi8-r"),
        ("windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        ("unicode_escape", "utf-8", ""),
    ],
)
def test_the_charset_is_found_whatever_is_said(declared: str, real: str, header: str):
    content = DECLARED.format(declared, WORDS).encode(real)
    assert only(content, content_type=header).title == WORDS


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("gb2312", "今日新闻：选举"),
        ("gb18030", "𠮷野家新闻"),
        ("shift_jis", "本日のニュース"),
        ("euc-kr", "오늘의 뉴스"),
        ("big5", "今日新聞"),
        ("windows-1256", "أخبار اليوم"),
        ("iso-8859-15", "Œuvre à 5 €"),
        ("windows-1252", "“Quoted” – at 5 €"),
    ],
)
def test_charsets_of_the_world(charset: str, words: str):
    assert only(DECLARED.format(charset, words).encode(charset)).title == words


def test_windows_quotes_under_a_latin_1_label():
    content = DECLARED.format("iso-8859-1", "“Yes”").encode("windows-1252")
    assert only(content).title == "“Yes”"


def test_one_bad_byte_is_replaced_and_the_rest_kept():
    content = rss(item(title=WORDS) + item(title="Zwei"))
    content = content.replace(b"Zwei", b"Zw\xffei")
    feed = parsed(content, content_type="application/rss+xml; charset=utf-8")
    assert [found.title for found in feed.items] == [WORDS, "Zw\ufffdei"]
    assert len(feed.problems) == 1


def test_an_undeclared_charset_is_guessed():
    text = DECLARED.replace(' encoding="{}"', "").format(f"{WORDS}. " * 20)
    assert WORDS in only(text.encode("windows-1251")).title


def test_blank_lines_and_words_before_the_declaration():
    for junk in (b"\n\n", b"   ", codecs.BOM_UTF8 + b"\n", b"Warning: mysql_connect() in x.php\n"):
        assert only(junk + rss(item(title="Café debate"))).title == "Café debate"


# --- broken off ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tail", ["<item><title>Ha", "<item><title>Half</title><desc", "<it", "", "<item>"]
)
def test_a_feed_that_breaks_off_keeps_its_whole_items(tail: str):
    whole = item(title="One", link="https://post.example/1") + item(title="Two")
    content = rss(whole + "|").partition(b"|")[0] + tail.encode()
    feed = parsed(content)
    assert [found.title for found in feed.items] == ["One", "Two"]
    assert any("breaks off" in problem for problem in feed.problems)


def test_an_item_that_breaks_the_parser_costs_only_itself():
    # A chapter without its time, which feedparser takes for granted.
    bad = '<item><title>Bad</title><psc:chapters><psc:chapter title="x"/></psc:chapters></item>'
    space = 'xmlns:psc="http://podlove.org/simple-chapters"'
    feed = parsed(rss(item(title="One") + bad + item(title="Two"), attributes=space))
    assert [found.title for found in feed.items] == ["One", "Two"]
    assert feed.title == "The Post"
    assert "left out" in feed.problems[0]


@pytest.mark.parametrize("reference", ["&#xD800;", "&#99999999;", "&#0;", "&#" + "9" * 9_000 + ";"])
def test_references_to_no_character_are_dropped(reference: str):
    items = item(title=f"A{reference}B") + item(title=f"<![CDATA[<b>C{reference}D]]>")
    first, second = parsed(rss(items)).items
    assert (first.title, second.title) in (("AB", "CD"), (f"A{reference}B", "CD"))


def test_atom_that_breaks_off_in_the_middle_of_a_character():
    entry = "<entry><id>1</id><title>Første</title></entry>"
    content = f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom">{entry}<entry><title>Å'.encode()
    assert [found.title for found in parsed(content[:-1]).items] == ["Første"]
