"""A pictogram: one small person per participant, the first group filled."""

from __future__ import annotations

import math

from markupsafe import Markup

from kap_content.load.figure.fit import persons
from kap_content.model.figure_data import DataTable
from kap_content.rendering.figures.svg import LINE, WIDTH, document, element, join, label, wrapped


def draw(table: DataTable, ident: str, title: str) -> tuple[Markup, str]:
    """The drawing, and what it shows in words."""
    groups = [(row, persons(row)) for row in table.rows]
    total = sum(count for _, count in groups)
    across = _across(total)
    cell = min(WIDTH / across, 52.0)
    left = 0.0
    members = [index for index, (_, count) in enumerate(groups) for _ in range(count)]
    people = [
        _person(left + (place % across) * cell, (place // across) * cell * 1.12, cell, min(group, 3))
        for place, group in enumerate(members)
    ]
    top = math.ceil(total / across) * cell * 1.12 + 8
    legend: list[Markup] = []
    for index, (row, count) in enumerate(groups):
        legend.append(_person(0, top - 1, LINE, min(index, 3)))
        for line in wrapped(f"{count} of {total}: {row.text('label')}", 44):
            legend.append(label(LINE + 7, top + 13, line))
            top += LINE
        top += 5
    parts = "; ".join(f"{count} of {total}: {row.text('label')}" for row, count in groups)
    words = f"A pictogram of {total} persons. {parts}."
    return document(ident, top, title, words, [*people, *legend]), words


_SMALL, _MIDDLE = 12, 100


def _across(total: int) -> int:
    """How many stand in a row: two even rows of a few where that comes out, else tens."""
    if total <= _SMALL:
        return math.ceil(total / 2) if total > _SMALL // 2 else total
    return 10 if total <= _MIDDLE else 20


def _person(x: float, y: float, size: float, group: int) -> Markup:
    """A head and shoulders in a square of `size`, kept clear of its neighbours."""
    unit = size / 24
    head = element("circle", cx=x + 12 * unit, cy=y + 7 * unit, r=4.4 * unit)
    path = (
        f"M{x + 3.5 * unit:.2f} {y + 23 * unit:.2f}"
        f"c0-{6.2 * unit:.2f} {3.6 * unit:.2f}-{9.4 * unit:.2f} {8.5 * unit:.2f}-{9.4 * unit:.2f}"
        f"s{8.5 * unit:.2f} {3.2 * unit:.2f} {8.5 * unit:.2f} {9.4 * unit:.2f}z"
    )
    return element("g", join([head, element("path", d=path)]), class_=f"fig-person fig-group-{group}")
