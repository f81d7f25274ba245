"""Zip files of seeds, read entry by entry in memory; the names in them never become paths."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import BinaryIO, TypeAlias

from mediawatch.errors import InputError
from mediawatch.sources.entries import item_key
from mediawatch.sources.plain import allowed
from mediawatch.sources.seed_items import LARGEST, SeedItem, rejected_item
from mediawatch.sources.tables import MAP, read_columns
from mediawatch.sources.unpacking import RATIO_FROM

MOST = 100_000
RATIO = 100
NESTED = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar")
ENCRYPTED = 0x1
# Reads one file: its key, its name's suffix, its bytes, the map of its columns.
Reader: TypeAlias = Callable[[str, str, BinaryIO, Mapping[str, str]], Iterator[SeedItem]]


def zip_items(
    key: str, file: BinaryIO, suffixes: tuple[str, ...], read: Reader
) -> Iterator[SeedItem]:
    """The items of every entry that ``read`` can read; what is refused is an item too."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if len(entries) > MOST:
                yield _refused(key, "too_large", f"{key} has {len(entries)} entries of {MOST}")
                return
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > RATIO_FROM and unpacked > file.seek(0, os.SEEK_END) * RATIO:
                yield _refused(key, "bomb", f"{key} says that it unpacks to {unpacked} bytes")
                return
            yield from _entries(key, archive, entries, suffixes, read)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        yield _refused(key, "not_text", f"{key} cannot be unpacked: {fault}")


def _entries(
    key: str,
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    suffixes: tuple[str, ...],
    read: Reader,
) -> Iterator[SeedItem]:
    columns: dict[str, dict[str, str]] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if name.name == MAP and not isinstance(content := _content(archive, entry), str):
            try:
                columns[str(name.parent)] = read_columns(content, f"{key}/{entry.filename}")
            except InputError as fault:
                yield _refused(f"{key}/{entry.filename}", "not_text", str(fault))
    taken: dict[str, int] = {}
    for entry in entries:
        name = PurePosixPath(entry.filename)
        suffix = name.suffix.lower()
        if entry.is_dir() or any(part.startswith(".") and part != ".." for part in name.parts):
            continue
        if suffix not in (*suffixes, *NESTED):
            continue
        inner = allowed(f"{key}/{entry.filename}".replace("\n", " "))
        taken[inner] = taken.get(inner, 0) + 1
        if taken[inner] > 1:
            inner = f"{inner}~{taken[inner]}"
        if suffix in NESTED:
            yield _refused(inner, "not_text", f"{inner}: a packed file in a zip is not opened")
            continue
        content = _content(archive, entry)
        if isinstance(content, str):
            yield _refused(inner, content, f"{inner} holds {entry.file_size} bytes")
        else:
            yield from read(inner, suffix, io.BytesIO(content), columns.get(str(name.parent), {}))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | str:
    """An entry's bytes, or the code of why it has none. What it declares of itself may lie."""
    if entry.file_size > LARGEST:
        return "too_large"
    if entry.file_size > RATIO_FROM and entry.file_size > entry.compress_size * RATIO:
        return "bomb"
    if entry.flag_bits & ENCRYPTED:
        return "not_text"
    try:
        with archive.open(entry) as stream:
            content = stream.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        return "not_text"
    return "too_large" if len(content) > LARGEST else content


def _refused(key: str, code: str, detail: str) -> SeedItem:
    return rejected_item(item_key(key), sha256(detail.encode()).hexdigest(), code, detail)
