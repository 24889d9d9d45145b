"""A forest plot: estimates, their intervals, and a line where there is no difference."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kap_content.model.figure_data import DataTable, Row
from kap_content.rendering.figures.axis import Axis, interval_text, number, with_unit
from kap_content.rendering.figures.svg import (
    CHARACTERS,
    LINE,
    WIDTH,
    document,
    element,
    label,
    log_ticks,
    nice_ticks,
    wrapped,
)


def draw(table: DataTable, ident: str, title: str, options: Mapping[str, str]) -> tuple[Markup, str]:
    """The drawing, and what it shows in words."""
    log = options.get("scale", "") == "log"
    null = number(table, options, "null", 1 if log else 0)
    axis = _axis(table, options, null, log=log)
    parts: list[Markup] = []
    words = []
    top = 0.0
    for row in table.rows:
        name = row.text("label") + (f" (n = {row.text('n')})" if row.text("n") else "")
        value = with_unit(row.text("estimate"), options.get("unit", ""))
        value += interval_text(row, options.get("unit", ""), options)
        short = value.replace(f"({options.get('interval', '95% CI')} ", "(")
        top = _heading(parts, name, short, top)
        parts.extend(_estimate(axis, row, null, top))
        words.append(f"{name}: {value}")
        top += 26
    measure = options.get("measure", "")
    parts.extend(axis.drawn(top, measure))
    top += axis.height(measure)
    top = _sides(parts, axis, null, options, top)
    told = f"A forest plot{f' of {measure}' if measure else ''}; no difference lies at {null:g}. {'; '.join(words)}."
    return document(ident, top, title, told, parts), told


def _axis(table: DataTable, options: Mapping[str, str], null: float, *, log: bool) -> Axis:
    values = [null]
    for row in table.rows:
        values += [value for name in ("estimate", "low", "high") if (value := row.optional(name)) is not None]
    low = number(table, options, "min", min(values))
    high = number(table, options, "max", max(values))
    return Axis.of(table, options, log_ticks(low, high) if log else nice_ticks(low, high), log=log)


def _heading(parts: list[Markup], name: str, value: str, top: float) -> float:
    """The label to the left and the numbers to the right, or under it where both do not fit."""
    lines = wrapped(name)
    beside = len(lines) == 1 and len(name) + len(value) + 3 <= CHARACTERS
    for line in lines:
        parts.append(label(0, top + 13, line))
        top += LINE
    if beside:
        parts.append(label(WIDTH, top - 4, value, anchor="end", kind="fig-text fig-value"))
        return top
    parts.append(label(0, top + 13, value, kind="fig-text fig-value"))
    return top + LINE


def _estimate(axis: Axis, row: Row, null: float, top: float) -> list[Markup]:
    middle = top + 11
    x = axis.at(row.number("estimate"))
    parts = [
        element("line", x1=axis.left, x2=axis.right, y1=middle, y2=middle, class_="fig-grid"),
        element("line", x1=axis.at(null), x2=axis.at(null), y1=top + 1, y2=top + 21, class_="fig-null"),
    ]
    low, high = row.optional("low"), row.optional("high")
    if low is not None and high is not None:
        parts.extend(axis.whisker(low, high, middle))
    parts.append(element("rect", x=x - 5, y=middle - 5, width=10, height=10, rx=1, class_="fig-point"))
    return parts


def _sides(parts: list[Markup], axis: Axis, null: float, options: Mapping[str, str], top: float) -> float:
    """What each side of the line of no difference favours."""
    texts = [("left", "← ", ""), ("right", "", " →")]
    used = 0
    for name, before, after in texts:
        text = options.get(name, "")
        if text:
            x, anchor = (0.0, "start") if name == "left" else (float(WIDTH), "end")
            lines = wrapped(before + text + after, CHARACTERS // 2 - 1)
            for index, line in enumerate(lines):
                parts.append(label(x, top + 14 + index * LINE, line, anchor=anchor))
            used = max(used, len(lines))
    if used:
        x = axis.at(null)
        parts.append(element("line", x1=x, x2=x, y1=top + 2, y2=top + 2 + 8, class_="fig-null"))
    return top + used * LINE + (4 if used else 0)
