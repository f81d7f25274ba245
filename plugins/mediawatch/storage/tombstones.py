"""What was forgotten for good: keyed hashes of it are kept, so that it is not taken in again."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection, fetch_all

Kind = Literal["article", "name", "source"]
KEY_FILE = "tombstone-key"


def tombstone_key(settings: Settings) -> bytes | None:
    """The secret of this profile's hashes; None where nothing was ever forgotten.

    It is a file of the profile, or ``MEDIAWATCH_SIGNING_KEY`` where there is none: who has only
    the database cannot tell what was forgotten.
    """
    file = settings.profile_home / KEY_FILE
    if file.is_file():
        return file.read_bytes()
    return settings.signing_key.encode() if settings.signing_key else None


def keyed_hash(key: bytes, kind: Kind, value: str) -> str:
    """The row of ``tombstone`` for a row of ``article_key``, a normalised name or a source's id."""
    return hmac.new(key, f"{kind}\x00{value}".encode(), sha256).hexdigest()


def any_buried(conn: Connection, key: bytes | None, things: Iterable[tuple[Kind, str]]) -> bool:
    """Whether one of these, kind and value, was forgotten for good."""
    if key is None:
        return False
    hashes = [keyed_hash(key, kind, value) for kind, value in things]
    return bool(fetch_all(conn, "tombstones/buried", {"hashes": hashes}))
