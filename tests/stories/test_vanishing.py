"""An article that its outlet took down."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mediawatch.pipeline import stories as pipeline
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from mediawatch.storage.vanishing import note_missing, seen_again
from stories.rows import NOW, add_article, annotated, query
from stories.texts import QUAY


def finish(context: Context) -> None:
    pipeline.cluster(context)
    annotated(context.conn)
    pipeline.compare(context)
    context.conn.commit()


def test_a_page_that_is_gone_twice_over_a_day_is_a_vanished_version(
    conn: Connection, tmp_path: Path
):
    context = Context(conn=conn, settings=Settings(home=tmp_path, cache=tmp_path), now=NOW)
    add_article(conn, "one", "Quay", QUAY)
    conn.commit()
    assert not note_missing(conn, "one", NOW - timedelta(days=3))  # it is still under way
    seen_again(conn, "one")
    finish(context)
    assert not note_missing(conn, "one", NOW)
    assert not note_missing(conn, "one", NOW + timedelta(hours=6))
    seen_again(conn, "one")
    assert not note_missing(conn, "one", NOW + timedelta(hours=12))
    assert not note_missing(conn, "one", NOW + timedelta(hours=30))
    assert note_missing(conn, "one", NOW + timedelta(hours=36))
    finish(context)
    versions = query(conn, "SELECT version_no, kind, title FROM article_version ORDER BY 1")
    assert versions == [(1, "update", "Quay"), (2, "vanished", "Quay")]
    changes = query(conn, "SELECT version_no, cause FROM article_change ORDER BY change_no")
    assert changes == [(1, "new_article"), (2, "new_version")]
    assert not note_missing(conn, "one", NOW + timedelta(days=9))
