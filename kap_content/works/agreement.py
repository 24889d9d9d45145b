"""How one field of an entry stands to the same field of the registry's record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kap_content.works.folding import plain


class Agreement(StrEnum):
    """The verdict on one field.

    `same`: equal but for spelling conventions. `compatible`: not equal, yet the way people write the same
    thing (an abbreviation, a dropped subtitle, the first page only). `different`: two different things.
    `unknown`: one side is silent, or the two cannot be compared; never a finding.
    """

    SAME = "same"
    COMPATIBLE = "compatible"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


class Field(StrEnum):
    """The fields that are compared, in the order in which they are told."""

    TITLE = "title"
    FIRST_AUTHOR = "first author"
    AUTHORS = "authors"
    YEAR = "year"
    JOURNAL = "journal"
    VOLUME = "volume"
    ISSUE = "issue"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field's verdict with both values as they stand there; `note` adds what explains the record's."""

    field: Field
    agreement: Agreement
    entry: str = ""
    record: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Both values side by side: `year “2016” in the entry, “2017” in the registry (online 2017-10-05)`."""
        ours = f"“{shown(self.entry)}” in the entry" if self.entry else "not given in the entry"
        theirs = f"“{shown(self.record)}” in the registry" if self.record else "not given in the registry"
        return f"{self.field} {ours}, {theirs}" + (f" ({self.note})" if self.note else "")


def shown(text: str, limit: int = 120) -> str:
    """`text` as a reader sees it, on one line, cut at a word after `limit` characters."""
    line = plain(text)
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0] + " …"
