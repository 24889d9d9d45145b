"""Whether a figure's numbers can be drawn as its kind asks: what `kap check` says before a page is rendered."""

from __future__ import annotations

import math
from collections.abc import Mapping

from kap_content.model.errors import KapError
from kap_content.model.figure_data import LARGEST, SMALLEST, DataTable, Row
from kap_content.model.place import Place

PERSONS = 400
"""A waffle shows one person each; more would be too small to see."""
SERIES = 4
"""So many lines can be told apart."""


def refuse_unfit(kind: str, table: DataTable, options: Mapping[str, str], place: Place) -> None:
    """Raise a KapError, at its row or at the figure's `place`, where `table` cannot be drawn as `kind`."""
    if kind == "waffle":
        _persons(table)
        return
    numbers = [option for name in ("min", "max", "null") if (option := option_number(options, name, place)) is not None]
    values = [value for row in table.rows for value in _values(kind, row)]
    if kind == "bars":
        below = next((row for row in table.rows if row.number("value") < 0), None)
        if below is not None:
            raise KapError(
                "A bar starts at zero and cannot show a negative value", below.place, help="Use kind=forest."
            )
        values.append(0.0)
    elif kind == "forest":
        log = options.get("scale", "") == "log"
        null = option_number(options, "null", place)
        values.append(null if null is not None else 1.0 if log else 0.0)
        if log and min((*values, *numbers)) <= 0:
            low = next((row for row in table.rows if min(_values(kind, row)) <= 0), None)
            raise KapError("A log scale shows numbers above zero only", low.place if low else place)
    elif kind == "line":
        names = {row.text("series") for row in table.rows}
        if len(names) > SERIES:
            message = f"A line figure shows at most {SERIES} series; the data has {len(names)}"
            raise KapError(message, table.rows[0].place)
        values.append(0.0)
    _axis(options, values, place)


def option_number(options: Mapping[str, str], name: str, place: Place) -> float | None:
    """A numeric attribute of the figure, None where it is not given; one that is no number is a KapError."""
    text = options.get(name, "")
    if not text:
        return None
    try:
        value = float(text.replace("\u2212", "-"))
    except ValueError:
        value = math.nan
    if not (value == 0 or SMALLEST <= abs(value) <= LARGEST):
        raise KapError(f"The figure's attribute {name}=“{text}” is not a number", place)
    return value


def persons(row: Row) -> int:
    """The number of persons in a row; a KapError where it is none."""
    value = row.number("count")
    if value < 0 or value != int(value):
        raise KapError(f"“{row.text('count')}” is not a number of persons", row.place)
    return int(value)


def _persons(table: DataTable) -> None:
    total = sum(persons(row) for row in table.rows)
    if not 0 < total <= PERSONS:
        raise KapError(
            f"A waffle shows 1 to {PERSONS} persons; the counts add up to {total}",
            table.rows[0].place,
            help="Draw larger numbers with kind=bars.",
        )


def _values(kind: str, row: Row) -> list[float]:
    """The value of a row, and the ends of its interval."""
    value = row.number({"bars": "value", "forest": "estimate", "line": "y"}[kind])
    if kind == "line":
        row.number("x")
    low, high = row.optional("low"), row.optional("high")
    if (low is None) != (high is None):
        raise KapError("An interval needs both ends: low and high", row.place)
    if low is None or high is None:
        return [value]
    if low > high:
        raise KapError(f"The interval's low end {row.text('low')} is above its high end {row.text('high')}", row.place)
    return [value, low, high]


def _axis(options: Mapping[str, str], values: list[float], place: Place) -> None:
    low, high = option_number(options, "min", place), option_number(options, "max", place)
    start, end = min(values) if low is None else low, max(values) if high is None else high
    if start >= end and (low is not None or high is not None):
        raise KapError(f"The figure's axis cannot run from {start:g} to {end:g}", place)
