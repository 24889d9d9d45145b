"""WRD001: a word that allows no exception."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.absolutes import absolutes
from kap_content.language.prose import is_on_treatment, on_health, place_in, registered
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD001", "absolute", Severity.WARNING, english=True)
def absolute(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence uses a word that allows no exception: always, never, completely, universal, cure, guarantee.

    The words are the list `absolutes`, and those of `degrees` beside what a treatment is said to do ("completely
    painless"). They count where a treatment, the page's owner or what becomes of the reader is spoken of, not an
    illness. Negated words ("not always", "no guarantee"), what is limited, supposed or sought ("most recover
    completely", "can be cured", "until it has healed completely"), quotations, instructions to the reader ("never stop
    suddenly") and the uses that the lists except are let alone.

    Why: medicine has exceptions, and readers plan their lives by what a page says.

    Fix: say for how many, how often, for how long.

    Example:
        Ketamine always works.

        “always” allows no exception
    """
    on_treatment = is_on_treatment(page, context.lexicon)
    for sentence in on_health(page, context.lexicon):
        for found in absolutes(sentence.text, context.lexicon, on_treatment=on_treatment):
            words = sentence.text[found.start : found.end]
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{words}” {found.reason}",
                help=found.advice,
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"{words.lower()} in {sentence.text}",
            )
