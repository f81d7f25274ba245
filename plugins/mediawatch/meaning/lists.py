"""The tables of ``seeds/actors/`` as they stand in the files."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from mediawatch.errors import InputError

Row: TypeAlias = dict[str, str]
COLUMNS: dict[str, tuple[str, ...]] = {
    "countries": (
        *("actor_id", "iso2", "iso3", "name", "labels", "aliases", "exact", "demonyms", "leader"),
        *("source", "licence"),
    ),
    "groupings": (
        *("actor_id", "kind", "type", "name", "country", "aliases", "exact", "careful"),
        *("salience", "source", "licence"),
    ),
    "persons": (
        *("actor_id", "name", "country", "aliases", "short", "salience", "source", "licence"),
    ),
    "offices": (
        *("actor_id", "country", "office_class", "office", "start", "end", "as_of", "source"),
    ),
    "cities": (
        *("actor_id", "name", "country", "region", "aliases", "population"),
        *("latitude", "longitude", "source", "licence"),
    ),
    "metonyms": (
        *("actor_id", "text", "name", "kind", "country", "meant_id", "use", "caution"),
        *("source", "licence"),
    ),
}
COLUMNS["organisations"] = COLUMNS["places"] = COLUMNS["groupings"]


def read_list(folder: Path, name: str) -> list[Row]:
    """The rows of ``<name>.tsv``.

    Raises:
        InputError: the file cannot be read, or a line has not as many cells as columns.
    """
    path = folder / f"{name}.tsv"
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"the list of actors {path} cannot be read: {fault}") from None
    columns = COLUMNS[name]
    if tuple(lines[0].split("\t")) != columns:
        raise InputError(f"{path}: the first line must name the columns {', '.join(columns)}")
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(columns):
            raise InputError(
                f"{path}, line {number}: {len(cells)} cells where {len(columns)} are expected"
            )
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows
