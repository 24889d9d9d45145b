"""Words that a page shows as code: they are quoted from a program or a form, nobody states them."""

from __future__ import annotations

from kap_content.model.page import Block, Page
from kap_content.startup.regex import regex

_SPAN = regex(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def is_code(page: Page, block: Block, offset: int) -> bool:
    """Whether the character at `offset` of the block's text stands in a code span of its source line."""
    place = block.at(offset)
    lines = page.source.split("\n")
    if "`" not in page.source or place.line > len(lines):
        return False
    column = place.column - 1
    return any(span.start(2) <= column < span.end(2) for span in _SPAN.finditer(lines[place.line - 1]))
