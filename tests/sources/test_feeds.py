"""Feeds of every format, from bytes to items, and what becomes of an item."""

from __future__ import annotations

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
from mediawatch.sources.items import Item
from sources.conftest import NOW
from sources.feed_texts import HEAD, URL, item, only, parsed, rss

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
