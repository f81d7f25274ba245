"""The newsroom of a test: its own database, index prefix and mail server."""

from __future__ import annotations

import pytest

from forget.forgetful import NOW, Newsroom
from mediawatch.pipeline.context import Context
from mediawatch.settings import Settings


@pytest.fixture
def newsroom(conn, es, elasticsearch_url, index_prefix, smtp, tmp_path) -> Newsroom:
    settings = Settings(
        home=tmp_path,
        cache=tmp_path,
        profile=index_prefix.removesuffix("-"),
        elasticsearch_url=elasticsearch_url,
        mail_from="mediawatch@newsdesk.example",
        reply_to="editor@newsdesk.example",
        smtp_url=smtp.url,
        languages=("en",),
    )
    return Newsroom(Context(conn=conn, settings=settings, now=NOW), smtp)
