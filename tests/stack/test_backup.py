"""A backup brings everything back, and a restore that fails leaves everything as it was."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from mediawatch.cli.backup import add_parsers
from mediawatch.errors import InputError, ServiceError
from mediawatch.pipeline.context import Context
from mediawatch.pipeline.search import index
from mediawatch.search.index import alias_name
from mediawatch.settings import Settings
from mediawatch.stack import backup as files
from mediawatch.storage.connection import Connection, connect
from search.newsroom_rows import Rows


@pytest.fixture
def settings(cache: Path, database_url: str, elasticsearch_url: str, index_prefix: str) -> Settings:
    """This test's database and index."""
    found = Settings.from_env({**os.environ, "MEDIAWATCH_CACHE": str(cache)})
    return replace(
        found,
        profile=index_prefix.removesuffix("-"),
        database_url=database_url,
        elasticsearch_url=elasticsearch_url,
    )


def call(settings: Settings, *arguments: str) -> int:
    top = argparse.ArgumentParser()
    add_parsers(top.add_subparsers())
    args = top.parse_args(arguments)
    return int(args.run(args, settings))


def test_what_was_lost_comes_back_and_is_indexed_again(
    settings: Settings,
    conn: Connection,
    es: Elasticsearch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from datetime import UTC, datetime

    rows = Rows(conn)
    rows.article("u:1", "Dam holds", "Körper, 北京, \U0001f600, \\N and \t.")
    context = Context(conn=conn, settings=settings, now=datetime(2026, 5, 14, tzinfo=UTC))
    index(context)
    rows.set("UPDATE article_change SET matched_at = now()")
    file = tmp_path / "own.dump"
    assert call(settings, "backup", str(file)) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["own.dump"]

    rows.version("u:1", 2, "Changed since", "Nothing of it.")
    rows.change("u:1", "new_version", 2)
    rows.article("u:2")
    index(context)
    with pytest.raises(InputError, match="2 articles and 0 watches; give --replace"):
        call(settings, "restore", str(file))
    conn.close()
    assert call(settings, "restore", str(file), "--replace") == 0
    assert "1 articles wait to be indexed" in capsys.readouterr().out

    with closing(connect(str(settings.database_url))) as again:
        rows.conn = again
        assert rows.ask("SELECT title, body FROM article_version") == [
            ("Dam holds", "Körper, 北京, \U0001f600, \\N and \t.")
        ]
        # What was matched stays so: no second mail.
        assert rows.ask("SELECT count(*) FROM article_change WHERE matched_at IS NULL") == [(0,)]
        assert rows.ask("SELECT nspname FROM pg_namespace WHERE nspname ~ '^mediawatch'") == [
            ("mediawatch",)
        ]
        index(replace(context, conn=again))
        alias = alias_name(settings.index_prefix)
        es.indices.refresh(index=alias)
        hits = es.search(index=alias)["hits"]["hits"]
        assert [(hit["_id"], hit["_source"]["title"]) for hit in hits] == [("u:1", "Dam holds")]


def test_a_restore_that_fails_changes_nothing(
    settings: Settings, conn: Connection, cache: Path, tmp_path: Path
) -> None:
    url = str(settings.database_url)
    rows = Rows(conn)
    rows.article("u:1")
    file = tmp_path / "own.dump"
    files.backup(url, cache, file)
    content = file.read_bytes()
    conn.commit()
    # The table of contents is sound; the rows behind it are not.
    (tmp_path / "hurt.dump").write_bytes(content[:-1000] + bytes(1000))
    with pytest.raises(ServiceError):
        files.restore(url, cache, tmp_path / "hurt.dump", replace=True)
    assert rows.ask("SELECT article_id FROM article") == [("u:1",)]
    (tmp_path / "cut.dump").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="is not a backup"):
        files.restore(url, cache, tmp_path / "cut.dump", replace=True)
    (tmp_path / "other.dump").write_text("SELECT 1;")
    with pytest.raises(InputError, match="is not a backup"):
        files.restore(url, cache, tmp_path / "other.dump", replace=True)
    with pytest.raises(InputError, match="no such file"):
        files.restore(url, cache, tmp_path / "none.dump")
    assert rows.ask("SELECT article_id FROM article") == [("u:1",)]
    with pytest.raises(InputError, match="No such file"):
        files.backup(url, cache, tmp_path / "none" / "own.dump")


def test_a_fault_does_not_tell_the_password(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as fault:
        files.backup("postgresql://u:top-secret@127.0.0.1:1/x", cache, tmp_path / "x.dump")
    assert "top-secret" not in str(fault.value)
    assert list(tmp_path.iterdir()) == []
