"""``watches.yaml``: read and checked entry by entry, and written back.

The file is walked as YAML nodes and not as values, so that each fault can name its line and
``08:00`` stays what the person wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import Any, TypeVar

import yaml

from mediawatch.alerts import slots
from mediawatch.alerts import yaml_fields as get
from mediawatch.alerts.yaml_fields import FieldError
from mediawatch.errors import InputError, QueryError
from mediawatch.model import Subscription, Watch
from mediawatch.search import queries

WATCH_FIELDS = frozenset(
    [
        "id",
        "name",
        "owner",
        "query",
        "keywords",
        "languages",
        "unit",
        "news",
        "active",
        "expires",
        "recipients",
    ]
)
RECIPIENT_FIELDS = frozenset(
    ["address", "language", "zone", "mode", "max_per_hour", "quiet", "digest", "empty_digest"]
)
NEWS = ("new", "update", "correction", "vanished", "quote", "spike")
MODES = ("instant", "digest", "both")
READER_LANGUAGES = ("en", "fr")
WATCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
FILE_LIMIT = 5_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sound entry of the file; ``text`` is its own text, compared at the next import."""

    watch: Watch
    line: int
    origin_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFile:
    """What a file holds: the sound entries, and one line for each fault of the others.

    ``named`` has the id of every entry, sound or not, so that a fault is no removal.
    """

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]
    named: frozenset[str]


def parse(text: str, file: str) -> WatchFile:
    """Read a whole file; a bad watch costs itself, the others are returned.

    ``file`` is what the faults call it.

    Raises:
        InputError: the text is no YAML list at all, with line and column.
    """
    if len(text) > FILE_LIMIT:
        raise InputError(f"{file}: larger than {FILE_LIMIT:,} characters; split it")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise InputError(f"{file}{_place(fault)}: not valid YAML: {_problem(fault)}") from None
    except RecursionError:
        raise InputError(f"{file}: nested too deeply to be a list of watches") from None
    if root is None:
        return WatchFile(entries=(), faults=(), named=frozenset())
    if not isinstance(root, yaml.SequenceNode):
        raise InputError(f"{file}:1: write a list of watches, each beginning with '- id: …'")
    entries: list[Entry] = []
    faults: list[str] = []
    named: set[str] = set()
    for number, node in enumerate(root.value, 1):
        label = _label(node, number)
        try:
            watch = _watch(node)
            if watch.watch_id in named:
                raise FieldError("id", f"{watch.watch_id!r} stands above already", node)
            entries.append(
                Entry(
                    watch=watch,
                    line=node.start_mark.line + 1,
                    origin_hash=sha256(canonical(watch).encode()).hexdigest(),
                )
            )
        except FieldError as fault:
            faults.append(f"{file}:{fault.line}: watch {label}, {fault.field}: {fault.message}")
        named.add(label)
    return WatchFile(entries=tuple(entries), faults=tuple(faults), named=frozenset(named))


def canonical(watch: Watch) -> str:
    """One text for all that a person can set of a watch: equal texts, equal watches."""
    return json.dumps(as_mapping(watch), ensure_ascii=False, sort_keys=True)


def as_mapping(watch: Watch) -> dict[str, Any]:
    """The watch as an entry of the file, defaults written out."""
    return {
        "id": watch.watch_id,
        "name": watch.name,
        "owner": watch.owner,
        "query": watch.query,
        "languages": sorted(watch.languages),
        "unit": watch.unit,
        "news": list(watch.news),
        "active": watch.active,
        "expires": watch.expires.astimezone(UTC).isoformat() if watch.expires else None,
        "recipients": [
            {
                "address": reader.address,
                "language": reader.language,
                "zone": reader.zone,
                "mode": reader.mode,
                "max_per_hour": reader.max_per_hour,
                "quiet": list(reader.quiet),
                "digest": {"times": list(reader.digest_times), "days": list(reader.digest_days)},
                "empty_digest": reader.empty_digest,
            }
            for reader in sorted(watch.recipients, key=lambda r: r.address)
        ],
    }


def dump(watches: list[Watch]) -> str:
    """The text of a file that holds these watches."""
    return yaml.safe_dump(
        [as_mapping(watch) for watch in watches], sort_keys=False, allow_unicode=True, width=100
    )


