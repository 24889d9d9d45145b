"""WRD003: praise of oneself."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import every_sentence, may_say, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD003", "superiority", Severity.ERROR)
def superiority(page: Page, context: Context) -> Iterator[Hit]:
    """The page claims superiority: leading, premier, best, one of the most experienced.

    The phrases are the list `superiority`. Headings and parts marked `{.nonclaim}` are read too.

    Why: regulators treat praise of a medical service as a claim that must be substantiated, like any other.

    Fix: substantiate it with a source, or delete it.

    Example:
        # The leading ketamine clinic

        “leading ketamine” claims superiority
    """
    terms = context.lexicon.terms("superiority")
    if not may_say(page, terms):
        return
    for sentence in every_sentence(page):
        end = -1
        for found in find(sentence.text, terms):
            if found.start < end or is_quoted(sentence.text, found.start, found.end):
                continue
            if is_negated(sentence.text, found.start) and not found.text.lower().startswith(
                ("no ", "nothing", "unlike")
            ):
                continue
            end = found.end
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}” {found.term.reason}",
                help=as_sentence(found.term.suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                about=f"{found.text.lower()} in {sentence.text}",
            )
