"""``inspect feed`` answers as the pipeline would read the feed."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mediawatch.errors import InputError
from mediawatch.text.feed_inspection import inspect_feed

FEED = (
    '<rss version="2.0"><channel><title>Kust &amp;amp; hav</title>'
    "<item><guid>k-1</guid><title>Färjan går igen</title><link>/farja</link>"
    "<pubDate>Mon, 02 Mar 2026 09:15 EST</pubDate><category>Sjöfart</category></item>"
    "<item><title>I morgon</title><pubDate>Tue, 01 Jan 2099 00:00:00 GMT</pubDate></item>"
    "</channel></rss>"
)
ASKED: dict[str, Any] = {"url": "https://kust.example/rss", "fetched_at": "2026-03-02T15:00:00Z"}


@pytest.mark.parametrize("way", ["text", "base64", "path"])
def test_a_feed_given_in_each_way_gives_the_same_answer(way: str, tmp_path):
    given = {"text": FEED, "base64": base64.b64encode(FEED.encode()).decode()}
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    given["path"] = str(tmp_path / "feed.xml")
    answer = inspect_feed({**ASKED, way: given[way]})
    first, second = answer["entries"]
    assert (answer["format"], answer["title"], answer["problems"]) == ("rss20", "Kust & hav", [])
    assert (first["key"], first["id"], first["title"]) == ("k-1", "k-1", "Färjan går igen")
    assert (first["url"], first["categories"]) == ("https://kust.example/farja", ["Sjöfart"])
    assert first["published"]["value"] == "2026-03-02T14:15:00Z"
    assert first["published"]["raw"] == "Mon, 02 Mar 2026 09:15 EST"
    assert first["updated"]["value"] is None
    assert "future_date" in second["published"]["flags"]


def test_headers_name_the_charset():
    content = FEED.replace("<rss", '<?xml version="1.0"?><rss').encode("iso-8859-1")
    headers = {"Content-Type": "text/xml; charset=ISO-8859-1"}
    request = {**ASKED, "base64": base64.b64encode(content).decode(), "headers": headers}
    assert inspect_feed(request)["entries"][0]["title"] == "Färjan går igen"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"text": "<html></html>"}, "not_feed"),
        ({"text": ""}, "empty"),
        ({"base64": "§§"}, "bad_input"),
        ({}, "bad_input"),
        ({"text": 5, "headers": 5, "url": 5}, "bad_input"),
    ],
)
def test_what_cannot_be_read_has_a_code(request_: dict[str, Any], code: str):
    with pytest.raises(InputError) as refused:
        inspect_feed(request_)
    assert refused.value.code == code
