"""Reading a BibTeX file: every entry it holds, where each of its fields stands, and what is wrong with it.

A fast scanner reads the entries of simple form and pybtex the others, each on its own.

`Reference.fields` are Unicode. Page ranges have a plain hyphen (`617-627`), identifiers and addresses (`doi`, `url`,
...) are as written but for LaTeX's escapes, every other `--` is an en dash. `Reference.raw` is what pybtex gives:
macros expanded, white space folded. Of a field given twice the first counts. Where an entry names a `crossref` it
holds the fields it inherits; those have no place of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import MutableMapping

from kap_content.load.bib.commands import read_commands
from kap_content.load.bib.crossref import inherit
from kap_content.load.bib.entry import Entry, Reading, Trouble
from kap_content.load.bib.fields import Fields, Places, packed
from kap_content.load.bib.names import read_names
from kap_content.load.bib.problems import Spots, describe, is_harmless, names_run_together, repeated_key
from kap_content.model.finding import Problem
from kap_content.model.place import Place
from kap_content.model.reference import Reference


def parse_bib(
    path: str, source: str, macros: MutableMapping[str, str] | None = None
) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """Read a bibliography: its entries in the order of the file, repeated keys included, and what could not be read.

    Every problem has the code REF011 and, where it concerns one entry, that entry's key. `macros` holds by lower-case
    name what earlier files defined with `@string`, and gains what this one defines.
    """
    text = source.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    bibliography = _Bibliography(path, text)
    for found in read_commands(text, macros):
        if isinstance(found, Reading):
            bibliography.report(found)
        else:
            bibliography.add(found)
    return inherit(bibliography.references), tuple(bibliography.problems)


class _Bibliography:
    """The entries and problems of one file."""

    def __init__(self, path: str, text: str) -> None:
        self.references: list[Reference] = []
        self.problems: list[Problem] = []
        self._path = path
        self._text = text
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._first: dict[str, Reference] = {}

    def _packed(self, offset: int) -> int:
        line = bisect_right(self._lines, offset)
        return packed(line, offset - self._lines[line - 1] + 1)

    def _place(self, offset: int, length: int = 0) -> Place:
        line = bisect_right(self._lines, offset)
        column = offset - self._lines[line - 1] + 1
        return Place(self._path, line, column, line, column + length)

    def add(self, entry: Entry) -> None:
        """Make the entry a reference, and report a key defined before and names that cannot be split."""
        raw = entry.fields
        authors, and_others, crowded = read_names(raw["author"]) if "author" in raw else ((), False, ())
        editors, _, more = read_names(raw["editor"]) if "editor" in raw else ((), False, ())
        reference = Reference(
            key=entry.key,
            type=entry.type.lower(),
            place=self._place(entry.start, len(entry.key)),
            fields=Fields(raw),
            raw=raw,
            authors=authors,
            editors=editors,
            and_others=and_others,
            places=Places(self._path, {name: self._packed(start) for name, start in entry.starts.items()}),
        )
        self.references.append(reference)
        first = self._first.setdefault(entry.key.lower(), reference)
        if first is not reference:
            self.problems.append(repeated_key(reference, first))
        for field, names in (("author", crowded), ("editor", more)):
            self.problems.extend(names_run_together(reference, field, name) for name in names)

    def report(self, reading: Reading) -> None:
        """Take over a reading with its errors."""
        entry = reading.entry
        if entry is not None:
            self.add(entry)
        self.problems.extend(
            self._problem(trouble, reading) for trouble in reading.troubles if not is_harmless(trouble, entry)
        )

    def _problem(self, trouble: Trouble, reading: Reading) -> Problem:
        entry = reading.entry
        head = f"@{reading.kind}"
        is_whole = self._text[reading.at : reading.at + len(head)].lower() == head.lower()  # or a blank follows the @
        at_sign = self._place(reading.at, len(head) if is_whole else 1)
        here = self._place(entry.start, len(entry.key)) if entry else at_sign
        field = self._place(trouble.field_at, len(trouble.field)) if trouble.field_at >= 0 else here
        rest = self._text[trouble.at : trouble.at + 40].partition("\n")[0].strip()
        return describe(trouble, reading, Spots(here, field, self._place(trouble.at, len(trouble.words))), rest)
