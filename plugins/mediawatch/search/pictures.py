"""Pictures (SVG) of the dashboard's panels, drawn from the requests that Kibana would send."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from elasticsearch import Elasticsearch

from mediawatch.search import kibana_objects
from mediawatch.search.index import alias_name
from mediawatch.search.kibana_requests import (
    GRID_PRECISION,
    KINDS,
    Table,
    TimeRange,
    Value,
    request,
    table,
)

WIDTH = 720
MARGIN = 16
HEAD = 44
ROW = 24
LABELS = 200
LABEL_LENGTH = 30
CHART = 180
ROWS = 20
COLOURS = ("#3b6ea8", "#c1693c", "#5f8f4e", "#8a5fa8", "#777777")


def of_dashboard(es: Elasticsearch, prefix: str, when: TimeRange) -> dict[str, str]:
    """A picture of each panel that holds numbers, by the panel's name; a day is one in UTC."""
    description = kibana_objects.described()
    objects = kibana_objects.objects(description, prefix)
    time_field = description["data_view"]["time_field"]
    start = len(kibana_objects.object_id(prefix, ""))
    return {
        panel["id"][start:]: draw(tabulated(es, prefix, panel, time_field, when))
        for panel in objects
        if panel["type"] in KINDS
    }


def tabulated(
    es: Elasticsearch, prefix: str, panel: kibana_objects.Json, time_field: str, when: TimeRange
) -> Table:
    """A panel's numbers under the alias of a prefix."""
    answer = es.search(index=alias_name(prefix), body=request(panel, time_field, when))
    return table(panel, answer.body)


def draw(found: Table) -> str:
    """One panel as a picture."""
    if found.kind == "lnsMetric":
        height, inside = _number(found)
    elif found.kind == "lnsDatatable":
        height, inside = _rows(found)
    elif found.kind == "map":
        height, inside = _map(found)
    elif found.columns[0] == "Day":
        height, inside = _lines(found)
    else:
        height, inside = _bars(found)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f"{_text(MARGIN, 26, found.title, size=16)}\n" + "\n".join(inside) + "\n</svg>\n"
    )


def _text(
    x: float, y: float, words: str, *, size: int = 13, end: bool = False, colour: str = "#222222"
) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{anchor}>'
        f"{escape(_drawable(words))}</text>"
    )


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    place = f'x="{x}" y="{y}" width="{width:.1f}" height="{height}"'
    return f'<rect {place} fill="{colour}"/>'


def _drawable(words: str) -> str:
    """A text of the outside without what XML cannot hold or what would turn it around."""
    return "".join(sign if sign.isprintable() else " " for sign in words)


def _short(words: str) -> str:
    return words if len(words) <= LABEL_LENGTH else f"{words[: LABEL_LENGTH - 1]}…"


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if isinstance(value, int | float) else value


def _span(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _amount(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _number(found: Table) -> tuple[int, list[str]]:
    [row] = found.rows
    first = f"{_shown(row[0])} {found.columns[0].lower()}"
    second = f"{_shown(row[1])} {found.columns[1].lower()}"
    return 110, [
        _text(MARGIN, 70, first, size=30, colour=COLOURS[0]),
        _text(MARGIN, 96, second),
    ]


def _bars(found: Table) -> tuple[int, list[str]]:
    rows = found.rows[:ROWS]
    most = max((_amount(row[1]) for row in rows), default=0) or 1
    room = WIDTH - LABELS - 2 * MARGIN - 60
    made = []
    for place, row in enumerate(rows):
        y = HEAD + place * ROW
        length = _amount(row[1]) / most * room
        made += [
            _text(MARGIN + LABELS - 8, y + 16, _short(str(row[0])), end=True),
            _rectangle(MARGIN + LABELS, y + 4, length, ROW - 8, COLOURS[0]),
            _text(MARGIN + LABELS + length + 6, y + 16, _shown(row[1])),
        ]
    foot = HEAD + len(rows) * ROW + 18
    made.append(_text(MARGIN, foot, f"{found.columns[1]} by {found.columns[0].lower()}", size=11))
    return foot + 12, made


def _rows(found: Table) -> tuple[int, list[str]]:
    rows = found.rows[:ROWS]
    step = (WIDTH - LABELS - 2 * MARGIN) / max(len(found.columns) - 1, 1)
    made = []
    for line, row in enumerate([found.columns, *rows]):
        y = HEAD + 14 + line * ROW
        made.append(_text(MARGIN, y, _short(str(row[0])), size=11 if line == 0 else 13))
        for place, value in enumerate(row[1:], start=1):
            x = MARGIN + LABELS + place * step
            is_span = place in found.seconds and isinstance(value, int | float)
            shown = _span(_amount(value)) if is_span else _shown(value)
            made.append(_text(x, y, shown, end=True, size=11 if line == 0 else 13))
    return HEAD + (len(rows) + 1) * ROW + 12, made


def _lines(found: Table) -> tuple[int, list[str]]:
    most = max((_amount(value) for row in found.rows for value in row[1:]), default=0) or 1
    left, right = MARGIN + 44, WIDTH - MARGIN - 100
    step = (right - left) / max(len(found.rows) - 1, 1)
    base = HEAD + CHART
    made = [
        f'<line x1="{left}" y1="{base}" x2="{right}" y2="{base}" stroke="#999999"/>',
        _text(left - 6, HEAD + 6, _shown(most), end=True, size=11),
        _text(left - 6, base, "0", end=True, size=11),
    ]
    for series, label in enumerate(found.columns[1:], start=1):
        colour = COLOURS[(series - 1) % len(COLOURS)]
        points = [
            (left + place * step, base - _amount(row[series]) / most * CHART)
            for place, row in enumerate(found.rows)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        made.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        made += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        made.append(_text(right + 12, HEAD + 4 + series * 18, label, colour=colour))
    for place in sorted({0, len(found.rows) - 1}):
        if found.rows:
            x, last = left + place * step, place > 0
            made.append(_text(x, base + 18, str(found.rows[place][0])[:10], size=11, end=last))
    return base + 34, made


def _map(found: Table) -> tuple[int, list[str]]:
    """Squares on an empty plate, longitude across and latitude up, the darker the more."""
    width, height = WIDTH - 2 * MARGIN, (WIDTH - 2 * MARGIN) / 2
    most = max((_amount(row[2]) for row in found.rows), default=0) or 1
    made = [_rectangle(MARGIN, HEAD, width, height, "#f2f5f8")]
    side = width / 2**GRID_PRECISION
    for row in found.rows:
        x, y = _across(row, width) - side / 2, _down(row, height) - side / 2
        square = _rectangle(round(x, 1), round(y, 1), side, side, COLOURS[0])
        opacity = 0.25 + 0.75 * _amount(row[2]) / most
        made.append(square.replace("/>", f' fill-opacity="{opacity:.2f}"/>'))
    return int(HEAD + height + MARGIN), made


def _across(row: Sequence[Value], width: float) -> float:
    return MARGIN + (_amount(row[0]) + 180) / 360 * width


def _down(row: Sequence[Value], height: float) -> float:
    return HEAD + (90 - _amount(row[1])) / 180 * height
