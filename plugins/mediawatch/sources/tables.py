"""Tables of articles: JSON Lines and CSV, one article a row, columns by usual names or a map.

A file ``columns.yaml`` beside a table says which column is what: ``title: Headline``. What it does
not name is looked for under the usual names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import yaml

from mediawatch.errors import InputError
from mediawatch.sources.charsets import decode
from mediawatch.sources.entries import hashed, item_key
from mediawatch.sources.links import without_scheme
from mediawatch.sources.opml import is_web_address
from mediawatch.sources.plain import TAG, allowed, visible_line
from mediawatch.sources.seed_items import LARGEST, SeedItem, address_item, rejected_item

SUFFIXES = (".jsonl", ".csv")
MAP = "columns.yaml"
LARGEST_MAP = 100_000
USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uuid"),
    "url": ("url", "link", "address"),
    "title": ("title", "headline"),
    "summary": ("summary", "description", "abstract", "teaser"),
    "content": ("content", "text", "body", "article"),
    "authors": ("authors", "author", "byline"),
    "published": ("published", "published_at", "date", "pubdate", "datetime"),
    "updated": ("updated", "updated_at", "modified"),
    "categories": ("categories", "tags", "keywords", "section"),
    "language": ("language", "lang"),
}
DELIMITERS = ",;\t|"
FIRST_LINES = 1 << 16


def read_columns(content: bytes, name: str) -> dict[str, str]:
    """Field to column, as a ``columns.yaml`` says it; ``name`` is the file as faults call it.

    Raises:
        InputError: it is no such file.
    """
    try:
        found = yaml.safe_load(content[: LARGEST_MAP + 1])
    except (yaml.YAMLError, ValueError, RecursionError):
        raise InputError(f"{name} is no YAML") from None
    if len(content) > LARGEST_MAP or not isinstance(found, dict):
        raise InputError(f"{name} must hold lines such as `title: Headline`")
    for field, column in found.items():
        if field not in USUAL or not isinstance(column, str):
            raise InputError(
                f"{name}: {field!r} is no field with a column; there are {', '.join(USUAL)}"
            )
    return found


def table_items(
    key: str, suffix: str, stream: BinaryIO, columns: Mapping[str, str]
) -> Iterator[SeedItem]:
    """The articles of a table; a row that cannot be used is rejected with its line."""
    rows = _json_rows(stream) if suffix == ".jsonl" else _csv_rows(stream)
    for number, row in rows:
        where = f"{key}, line {number}"
        if isinstance(row, str):
            yield rejected_item(f"{key}#{hashed(row)}", hashed(row), "not_text", f"{where}: {row}")
        else:
            yield _item(key, where, _fields(row, columns))


def _item(key: str, where: str, said: dict[str, Any]) -> SeedItem:
    digest = hashed(*(f"{name}={value!r}" for name, value in sorted(said.items())))
    name = said.pop("id", "") or without_scheme(said.get("url", "")) or digest
    row_key = item_key(f"{key}#{name}")
    url = said.get("url", "")
    if url and not is_web_address(url):
        return rejected_item(
            row_key, digest, "not_text", f"{where}: {url[:100]!r} is no http or https address"
        )
    if said.get("content") or said.get("summary"):
        markup = said.get("content") or said["summary"]
        said["content_type"] = "html" if "</" in markup and TAG.search(markup) else "text"
        return SeedItem(key=row_key, sha256=digest, said=said)
    if url:
        return address_item(row_key, url, said)
    return rejected_item(row_key, digest, "empty", f"{where} has neither a text nor an address")


def _fields(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """What a row says, by our names; only what it does say."""
    by_name = {str(name).strip().lower(): value for name, value in row.items() if name is not None}
    found: dict[str, Any] = {}
    for field, usual in USUAL.items():
        names = (columns[field].strip().lower(),) if field in columns else usual
        value = next((by_name[name] for name in names if by_name.get(name) not in (None, "")), None)
        said = _names(value) if field in ("authors", "categories") else _string(value)
        if said:
            found[field] = visible_line(said) if field == "title" else said  # type: ignore[arg-type]
    return found


def _string(value: Any) -> str:
    if isinstance(value, str):
        return allowed(value).strip()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""


def _names(value: Any) -> tuple[str, ...]:
    """Several names: a list, or a string with semicolons, or the ``name`` of objects."""
    listed = value.split(";") if isinstance(value, str) else value
    if not isinstance(listed, list):
        return ()
    names = (part.get("name") if isinstance(part, dict) else part for part in listed)
    found = (visible_line(name) for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(name for name in found if name))


def _json_rows(stream: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    number = 0
    while line := stream.readline(LARGEST + 1):
        number += 1
        if len(line) > LARGEST:
            yield number, f"it is longer than {LARGEST} bytes"
            while not line.endswith(b"\n") and (line := stream.readline(LARGEST)):
                continue
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            row = None
        yield number, row if isinstance(row, dict) else f"it is no JSON object: {line[:60]!r}"


def _csv_rows(stream: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The rows under a header line. The charset is decided by the first lines."""
    first = stream.read(FIRST_LINES)
    last_line = first.rfind(b"\n") + 1 or len(first)
    charset = decode(first[:last_line]).charset
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=charset, errors="replace", newline="")
    header = text.readline(FIRST_LINES).lstrip("\ufeff")
    delimiter = max(DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    csv.field_size_limit(LARGEST)
    rows = csv.reader(_without_nul(text), delimiter=delimiter)
    try:
        for row in rows:
            if any(row):
                yield rows.line_num + 1, dict(zip(names, row, strict=False))
    except csv.Error as fault:
        yield rows.line_num + 1, f"the table cannot be read on ({fault})"
    text.detach()


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\x00", "") for line in lines)
