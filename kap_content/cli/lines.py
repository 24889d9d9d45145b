"""The lines that findings are shown with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from kap_content.load.lines import LinesOf
from kap_content.model.page import Page


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
