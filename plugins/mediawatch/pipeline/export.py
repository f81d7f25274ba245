"""An export, and the row that says later what was exported."""

from __future__ import annotations

from pathlib import Path

from mediawatch.pipeline.context import Context
from mediawatch.search.export import Exported, Progress, Wish, export
from mediawatch.search.server import connected
from mediawatch.storage import search as storage
from mediawatch.storage.connection import transaction


def write(context: Context, wish: Wish, file: Path, progress: Progress | None = None) -> Exported:
    """Export what a query finds into a file and note it in ``export_run``.

    Raises:
        QueryError, ServiceError, InputError: as for :func:`mediawatch.search.export.export`.
    """
    with connected(context.settings) as es:
        done = export(es, context.settings.index_prefix, wish, file, progress)
    with transaction(context.conn) as conn:
        storage.add_export_run(conn, wish.query, done.rules, done.checksum, context.now)
    return done
