"""The step ``poll_sources`` with one parsing worker for all tests: starting it takes a second."""

from __future__ import annotations

import atexit

from mediawatch.pipeline import sources
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.parsing import parsing_worker

WORKER = parsing_worker()
atexit.register(WORKER.close)


def poll_sources(ctx: Context) -> Counts:
    """Read what is due."""
    return sources.poll_sources(ctx, WORKER)
