"""Bars from zero, each under its own label so that long labels stay readable on a phone."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kap_content.model.figure_data import DataTable
from kap_content.rendering.figures.axis import Axis, interval_text, with_unit
from kap_content.rendering.figures.svg import LINE, document, element, label, nice_ticks, wrapped

WHOLE = 100.0
"""Per cents are shown against the whole, not against the largest of them."""


def draw(table: DataTable, ident: str, title: str, options: Mapping[str, str]) -> tuple[Markup, str]:
    """The drawing, and what it shows in words."""
    unit = options.get("unit", "")
    values = [value for row in table.rows for name in ("value", "high") if (value := row.optional(name)) is not None]
    highest = max(values)
    ticks = nice_ticks(0, WHOLE if unit == "%" and highest <= WHOLE else highest)
    axis = Axis.of(table, options, ticks)
    parts: list[Markup] = []
    words = []
    top = 0.0
    for index, row in enumerate(table.rows):
        name = row.text("label") + (f" (n = {row.text('n')})" if row.text("n") else "")
        for line in wrapped(name):
            parts.append(label(0, top + 13, line))
            top += LINE
        value = row.number("value")
        shown_value = with_unit(row.text("value"), unit)
        parts.append(
            element(
                "rect",
                x=axis.left,
                y=top + 2,
                width=axis.length(value),
                height=15,
                rx=2,
                class_=f"fig-bar fig-group-{0 if len(table.rows) == 1 else min(index, 3)}",
            )
        )
        low, high = row.optional("low"), row.optional("high")
        if low is not None and high is not None:
            parts.extend(axis.whisker(low, high, top + 9.5))
        parts.append(label(axis.at(max(value, high or value)) + 6, top + 14, shown_value, kind="fig-text fig-value"))
        words.append(f"{name}: {shown_value}{interval_text(row, unit, options)}")
        top += 30
    parts.extend(axis.drawn(top, options.get("measure", ""), with_unit_of(unit)))
    top += axis.height(options.get("measure", ""))
    told = f"A bar chart. {'; '.join(words)}."
    return document(
        ident, top, title, told, [*axis.grid(0, top - axis.height(options.get("measure", ""))), *parts]
    ), told


def with_unit_of(unit: str) -> str:
    """The unit as an axis shows it: only a per cent sign is short enough for every tick."""
    return unit if unit in {"%", "°C", "°F"} else ""
