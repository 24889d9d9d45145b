"""Cutting a BibTeX file into its commands, so that a broken one costs its neighbours nothing.

What is a command is decided as pybtex decides it: `% @article{` and `@comment{@article{` are live entries. After an
entry that cannot be read to its end, reading goes on at the next line that begins with the head of an entry (or at a
head of a usual type farther on in the line).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping

from kap_content.load.bib.entry import Entry, Reading, Slip, Trouble
from kap_content.load.bib.scan import HEAD, LINE_HEAD, scan_entry, scan_macro
from kap_content.startup.regex import regex

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_USUAL = (
    "article|book|booklet|collection|conference|dataset|electronic|inbook|incollection|inproceedings|manual|"
    "mastersthesis|misc|online|patent|phdthesis|proceedings|report|software|techreport|thesis|unpublished|webpage|www"
)
_USUAL_TYPE = regex(rf"@\s*+(?:{_USUAL})(?![A-Za-z0-9])", re.IGNORECASE)
_INLINE_HEAD = regex(rf"(?<=[)}}\s])@(?:{_USUAL})\s*+[({{]\s*+[^\s,{{}}()=]++\s*+[,}})]", re.IGNORECASE)
_BRACE = regex(r"[{}]")


def read_commands(text: str, macros: MutableMapping[str, str] | None = None) -> Iterator[Entry | Reading]:
    """Read every command of `text`: an entry that was plain to read, or a reading with what was wrong with it.

    Commands that give neither an entry nor an error are left out. `macros` are those of earlier files by lower-case
    name; those of this one are added.
    """
    return _Commands(text, macros if macros is not None else {}).read()


class _Commands:
    def __init__(self, text: str, macros: MutableMapping[str, str]) -> None:
        self._text = text
        self._macros = macros
        for month in _MONTHS:
            macros.setdefault(month[:3].lower(), month)
        self._position = 0
        self._boundary = 0
        self._closings: dict[int, int] | None = None
        self._window = ("", 0, 0)
        self._inline = (0, -1)
        # How many characters may be read once more in search of an entry's end: hostile files would have no bound.
        self._effort = 4 * len(text) + 100_000

    def read(self) -> Iterator[Entry | Reading]:
        """Go from `@` to `@`."""
        text = self._text
        while (at := text.find("@", self._position)) >= 0:
            head = HEAD.match(text, at)
            assert head is not None
            kind, bracket = head[1], head[2]
            if bracket is None:
                if self._leads_line(at, " \t") and _USUAL_TYPE.match(text, at):
                    yield Reading(kind.lower(), at, head.end(), None, [Trouble(Slip.NO_BRACKET, at)], is_lost=True)
                self._position = head.end()
                continue
            if at >= self._boundary:
                following = LINE_HEAD.search(text, at)
                self._boundary = following.end() if following else len(text)
            found = self._read_fast(kind.lower(), head.end()) if bracket == "{" else None
            if found is None:
                reading = self._read_slowly(at, head.end())
                self._position = reading.end
                if reading.entry or reading.troubles:
                    yield reading
            elif isinstance(found, Entry):
                self._position = found.end
                yield found
            else:
                self._position = found

    def _read_fast(self, kind: str, body: int) -> Entry | int | None:
        """Return the entry at hand, or the offset behind what is none, or None where the scanner cannot read it."""
        if kind == "comment":
            return body
        if kind == "string":
            return scan_macro(self._text, body, self._boundary, self._macros)
        if kind == "preamble":
            return None
        return scan_entry(self._text, kind, body, self._boundary, self._macros)

    def _read_slowly(self, at: int, body: int) -> Reading:
        """Read the command at `at` through pybtex; the end of the reading is where to go on."""
        from kap_content.load.bib.pybtex_reader import read_command

        text, macros = self._text, self._macros
        stop = self._stop(body)
        is_meant = self._leads_line(at, " \t\n%") or _USUAL_TYPE.match(text, at) is not None
        if not is_meant and not self._is_bearable(stop - at):
            return Reading("", at, body)
        stretch, base = self._stretch(at, stop)
        reading = read_command(stretch, base, at, stop, macros)
        if not reading.is_lost:
            return reading
        for end in self._farther_ends(body - 1, stop):
            # A value may hold what looks like an entry: then the whole reads without an error.
            whole = read_command(text[at:end], at, at, end, dict(macros))
            if not whole.troubles:
                return read_command(text[at:end], at, at, end, macros)
        if not is_meant:
            return Reading("", at, body)  # an address or the like in the text between entries
        reading.end = stop
        return reading

    def _farther_ends(self, bracket: int, stop: int) -> Iterator[int]:
        """Yield where the command whose bracket this is may end behind `stop`, as long as the effort is bearable."""
        ends = [self._closing(bracket) + 1] if self._text[bracket] == "{" else [self._boundary, len(self._text)]
        for end in ends:
            if end > stop and self._is_bearable(end - bracket):
                yield end

    def _is_bearable(self, length: int) -> bool:
        """Whether so many characters may be read once more, which uses up some of the effort allowed."""
        if length > self._effort:
            return False
        self._effort -= length
        return True

    def _stop(self, body: int) -> int:
        """Return where the next command surely begins: at a head of a usual type in the line, or a line's head."""
        if not (self._inline[0] <= body <= self._inline[1] and self._inline[1] <= self._boundary):
            inline = _INLINE_HEAD.search(self._text, body, self._boundary)
            self._inline = (body, inline.start() if inline else self._boundary)
        return self._inline[1]

    def _stretch(self, at: int, stop: int) -> tuple[str, int]:
        """Return a text that holds what stands from `at` to `stop` and ends there, and the offset where it begins."""
        stretch, base, end = self._window
        if not (base <= at < end == stop):
            stretch, base = self._text[at:stop], at
            self._window = (stretch, base, stop)
        return stretch, base

    def _leads_line(self, at: int, fillers: str) -> bool:
        """Whether only `fillers` stand between `at` and the last command, or the line's beginning."""
        begin = max(self._position, self._text.rfind("\n", 0, at) + 1)
        return not self._text[begin:at].strip(fillers)

    def _closing(self, opening: int) -> int:
        """Return the offset of the brace that closes the one at `opening`, -1 where none does."""
        if self._closings is None:
            heads = {found.end() - 1 for found in HEAD.finditer(self._text) if found[2] == "{"}
            self._closings = {}
            opened: list[int] = []
            for brace in _BRACE.finditer(self._text):
                if brace[0] == "{":
                    opened.append(brace.start())
                elif opened and (start := opened.pop()) in heads:
                    self._closings[start] = brace.start()
        return self._closings.get(opening, -1)
