"""The lines of a large text, without taking it apart."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

_STRETCH = 1 << 11
"""Characters; line ends are counted in stretches of so many."""


class LinesOf(Sequence[str]):
    """The lines of a text that ends them with line feeds; held beside it is how many there are above each stretch."""

    __slots__ = ("_above", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        counts = (text.count("\n", start, start + _STRETCH) for start in range(0, len(text), _STRETCH))
        self._above = array("L", accumulate(counts, initial=0))

    def __len__(self) -> int:
        return self._above[-1] + 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n"))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            low, high, step = index.indices(len(self))
            if step != 1:
                return self._text.split("\n")[index]
            return self._text[self._begin(low) : self._begin(high) - 1].split("\n") if low < high else []
        line = range(len(self))[index]
        return self._text[self._begin(line) : self._begin(line + 1) - 1]

    def _begin(self, line: int) -> int:
        """Where a line begins; that after the last, one past the end of the text and a line end."""
        if line == len(self):
            return len(self._text) + 1
        stretch = max(bisect_left(self._above, line) - 1, 0)
        start = stretch * _STRETCH
        for _ in range(line - self._above[stretch]):
            start = self._text.find("\n", start) + 1
        return start
