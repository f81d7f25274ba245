"""An export: the rows of a query in a file, and beside it what they mean and where they are from.

``FILE`` holds the rows, ``FILE.about.json`` the query, the rule versions and the checksum,
``FILE.codebook.md`` the meaning of each column. None of them says when it was made: the same
export of the same archive gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from mediawatch.errors import InputError
from mediawatch.search import export_columns, export_files, reading, syndication
from mediawatch.search.export_columns import Column, Row, Unit
from mediawatch.search.export_files import JOINED
from mediawatch.search.mapping import template_version
from mediawatch.search.reading import Asked
from mediawatch.search.syndication import About

FORMATS = (*export_files.FORMATS, *syndication.FORMATS)
FEED_ENTRIES = 100
NO_HOME = "https://mediawatch.invalid/"  # RSS must name an address
CSV_NOTE = (
    "In CSV an empty cell means: not known. A `'` at the beginning of a cell is ours: without it a "
    "spreadsheet would run the text behind it as a formula. Take one away to get the value back."
)

# (articles read, articles in all)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported: a format of FORMATS, and whether texts come along.

    ``home`` is an address of the house, which a feed names.
    """

    query: str
    form: str
    unit: Unit = "article"
    bodies: bool = False
    home: str = NO_HOME


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; ``rules`` are the versions of all rules that read the rows' texts."""

    rows: int
    articles: int
    rewritten: str
    rules: tuple[str, ...]
    checksum: str


def export(
    es: Elasticsearch, prefix: str, wish: Wish, file: Path, progress: Progress | None = None
) -> Exported:
    """Write an export; a file of this name is replaced when all is written.

    Raises:
        QueryError: what is wrong with the query and where.
        ServiceError: nothing was indexed yet, or the server was too slow.
        InputError: the file cannot be written, or pyarrow is missing for Parquet.
    """
    found = reading.asked(es, prefix, wish.query)
    part = file.with_name(f"{file.name}.part")
    try:
        done = _write(es, found, wish, part, progress)
        part.rename(file)
    except OSError as fault:
        raise InputError(f"{file}: {fault.strerror or fault}") from None
    finally:
        part.unlink(missing_ok=True)
    _beside(file, wish, done)
    return done


def _write(
    es: Elasticsearch, found: Asked, wish: Wish, part: Path, progress: Progress | None
) -> Exported:
    total = reading.count(es, found)
    rules: dict[str, None] = {}
    if wish.form in syndication.FORMATS:
        items = syndication.newest(es, found, wish.unit, FEED_ENTRIES)
        with part.open("wb") as out:
            about = About(wish.query, wish.home)
            rows = syndication.write(out, wish.form, about, wish.unit, items)
    else:
        columns = export_columns.columns(wish.unit, bodies=wish.bodies)
        order = export_columns.ORDER[wish.unit]
        source = export_columns.source(wish.unit, bodies=wish.bodies)
        hits = _counted(reading.every_hit(es, found, order, source), total, progress)
        made = export_columns.rows(wish.unit, hits, found.near(), bodies=wish.bodies)
        with part.open("wb") as out:
            rows = export_files.write(out, wish.form, columns, _noting(made, rules))
    with part.open("rb") as written:
        checksum = file_digest(written, "sha256").hexdigest()
    return Exported(
        rows=rows,
        articles=total,
        rewritten=found.query.text,
        rules=tuple(sorted(rules)),
        checksum=checksum,
    )


def _counted(hits: Iterator[Any], total: int, progress: Progress | None) -> Iterator[Any]:
    for number, hit in enumerate(hits, start=1):
        yield hit
        if progress and number % reading.PAGE == 0:
            progress(number, total)
    if progress:
        progress(total, total)


def _noting(rows: Iterable[Row], rules: dict[str, None]) -> Iterator[Row]:
    for row in rows:
        rules |= dict.fromkeys(row["rules"] or ())
        yield row


def _beside(file: Path, wish: Wish, done: Exported) -> None:
    about = {
        "file": file.name,
        "sha256": done.checksum,
        "rows": done.rows,
        "unit": wish.unit,
        "format": wish.form,
        "articles_found": done.articles,
        "query": wish.query,
        "query_as_asked": done.rewritten,
        "rules": list(done.rules),
        "mapping": template_version(),
    }
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    file.with_name(f"{file.name}.about.json").write_text(text, encoding="utf-8")
    if wish.form not in syndication.FORMATS:
        columns = export_columns.columns(wish.unit, bodies=wish.bodies)
        file.with_name(f"{file.name}.codebook.md").write_text(
            codebook(wish, columns), encoding="utf-8"
        )


def codebook(wish: Wish, columns: Iterable[Column]) -> str:
    """What each column means, as a page for people."""
    kinds = {
        "text": "text",
        "number": "whole number",
        "flag": "true or false",
        "time": "time in UTC, ISO 8601",
        "date": "day, ISO 8601",
        "list": f"list; in CSV joined by `{JOINED.strip()}`",
        "data": "JSON",
    }
    lines = [
        f"# Columns, one row for each {wish.unit}",
        "",
        "| column | kind | meaning |",
        "|---|---|---|",
        *(f"| {each.name} | {kinds[each.kind]} | {each.meaning} |" for each in columns),
        "",
        CSV_NOTE,
        "",
    ]
    return "\n".join(lines)
