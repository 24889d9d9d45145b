"""Data of a figure: a CSV file as rows whose cells know their line."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from kap_content.model.errors import KapError
from kap_content.model.place import Place

MAX_ROWS = 200
SMALLEST, LARGEST = 1e-9, 1e12
_NUMBER = re.compile(r"[+\-\u2212]?(\d+(\.\d*)?|\.\d+)([eE][+\-]?\d{1,3})?")


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


def read_table(path: str, data: bytes, required: tuple[str, ...], optional: tuple[str, ...]) -> DataTable:
    """Read a figure's CSV file; anything that does not fit is a KapError at its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise KapError("The figure's data is not UTF-8 text", Place(path, line), help="Save it as UTF-8.") from error
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise KapError(f"The figure's data cannot be read as CSV: {error}", Place(path, reader.line_num)) from error
    if not lines:
        raise KapError("The figure's data is empty", Place(path), help=f"Its columns are {', '.join(required)}.")
    (head_line, head), *body = lines
    columns = _columns([name.lower() for name in head], Place(path, head_line), required, optional)
    if not body:
        raise KapError("The figure's data has column names but no row", Place(path, head_line))
    if len(body) > MAX_ROWS:
        raise KapError(f"The figure's data has more than {MAX_ROWS} rows", Place(path, body[MAX_ROWS][0]))
    for line, cells in body:
        if len(cells) != len(columns):
            raise KapError(
                f"This row of the figure's data has {len(cells)} cells where there are {len(columns)} columns",
                Place(path, line),
                help="A comma inside a cell needs quotation marks around the cell.",
            )
    rows = tuple(Row(Place(path, line), dict(zip(columns, cells, strict=True))) for line, cells in body)
    return DataTable(path, columns, rows)


def _columns(head: list[str], place: Place, required: tuple[str, ...], optional: tuple[str, ...]) -> tuple[str, ...]:
    wanted = f"The columns are {', '.join(required)}" + (f"; optional: {', '.join(optional)}." if optional else ".")
    missing = [name for name in required if name not in head]
    unknown = [name for name in head if name not in (*required, *optional)]
    if missing:
        raise KapError(f"The figure's data lacks the column “{missing[0]}”", place, help=wanted)
    if unknown:
        raise KapError(
            f"The figure's data has a column “{unknown[0]}” that this kind does not know", place, help=wanted
        )
    if len(set(head)) < len(head):
        raise KapError("The figure's data names a column twice", place, help=wanted)
    return tuple(head)
