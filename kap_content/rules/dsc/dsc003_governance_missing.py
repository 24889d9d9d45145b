"""DSC003: a page that does not say who answers for it, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_EMPTY = regex(r":\s*(?:null|~|\"\"|''|\[\s*\]|\{\s*\})?\s*[}\]]*\s*$", re.IGNORECASE)
"""A line of the head that gives nothing: `author: {name: null}`."""


@page_rule("DSC003", "governance-missing", Severity.ERROR)
def governance_missing(page: Page, _context: Context) -> Iterator[Hit]:
    """A page names no author, no reviewer, no date of the last review, or no date of the next.

    Why: readers judge health information by who wrote it, who checked it, and when.

    Fix: fill in `author`, `reviewer`, `last_reviewed` and `next_review_due` in the page's head.

    Example:
        the page names no reviewer and no date of the next review
    """
    meta = page.meta
    if not page.source and page.problems:
        return  # the page could not be read at all, which CLM009 says
    wanted = (
        ("author", "author", bool(meta.authors)),
        ("reviewer", "reviewer", bool(meta.reviewers)),
        ("last_reviewed", "date of the last review", meta.last_reviewed is not None),
        ("next_review_due", "date of the next review", meta.next_review_due is not None),
    )
    unreadable = {problem.place.line for problem in page.problems}
    missing = [
        (field, what)
        for field, what, is_given in wanted
        if not is_given and not (field in meta.places and _is_unreadable(page, meta.where(field).line, unreadable))
    ]
    if missing:
        *most, last = (f"no {what}" for _, what in missing)
        said = f"{', '.join(most)} and {last}" if most else last
        fields = [f"“{field}”" for field, _ in missing]
        yield Hit(meta.place, f"the page names {said}", f"Add {', '.join(fields)} to the page’s head.", about=said)


def _is_unreadable(page: Page, line: int, unreadable: set[int]) -> bool:
    """Whether a field of the head says something that cannot be read, which CLM009 reports; empty, it says nothing."""
    lines = page.source.split("\n")
    return line in unreadable and not (line <= len(lines) and _EMPTY.search(lines[line - 1]))
