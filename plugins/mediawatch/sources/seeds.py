"""Folders of seed files: every ``.txt`` below a folder is an item, its path below it the key.

Symbolic links are not followed and hidden files not read. A change is seen by content, never by
the time of the file. What cannot be read is an item too: rejected, with a code and a sentence.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath

from mediawatch.errors import REJECTED, InputError
from mediawatch.model import Rejected
from mediawatch.sources.entries import hashed, item_key

LARGEST = 20_000_000
SUFFIX = ".txt"
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
# So many control characters among the first bytes are no text in any encoding.
LOOKED_AT = 4096
CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """One file. ``key`` is its path below its folder; ``text`` is None when it is rejected."""

    key: str
    sha256: str
    text: str | None
    rejected: Rejected | None


def folder_below(path: Path, roots: tuple[Path, ...]) -> Path:
    """The folder, real path and all, that a person named as a source.

    Raises:
        InputError: it is no folder, or not below a seed root once links are resolved.
    """
    try:
        real = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        raise InputError(f"there is no folder {path}") from None
    if not real.is_dir():
        raise InputError(f"{path} is not a folder")
    if not any(real.is_relative_to(root.resolve()) for root in roots):
        allowed = ", ".join(str(root) for root in roots)
        raise InputError(
            f"{path} is not below a seed root ({allowed}); set MEDIAWATCH_SEED_ROOTS to allow it"
        )
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
            elif entry.is_file(follow_symlinks=False) and entry.name.lower().endswith(SUFFIX):
                name = os.fsencode(str(inner)).decode("utf-8", "replace")
                yield item_key(name), Path(entry.path)
        waiting.extend(reversed(folders))


def read_seed_file(key: str, path: Path) -> SeedFile | None:
    """One file's text or why it has none; None when the file is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as fault:
        return _rejected(key, "", "not_text", f"{key} cannot be read: {fault.strerror}")
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(descriptor).st_size
        if size > LARGEST:
            digest = file_digest(file, "sha256").hexdigest()
            return _rejected(key, digest, "too_large", f"{key} holds {size} bytes of {LARGEST}")
        content = file.read(LARGEST + 1)
    digest = sha256(content).hexdigest()
    code = _fault(content)
    if code:
        return _rejected(key, digest, code, key)
    text = content.decode("utf-8-sig")
    return SeedFile(key=key, sha256=digest, text=text, rejected=None)


def seed_entry_id(source_id: str, file: SeedFile) -> str:
    """The raw entry's id: source, path below the folder, content."""
    return hashed(source_id, file.key, file.sha256)


def _fault(content: bytes) -> str | None:
    """The code of what is wrong with a file's bytes, or None."""
    if not content.strip():
        return "empty"
    if content.startswith(WIDE_MARKS):
        return "bad_encoding"
    if b"\x00" in content or sum(byte in CONTROLS for byte in content[:LOOKED_AT]) > 16:
        return "not_text"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "bad_encoding"
    return None if text.strip() else "empty"


def _rejected(key: str, digest: str, code: str, detail: str) -> SeedFile:
    message = f"{REJECTED[code]} ({detail})"
    return SeedFile(
        key=key, sha256=digest, text=None, rejected=Rejected(code=code, message=message)
    )
