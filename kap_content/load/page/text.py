"""Where text stands: from offsets in a token's content to lines and columns, and the visible text of a block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kap_content.startup.regex import regex

_SEGMENT = regex(r"\S+(?: \S+)*")
_PIPE = regex(r"(?<!\\)\|")
_CONTAINERS = regex(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)|\[\^[^\]\s]+\]:)*")


@dataclass(frozen=True, slots=True)
class Located:
    """Where the characters of a token's content stand: ascending `(offset, line, column)`, as `Block.spots`."""

    segments: tuple[tuple[int, int, int], ...]

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset`."""
        index = max(0, bisect_right(self.segments, (offset, 1 << 60, 0)) - 1)
        start, line, column = self.segments[index]
        return line, max(1, column + offset - start)

    def cuts(self, start: int, end: int) -> list[int]:
        """The offsets between `start` and `end` at which the source does not run on."""
        segments = self.segments
        index = bisect_right(segments, (start, 1 << 60, 0))
        found = []
        while index < len(segments) and segments[index][0] < end:
            found.append(segments[index][0])
            index += 1
        return found


def locate_lines(lines: Sequence[str], lines_of: Sequence[int], content: str) -> Located:
    """Locate a paragraph's content, whose lines are the ends of the source lines `lines_of` (first, behind last).

    Lines of nothing but odd white space are trimmed off the content's beginning by the parser.
    """
    first, last = lines_of
    parts = content.split("\n")
    while last - first > len(parts) and not lines[first].rstrip().endswith(parts[0].strip() or "\n"):
        first += 1
    segments = []
    offset = 0
    for line, part in enumerate(parts, start=first):
        visible = part.strip()
        source = lines[min(line, len(lines) - 1)]
        lead = len(part) - len(part.lstrip())
        segments.append((offset + lead, line + 1, len(source.rstrip()) - len(visible) + 1))
        offset += len(part) + 1
    return Located(tuple(segments))


def locate_heading(lines: Sequence[str], line: int, content: str, level: int) -> Located:
    """Locate the content of a heading that begins with number signs."""
    source = lines[line]
    marker = source.find("#")
    column = source.find(content, max(0, marker) + level) if content else len(source.rstrip())
    return Located(((0, line + 1, max(0, column) + 1),))


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell's piece of the source line: where its pipe stands, and where its content begins."""

    pipe: int
    start: int
    end: int


def table_cells(source: str, first: str) -> tuple[Cell, ...]:
    """The cells of a table row's source line, 0-based offsets. `first` is the first cell's content."""
    bars = [match.start() for match in _PIPE.finditer(source)]
    cells = [_cell(source, left, right) for left, right in pairwise((-1, *bars, len(source)))]
    if len(cells) > 1:
        if cells[-1].start == cells[-1].end:
            cells.pop()
        written = first.replace("|", "\\|")
        opening, following = source[: bars[0]].rstrip(), source[cells[1].start : cells[1].end] if len(cells) > 1 else ""
        if (_CONTAINERS.fullmatch(opening) and following == written) or not opening.endswith(written or "|"):
            return tuple(cells[1:])
        cells[0] = Cell(0, len(opening) - len(written), len(opening))
    elif cells:
        cells[0] = Cell(0, len(source.rstrip()) - len(first.replace("|", "\\|")), len(source.rstrip()))
    return tuple(cells)


def _cell(source: str, left: int, right: int) -> Cell:
    piece = source[left + 1 : right]
    start = left + 1 + len(piece) - len(piece.lstrip())
    return Cell(max(left, 0), start, start + len(piece.strip()))


def locate_cell(source: str, line: int, cell: Cell) -> Located:
    r"""Locate a cell's content, in which `\|` has become a bar."""
    segments = [(0, line + 1, cell.start + 1)]
    escapes = re.finditer(r"\\\|", source[cell.start : cell.end])
    for removed, match in enumerate(escapes, start=1):
        segments.append((match.end() - 1 - removed, line + 1, cell.start + match.end()))
    return Located(tuple(segments))


@dataclass(slots=True, eq=False)
class Stretch:
    """A part of a text under construction, as offsets; -1 where not known yet."""

    start: int = -1
    end: int = -1


class TextBuilder:
    """Builds a block's text from pieces of source: white space folded, every piece's place kept."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.spots: list[tuple[int, int, int]] = []
        self.opaque: list[tuple[int, int]] = []
        self._space = False
        self._after_citation = False
        self._waiting: list[Stretch] = []

    @property
    def text(self) -> str:
        """What was built so far."""
        return "".join(self.parts)

    def space(self) -> None:
        """Part what came from what comes by white space, where both show something."""
        self._space = True

    def citation(self) -> None:
        """A citation stood here: white space before it goes where only punctuation follows."""
        self._after_citation = True

    def here(self) -> Stretch:
        """Begin a stretch: it starts with the next visible character, and ends with `close`."""
        stretch = Stretch()
        self._waiting.append(stretch)
        return stretch

    def close(self, stretch: Stretch) -> None:
        """End a stretch behind the last visible character."""
        if stretch.start < 0:
            self._waiting.remove(stretch)
            stretch.start = self.length
        stretch.end = self.length

    def open(self) -> int:
        """Put a waiting space now, and say where the next visible character, which must follow, will stand."""
        if self._space and self.length and not self._ends_in_space():
            self._put_space()
        self._space = False
        for stretch in self._waiting:
            stretch.start = self.length
        self._waiting.clear()
        return self.length

    def add(self, piece: str, located: Located, at: int, *, opaque: bool = False) -> None:
        """Add `piece`, whose characters stand one by one in the source from content offset `at` on."""
        if self._after_citation and piece[:1] in ".,;:!?)]”’":
            self._space = False
        self._after_citation = False
        begin = -1
        end = 0
        for match in _SEGMENT.finditer(piece):
            if match.start() > end or begin >= 0:
                self._space = True
            start = self.open()
            if begin < 0:
                begin = start
            self._put(match[0], located, at + match.start())
            end = match.end()
        if end < len(piece):
            self._space = True
        if opaque and begin >= 0:
            self.opaque.append((begin, self.length))

    def _put(self, text: str, located: Located, at: int) -> None:
        for low, high in pairwise((at, *located.cuts(at, at + len(text)), at + len(text))):
            self._spot(*located.at(low))
            self.parts.append(text[low - at : high - at])
            self.length += high - low

    def bar(self, line: int, column: int) -> None:
        """Part two cells of a row by ` | `, the bar standing at a place."""
        self._space = False
        self.parts.append(" | ")
        self.spots.append((self.length + 1, line, column))
        self.length += 3

    def _ends_in_space(self) -> bool:
        return bool(self.parts) and self.parts[-1].endswith(" ")

    def _put_space(self) -> None:
        self.parts.append(" ")
        self.length += 1

    def _spot(self, line: int, column: int) -> None:
        if self.spots:
            offset, last_line, last_column = self.spots[-1]
            if line == last_line and column - last_column == self.length - offset:
                return
        self.spots.append((self.length, line, column))
