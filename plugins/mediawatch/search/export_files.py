"""Writing rows as CSV, NDJSON or Parquet: row by row, the same rows always the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, TypeAlias

from mediawatch.errors import InputError
from mediawatch.search.export_columns import Column, Row

TEXT_FORMATS = ("csv", "ndjson")
FORMATS = (*TEXT_FORMATS, "parquet")
BATCH = 5_000
# A spreadsheet takes a cell that begins with one of these for a formula, some of them also in
# their wide form or behind blanks.
_FORMULA = frozenset("=+-@＝＋－＠|%")
JOINED = "; "

NO_PARQUET = "Parquet needs the package pyarrow: pip install 'mediawatch[parquet]'"
Json: TypeAlias = Any


def write(file: BinaryIO, form: str, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """Write every row; how many.

    Raises:
        InputError: Parquet is asked for and pyarrow is not installed.
    """
    if form == "parquet":
        return _parquet(file, columns, rows)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        return _csv(text, columns, rows) if form == "csv" else _ndjson(text, columns, rows)
    finally:
        text.detach()  # which flushes it; the file is its owner's to close


def _csv(text: io.TextIOBase, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    """RFC 4180, with a byte order mark, by which spreadsheets know that it is UTF-8."""
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    count = 0
    for row in rows:
        writer.writerow([cell(column, row[column.name]) for column in columns])
        count += 1
    return count


def cell(column: Column, value: Any) -> str:
    """A value as text for a spreadsheet; what it could take for a formula gets a ``'`` before it.

    A text that begins with ``'`` gets one more, so that taking one away gives the value back.
    """
    if value is None:
        return ""
    if column.kind == "number":
        return str(value)
    if column.kind == "flag":
        return "true" if value else "false"
    if column.kind == "list":
        value = JOINED.join(value)
    elif column.kind == "data":
        value = as_json(value)
    text = str(value)
    begin = text.lstrip()[:1]
    return f"'{text}" if begin in _FORMULA or text[:1] in ("'", "\t", "\r", "\n") else text


def _ndjson(text: io.TextIOBase, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        text.write(as_json({column.name: row[column.name] for column in columns}) + "\n")
        count += 1
    return count


def as_json(value: Json) -> str:
    """JSON in one line and one form."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parquet(file: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> int:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(NO_PARQUET) from None
    types: Mapping[str, Any] = {
        "text": pa.string(),
        "number": pa.int64(),
        "flag": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
        "data": pa.string(),
    }
    schema = pa.schema([pa.field(column.name, types[column.kind]) for column in columns])
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        batch: list[Row] = []
        for row in rows:
            batch.append({column.name: _typed(column, row[column.name]) for column in columns})
            count += 1
            if len(batch) == BATCH:
                writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
                batch = []
        if batch:
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
    return count


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind == "time":
        return datetime.fromisoformat(value)
    if column.kind == "date":
        return date.fromisoformat(value[:10])
    return as_json(value) if column.kind == "data" else value
