"""Small charts as SVG, made here and drawn with the colours of the style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

WIDTH = 280
HEIGHT = 56
GAP = 2


def bars(title: str, values: Sequence[tuple[str, int]]) -> Markup:
    """One bar for each (label, value), the highest filling the height.

    The chart is an image with a name for screen readers; every bar has a tooltip.
    """
    top = max((value for _, value in values), default=0) or 1
    step = WIDTH / max(len(values), 1)
    drawn = [
        Markup(
            "<g><title>{label}: {value}</title>"
            '<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
            ' height="{height:.1f}"/>'
            "</g>"
        ).format(
            label=label,
            value=f"{value:,}",
            kind="bar" if value else "bar none",
            x=number * step,
            y=HEIGHT - _height(value, top),
            width=step - GAP,
            height=_height(value, top),
        )
        for number, (label, value) in enumerate(values)
    ]
    name = f"{title}: {', '.join(f'{label} {value:,}' for label, value in values)}"
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{name}"'
        ' preserveAspectRatio="none">{drawn}</svg>'
    ).format(width=WIDTH, height=HEIGHT, name=name, drawn=Markup("").join(drawn))


def dots(title: str, places: Sequence[tuple[str, float]]) -> Markup:
    """A line of time with a dot for each (label, percent of the whole)."""
    drawn = [
        Markup(
            '<circle class="dot" cx="{x:.1f}" cy="8" r="4"><title>{label}</title></circle>'
        ).format(x=4 + percent / 100 * (WIDTH - 8), label=label)
        for label, percent in places
    ]
    return Markup(
        '<svg class="line" viewBox="0 0 {width} 16" role="img" aria-label="{title}">'
        '<path d="M4 8H{end}"/>{drawn}</svg>'
    ).format(width=WIDTH, title=title, end=WIDTH - 4, drawn=Markup("").join(drawn))


def named_days(rows: Sequence[Mapping[str, Any]], name: str) -> list[tuple[str, int]]:
    """One column of rows by day, as :func:`bars` takes it."""
    return [(str(row["day"]), int(row[name])) for row in rows]


def _height(value: int, top: int) -> float:
    return max(1.0, value / top * (HEIGHT - 2)) if value else 1.0
