"""The real services for the tests.

Started once for a test run, in a home of their own, from the cache that ``mediawatch up`` uses.
Where ``MEDIAWATCH_TEST_DATABASE_URL`` or ``MEDIAWATCH_TEST_ELASTICSEARCH_URL`` is set, that
server is used instead. Each test gets a database and an index prefix of its own. A service that
cannot be had fails the test.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2
import pytest
from elasticsearch import Elasticsearch

from mediawatch.settings import Settings
from mediawatch.stack import services, tagger_files
from mediawatch.stack.echo import Echo
from mediawatch.stack.tagger_files import TaggerFiles
from mediawatch.storage.connection import Connection, connect
from mediawatch.storage.migrations import migrate
from services.mail_server import MailServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--rounds N``: how often the fault tests kill at each place."""
    parser.addoption("--rounds", type=int, default=1)


LONG = ("test_end_to_end.py", "test_kill.py", "test_whole_stack.py", "test_newsroom.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that two processes end at about the same time."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(scope="session")
def cache() -> Path:
    """The folder with the unpacked programs, filled when it is empty."""
    return Settings.from_env(os.environ).cache


@pytest.fixture(scope="session")
def stack_home(cache: Path) -> Iterator[Settings]:
    """The home of the services of this test run; whatever was started in it is stopped."""
    home = Path(tempfile.mkdtemp(prefix="mediawatch-tests-"))
    settings = Settings.from_env({"MEDIAWATCH_HOME": str(home), "MEDIAWATCH_CACHE": str(cache)})
    try:
        yield settings
    finally:
        services.down(settings)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def stack(stack_home: Settings) -> Settings:
    """Settings with the URLs of embedded Postgres, Elasticsearch and mail outbox, all running."""
    services.up(stack_home, airflow=False, echo=Echo())
    return services.resolve(stack_home)


@pytest.fixture(scope="session")
def server_url(stack_home: Settings) -> str:
    """The URL of a database in which the tests may make and drop others."""
    given = os.environ.get("MEDIAWATCH_TEST_DATABASE_URL")
    if given:
        return given
    # Elasticsearch takes longest and waits until a test wants it.
    without_search = replace(stack_home, elasticsearch_url="http://search.invalid")
    services.up(without_search, airflow=False, echo=Echo())
    return str(services.resolve(without_search).database_url)


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    """The URL of an Elasticsearch; keep to names below ``index_prefix``."""
    given = os.environ.get("MEDIAWATCH_TEST_ELASTICSEARCH_URL")
    return given or str(request.getfixturevalue("stack").elasticsearch_url)


@pytest.fixture(scope="session")
def template_database(server_url: str) -> Iterator[str]:
    """The name of a migrated database that no test touches, to be copied."""
    name = f"mw_template_{uuid4().hex}"
    _on_server(server_url, f'CREATE DATABASE "{name}"')
    try:
        with closing(connect(_of_database(server_url, name))) as conn:
            migrate(conn)
        yield name
    finally:
        _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """The URL of a migrated, empty database that this test alone uses."""
    name = f"mw_test_{uuid4().hex}"
    _on_server(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template_database}"')
    yield _of_database(server_url, name)
    _on_server(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    """A connection to this test's database, as the package opens it."""
    with closing(connect(database_url)) as conn:
        yield conn


@pytest.fixture(scope="session")
def es(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """A client of Elasticsearch."""
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.info()
        yield client


@pytest.fixture
def index_prefix(es: Elasticsearch) -> Iterator[str]:
    """What the names of this test begin with; indices and templates below it are deleted."""
    prefix = f"t{uuid4().hex[:12]}-"
    yield prefix
    found = es.indices.get(index=f"{prefix}*", expand_wildcards="all", features="settings")
    for name in found:
        es.indices.delete(index=name)
    lenient = es.options(ignore_status=404)
    lenient.indices.delete_index_template(name=f"{prefix}*")
    lenient.cluster.delete_component_template(name=f"{prefix}*")


@pytest.fixture(scope="session")
def tagger() -> TaggerFiles:
    """Java, jar and model of the English tagger, fetched when they are not in the cache."""
    settings = Settings.from_env(os.environ)
    tagger_files.install(settings, Echo())
    return tagger_files.find(settings, "en")


@pytest.fixture(scope="session")
def tagger_command(tagger: TaggerFiles) -> list[str]:
    """What starts the English tagger."""
    return tagger.command()


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[MailServer]:
    """A real SMTP server with an outbox folder and answers that the test scripts."""
    outbox = tmp_path / "outbox"
    outbox.mkdir()
    server = MailServer(outbox)
    server.start()
    yield server
    server.stop()


def _of_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _on_server(url: str, sql: str) -> None:
    with closing(psycopg2.connect(url)) as conn:
        conn.autocommit = True
        with conn.cursor() as cursor:
            cursor.execute(sql)
