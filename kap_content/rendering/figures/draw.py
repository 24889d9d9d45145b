"""From a figure's attributes and its data to the drawing and the table of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from markupsafe import Markup

from kap_content.load.figure.fit import refuse_unfit
from kap_content.load.figure.table import read_table
from kap_content.model.errors import KapError
from kap_content.model.figure_data import KINDS, DataTable
from kap_content.model.place import Place
from kap_content.rendering.figures import bars, forest, line, waffle
from kap_content.rendering.figures.svg import signed

_HEADINGS = {"label": "", "count": "Number", "value": "Value", "estimate": "Estimate", "low": "From", "high": "To"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure drawn: `svg` for the page, `description` in words, and the numbers as a table."""

    svg: Markup
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def draw(
    kind: str, path: str, data: bytes, ident: str, title: str, options: Mapping[str, str], place: Place
) -> Drawing:
    """Draw `data` (the bytes of the CSV file at `path`). What does not fit is a KapError at its line.

    `place` is the figure's own place on the page, `ident` the stem of the ids in the drawing.
    """
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        raise KapError(
            f"There is no figure kind “{kind}”",
            place,
            help=f"Did you mean {near[0]}?" if near else f"The kinds are {', '.join(KINDS)}.",
        )
    table = read_table(path, data, *KINDS[kind])
    refuse_unfit(kind, table, options, place)
    if kind == "waffle":
        svg, words = waffle.draw(table, ident, title)
    elif kind == "bars":
        svg, words = bars.draw(table, ident, title, options)
    elif kind == "forest":
        svg, words = forest.draw(table, ident, title, options)
    else:
        svg, words = line.draw(table, ident, title, options)
    return Drawing(svg, words, *_numbers(table, options))


def _numbers(table: DataTable, options: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    used = [column for column in table.columns if table.has(column)]
    headings = dict(_HEADINGS)
    if options.get("measure"):
        headings |= {"value": options["measure"], "estimate": options["measure"], "y": options["measure"]}
    headings["x"] = options.get("x-label", "x")
    names = tuple(headings.get(column, column) for column in used)
    return names, tuple(
        tuple(signed(row.text(column)) if column not in {"label", "series"} else row.text(column) for column in used)
        for row in table.rows
    )
