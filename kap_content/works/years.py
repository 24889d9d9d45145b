"""Which years a work may be dated by."""

from __future__ import annotations

import re

from kap_content.model.dates import PartialDate
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement, Comparison, Field

DECEMBER = 12
BACK_FILES_UNTIL = 2002
"""Up to about this year journals put their old volumes on line later, and registries date those by the upload."""

_YEAR = regex(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_BOOKS = frozenset(
    {"book", "monograph", "edited-book", "reference-book", "book-chapter", "reference-entry", "book-section"}
)


def accepted_years(record: Record) -> frozenset[int]:
    """The years by which the work may be cited: issued, print, online, and the next one after a December issue.

    The printed issue of December often carries January's date. Where no print date is known, a December online counts.
    """
    days = (record.print,) if record.print else (record.issued, record.online)
    after = {day.year + 1 for day in days if day is not None and day.month == DECEMBER}
    return frozenset(record.years) | after


def entry_years(reference: Reference) -> tuple[int, ...]:
    """The years that the entry gives in `year` or `date`, in order; empty for `in press` and the like."""
    return tuple(int(year) for year in _YEAR.findall(reference.get("year", "date")))


def compare_years(reference: Reference, record: Record) -> Comparison:
    """The entry's year against the record's dates.

    *Same*: the year issued, printed or put on line. *Compatible*: the year after a December issue, or an
    earlier year where the registry knows only when an old volume or a book went on line. *Different*: any other.
    *Unknown*: no year on one side.
    """
    ours = entry_years(reference)
    entry = reference.get("year", "date")
    registered = ", ".join(str(year) for year in record.years)

    def verdict(agreement: Agreement) -> Comparison:
        return Comparison(Field.YEAR, agreement, entry, registered, _dates(record))

    if not ours or not record.years:
        return verdict(Agreement.UNKNOWN)
    if set(ours) & set(record.years):
        return verdict(Agreement.SAME)
    if set(ours) & accepted_years(record) or any(_is_back_file(year, record) for year in ours):
        return verdict(Agreement.COMPATIBLE)
    return verdict(Agreement.DIFFERENT)


def _is_back_file(year: int, record: Record) -> bool:
    """Whether `year` may be the true one of a work that the registry dates only by its upload."""
    if record.print is not None or record.online is None or year >= min(record.years):
        return False
    in_doi = re.search(rf"[./(]{year}[./)]", record.answered or record.asked) is not None
    return year <= BACK_FILES_UNTIL or in_doi or record.type in _BOOKS


def _dates(record: Record) -> str:
    """`print 2018-01, online 2017-10-05`, where they add to the year."""

    def told(name: str, day: PartialDate | None) -> str:
        return f"{name} {day}" if day is not None and (day.month or len(record.years) > 1) else ""

    parts = (told("print", record.print), told("online", record.online))
    return ", ".join(part for part in parts if part) or told("issued", record.issued)
