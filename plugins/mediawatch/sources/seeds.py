"""Folders of seeds: texts, pages, tables, lists of addresses, and zips of these.

An article's key is the path of its file below the folder, and its name inside that file.
Symbolic links are not followed and hidden files not read. A change is seen by content, never by
the time of the file. What cannot be read is an item too: rejected, with a code and a sentence.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from mediawatch.errors import InputError
from mediawatch.sources.entries import hashed, item_key
from mediawatch.sources.seed_items import (
    ADDRESSES,
    LARGEST,
    SeedItem,
    address_items,
    page_item,
    rejected_item,
    text_item,
)
from mediawatch.sources.tables import MAP, read_columns, table_items
from mediawatch.sources.tables import SUFFIXES as TABLES
from mediawatch.sources.zips import zip_items

PAGES = (".html", ".htm", ".xhtml")
SINGLE = (".txt", *PAGES, *TABLES)
# Files of many items: read again only when the file itself changed.
CONTAINERS = (*TABLES, ".zip")
SUFFIXES = (*SINGLE, ".zip")


def place_below(path: Path, roots: tuple[Path, ...]) -> Path:
    """The file or folder, real path and all, that a person named.

    Raises:
        InputError: it is not there, or not below a seed root once links are resolved.
    """
    try:
        real = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        raise InputError(f"there is no file or folder {path}") from None
    if not any(real.is_relative_to(root.resolve()) for root in roots):
        allowed = ", ".join(str(root) for root in roots)
        raise InputError(
            f"{path} is not below a seed root ({allowed}); set MEDIAWATCH_SEED_ROOTS to allow it"
        )
    return real


def folder_below(path: Path, roots: tuple[Path, ...]) -> Path:
    """The folder, real path and all, that a person named as a source.

    Raises:
        InputError: it is no folder, or not below a seed root once links are resolved.
    """
    real = place_below(path, roots)
    if not real.is_dir():
        raise InputError(f"{path} is not a folder")
    return real


def seed_paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every seed file below a folder with its key, in the order of keys in each folder."""
    waiting = [(PurePosixPath(), folder)]
    while waiting:
        below, here = waiting.pop()
        try:
            with os.scandir(here) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue  # vanished or closed to us since it was listed
        folders = []
        for entry in found:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            inner = below / entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append((inner, Path(entry.path)))
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(SUFFIXES):
                name = os.fsencode(str(inner)).decode("utf-8", "replace")
                yield item_key(name), Path(entry.path)
        waiting.extend(reversed(folders))


def container_digest(path: Path) -> str | None:
    """What a file of many items holds, as a hash; None for a file that is one item, or is gone.

    The map of its columns counts too.
    """
    if not path.name.lower().endswith(CONTAINERS) and path.name != ADDRESSES:
        return None
    own = _digest(path)
    return own and hashed(own, _digest(path.with_name(MAP)) or "")


def read_items(key: str, path: Path) -> Iterator[SeedItem]:
    """The items of one file, or why it has none; nothing when the file is gone."""
    suffix = path.suffix.lower()
    try:
        with _opened(path) as file:
            if suffix == ".zip":
                yield from zip_items(key, file, SINGLE, _items)
                return
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST and suffix not in TABLES:
                digest = file_digest(file, "sha256").hexdigest()
                yield rejected_item(
                    key, digest, "too_large", f"{key} holds {size} bytes of {LARGEST}"
                )
                return
            columns = _columns(path) if suffix in TABLES else {}
            yield from _items(key, suffix, file, columns)
    except FileNotFoundError:
        return
    except OSError as fault:
        yield rejected_item(key, "", "not_text", f"{key} cannot be read: {fault.strerror}")
    except InputError as fault:
        yield rejected_item(key, hashed(str(fault)), "not_text", f"{key}: {fault}")


def seed_entry_id(source_id: str, item: SeedItem, revision: int) -> str:
    """The raw entry's id: source, path below the folder, content, and how often that changed."""
    again = (str(revision),) if revision else ()
    return hashed(source_id, item.key, item.sha256, *again)


def _items(key: str, suffix: str, file: BinaryIO, columns: Mapping[str, str]) -> Iterator[SeedItem]:
    if suffix in TABLES:
        yield from table_items(key, suffix, file, columns)
        return
    content = file.read(LARGEST + 1)
    if PurePosixPath(key).name == ADDRESSES:
        yield from address_items(key, content)
    elif suffix in PAGES:
        yield page_item(key, content)
    else:
        yield text_item(key, content)


def _digest(path: Path) -> str | None:
    try:
        with _opened(path) as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _columns(table: Path) -> dict[str, str]:
    path = table.with_name(MAP)
    try:
        with _opened(path) as file:
            return read_columns(file.read(), path.name)
    except FileNotFoundError:
        return {}


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    """A regular file, opened without following a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        yield file
