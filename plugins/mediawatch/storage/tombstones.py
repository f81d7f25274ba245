"""What was forgotten for good: keyed hashes of it are kept, so that it is not taken in again."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mediawatch.errors import ServiceError
from mediawatch.settings import Settings
from mediawatch.storage.connection import Connection, fetch_all, insert_rows
from mediawatch.text import naming

Kind = Literal["article", "name", "source", "actor", "key"]
KEY_FILE = "tombstone-key"


@dataclass(frozen=True, slots=True)
class Buried:
    """The names and actors that were forgotten; each hash with whether its texts are kept,
    blacked out."""

    key: bytes = b""
    names: Mapping[str, bool] = field(default_factory=dict)
    actors: Mapping[str, bool] = field(default_factory=dict)
    lengths: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names or self.actors)

    def is_name(self, folded: str) -> bool:
        """Whether these folded words are a name that was forgotten."""
        return keyed_hash(self.key, "name", folded) in self.names

    def is_actor(self, actor_id: str | None) -> bool:
        """Whether this actor was forgotten."""
        return actor_id is not None and keyed_hash(self.key, "actor", actor_id) in self.actors

    def keeps_actor(self, actor_id: str) -> bool:
        """Whether the texts that name this forgotten actor are kept, blacked out."""
        return self.actors.get(keyed_hash(self.key, "actor", actor_id), True)

    def must_hide(self, texts: Iterable[str]) -> bool:
        """Whether one of these texts holds a name whose texts are not kept at all."""
        return any(
            naming.names_in(text, self.lengths, lambda words: not self._keeps(words))
            for text in texts
        )

    def is_in(self, texts: Iterable[str]) -> bool:
        """Whether one of these texts holds a name that was forgotten."""
        return bool(self.names) and any(
            naming.names_in(text, self.lengths, self.is_name) for text in texts
        )

    def blackened(self, text: str) -> str:
        """The text with every such name blacked out, of the same length."""
        return naming.black_out(text, naming.spans(text, self.lengths, self.is_name))

    def _keeps(self, words: str) -> bool:
        """False for a name that hides its texts."""
        return self.names.get(keyed_hash(self.key, "name", words), True)


def tombstone_key(settings: Settings) -> bytes | None:
    """The secret of this profile's hashes; None where nothing was ever forgotten.

    It is a file of the profile, or ``MEDIAWATCH_SIGNING_KEY`` where there is none: who has only
    the database cannot tell what was forgotten.
    """
    file = settings.profile_home / KEY_FILE
    if file.is_file():
        return file.read_bytes()
    return settings.signing_key.encode() if settings.signing_key else None


def make_key(settings: Settings) -> bytes:
    """The secret of this profile's hashes, made when there is none yet.

    The file appears whole or not at all, for its owner alone.
    """
    known = tombstone_key(settings)
    if known is not None:
        return known
    file = settings.profile_home / KEY_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{KEY_FILE}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(secrets.token_bytes(32))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(part, file)  # another process may have been first: its key stays
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return file.read_bytes()


def keyed_hash(key: bytes, kind: Kind, value: str) -> str:
    """The row of ``tombstone`` for a row of ``article_key``, a normalised name, the id of an actor
    or a source."""
    return hmac.digest(key, f"{kind}\x00{value}".encode(), "sha256").hex()


def any_buried(conn: Connection, key: bytes | None, things: Iterable[tuple[Kind, str]]) -> bool:
    """Whether one of these, kind and value, was forgotten for good."""
    if key is None:
        return False
    hashes = [keyed_hash(key, kind, value) for kind, value in things]
    return bool(fetch_all(conn, "tombstones/buried", {"hashes": hashes}))


def buried_names(conn: Connection, settings: Settings) -> Buried:
    """The names and actors that were forgotten.

    Raises:
        ServiceError: something was forgotten here under a key that is not at hand; nothing may
            come in meanwhile.
    """
    rows = fetch_all(conn, "forget/buried_names")
    if not rows:
        return Buried()
    key = tombstone_key(settings)
    checks = {row["keyed_hash"] for row in rows if row["kind"] == "key"}
    if key is None or (checks and keyed_hash(key, "key", "") not in checks):
        raise ServiceError(
            f"what was forgotten cannot be told: bring back {settings.profile_home / KEY_FILE} "
            "from its backup, or MEDIAWATCH_SIGNING_KEY as it was"
        )
    return Buried(
        key=key,
        names={row["keyed_hash"]: row["redact"] for row in rows if row["kind"] == "name"},
        actors={row["keyed_hash"]: row["redact"] for row in rows if row["kind"] == "actor"},
        lengths=frozenset(row["words"] for row in rows if row["kind"] == "name"),
    )


def bury(
    conn: Connection,
    key: bytes,
    things: Iterable[tuple[Kind, str]],
    now: datetime,
    *,
    redact: bool = False,
) -> int:
    """Write tombstones for these, kind and value; how many different ones."""
    rows = {
        keyed_hash(key, kind, value): {
            "kind": kind,
            "words": value.count(" ") + 1 if kind == "name" else 0,
            "redact": redact and kind in ("name", "actor"),
        }
        for kind, value in [*things, ("key", "")]
    }
    values = [{"keyed_hash": name, "now": now, **row} for name, row in sorted(rows.items())]
    template = "(%(keyed_hash)s, %(kind)s, %(words)s, %(redact)s, %(now)s)"
    insert_rows(conn, "forget/bury", values, template)
    return len(rows) - 1
