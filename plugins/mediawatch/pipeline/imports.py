"""The step ``import_files``: bring the database up to the files that people keep.

It comes before any source is read, so that a watch is active before its articles are seen.
A file that cannot be used costs only itself; each fault is a line that names the file and the
cure.
"""

from __future__ import annotations

from pathlib import Path

from mediawatch.errors import InputError
from mediawatch.pipeline import inputs
from mediawatch.pipeline.alerts import import_watches
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.meaning import import_actors
from mediawatch.pipeline.sources import add_folder_source


def import_files(ctx: Context) -> Counts:
    """Import what serves all profiles and the profile's own files; how much trouble there was.

    The lines of trouble are printed: they are for the person who keeps the files.
    """
    found = inputs.of_profile(ctx.settings)
    problems = import_shared(ctx)
    for folder in found.folders:
        problems += import_folder(ctx, folder)
    if found.watches.exists():
        problems += import_watch_file(ctx, found.watches)
    for problem in problems:
        print(f"! {problem}")
    return {"problems": len(problems)}


def import_shared(ctx: Context) -> list[str]:
    """Outlets and actors of the repository; a line for each fault."""
    problems: list[str] = []
    try:
        import_actors(ctx)
    except InputError as fault:
        problems.append(str(fault))
    return problems


def import_folder(ctx: Context, folder: Path) -> list[str]:
    """Follow a folder of seed articles; a line when it cannot be followed."""
    try:
        add_folder_source(ctx.conn, folder, ctx.now, ctx.settings.seed_roots)
    except InputError as fault:
        return [str(fault)]
    return []


def import_watch_file(ctx: Context, file: Path) -> list[str]:
    """Import a file of watches; a line for each fault and conflict."""
    try:
        report = import_watches(ctx, file)
    except InputError as fault:
        return [str(fault)]
    return [*report.faults, *report.conflicts]
