"""Which claim or reference is meant at a position: by its id or key, or by the passage that it marks."""

from __future__ import annotations

from kap_content.model.claim import Claim
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex

_NAME = regex(r"[^\s\[\](){}\"',;@=]+")
_KEY_IN_PAGE = regex(r"(?<![\w.])@\{?(?P<name>[^\s\]};,@]+)")
_CLAIM_IN_PAGE = regex(r"\bclaim=\"?(?P<name>[^\s\"}]+)")


def named_in_data(line: str, column: int, context: Context) -> Claim | Reference | None:
    """The claim or reference whose id or key stands at a column of a line of claims, bibliography or the like."""
    for match in _NAME.finditer(line):
        if match.start() <= column <= match.end():
            for name in (match[0], match[0].rstrip(".:")):
                found = context.claims.get(name) or context.references.get(name)
                if found:
                    return found
    return None


def named_in_page(page: Page, line: int, column: int, text: str, context: Context) -> Claim | Reference | None:
    """The citation or the claim's mark at a line (from 0) and column of a page; `text` is the line.

    A mark is its id and the passage that it marks; of two around one another the inner one counts.
    """
    for match in _KEY_IN_PAGE.finditer(text):
        if match.start() <= column <= match.end():
            name = match["name"]
            return context.references.get(name) or context.references.get(name.rstrip(".:"))
    for match in _CLAIM_IN_PAGE.finditer(text):
        if match.start() <= column <= match.end():
            return context.claims.get(match["name"])
    around = [mark for mark in page.marks if _holds(mark.place, line + 1, column + 1)]
    inner = max(around, key=lambda mark: (mark.place.line, mark.place.column), default=None)
    return context.claims.get(inner.claim) if inner else None


def _holds(place: Place, line: int, column: int) -> bool:
    return (place.line, place.column) <= (line, column) <= (place.end_line, place.end_column)