def _watch(node: yaml.Node) -> Watch:
    fields = get.mapping(node, "entry", WATCH_FIELDS)
    watch_id = get.text(get.needed(fields, "id", node), "id")
    if not WATCH_ID.fullmatch(watch_id):
        raise FieldError("id", "use letters, digits, '.', '_' and '-', at most 64", fields["id"])
    query = _query(fields, node)
    unit = get.choice(fields, "unit", ("story", "event"), "story")
    news = tuple(dict.fromkeys(get.texts(fields, "news", lambda t: t in NEWS, ", ".join(NEWS))))
    readers = get.needed(fields, "recipients", node)
    if not isinstance(readers, yaml.SequenceNode) or not readers.value:
        raise FieldError("recipients", "write at least one '- {address: …}'", readers)
    recipients = tuple(_recipient(reader) for reader in readers.value)
    addresses = [reader.address for reader in recipients]
    if len(set(addresses)) < len(addresses):
        raise FieldError("recipients", "an address stands there twice", readers)
    return Watch(
        watch_id=watch_id,
        name=get.line(get.needed(fields, "name", node), "name"),
        owner=get.address(get.needed(fields, "owner", node), "owner"),
        query=query,
        languages=tuple(
            get.texts(fields, "languages", LANGUAGE.fullmatch, "two-letter codes, such as [en, fr]")
        ),
        unit="event" if unit == "event" else "story",
        news=news or ("new",),
        active=get.flag(fields, "active", default=True),
        expires=get.moment(fields, "expires"),
        recipients=recipients,
    )


def _query(fields: Mapping[str, yaml.Node], node: yaml.Node) -> str:
    if "query" in fields and "keywords" in fields:
        raise FieldError("keywords", "give query or keywords, not both", fields["keywords"])
    if "query" in fields:
        place, field = fields["query"], "query"
        query = get.text(place, field)
    elif "keywords" in fields:
        place, field = fields["keywords"], "keywords"
        lists = get.mapping(place, field, frozenset({"any", "all", "none"}))
        words = {
            name: get.texts(lists, name, str.strip, "words") for name in ("any", "all", "none")
        }
        query = _checked(lambda: queries.from_keywords(**words), field, place)
    else:
        raise FieldError("query", "is missing: give query or keywords", node)
    _checked(lambda: queries.rewrite(query), field, place)
    return query


def _checked(make: Callable[[], T], field: str, node: yaml.Node) -> T:
    try:
        return make()
    except QueryError as fault:
        at = "" if fault.position is None else f" (at character {fault.position + 1})"
        raise FieldError(field, f"{fault.message}{at}", node) from None


def _recipient(node: yaml.Node) -> Subscription:
    fields = get.mapping(node, "recipients", RECIPIENT_FIELDS)
    zone = get.text(fields["zone"], "zone") if "zone" in fields else "UTC"
    if not get.zone_is_known(zone):
        raise FieldError("zone", f"{zone!r} is no time zone, such as Europe/Paris", fields["zone"])
    mode = get.choice(fields, "mode", MODES, "instant")
    times: list[str] = []
    days: list[str] = []
    if "digest" in fields:
        digest = get.mapping(fields["digest"], "digest", frozenset({"times", "days"}))
        times = get.texts(digest, "times", slots.CLOCK.fullmatch, 'clock times, such as "08:00"')
        days = get.texts(digest, "days", lambda t: t in slots.DAYS, ", ".join(slots.DAYS))
    if mode != "instant" and not times:
        raise FieldError("digest", 'mode digest needs digest: {times: ["08:00"]}', node)
    return Subscription(
        address=get.address(get.needed(fields, "address", node), "address"),
        language=get.choice(fields, "language", READER_LANGUAGES, "en"),
        zone=zone,
        mode="digest" if mode == "digest" else "both" if mode == "both" else "instant",
        max_per_hour=get.count(fields, "max_per_hour"),
        quiet=tuple(
            get.texts(fields, "quiet", slots.QUIET.fullmatch, 'ranges, such as "22:00-06:00"')
        ),
        digest_times=tuple(times),
        digest_days=tuple(days),
        empty_digest=get.flag(fields, "empty_digest", default=False),
    )


def _label(node: yaml.Node, number: int) -> str:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                return str(value.value)[:64]
    return f"number {number}"


def _place(fault: yaml.YAMLError) -> str:
    mark = getattr(fault, "problem_mark", None)
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def _problem(fault: yaml.YAMLError) -> str:
    return str(getattr(fault, "problem", None) or fault).splitlines()[0]
