"""Where text stands: from offsets in a token's content to lines and columns, and the visible text of a block."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_SEGMENT = re.compile(r"\S+(?: \S+)*")
_PIPE = re.compile(r"(?<!\\)\|")
_CONTAINERS = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ \t])|\[\^[^\]\s]+\]:)*")


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


def locate_lines(lines: Sequence[str], first: int, content: str) -> Located:
    """Locate a paragraph's content, whose lines are the ends of source lines from index `first` on."""
    segments = []
    offset = 0
    for index, part in enumerate(content.split("\n")):
        visible = part.strip()
        source = lines[min(first + index, len(lines) - 1)]
        lead = len(part) - len(part.lstrip())
        segments.append((offset + lead, first + index + 1, len(source.rstrip()) - len(visible) + 1))
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


def table_cells(source: str) -> tuple[Cell, ...]:
    """The cells of a table row's source line, 0-based offsets."""
    bars = [match.start() for match in _PIPE.finditer(source)]
    edges = [-1, *bars, len(source)]
    cells = []
    for index, (left, right) in enumerate(pairwise(edges)):
        start = left + 1
        if index == 0:
            containers = _CONTAINERS.match(source)
            start = min(containers.end() if containers else 0, right)
            if not source[start:right].strip() and bars:
                continue
        piece = source[start:right]
        if index == len(edges) - 2 and not piece.strip() and bars:
            continue
        start += len(piece) - len(piece.lstrip())
        cells.append(Cell(max(left, 0), start, start + len(piece.strip())))
    return tuple(cells)


def locate_cell(source: str, line: int, cell: Cell) -> Located:
    r"""Locate a cell's content, in which `\|` has become a bar."""
    segments = [(0, line + 1, cell.start + 1)]
    escapes = re.finditer(r"\\\|", source[cell.start : cell.end])
    for removed, match in enumerate(escapes, start=1):
        segments.append((match.end() - 1 - removed, line + 1, cell.start + match.end()))
    return Located(tuple(segments))


class TextBuilder:
    """Builds a block's text from pieces of source: white space folded, every piece's place kept."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.spots: list[tuple[int, int, int]] = []
        self.opaque: list[tuple[int, int]] = []
        self._space = False
        self._after_citation = False

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

    def open(self) -> int:
        """Put a waiting space now, and say where the next visible character will stand."""
        if self._space and self.length and not self._ends_in_space():
            self._put_space()
        self._space = False
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
