"""Ids of sources and keys of items, and raw entries as the database keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from mediawatch.model import RawEntry

LISTS = ("authors", "categories", "enclosures")
LONGEST_KEY = 500  # characters; an index of Postgres takes no more than 2,700 bytes


def source_id(kind: str, url: str) -> str:
    """The id of a source: its kind and a hash of its first address; minted once."""
    return f"{kind}-{hashed(url)[:16]}"


def item_key(name: str) -> str:
    """An item's key: its name, or a hash of one that is too long."""
    return name if len(name) <= LONGEST_KEY else f"long:{hashed(name)}"


def hashed(*parts: str) -> str:
    """40 hexadecimal digits for a list of strings."""
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def to_payload(entry: RawEntry) -> dict[str, Any]:
    """A raw entry as the JSON of ``raw_entry.payload``."""
    payload = {field.name: getattr(entry, field.name) for field in fields(entry)}
    payload["fetched_at"] = entry.fetched_at.isoformat()
    return payload


def from_payload(payload: Mapping[str, Any]) -> RawEntry:
    """The raw entry that ``raw_entry.payload`` holds."""
    values = dict(payload)
    values["fetched_at"] = datetime.fromisoformat(values["fetched_at"])
    for name in LISTS:
        values[name] = tuple(values[name])
    return RawEntry(**values)
