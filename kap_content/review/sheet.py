"""The dossier as a sheet, one row a claim-reference link, and decisions read back from it.

Whoever has no desk fills in the columns of `FILLED_IN`; all others are for reading and are not read back, but for those
that say which claim and link a row is about (`KEYS`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from kap_content.model.approval import Decision
from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.model.errors import UsageError
from kap_content.rendering.references import DESIGNS
from kap_content.review.view import ClaimView, Views
from kap_content.review.words import spaced

KEYS = ("claim", "link", "seen")
FILLED_IN = ("verdict", "certainty", "next_review_due", "decision", "role", "comment")
COLUMNS = (
    "claim", "wording", "category", "status", "pages", "reference", "citation", "doi", "publication_status", "asked_on",
    "design", "ocebm_level", "direction", "finding", "quotation", "where_in_source",
    "verdict", "certainty", "next_review_due", "decision", "role", "comment",
    "findings_of_rules", "decided_before", "link", "seen",
)  # fmt: skip
CHOICES: Mapping[str, tuple[str, ...]] = {
    "verdict": tuple(Verdict),
    "certainty": tuple(Certainty),
    "decision": tuple(Decision),
}
_FORMULA = (*"=+-@\t\r\n", *"＝＋－＠")
_LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a sheet that is read, unpacked."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that was read: `line` as the sheet counts, and the cells by the name of their column."""

    line: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """The cell of a column; empty where there is none."""
        return self.cells.get(name, "")


def sheet_rows(views: Views, claims: Iterable[Claim]) -> Iterator[dict[str, str]]:
    """The rows of these claims, cells by column. A claim without evidence has one row."""
    for claim in claims:
        yield from _rows(views.of(claim))


def _rows(view: ClaimView) -> Iterator[dict[str, str]]:
    claim = view.claim
    common = {
        "claim": claim.id,
        "wording": claim.match_text,
        "category": claim.category or "",
        "status": claim.status,
        "pages": ", ".join(dict.fromkeys(shown.page for shown in view.places)),
        "certainty": claim.certainty or "",
        "next_review_due": claim.next_review_due.isoformat() if claim.next_review_due else "",
        "findings_of_rules": "\n".join(f"{item.severity} {item.code} {item.message}" for item in view.findings),
        "decided_before": "\n".join(
            f"{item.approval.on} {item.approval.reviewer} ({item.approval.role}): {spaced(item.approval.decision)}"
            for item in view.history
        ),
        "seen": view.fingerprint,
    }
    for item in view.evidence:
        yield common | {
            "reference": item.item.ref,
            "citation": item.citation.text,
            "doi": item.doi,
            "publication_status": "; ".join((item.known.word, *item.known.lines)),
            "asked_on": item.known.checked_on.isoformat() if item.known.checked_on else "",
            "design": DESIGNS[item.design] if item.design else "",
            "ocebm_level": str(item.level or ""),
            "direction": item.item.direction,
            "finding": item.item.finding,
            "quotation": item.item.anchor.exact,
            "where_in_source": item.locator,
            "verdict": item.item.verdict or "",
            "link": str(item.number + 1),
        }
    if not view.evidence:
        yield common


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV text with a byte order mark, by which spreadsheets know that it is UTF-8.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front, which reading takes away again.
    """
    target = io.StringIO()
    target.write("\ufeff")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_guarded(_fitting(row.get(name, ""))) for name in COLUMNS])
    return target.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def _fitting(text: str) -> str:
    """What a cell can hold: no control characters, and not too long."""
    kept = "".join(character for character in text if character >= " " or character in "\n\t")
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    return kept if len(kept) <= _LONGEST else kept[: _LONGEST - 1] + "…"


_WIDTHS = {"wording": 46, "citation": 46, "finding": 40, "quotation": 40, "findings_of_rules": 40, "comment": 40}
_WIDTH = 18


def as_xlsx(rows: Iterable[Mapping[str, str]], roles: Sequence[str]) -> bytes:
    """The rows as an Excel workbook. Every cell is text; cells to fill in are tinted and offer what may stand there."""
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "claims"
    head, tint = Font(bold=True), PatternFill("solid", fgColor="FFF6D9")
    wrap = Alignment(wrap_text=True, vertical="top")
    last = 1
    for line, row in enumerate(({name: spaced(name) for name in COLUMNS}, *rows), 1):
        last = line
        for number, name in enumerate(COLUMNS, 1):
            text = _fitting(row.get(name, ""))
            cell = sheet.cell(line, number)
            assert isinstance(cell, Cell)
            if text:
                cell.value = text
                cell.data_type = "s"  # never a formula
            cell.quotePrefix = text.startswith(_FORMULA)
            cell.alignment = wrap
            if line == 1:
                cell.font = head
            if name in FILLED_IN:
                cell.fill = tint
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, _WIDTH)
        sheet.column_dimensions[letter].hidden = name in ("link", "seen")
        choices = (*CHOICES.get(name, ()), *(role for role in roles if name == "role" and role.isidentifier()))
        if choices and last > 1:
            offered = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(offered)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_sheet(name: str, content: bytes) -> tuple[SheetRow, ...]:
    """The rows of a sheet by its file's name and content; a `UsageError` where it is none of ours."""
    cells = _xlsx_cells(name, content) if PurePath(name).suffix.lower() == ".xlsx" else _csv_cells(name, content)
    head = [text.strip().lower().replace(" ", "_") for text in next(cells, (0, []))[1]]
    missing = [column for column in KEYS if column not in head]
    if missing:
        raise UsageError(
            f"{name} has no column “{missing[0]}”",
            help="Import a sheet that kap review --export wrote; columns may be moved, but not renamed or deleted.",
        )
    return tuple(
        SheetRow(line, {column: text.strip() for column, text in zip(head, row, strict=False) if column})
        for line, row in cells
        if any(text.strip() for text in row)
    )


def _csv_cells(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(content) > LARGEST:
        raise UsageError(f"{name} is too large to be a sheet of claims")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8", help="Save it as “CSV UTF-8”.") from error
    first = text.partition("\n")[0]
    parting = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting)
    try:
        for row in reader:
            yield reader.line_num, [_unguarded(cell) for cell in row]
    except csv.Error as error:
        raise UsageError(f"{name} is no CSV: {error} (line {reader.line_num})") from error


def _xlsx_cells(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > LARGEST:
            content = b""  # what unpacks to this much is no sheet, and is not unpacked
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book["claims"] if "claims" in book.sheetnames else book.worksheets[0]
        for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield line, [_text(value) for value in row]
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, IndexError, AttributeError, SyntaxError) as error:
        raise UsageError(
            f"{name} is no Excel workbook that can be read", help="Save it as .xlsx or as CSV UTF-8."
        ) from error


def _text(value: object) -> str:
    """A cell as text; a spreadsheet may have made a date of a day that somebody typed."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
