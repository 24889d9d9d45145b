"""Values over time or dose: one line a series, each with its own mark.

Colour is never all that tells two series apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kap_content.load.figure.fit import SERIES
from kap_content.model.figure_data import DataTable, Row
from kap_content.rendering.figures.axis import MARGIN, Axis, interval_text, number, with_unit
from kap_content.rendering.figures.svg import LINE, WIDTH, document, element, label, nice_ticks, shown, wrapped

TICKS = 8
"""Up to so many different x values each have a tick of their own."""
_LEFT, _HEIGHT = 46.0, 200.0


def draw(table: DataTable, ident: str, title: str, options: Mapping[str, str]) -> tuple[Markup, str]:
    """The drawing, and what it shows in words."""
    series: dict[str, list[Row]] = {}
    for row in table.rows:
        series.setdefault(row.text("series"), []).append(row)
    unit, measure = options.get("unit", ""), options.get("measure", "")
    across = [row.number("x") for row in table.rows]
    up = [value for row in table.rows for name in ("y", "low", "high") if (value := row.optional(name)) is not None]
    x_axis = Axis(
        min(across),
        max(across) if max(across) > min(across) else min(across) + 1,
        tuple(sorted(set(across))) if len(set(across)) <= TICKS else tuple(nice_ticks(min(across), max(across))),
        left=_LEFT,
        right=WIDTH - MARGIN,
    )
    ticks = nice_ticks(number(table, options, "min", min(0.0, *up)), number(table, options, "max", max(up)))
    parts: list[Markup] = []
    top = 0.0
    for line in wrapped(measure) if measure else ():
        parts.append(label(0, top + 13, line, kind="fig-text fig-muted"))
        top += LINE
    top += 10

    def height(value: float) -> float:
        share = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return top + _HEIGHT * (1 - min(max(share, 0.0), 1.0))

    for tick in ticks:
        parts.append(element("line", x1=_LEFT, x2=WIDTH, y1=height(tick), y2=height(tick), class_="fig-grid"))
        parts.append(
            label(
                _LEFT - 6,
                height(tick) + 4.5,
                shown(tick) + ("%" if unit == "%" else ""),
                anchor="end",
                kind="fig-text fig-muted",
            )
        )
    words = []
    for index, (name, rows) in enumerate(series.items()):
        rows.sort(key=lambda row: row.number("x"))
        points = [(x_axis.at(row.number("x")), height(row.number("y"))) for row in rows]
        parts.append(
            element(
                "polyline", points=" ".join(f"{x:.2f},{y:.2f}" for x, y in points), class_=f"fig-line fig-group-{index}"
            )
        )
        for row, (x, y) in zip(rows, points, strict=True):
            low, high = row.optional("low"), row.optional("high")
            if low is not None and high is not None:
                parts.append(element("line", x1=x, x2=x, y1=height(low), y2=height(high), class_="fig-whisker"))
            parts.append(_mark(index, x, y))
        told = "; ".join(
            f"at {row.text('x')} {with_unit(row.text('y'), unit)}{interval_text(row, unit, options)}" for row in rows
        )
        words.append(f"{name}: {told}" if name else told)
    top += _HEIGHT
    parts.extend(x_axis.drawn(top, options.get("x-label", "")))
    top += x_axis.height(options.get("x-label", "")) + 4
    for index, name in enumerate(name for name in series if name):
        parts += [_mark(index, 7, top + 8), label(20, top + 13, name)]
        top += LINE + 3
    description = f"A line chart{f' of {measure}' if measure else ''}. {'. '.join(words)}."
    return document(ident, top, title, description, parts), description


def _mark(index: int, x: float, y: float) -> Markup:
    """A circle, a square, a triangle or a diamond."""
    kind = f"fig-dot fig-group-{index}"
    if index == 0:
        return element("circle", cx=x, cy=y, r=4.5, class_=kind)
    shapes = (f"M{x - 4.2:.2f} {y - 4.2:.2f}h8.4v8.4h-8.4z", f"M{x:.2f} {y - 5.5:.2f}l5.2 9.4h-10.4z")
    diamond = f"M{x:.2f} {y - 5.8:.2f}l5.8 5.8-5.8 5.8-5.8-5.8z"
    return element("path", d=(*shapes, diamond)[min(index, SERIES - 1) - 1], class_=kind)
