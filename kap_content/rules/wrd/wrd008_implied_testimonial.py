"""WRD008: the page speaks for its patients."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.promotion import testimony
from kap_content.language.prose import may_say, place_in, stated
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD008", "implied-testimonial", Severity.WARNING)
def implied_testimonial(page: Page, context: Context) -> Iterator[Hit]:
    """A sentence without a source tells how well patients fare: "patients report", "many leave feeling calmer".

    What is praised is the list `praise`. A sentence under a claim or with a citation is let alone.

    Why: a testimonial implies that its result is typical; then the typical result must be given (FTC, 2022).

    Fix: give the typical result, with its source.

    Example:
        Our patients report a peace that they had never known.

        “Our patients report” speaks for patients as a testimonial does
    """
    if not may_say(page, context.lexicon.terms("praise")):
        return
    for sentence in stated(page):
        if sentence.is_covered:
            continue
        for start, end, words in testimony(sentence.text, context.lexicon):
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{words}” speaks for patients as a testimonial does",
                help="Give the typical result, with its source.",
                about=f"testimony {sentence.text}",
            )
