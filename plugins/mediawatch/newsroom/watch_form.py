"""A watch as a form: from the form to a checked watch, and back to what the form shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from starlette.datastructures import FormData

from mediawatch.alerts import watches
from mediawatch.alerts.slots import DAYS
from mediawatch.model import Watch
from mediawatch.newsroom.forms import listed, text, texts

READER_FIELDS = ("address", "language", "zone", "mode", "times", "days", "quiet", "max", "empty")
READERS = 200
_FAULT = re.compile(r"^form:[\d:]+ watch .*?, ([a-z_]+): (.*)$", re.DOTALL)
# The fields of the file that stand in the form by themselves; the others belong to a reader.
_OWN = frozenset({"id", "name", "owner", "query", "languages", "unit", "news", "active", "expires"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which field of the form (empty: none in particular)."""

    field: str
    message: str


def entry_of(form: FormData, watch_id: str | None = None) -> dict[str, Any]:
    """The form as an entry of a watch file, nothing checked. Empty readers are left out."""
    columns = [texts(form, f"reader_{name}")[:READERS] for name in READER_FIELDS]
    readers = [
        dict(zip(READER_FIELDS, row, strict=True)) for row in zip(*columns, strict=False) if row[0]
    ]
    entry: dict[str, Any] = {
        "id": watch_id or text(form, "id"),
        "name": text(form, "name"),
        "owner": text(form, "owner"),
        "query": text(form, "query"),
        "languages": listed(text(form, "languages")),
        "unit": text(form, "unit") or "story",
        "news": texts(form, "news"),
        "active": text(form, "active") != "no",
        "recipients": [_recipient(reader) for reader in readers],
    }
    if text(form, "expires"):
        entry["expires"] = text(form, "expires")
    return entry


def _recipient(reader: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "address": reader["address"],
        "language": reader["language"] or "en",
        "zone": reader["zone"] or "UTC",
        "mode": reader["mode"] or "instant",
        "quiet": listed(reader["quiet"]),
        "empty_digest": reader["empty"] == "yes",
    }
    if reader["max"]:
        made["max_per_hour"] = int(reader["max"]) if reader["max"].isdecimal() else reader["max"]
    digest = {"times": listed(reader["times"]), "days": listed(reader["days"])}
    if digest["times"] or digest["days"]:
        made["digest"] = digest
    return made


def checked(entry: Mapping[str, Any]) -> Watch | Fault:
    """The watch of an entry, by the very rules of the watch file."""
    given = {key: value for key, value in entry.items() if value != ""}
    found = watches.parse(yaml.safe_dump([given], sort_keys=False, allow_unicode=True), "form")
    if not found.faults:
        return found.entries[0].watch
    place = _FAULT.match(found.faults[0])
    if place is None:
        return Fault("", found.faults[0].removeprefix("form:"))
    field = "query" if place[1] == "keywords" else place[1]
    return Fault(field if field in _OWN else "recipients", place[2])


def shown(entry: Mapping[str, Any], spare: int) -> dict[str, Any]:
    """An entry as the form shows it, with ``spare`` empty lines for new readers."""
    readers = []
    for reader in entry.get("recipients", []):
        digest = reader.get("digest") or {}
        readers.append(
            {
                "address": reader["address"],
                "language": reader.get("language", "en"),
                "zone": reader.get("zone", "UTC"),
                "mode": reader.get("mode", "instant"),
                "times": ", ".join(digest.get("times", [])),
                "days": ", ".join(digest.get("days", [])),
                "quiet": ", ".join(reader.get("quiet", [])),
                "max": reader.get("max_per_hour") or "",
                "empty": "yes" if reader.get("empty_digest") else "no",
            }
        )
    blank = dict.fromkeys(READER_FIELDS, "") | {
        "language": "en",
        "zone": "UTC",
        "mode": "instant",
        "empty": "no",
    }
    return {
        **entry,
        "languages": ", ".join(entry.get("languages", [])),
        "expires": entry.get("expires") or "",
        "recipients": [*readers, *([blank] * spare)],
        "all_news": watches.NEWS,
        "all_modes": watches.MODES,
        "all_days": DAYS,
    }
