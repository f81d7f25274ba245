"""Two houses: one for all that only looks, and one for each test that changes things."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from conftest import _of_database, _on_server
from mediawatch.newsroom.limits import Pace
from mediawatch.settings import Settings
from newsroom_pages.house import KEY, NOW, House, fill
from services.mail_server import MailServer


@pytest.fixture(scope="session")
def shared_house(
    server_url: str,
    template_database: str,
    es: Elasticsearch,
    elasticsearch_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """One filled house for the whole run."""
    name = f"mw_test_{uuid4().hex}"
    _on_server(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        cache=tmp_path_factory.mktemp("cache"),
        profile=f"t{uuid4().hex[:12]}",
        database_url=_of_database(server_url, name),
        elasticsearch_url=elasticsearch_url,
        signing_key=KEY,
    )
    try:
        with _mail_server(tmp_path_factory.mktemp("outbox")) as smtp:
            fill(settings, es, smtp.url)
        yield House(settings)
    finally:
        _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
        for found in es.indices.get(index=f"{settings.index_prefix}*", features="settings"):
            es.indices.delete(index=found)
        lenient = es.options(ignore_status=404)
        lenient.indices.delete_index_template(name=f"{settings.index_prefix}*")


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The shared house as it was at first; for tests that change no rows."""
    settings = shared_house.settings
    shared_house.app.state.pace = Pace()
    yield shared_house
    shared_house.settings, shared_house.now = settings, NOW


@pytest.fixture
def own_house(shared_house: House, server_url: str) -> Iterator[House]:
    """A house whose database is this test's alone; the index, which no page writes, is shared."""
    shared = str(shared_house.settings.database_url)
    name = f"mw_test_{uuid4().hex}"
    _on_server(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(shared).path[1:]}"')
    yield House(replace(shared_house.settings, database_url=_of_database(server_url, name)))
    _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _mail_server(folder: Path) -> Iterator[MailServer]:
    server = MailServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
