"""The process in which answers of sources are parsed, under limits."""

from __future__ import annotations

from mediawatch.text.worker import Worker

SECONDS = 20.0  # for one answer
MEGABYTES = 1_200


def parsing_worker() -> Worker:
    """A worker for ``formats.Asked``; use it with ``with``."""
    return Worker(
        "mediawatch.sources.formats", "parse_source", seconds=SECONDS, megabytes=MEGABYTES
    )
