"""What a search finds, as a table for spreadsheets and as a feed, by the export of the house."""

from __future__ import annotations

import io

from elasticsearch import Elasticsearch

from mediawatch.errors import InputError
from mediawatch.search import export_columns, export_files, reading, syndication

# Above this a table is made by the command, which shows how far it is.
LARGEST_TABLE = 10_000
FEED_STORIES = 100


def table(es: Elasticsearch, prefix: str, query: str) -> bytes:
    """CSV with a line for each article found.

    Raises:
        QueryError: the query is wrong.
        ServiceError: nothing is indexed yet, or the server was too slow.
        InputError: it finds more than :data:`LARGEST_TABLE` articles.
    """
    found = reading.asked(es, prefix, query)
    total = reading.count(es, found)
    if total > LARGEST_TABLE:
        raise InputError(
            f"this search finds {total:,} articles; above {LARGEST_TABLE:,} use"
            " `mediawatch export` or make it narrower"
        )
    order, source = export_columns.ORDER["article"], export_columns.source("article")
    hits = reading.every_hit(es, found, order, source)
    rows = export_columns.rows("article", hits, found.near())
    out = io.BytesIO()
    export_files.write(out, "csv", export_columns.columns("article"), rows)
    return out.getvalue()


def feed(es: Elasticsearch, prefix: str, query: str, title: str, home: str) -> bytes:
    """RSS 2.0 of the newest stories found; ``home`` is where the newsroom is reached.

    Raises:
        QueryError: the query is wrong.
        ServiceError: nothing is indexed yet, or the server was too slow.
    """
    found = reading.asked(es, prefix, query)
    items = syndication.newest(es, found, "story", FEED_STORIES)
    out = io.BytesIO()
    syndication.write(out, "rss", syndication.About(title, home), "story", items)
    return out.getvalue()
