"""What a request gets: settings and clock of the app, and a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from elasticsearch import Elasticsearch
from fastapi import Depends, Request

from mediawatch.pipeline.context import Context, open_context
from mediawatch.search.server import connected
from mediawatch.settings import Settings
from mediawatch.storage import newsroom as storage

# A page that takes longer than this is refused, not waited for.
LONGEST_STATEMENT = "10s"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a request's settings and time come from."""

    settings: Callable[[], Settings]
    clock: Callable[[], datetime]


def context(request: Request) -> Iterator[Context]:
    """A connection for one request.

    Raises:
        ServiceError: Postgres is away.
    """
    desk: Desk = request.app.state.desk
    with open_context(desk.settings(), desk.clock()) as opened:
        storage.limit_statements(opened.conn, LONGEST_STATEMENT)
        yield opened


Opened = Annotated[Context, Depends(context)]


def search_server(opened: Opened) -> Iterator[Elasticsearch]:
    """A client of Elasticsearch for one request.

    Raises:
        ServiceError: it is away.
    """
    with connected(opened.settings) as es:
        yield es


Search = Annotated[Elasticsearch, Depends(search_server)]
