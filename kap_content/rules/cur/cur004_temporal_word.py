"""CUR004: a word that ages, without a date."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_dated, is_quoted
from kap_content.language.prose import may_say, on_health, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("CUR004", "temporal-word", Severity.WARNING)
def temporal_word(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says recently, newly, currently, emerging or the like, and gives no date.

    The words are the list `temporal`. A year or a day anywhere in the sentence is a date.

    Why: the page will be read years from now, and "recently" does not age with it.

    Fix: give the year or the date.

    Example:
        In recent years ketamine has been studied for anxiety.

        “In recent years” will be read years from now
    """
    terms = context.lexicon.terms("temporal")
    if not may_say(page, terms):
        return
    for sentence in on_health(page, context.lexicon):
        if is_dated(sentence.text):
            continue
        for found in find(sentence.text, terms):
            if is_quoted(sentence.text, found.start, found.end):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}” {found.term.reason}, and the sentence gives no date",
                help=as_sentence(found.term.suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                about=f"{found.text.lower()} in {sentence.text}",
            )
            break
