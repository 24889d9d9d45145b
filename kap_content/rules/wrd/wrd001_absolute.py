"""WRD001: a word that allows no exception."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import may_say, on_health, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_INSTRUCTING = ("should", "must", "please", "and", "so")
_FEW = 3


@page_rule("WRD001", "absolute", Severity.WARNING)
def absolute(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence uses a word that allows no exception: always, never, completely, universal, cure, guarantee.

    The words are the list `absolutes`. Negated words ("not always", "no guarantee"), quotations, instructions to the
    reader ("never stop suddenly") and the uses that the list excepts are let alone.

    Why: medicine has exceptions, and readers plan their lives by what a page says.

    Fix: say for how many, how often, for how long.

    Example:
        Ketamine always works.

        “always” allows no exception
    """
    terms = context.lexicon.terms("absolutes")
    if not may_say(page, terms):
        return
    for sentence in on_health(page, context.lexicon):
        for found in find(sentence.text, terms):
            if is_negated(sentence.text, found.start) or is_quoted(sentence.text, found.start, found.end):
                continue
            if _instructs(sentence.text, found.start):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}” {found.term.reason}",
                help=as_sentence(found.term.suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                about=f"{found.text.lower()} in {sentence.text}",
            )


def _instructs(text: str, start: int) -> bool:
    """Whether the word opens an instruction: "Always tell your doctor", "You should never ..."."""
    before = text[:start].strip(" \"“'(*").lower()
    return not before or (before.endswith(_INSTRUCTING) and len(before.split()) <= _FEW)
