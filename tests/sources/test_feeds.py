"""Feeds of every make and every fault, from bytes to items."""

from __future__ import annotations

import codecs
import gzip
import json

import pytest

from mediawatch.model import Rejected
from mediawatch.sources.feeds import (
    entry_id,
    parse_feed,
    raw_entry,
    text_length,
    wants_page,
)
from mediawatch.sources.items import Feed, Item
from sources.conftest import NOW

URL = "https://post.example/en/rss"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def rss(items: str, head: str = HEAD, attributes: str = "") -> bytes:
    return (
        f'{head}<rss version="2.0" {attributes}><channel><title>The Post</title>'
        f"<link>https://post.example/</link>{items}</channel></rss>"
    ).encode()


def parsed(content: bytes, *, url: str = URL, content_type: str = "") -> Feed:
    found = parse_feed(content, url=url, content_type=content_type)
    assert isinstance(found, Feed), found
    return found


def only(content: bytes, **options) -> Item:
    (item,) = parsed(content, **options).items
    return item


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</item>"


# --- formats ---------------------------------------------------------------------------


def test_rss_with_all_its_parts():
    found = only(
        rss(
            "<item><title>Tram line 4 opens</title><link>https://post.example/tram</link>"
            '<guid isPermaLink="false">tram-4</guid><author>mila@post.example (Mila Ek)</author>'
            "<pubDate>Mon, 02 Mar 2026 09:15:00 +0100</pubDate><category>Traffic</category>"
            "<category>City</category><description>It runs &lt;b&gt;daily&lt;/b&gt;.</description>"
            "<content:encoded><![CDATA[<p>It runs daily, from six.</p>]]></content:encoded>"
            '<enclosure url="/tram.mp3" type="audio/mpeg" length="5"/></item>',
            attributes='xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        )
    )
    assert found == Item(
        key="tram-4",
        guid="tram-4",
        url="https://post.example/tram",
        title="Tram line 4 opens",
        summary="It runs <b>daily</b>.",
        content="<p>It runs daily, from six.</p>",
        is_html=True,
        authors=("Mila Ek",),
        published="Mon, 02 Mar 2026 09:15:00 +0100",
        updated=None,
        categories=("Traffic", "City"),
        enclosures=("https://post.example/tram.mp3",),
        language=None,
    )


def test_atom_takes_the_page_among_its_links_and_keeps_both_dates():
    content = f"""{HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv"><title>Nytt</title>
    <entry><id>urn:x:1</id><title type="html">&lt;em&gt;Snö&lt;/em&gt; i maj</title>
    <link rel="enclosure" type="audio/ogg" href="https://post.example/snow.ogg"/>
    <link rel="alternate" type="text/html" href="/sno"/>
    <published>2026-03-01T10:00:00Z</published><updated>2026-03-02T08:30:00+02:00</updated>
    <author><name>Per Holm</name></author><category term="weather" label="Weather"/>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Åter vinter.</p></div>
    </content></entry></feed>"""
    feed = parsed(content.encode())
    (found,) = feed.items
    assert (feed.format, feed.title, feed.language) == ("atom10", "Nytt", "sv")
    assert found.url == "https://post.example/sno"
    assert found.enclosures == ("https://post.example/snow.ogg",)
    assert found.title == "Snö i maj"
    assert (found.published, found.updated) == ("2026-03-01T10:00:00Z", "2026-03-02T08:30:00+02:00")
    assert (found.authors, found.categories) == (("Per Holm",), ("weather",))
    assert "Åter vinter." in found.content


def test_rdf_in_another_charset():
    content = (
        '<?xml version="1.0" encoding="ISO-8859-2"?><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Hlas</title>'
        '</channel><item rdf:about="https://hlas.example/1"><title>Řeka stoupá</title>'
        "<link>https://hlas.example/1</link><dc:creator>Jana Dušková</dc:creator>"
        "<dc:date>2026-03-02T07:00:00+01:00</dc:date></item></rdf:RDF>"
    ).encode("iso-8859-2")
    found = only(content)
    assert (found.title, found.authors) == ("Řeka stoupá", ("Jana Dušková",))
    assert found.published == "2026-03-02T07:00:00+01:00"


def test_json_feed():
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Signal",
        "language": "en",
        "items": [
            {
                "id": 17,
                "url": "/a",
                "title": "Ice &amp; wind",
                "content_text": "Plain <words>.",
                "date_published": "2026-03-01T00:00:00Z",
                "authors": [{"name": "Ada Lind"}],
                "tags": ["sea", 5],
                "attachments": [{"url": "https://x.example/a.mp3"}],
            },
            "not an item",
        ],
    }
    feed = parsed(json.dumps(document).encode())
    (found,) = feed.items
    assert (feed.format, found.guid, found.url) == ("json11", "17", "https://post.example/a")
    assert (found.title, found.is_html, found.authors) == ("Ice & wind", False, ("Ada Lind",))
    assert (found.categories, found.enclosures) == (("sea",), ("https://x.example/a.mp3",))


def test_a_gzipped_file_is_a_feed_too():
    assert only(gzip.compress(rss(item(title="Packed")))).title == "Packed"


# --- what is no feed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!DOCTYPE html><html><body><h1>Just a moment</h1></body></html>", "not_feed"),
        (b"<html><head></head></html>", "not_feed"),
        (b"The server is busy.", "not_feed"),
        (b"<note><to>You</to></note>", "not_feed"),
        (b'{"error": "no such feed"}', "not_feed"),
        (b'{"items": 5', "not_feed"),
        (b"[" * 100_000, "not_feed"),
        (b"%PDF-1.7 ...", "not_feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_feed"),
        (b'<!DOCTYPE rss [ <!ENTITY a "b"> <rss/>', "bad_xml"),
        (gzip.compress(b" " * 30_000_000), "bomb"),
    ],
)
def test_what_is_no_feed_has_a_code_and_a_sentence(content: bytes, code: str):
    found = parse_feed(content, url=URL)
    assert isinstance(found, Rejected)
    assert found.code == code
    assert found.message.endswith(")")


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


# --- what becomes of an item ---------------------------------------------------------------


def test_a_raw_entry_has_what_the_feed_said():
    found = only(rss(item(guid="g", title="A", description="Words.", link="/a")))
    entry = raw_entry("feed-1", found, NOW, "f" * 64)
    assert (entry.source_id, entry.item_key, entry.url) == ("feed-1", "g", "https://post.example/a")
    assert (entry.content_type, entry.fetched_at, entry.body_sha256) == ("html", NOW, "f" * 64)
    assert entry.entry_id == entry_id("feed-1", found)


@pytest.mark.parametrize(
    ("policy", "words", "link", "wanted"),
    [
        ("short", 5, "/a", True),
        ("short", 200, "/a", False),
        ("short", 5, "", False),
        ("always", 200, "/a", True),
        ("never", 5, "/a", False),
    ],
)
def test_when_the_page_is_wanted(policy, words: int, link: str, wanted: bool):
    markup = "&lt;div class='" + "x" * 900 + "'&gt;" + "words " * words + "&lt;/div&gt;"
    found = only(rss(item(guid="g", link=link, description=markup)))
    entry = raw_entry("s", found, NOW, "")
    assert text_length(entry) == words * 6 - 1
    assert wants_page(entry, policy) is wanted
