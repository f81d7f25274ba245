from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mediawatch.pipeline.context import Context
from mediawatch.pipeline.seeds import add_folder_source
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from sources.web import Web

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    yield server
    server.close()


@pytest.fixture
def settings(tmp_path: Path, web: Web) -> Settings:
    return Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        contact="desk@example.org",
        allow_hosts=(f"127.0.0.1:{web.port}",),
        seed_roots=(tmp_path / "seeds",),
        fetches_per_minute=0,
    )


@pytest.fixture
def context(conn: Connection, settings: Settings) -> Callable[[datetime], Context]:
    """A step's context at a time."""
    return lambda now=NOW: Context(conn=conn, settings=settings, now=now)


@pytest.fixture
def folder(conn: Connection, settings: Settings) -> Path:
    """A followed, empty folder below the seed root."""
    path = settings.seed_roots[0] / "articles"
    path.mkdir(parents=True)
    add_folder_source(conn, path, NOW, settings.seed_roots)
    return path
