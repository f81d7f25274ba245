"""Fields of a YAML entry, read from its nodes: each fault knows its field and line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ADDRESS = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@[^@\s<>()\[\],;:\\\"]{1,255}")
NAME_LIMIT = 200


class FieldError(Exception):
    """A field that cannot be used; becomes a line of ``WatchFile.faults``."""

    def __init__(self, field: str, message: str, node: yaml.Node) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.line = node.start_mark.line + 1


def zone_is_known(zone: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def mapping(node: yaml.Node, field: str, known: frozenset[str]) -> dict[str, yaml.Node]:
    """The fields of an entry that are not null; only ``known`` ones, each once."""
    if not isinstance(node, yaml.MappingNode):
        raise FieldError(field, "write 'field: value' lines here", node)
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in known:
            raise FieldError(name, f"unknown field; there are {', '.join(sorted(known))}", key)
        if name in fields:
            raise FieldError(name, "stands there twice", key)
        fields[name] = value
    return {name: value for name, value in fields.items() if not _is_null(value)}


def _is_null(node: yaml.Node) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:null")


def needed(fields: Mapping[str, yaml.Node], name: str, node: yaml.Node) -> yaml.Node:
    """A field that must be there."""
    if name not in fields:
        raise FieldError(name, "is missing", node)
    return fields[name]


def text(node: yaml.Node, field: str) -> str:
    """One text, as it was written, in NFC."""
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise FieldError(field, "write one text", node)
    return unicodedata.normalize("NFC", node.value.strip())


def line(node: yaml.Node, field: str) -> str:
    """One text of one line."""
    value = text(node, field)
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in value):
        raise FieldError(field, "holds a line break or control character; write one line", node)
    if len(value) > NAME_LIMIT:
        raise FieldError(field, f"is longer than {NAME_LIMIT} characters", node)
    return value


def address(node: yaml.Node, field: str) -> str:
    """One plain mail address."""
    value = line(node, field)
    if not ADDRESS.fullmatch(value):
        raise FieldError(
            field, f"{value!r} is not one plain address, such as desk@example.org", node
        )
    return value


def choice(
    fields: Mapping[str, yaml.Node], name: str, choices: tuple[str, ...], default: str
) -> str:
    """One of some words."""
    if name not in fields:
        return default
    value = text(fields[name], name)
    if value not in choices:
        raise FieldError(name, f"{value!r} is none of {', '.join(choices)}", fields[name])
    return value


def texts(
    fields: Mapping[str, yaml.Node], name: str, sound: Callable[[str], Any], wanted: str
) -> list[str]:
    """A list of texts, each of which is ``sound``; ``wanted`` says what they should be."""
    if name not in fields:
        return []
    node = fields[name]
    if not isinstance(node, yaml.SequenceNode):
        raise FieldError(name, f"write a list in [ ] of {wanted}", node)
    values = []
    for item in node.value:
        value = text(item, name)
        if not sound(value):
            raise FieldError(name, f"{value!r} is none of: {wanted}", item)
        values.append(value)
    return values


def flag(fields: Mapping[str, yaml.Node], name: str, *, default: bool) -> bool:
    """true or false."""
    if name not in fields:
        return default
    value = text(fields[name], name).lower()
    if value not in ("true", "false", "yes", "no"):
        raise FieldError(name, "write true or false", fields[name])
    return value in ("true", "yes")


def count(fields: Mapping[str, yaml.Node], name: str) -> int | None:
    """A whole number of 1 to 10000, or None."""
    if name not in fields:
        return None
    value = text(fields[name], name)
    if not re.fullmatch(r"[1-9][0-9]{0,3}|10000", value):
        raise FieldError(name, "write a whole number of 1 to 10000", fields[name])
    return int(value)


def moment(fields: Mapping[str, yaml.Node], name: str) -> datetime | None:
    """A time in UTC, or None; a day is its beginning in UTC."""
    if name not in fields:
        return None
    try:
        value = datetime.fromisoformat(text(fields[name], name))
    except ValueError:
        raise FieldError(
            name, "write a day or a time with zone, such as 2026-12-31T18:00+01:00", fields[name]
        ) from None
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
