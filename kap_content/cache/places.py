"""Where claims and entries stand in their files, as a snapshot knows it: other places are kept relative to that."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from kap_content.cache.blocks import Block, Lines, Named, Window, cut
from kap_content.cache.facts import Anchors, Begin
from kap_content.cache.plain import dumped
from kap_content.cache.snapshot import BEGIN, BLOCK, BLOCKS, Changed, Entry, Snapshot

_Begin = tuple[str, int, int]
"""The path of a file, the number of its block, and how many lines below the block's first something begins."""


def written_places(anchors: Anchors, paths: Iterable[str], text: Callable[[str], str]) -> dict[str, list[Entry]]:
    """What a snapshot holds, by kind, of the places in the data files at `paths`, whose texts `text` gives."""
    kinds: dict[str, list[Entry]] = {BLOCKS: [], BLOCK: [], BEGIN: []}
    for path in paths:
        parts = list(cut(text(path), anchors.begins(path)))
        kinds[BLOCKS].append((path, _dumped(block for block, _ in parts)))
        for block, named in parts:
            kinds[BLOCK].append((_key(path, block), dumped(named)))
            kinds[BEGIN] += ((name, dumped([path, block.number, at])) for name, at in named)
    return kinds


class Places:
    """The places of a snapshot, which follow the edits of its files."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lines: dict[str, Lines | None] = {}
        self._named: dict[str, Named] = {}
        self._begins: dict[str, _Begin] = {}
        self._edited: set[str] = set()
        self._new: set[str] = set()
        self._gone: set[str] = set()
        self._moved: dict[str, _Begin | None] = {}

    def of(self, path: str, line: int) -> tuple[str, int]:
        """The name of the claim or entry that a line belongs to, and how far below its beginning."""
        lines = self._of(path)
        if lines is None:
            return "", line
        block = lines.block(line)
        below = line - lines.first(block.number)
        named = self._names(path, block)
        index = bisect_right([at for _, at in named], below) - 1
        return (named[index][0], below - named[index][1]) if index >= 0 else ("", line)

    def line(self, path: str, name: str, below: int) -> int:
        """The line so far below the beginning of a claim or entry; `KeyError` where there is none of this name."""
        if not name:
            return below
        begin, lines = self._begin(name), self._of(path)
        if begin is None or lines is None or begin[0] != path:
            raise KeyError(name)
        return lines.first(begin[1]) + begin[2] + below

    def knows(self, name: str) -> bool:
        """Whether there is a claim or entry of this name."""
        try:
            return self._begin(name) is not None
        except KeyError:
            return False

    def blocks(self, path: str) -> list[Block]:
        """The blocks of a file; none where it holds neither claims nor entries."""
        lines = self._of(path)
        return [] if lines is None else lines.blocks

    def names(self, path: str, blocks: Iterable[Block]) -> list[str]:
        """The names of what begins in some blocks of a file, in order."""
        return [name for block in blocks for name, _ in self._names(path, block)]

    def edit(self, path: str, changed: Window, text: str, begins: list[Begin]) -> None:
        """Take it that the changed part of a file holds `text`, in which these claims or entries begin."""
        blocks = self.blocks(path)
        gone = blocks[changed.first : changed.last]
        self._moved.update(dict.fromkeys(self.names(path, gone)))
        parts = list(cut(text, begins, 1 + max(block.number for block in blocks))) if begins else []
        for block, named in parts:
            self._named[_key(path, block)] = named
            self._new.add(_key(path, block))
            self._moved.update((name, (path, block.number, at)) for name, at in named)
        self._edited.add(path)
        self._gone.update(_key(path, block) for block in gone)
        blocks = [*blocks[: changed.first], *(block for block, _ in parts), *blocks[changed.last :]]
        self._lines[path] = Lines(blocks)

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        for path in self._edited:
            yield Changed(BLOCKS, path, _dumped(self.blocks(path)))
            new = (key for block in self.blocks(path) if (key := _key(path, block)) in self._new)
            yield from (Changed(BLOCK, key, dumped(self._named[key])) for key in new)
        yield from (Changed(BLOCK, key, None) for key in self._gone - self._new)
        moved = self._moved.items()
        yield from (Changed(BEGIN, name, None if at is None else dumped(at)) for name, at in moved)

    def _of(self, path: str) -> Lines | None:
        if path not in self._lines:
            try:
                found = cast("list[tuple[int, int, int, str]]", self._snapshot.thing(BLOCKS, path))
            except KeyError:
                found = []
            self._lines[path] = Lines([Block(*block) for block in found]) if found else None
        return self._lines[path]

    def _names(self, path: str, block: Block) -> Named:
        key = _key(path, block)
        if key not in self._named:
            self._named[key] = [(name, at) for name, at in cast("Named", self._snapshot.thing(BLOCK, key))]
        return self._named[key]

    def _begin(self, name: str) -> _Begin | None:
        if name in self._moved:
            return self._moved[name]
        if name not in self._begins:
            path, number, at = cast("_Begin", self._snapshot.thing(BEGIN, name))
            self._begins[name] = path, number, at
        return self._begins[name]


def _key(path: str, block: Block) -> str:
    return f"{block.number} {path}"


def _dumped(blocks: Iterable[Block]) -> str:
    return dumped([[block.number, block.lines, block.size, block.digest] for block in blocks])
