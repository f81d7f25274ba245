"""Entities, outside files and bombs in each kind of XML that comes from outside."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from mediawatch.errors import InputError
from mediawatch.model import Rejected
from mediawatch.sources.feeds import parse_feed
from mediawatch.sources.opml import read_opml
from mediawatch.sources.sitemaps import parse_sitemap
from sources.web import Web

SECRET = "the-secret-of-the-house"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCUMENTS = {
    "feed": (
        '<rss version="2.0"><channel><title>{0}</title><item><title>A {0} ferry</title>'
        "<link>https://fjord.example/{0}</link></item></channel></rss>"
    ),
    "sitemap": "<urlset><url><loc>https://fjord.example/{0}</loc></url></urlset>",
    "opml": (
        '<opml version="2.0"><body><outline text="A {0} ferry" '
        'xmlUrl="https://fjord.example/feed"/></body></opml>'
    ),
}


def _opml(content: bytes) -> str:
    try:
        return str(read_opml(content, "list.opml"))
    except InputError as fault:
        return str(fault)


READERS: dict[str, Callable[[bytes], str]] = {
    "feed": lambda content: str(parse_feed(content)),
    "sitemap": lambda content: str(parse_sitemap(content)),
    "opml": _opml,
}
kinds = pytest.mark.parametrize("kind", DOCUMENTS)


def document(kind: str, subset: str, name: str) -> bytes:
    root = DOCUMENTS[kind].partition(" ")[0].strip("<>").partition(">")[0]
    return f"<!DOCTYPE {root} [{subset}]>{DOCUMENTS[kind].format(f'&{name};')}".encode()


@kinds
def test_entities_do_not_multiply(kind: str):
    content = document(kind, f'<!ENTITY l0 "ha">{LAUGHS}', "l9")
    assert len(READERS[kind](content)) < 3_000


@kinds
def test_a_file_of_the_house_is_not_read(kind: str, tmp_path: Path):
    file = tmp_path / "secret"
    file.write_text(SECRET)
    content = document(kind, f'<!ENTITY x SYSTEM "{file.as_uri()}">', "x")
    assert SECRET not in READERS[kind](content)


@kinds
@pytest.mark.parametrize(
    "subset",
    ['<!ENTITY x SYSTEM "{0}/x">', '<!ENTITY % p SYSTEM "{0}/p.dtd"> %p; <!ENTITY x "y">'],
    ids=["entity", "parameter"],
)
def test_nothing_is_loaded(kind: str, subset: str, web: Web):
    READERS[kind](document(kind, subset.format(web.url), "x"))
    head = f'<!DOCTYPE rss SYSTEM "{web.url}/rss.dtd">'
    READERS[kind](head.encode() + DOCUMENTS[kind].format("x").encode())
    assert web.asked == []


@pytest.mark.parametrize("reader", [parse_feed, parse_sitemap])
def test_a_packed_bomb_is_stopped_and_named(reader: Callable[[bytes], object]):
    bomb = gzip.compress(b"<rss><channel>" + b" " * 80_000_000)
    found = reader(bomb)
    assert isinstance(found, Rejected)
    assert found.code == "bomb"


@kinds
@pytest.mark.parametrize(
    "content",
    [b"<a>" * 100_000, b"<" * 1_000_000, b"<!DOCTYPE x [" + b"<!--" * 200_000, b"&" * 1_000_000],
    ids=["deep", "tags", "comments", "references"],
)
def test_what_never_ends_is_answered(kind: str, content: bytes):
    assert READERS[kind](content)
