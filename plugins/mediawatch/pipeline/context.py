"""What every step gets: a connection, the settings and the time, read once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from mediawatch.pipeline.inputs import with_folders
from mediawatch.settings import Settings
from mediawatch.stack import services
from mediawatch.storage.connection import Connection, connect


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run of one step. ``settings`` names every service; ``now`` does not move."""

    conn: Connection
    settings: Settings
    now: datetime


Counts: TypeAlias = dict[str, int]
StepFunction: TypeAlias = Callable[..., Counts]


@contextmanager
def open_context(
    settings: Settings | None = None, now: datetime | None = None
) -> Iterator[Context]:
    """A context from the environment, its connection closed at the end."""
    found = with_folders(services.resolve(settings or Settings.from_env(os.environ)))
    assert found.database_url is not None
    conn = connect(found.database_url)
    try:
        yield Context(conn=conn, settings=found, now=now or datetime.now(UTC))
    finally:
        conn.close()
