"""Reading the CSV file of a figure. What does not fit is a KapError at its line."""

from __future__ import annotations

from io import StringIO

from kap_content.model.errors import KapError
from kap_content.model.figure_data import DataTable, Row
from kap_content.model.place import Place

MAX_ROWS = 200


def read_table(path: str, data: bytes, required: tuple[str, ...], optional: tuple[str, ...]) -> DataTable:
    """Read a figure's CSV file; anything that does not fit is a KapError at its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise KapError("The figure's data is not UTF-8 text", Place(path, line), help="Save it as UTF-8.") from error
    import csv

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
