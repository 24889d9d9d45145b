"""The lines that findings are shown with."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import overload

from kap_content.model.page import Page

_STRETCH = 1 << 14
"""Characters; line ends are counted in stretches of so many."""


class Lines(Mapping[str, Sequence[str]]):
    """The lines of files by how their paths are shown, each read when it is asked for.

    `folder` is what was read, `paths` are the paths in it by how they are shown. None of a file that is no text or lies
    outside.
    """

    def __init__(self, folder: Path, pages: Iterable[Page], paths: Mapping[str, str]) -> None:
        self._folder = folder
        self._pages = {page.path: page for page in pages}
        self._paths = paths
        self._read = cache(self._lines)

    def _lines(self, shown: str) -> Sequence[str] | None:
        from kap_content.load.inside import read_inside
        from kap_content.load.text import Unreadable

        path = self._paths.get(shown)
        if path is None:
            return None
        if path in self._pages:
            return LinesOf(self._pages[path].source)
        text = read_inside(self._folder, path)
        return None if isinstance(text, Unreadable) else LinesOf(text.text)

    def __getitem__(self, shown: str) -> Sequence[str]:
        lines = self._read(shown)
        if lines is None:
            raise KeyError(shown)
        return lines

    def __iter__(self) -> Iterator[str]:
        return (shown for shown in self._paths if self._read(shown) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class LinesOf(Sequence[str]):
    """The lines of a text, of which few are asked for: those of a large file are counted, and not all taken apart."""

    def __init__(self, text: str) -> None:
        self._text = text
        counts = (text.count("\n", start, start + _STRETCH) for start in range(0, len(text), _STRETCH))
        self._above = list(accumulate(counts, initial=0))

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
            return self._text.split("\n")[index]
        line = range(len(self))[index]
        stretch = max(bisect_left(self._above, line) - 1, 0)
        start = stretch * _STRETCH
        for _ in range(line - self._above[stretch]):
            start = self._text.find("\n", start) + 1
        end = self._text.find("\n", start)
        return self._text[start : len(self._text) if end < 0 else end]
