"""Changes of files as values, and the one function that applies them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from kap_content.model.place import Place
from kap_content.startup.regex import regex

_LINE_END = regex(r"\r\n|\r|\n")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """Put `replacement` for the characters `start` to `end` (exclusive) of a file.

    Offsets count characters of the text as it is stored: a byte order mark and the line ends are part of it.
    """

    path: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Mend:
    """Changes that belong together: all of them or none. `place` and `reason` tell the user what and why.

    `references` are the keys and `claims` the ids that the changes concern.
    """

    place: Place
    reason: str
    changes: tuple[Change, ...]
    references: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The files that it changes."""
        return frozenset(change.path for change in self.changes)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person should decide: what was seen, and what may be done."""

    place: Place
    message: str
    references: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


def apply(text: str, changes: Iterable[Change]) -> str:
    """`text` with the changes of its file made. A `ValueError` where two of them overlap or one reaches beyond it."""
    parts: list[str] = []
    position = 0
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        if not position <= change.start <= change.end <= len(text):
            raise ValueError(f"changes overlap at character {change.start} of {change.path}")
        parts += [text[position : change.start], change.replacement]
        position = change.end
    return "".join([*parts, text[position:]])


def compatible(mends: Iterable[Mend]) -> tuple[Mend, ...]:
    """The mends that can be made together: of two that touch the same characters the first counts."""
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen = []
    for mend in mends:
        spans = [(change.path, change.start, change.end) for change in mend.changes]
        if any(_meet(start, end, low, high) for path, start, end in spans for low, high in taken.get(path, ())):
            continue
        chosen.append(mend)
        for path, start, end in spans:
            taken.setdefault(path, []).append((start, end))
    return tuple(chosen)


def _meet(start: int, end: int, low: int, high: int) -> bool:
    """Whether two changes touch the same characters, or insert at the same spot."""
    return (start < high and low < end) or start == low


def apply_all(texts: Mapping[str, str], mends: Iterable[Mend]) -> dict[str, str]:
    """The texts with the mends made. They must be compatible."""
    changes: dict[str, list[Change]] = {}
    for mend in mends:
        for change in mend.changes:
            changes.setdefault(change.path, []).append(change)
    return {path: apply(text, changes[path]) if path in changes else text for path, text in texts.items()}


class Lines:
    """Where the lines of a stored text begin: from lines and columns, as places count them, to offsets."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        first = 1 if self.text.startswith(BYTE_ORDER_MARK) else 0
        if "\r" in self.text:
            return [first, *(found.end() for found in _LINE_END.finditer(self.text))]
        *ends, _ = accumulate(len(line) + 1 for line in self.text.split("\n"))
        return [first, *ends]

    @property
    def count(self) -> int:
        """How many lines there are; behind a last line end stands one more, which is empty."""
        return len(self._starts)

    def at(self, line: int) -> str:
        """A line, from 1, without its line end."""
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[self._starts[line - 1] : end].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1; never beyond the text."""
        index = min(max(line, 1), len(self._starts)) - 1
        return min(self._starts[index] + column - 1, len(self.text))

    def span(self, place: Place) -> tuple[int, int]:
        """The offsets of a place."""
        return self.offset(place.line, place.column), self.offset(place.end_line, place.end_column)

    def line_of(self, offset: int) -> int:
        """The line, from 1, that an offset stands in."""
        return bisect_right(self._starts, max(offset, self._starts[0]))

    def line_start(self, offset: int) -> int:
        """The offset at which the line of `offset` begins."""
        return self._starts[self.line_of(offset) - 1]


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"
