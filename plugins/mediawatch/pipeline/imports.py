"""The step ``import_files``: bring the database up to the files that people keep.

It comes before any source is read, so that a watch is active before its articles are seen.
A file that cannot be used costs only itself; each fault is a line that names the file and the
cure.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mediawatch.errors import InputError
from mediawatch.pipeline import inputs
from mediawatch.pipeline.alerts import import_watches
from mediawatch.pipeline.context import Context, Counts
from mediawatch.pipeline.meaning import import_actors
from mediawatch.pipeline.own_topics import import_topics
from mediawatch.pipeline.seeds import add_folder_source
from mediawatch.pipeline.source_files import import_outlets, import_sources
from mediawatch.stack import sample_server
from mediawatch.storage.connection import transaction

OUTLETS = inputs.SHARED / "outlets.csv"


def import_files(ctx: Context) -> Counts:
    """Import what serves all profiles and the profile's own files; how much trouble there was.

    The lines of trouble are printed: they are for the person who keeps the files.
    """
    problems = [*import_shared(ctx), *import_own(ctx)]
    for problem in problems:
        print(f"! {problem}")
    return {"problems": len(problems)}


def import_shared(ctx: Context) -> Iterator[str]:
    """Outlets and actors of the repository; a line for each fault."""
    try:
        import_actors(ctx)
    except InputError as fault:
        yield str(fault)
    yield from import_outlet_file(ctx, OUTLETS)


def import_own(ctx: Context) -> Iterator[str]:
    """The profile's own folders and files; those that are not there hold nothing."""
    found = inputs.of_profile(ctx.settings)
    for folder in found.folders:
        yield from import_folder(ctx, folder)
    if found.outlets.exists() and found.outlets != OUTLETS:
        yield from import_outlet_file(ctx, found.outlets)
    if ctx.settings.profile == inputs.SAMPLE:
        yield from import_sample_sources(ctx)
    elif found.sources.exists():
        yield from import_source_file(ctx, found.sources)
    if found.watches.exists():
        yield from import_watch_file(ctx, found.watches)
    yield from import_topics(ctx)


def import_folder(ctx: Context, folder: Path) -> Iterator[str]:
    """Follow a folder of seed articles; a line when it cannot be followed."""
    try:
        add_folder_source(ctx.conn, folder, ctx.now, ctx.settings.seed_roots)
    except InputError as fault:
        yield str(fault)


def import_outlet_file(ctx: Context, file: Path) -> Iterator[str]:
    """Import an ``outlets.csv``; a line for each fault and conflict."""
    try:
        text = _content(file).decode("utf-8-sig")
        with transaction(ctx.conn) as conn:
            report = import_outlets(conn, text, str(file), ctx.now)
    except UnicodeDecodeError as fault:
        yield f"{file}: not UTF-8 (byte {fault.start}); save it as UTF-8"
    except InputError as fault:
        yield str(fault)
    else:
        yield from (*report.faults, *report.conflicts)


def import_source_file(ctx: Context, file: Path) -> Iterator[str]:
    """Import an OPML file of sources; a line for each fault and conflict."""
    try:
        yield from _import_sources(ctx, _content(file), file)
    except InputError as fault:
        yield str(fault)


def import_sample_sources(ctx: Context) -> Iterator[str]:
    """The sources of the sample newsroom, where it was ever served in this profile."""
    state = sample_server.load(ctx.settings.profile_home)
    if state is not None:
        content = sample_server.opml_text(state.port).encode()
        yield from _import_sources(ctx, content, sample_server.SOURCES)


def import_watch_file(ctx: Context, file: Path) -> Iterator[str]:
    """Import a file of watches; a line for each fault and conflict."""
    try:
        report = import_watches(ctx, file)
    except InputError as fault:
        yield str(fault)
    else:
        yield from (*report.faults, *report.conflicts)


def _import_sources(ctx: Context, content: bytes, file: Path) -> list[str]:
    with transaction(ctx.conn) as conn:
        report = import_sources(conn, content, str(file), ctx.now)
    return [*report.faults, *report.conflicts]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise InputError(f"{file}: {fault.strerror or fault}") from None
