"""What a search finds, as a table for spreadsheets and as a feed for feed readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from mediawatch.alerts.message import one_line
from mediawatch.alerts.view import safe_link
from mediawatch.search.finding import FoundStory

COLUMNS = (
    "story_id",
    "articles",
    "article_id",
    "dated_at",
    "outlet",
    "language",
    "title",
    "excerpt",
    "url",
)
# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(stories: Iterable[FoundStory]) -> str:
    """CSV with a line for each article that is shown, first of each story first (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for story in stories:
        for article in story.shown:
            cells = (
                story.story_id,
                str(story.articles),
                article.article_id,
                article.dated_at,
                article.outlet or "",
                article.language,
                article.title.text,
                article.excerpt.text,
                article.url or "",
            )
            writer.writerow([_cell(value) for value in cells])
    return out.getvalue()


def rss(title: str, link: str, stories: Iterable[FoundStory], base: str) -> bytes:
    """RSS 2.0, one item a story: the article of it that was out first.

    ``base`` is where the newsroom is reached; an item without an address of its own links there.
    """
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    for name, value in (("title", title), ("link", link), ("description", title)):
        etree.SubElement(channel, name).text = one_line(value)
    for story in stories:
        first = story.shown[0]
        item = etree.SubElement(channel, "item")
        where = one_line(first.outlet or "")
        etree.SubElement(item, "title").text = one_line(first.title.text)
        address = safe_link(first.url) or f"{base}/stories/{story.story_id}"
        etree.SubElement(item, "link").text = address
        etree.SubElement(item, "guid", isPermaLink="false").text = story.story_id
        moment = datetime.fromisoformat(first.dated_at)
        etree.SubElement(item, "pubDate").text = format_datetime(moment)
        excerpt = one_line(first.excerpt.text)
        etree.SubElement(item, "description").text = f"{where}: {excerpt}" if where else excerpt
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
