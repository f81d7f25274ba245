"""The feeds that a page names in its head (RSS autodiscovery)."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from mediawatch.sources.charsets import decode
from mediawatch.sources.fetching import Fetched
from mediawatch.sources.opml import is_web_address

LINK = re.compile(r"<link\b[^<>]{1,2000}>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)
TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
MOST = 10


def feeds_of_page(page: Fetched) -> tuple[str, ...]:
    """The addresses of a page's feeds, in its order."""
    text = decode(page.body, page.content_type).text
    found: dict[str, None] = {}
    for tag in LINK.findall(text):
        attributes = {
            name.lower(): html.unescape(first or second or third)
            for name, first, second, third in ATTRIBUTE.findall(tag)
        }
        is_feed = attributes.get("type", "").strip().lower() in TYPES
        if is_feed and "alternate" in attributes.get("rel", "").lower().split():
            address = urljoin(page.url, attributes.get("href", ""))
            if is_web_address(address):
                found[address] = None
    return tuple(found)[:MOST]
