"""The numbers of a figure: the rows of the CSV file that it is drawn from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kap_content.model.errors import KapError
from kap_content.model.page import Figure
from kap_content.model.place import Place
from kap_content.startup.regex import regex

SMALLEST, LARGEST = 1e-9, 1e12
_NUMBER = regex(r"[+\-\u2212]?(\d+(\.\d*)?|\.\d+)([eE][+\-]?\d{1,3})?")

KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waffle": (("label", "count"), ()),
    "bars": (("label", "value"), ("low", "high", "n")),
    "forest": (("label", "estimate"), ("low", "high", "n")),
    "line": (("x", "y"), ("low", "high", "series")),
}
"""The columns of each kind of drawing: those that it needs, and those that it may have."""
NUMBERS = frozenset({"count", "value", "estimate", "low", "high", "x", "y"})
"""The columns that hold numbers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of data."""

    place: Place
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell as written, or the empty string."""
        return self.cells.get(column, "")

    def number(self, column: str) -> float:
        """The cell as a number; a KapError at the row's line where it is none."""
        value = self.optional(column)
        if value is None:
            raise KapError(f"The column “{column}” is empty in this row of the figure's data", self.place)
        return value

    def optional(self, column: str) -> float | None:
        """The cell as a number, None where it is empty."""
        text = self.text(column)
        if not text:
            return None
        value = float(text.replace("\u2212", "-")) if _NUMBER.fullmatch(text) else math.nan
        if not (value == 0 or SMALLEST <= abs(value) <= LARGEST):
            raise KapError(
                f"“{text}” in the column “{column}” of a figure's data is not a number that can be drawn",
                self.place,
                help="Write plain numbers such as 12 or -1.17; put units into the figure's unit= attribute.",
            )
        return value


@dataclass(frozen=True, slots=True)
class DataTable:
    """The data of one figure."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def has(self, column: str) -> bool:
        """Whether any row has something in this column."""
        return any(row.text(column) for row in self.rows)


@dataclass(frozen=True, slots=True)
class FigureData:
    """A figure of the page at `page` that is drawn from data, with what its file holds."""

    page: str
    figure: Figure
    table: DataTable
