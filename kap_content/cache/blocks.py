"""A data file in blocks of a few claims or entries, so that what was edited in it is found without parsing the rest.

Blocks are cut where a claim or an entry begins; the first holds what stands above all of them. A block's name and the
names of what begins in it stay when lines come and go elsewhere in the file. Pure.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kap_content.cache.facts import Begin

_IN_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a file's text (`load.text`): its `number` is its name, `size` is in characters."""

    number: int
    lines: int
    size: int
    digest: str


Named = list[tuple[str, int]]
"""What begins in a block, in order: its name, and how many lines below the block's first."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text that is not as it was: what has become of the blocks from `first` up to `last` (exclusive).

    It begins at the offset `start` and on the line `line`; the text that follows is as it was.
    """

    first: int
    last: int
    start: int
    end: int
    line: int


def cut(text: str, begins: Sequence[Begin], number: int = 0) -> Iterator[tuple[Block, Named]]:
    """The blocks of a whole text, or of a part whose first line is that of its first beginning, named from `number` on.

    `begins` are in the order of their lines, which are those of the file.
    """
    lines = text.split("\n")
    above = 1 if not number else begins[0].line
    groups = [begins[at : at + _IN_BLOCK] for at in range(0, len(begins), _IN_BLOCK)]
    if not number:
        groups.insert(0, [])
    starts = [group[0].line - above if group else 0 for group in groups]
    for count, (group, start) in enumerate(zip(groups, starts, strict=True)):
        is_last = count + 1 == len(groups)
        part = "\n".join(lines[start:] if is_last else [*lines[start : starts[count + 1]], ""])
        named = [(begin.name, begin.line - above - start) for begin in group]
        yield Block(number + count, part.count("\n"), len(part), _digest(part)), named


def window(blocks: Sequence[Block], text: str) -> Window | None:
    """Where a text differs from the one that the blocks were cut of; None where it does not."""
    start = first = 0
    while first < len(blocks) and _is(blocks[first], text, start):
        start += blocks[first].size
        first += 1
    end, last = len(text), len(blocks)
    while last > first:
        above = end - blocks[last - 1].size
        if above < start or text[above - 1 : above] not in ("\n", "") or not _is(blocks[last - 1], text, above):
            break
        end, last = above, last - 1
    if first == last:
        if start == end:
            return None
        if first <= 1 and first < len(blocks):  # what stands between two blocks belongs to the lower one only on top
            end += blocks[last].size
            last += 1
        else:
            first -= 1
            start -= blocks[first].size
    return Window(first, last, start, end, 1 + sum(block.lines for block in blocks[:first]))


def _is(block: Block, text: str, start: int) -> bool:
    return _digest(text[start : start + block.size]) == block.digest


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Lines:
    """On which line each block of a file begins."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = list(blocks)
        self._starts = list(accumulate((block.lines for block in blocks[:-1]), initial=1))
        self._index = {block.number: index for index, block in enumerate(blocks)}

    def first(self, number: int) -> int:
        """The first line of the block of this name."""
        return self._starts[self._index[number]]

    def block(self, line: int) -> Block:
        """The block that a line is in."""
        return self.blocks[bisect_right(self._starts, line) - 1]
