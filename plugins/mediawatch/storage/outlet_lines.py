"""The lines that outlets put on everything, as clustering learns them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from mediawatch.storage.connection import Connection, execute, fetch_all, insert_rows
from mediawatch.stories.boilerplate import outlet_lines, without_lines

KEPT = timedelta(days=30)  # after it was seen last


def own_bodies(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The bodies of rows (outlet_id, body) without the lines of their outlets."""
    of_outlets = [row for row in rows if row["outlet_id"]]
    lines = {line for row in of_outlets for line in outlet_lines(row["body"])}
    known = common_lines(conn, {row["outlet_id"] for row in of_outlets}, lines)
    return [without_lines(row["body"], known.get(row["outlet_id"], ())) for row in rows]


def common_lines(
    conn: Connection, outlet_ids: Collection[str], lines: Collection[int]
) -> dict[str, set[int]]:
    """Which of these lines each outlet had in three stories."""
    if not lines:
        return {}
    values = {"outlet_ids": list(outlet_ids), "lines": list(lines)}
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in fetch_all(conn, "stories/common_lines", values):
        found[row["outlet_id"]].add(row["line"])
    return found


def learn_lines(
    conn: Connection, stories: Mapping[tuple[str, int], Collection[str]], today: date
) -> None:
    """Write down in which stories the lines of outlets stood; forget what is out of use."""
    rows = [
        {"outlet": outlet, "line": line, "stories": sorted(of)[:3], "today": today}
        for (outlet, line), of in sorted(stories.items())
    ]
    template = "(%(outlet)s, %(line)s, %(stories)s::text[], %(today)s::date)"
    insert_rows(conn, "stories/learn_lines", rows, template)
    execute(conn, "stories/drop_lines", {"before": today - KEPT})
