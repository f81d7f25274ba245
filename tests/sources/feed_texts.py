"""Feeds as the tests write them, and what is read of them."""

from __future__ import annotations

from mediawatch.sources.feeds import parse_feed
from mediawatch.sources.items import Feed, Item

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
