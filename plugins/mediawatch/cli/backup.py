"""``mediawatch backup`` and ``mediawatch restore``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mediawatch.errors import ServiceError
from mediawatch.pipeline.context import open_context
from mediawatch.settings import Settings
from mediawatch.stack import backup as files
from mediawatch.stack import services
from mediawatch.storage import search as storage
from mediawatch.storage.connection import transaction


def add_parsers(verbs: Any) -> None:
    """Add the verbs ``backup`` and ``restore``."""
    verb = verbs.add_parser("backup", help="write the whole database of a profile to a file")
    verb.add_argument("file", type=Path, help="for its owner alone: it holds readers' addresses")
    verb.set_defaults(run=backup)
    verb = verbs.add_parser("restore", help="bring the database of a profile back from a backup")
    verb.add_argument("file", type=Path)
    verb.add_argument("--replace", action="store_true", help="also when there is something in it")
    verb.set_defaults(run=restore)


def backup(args: argparse.Namespace, settings: Settings) -> int:
    """Back up the database."""
    size = files.backup(_database_url(settings), settings.cache, args.file)
    print(f"{args.file}: {size / 1_000_000:,.1f} MB")
    return 0


def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Restore the database, bring it up to date and have the index made anew."""
    url = _database_url(settings)
    files.restore(url, settings.cache, args.file, replace=args.replace)
    services.prepare_database(url)
    with open_context(settings) as context, transaction(context.conn) as conn:
        documents = storage.forget_index(conn)
    print(
        f"Restored. {documents:,} articles wait to be indexed: `mediawatch step index` does it "
        "now, the schedule within minutes."
    )
    return 0


def _database_url(settings: Settings) -> str:
    url = services.resolve(settings).database_url
    if url is None:
        raise ServiceError("Postgres is not running: run `mediawatch up`")
    return url
