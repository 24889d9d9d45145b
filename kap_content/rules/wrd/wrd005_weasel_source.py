"""WRD005: a source that nobody can look up."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import may_say, on_health, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD005", "weasel-source", Severity.WARNING)
def weasel_source(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence leans on "studies", "research" or "experts" and cites none of them.

    The phrases are the list `weasel-sources`. A sentence under a claim or with a citation is let alone.

    Why: "studies show" asks the reader to believe without a chance to check.

    Fix: name the study and cite it, or register the sentence as a claim.

    Example:
        Studies show that ketamine helps.

        “Studies show” names no study
    """
    terms = context.lexicon.terms("weasel-sources")
    if not may_say(page, terms):
        return
    for sentence in on_health(page, context.lexicon):
        if sentence.is_covered:
            continue
        for found in find(sentence.text, terms):
            if is_negated(sentence.text, found.start) or is_quoted(sentence.text, found.start, found.end):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}” {found.term.reason}",
                help=as_sentence(found.term.suggestion),
                about=f"{found.text.lower()} in {sentence.text}",
            )
            break
