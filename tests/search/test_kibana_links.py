"""Links into Discover carry the very string, and survive mail programs and browsers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from mediawatch.search import kibana_links as links
from mediawatch.search.queries import rewrite

QUERIES = [
    'dam* AND "high water"~3',
    "réforme NEAR/3 grève",
    "北京大学 OR C++ OR AT&T",
    '"it\'s 50% + more!" AND NOT actor:"Q1:1 & co"',
    "title:(volcano OR eruption) AND dated_at:[2026-01-01 TO *]",
    "\"&_g=(time:(from:x))#/?q=1\" OR '<script>'",
]


class Reader:
    """Reads Rison, written after its grammar and not after our writer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def value(self) -> Any:
        sign = self.text[self.at]
        self.at += 1
        if sign == "!":
            sign = self.text[self.at]
            self.at += 1
            if sign == "(":
                return self.many(self.value)
            return {"t": True, "f": False, "n": None}[sign]
        if sign == "(":
            return dict(self.many(self.pair))
        if sign == "'":
            return self.quoted()
        start = self.at - 1
        while self.at < len(self.text) and self.text[self.at] not in " '!:(),*@$":
            self.at += 1
        word = self.text[start : self.at]
        return int(word) if word.lstrip("-").isdigit() else word

    def quoted(self) -> str:
        made = ""
        while (sign := self.text[self.at]) != "'":
            self.at += 1
            if sign == "!":
                sign = self.text[self.at]
                assert sign in "!'"
                self.at += 1
            made += sign
        self.at += 1
        return made

    def pair(self) -> tuple[Any, Any]:
        key = self.value()
        assert self.text[self.at] == ":"
        self.at += 1
        return key, self.value()

    def many(self, one: Any) -> list[Any]:
        made = []
        while self.text[self.at] != ")":
            made.append(one())
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1
        return made


def state(link: str) -> dict[str, Any]:
    """What a link tells Discover: ``_g`` and ``_a``."""
    _, _, parameters = urlsplit(link).fragment.partition("?")
    found = {}
    for part in parameters.split("&"):
        name, _, text = part.partition("=")
        reader = Reader(unquote(text))
        found[name] = reader.value()
        assert reader.at == len(reader.text)
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_the_string_in_the_link_is_the_string_of_the_alert(query: str) -> None:
    text = rewrite(query).text
    link = links.discover(
        "https://kibana.example/base",
        "",
        text,
        start="2026-05-01T00:00:00Z",
        languages=("fr", "de"),
    )
    found = state(link)
    assert found["_g"] == {"time": {"from": "2026-05-01T00:00:00Z", "to": "now"}}
    assert found["_a"]["query"] == {"language": "lucene", "query": text}
    assert found["_a"]["dataSource"] == {"dataViewId": "mediawatch-articles", "type": "dataView"}
    [pill] = found["_a"]["filters"]
    assert pill["meta"]["params"] == ["fr", "de"]
    assert link.startswith("https://kibana.example/base/app/discover#/?_g=")
    assert not set(link) & set(' "<>()[]{}|\\^`\n\t')
    assert link.isascii()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        "1st",
        "-x",
        "a b",
        "it's!",
        "now-7d",
        True,
        None,
        -5,
        ["a", ["b"]],
        {"$state": {"a-b": []}},
    ],
    ids=json.dumps,
)
def test_rison_says_what_json_says(value: Any) -> None:
    reader = Reader(links.rison(value))
    assert reader.value() == value
    assert reader.at == len(reader.text)


def test_a_document_and_a_watch_have_links_without_the_password() -> None:
    base = "http://elastic:secret@127.0.0.1:5601"
    index = "sample-mw-articles-g1-2026.05"
    assert links.document(base, "sample-", index, "u:a/b c") == (
        "http://127.0.0.1:5601/app/discover#/doc/mediawatch-sample-articles/"
        "sample-mw-articles-g1-2026.05?id=u%3Aa%2Fb%20c"
    )
    link = links.watch(base, "", "flood.2", start="now-24h")
    assert link.startswith("http://127.0.0.1:5601/app/discover#/view/mediawatch-watch-flood.2?_g=")
    assert state(link)["_g"] == {"time": {"from": "now-24h", "to": "now"}}
