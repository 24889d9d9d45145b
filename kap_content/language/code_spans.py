"""Words that a page shows as code: they are quoted from a program or a form, nobody states them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kap_content.language.same import Same
from kap_content.model.page import Block, Page
from kap_content.startup.regex import regex

_SPAN = regex(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def is_code(page: Page, block: Block, offset: int) -> bool:
    """Whether the character at `offset` of the block's text stands in a code span of its source line."""
    spans = _spans(Same(page))
    if not spans:
        return False
    place = block.at(offset)
    return any(start < place.column <= end for start, end in spans.get(place.line, ()))


def without_code(page: Page, block: Block, start: int, end: int) -> str:
    """The text of the block from `start` to `end`, what stands in code spans blanked out."""
    text = block.text[start:end]
    spans = _spans(Same(page))
    if not spans or spans.keys().isdisjoint(range(block.at(start).line, block.at(max(start, end - 1)).line + 1)):
        return text
    letters = list(text)
    for low, high in _coded(spans, block):
        for index in range(max(low, start) - start, min(high, end) - start):
            if not letters[index].isspace():
                letters[index] = " "
    return "".join(letters)


def _coded(spans: _Spans, block: Block) -> Iterator[tuple[int, int]]:
    """The stretches of the block's text that stand in code spans."""
    places = block.spots or ((0, block.place.line, block.place.column),)
    ends = [offset for offset, _, _ in places[1:]] + [len(block.text)]
    for (offset, line, column), end in zip(places, ends, strict=True):
        for low, high in spans.get(line, ()):
            yield max(offset, offset + low + 1 - column), min(end, offset + high + 1 - column)


_Spans = dict[int, tuple[tuple[int, int], ...]]
"""For each source line with code spans where the columns of their contents begin and end, from 0, by its number."""


@lru_cache(maxsize=64)
def _spans(page: Same[Page]) -> _Spans:
    return {
        number: tuple(span.span(2) for span in _SPAN.finditer(line))
        for number, line in enumerate(page.value.source.split("\n"), 1)
        if "`" in line and _SPAN.search(line)
    }
