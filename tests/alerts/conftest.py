"""The desk of a test: its own database, index prefix and mail server."""

from __future__ import annotations

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from alerts.desk import Desk
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection
from services.mail_server import MailServer


@pytest.fixture
def desk(
    conn: Connection,
    es: Elasticsearch,
    elasticsearch_url: str,
    index_prefix: str,
    smtp: MailServer,
    tmp_path: Path,
) -> Desk:
    # The prefix of a profile's indices is its name and a hyphen.
    settings = Settings(
        home=tmp_path,
        cache=tmp_path,
        profile=index_prefix.removesuffix("-"),
        elasticsearch_url=elasticsearch_url,
        mail_from="mediawatch@newsdesk.example",
        reply_to="editor@newsdesk.example",
    )
    assert settings.index_prefix == index_prefix
    return Desk(conn, settings, smtp)


@pytest.fixture
def bare_desk(conn: Connection, smtp: MailServer, tmp_path: Path) -> Desk:
    """A desk without Elasticsearch, for what asks only the database and the mail server."""
    settings = Settings(
        home=tmp_path,
        cache=tmp_path,
        mail_from="mediawatch@newsdesk.example",
        reply_to="editor@newsdesk.example",
    )
    return Desk(conn, settings, smtp)
