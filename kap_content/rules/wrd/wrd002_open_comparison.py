"""WRD002: a comparison without its other side."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.comparison import may_compare, open_comparisons
from kap_content.language.phrases import is_negated, is_quoted
from kap_content.language.prose import (
    has_source,
    is_advice,
    is_on_care,
    is_on_treatment,
    may_say,
    names_care,
    on_health,
    place_in,
    registered,
    running_text,
)
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD002", "open-comparison", Severity.WARNING, english=True)
def open_comparison(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence compares (better, safer, most effective), names no comparator and cites nothing.

    The words are the list `comparatives`, and `better-words` before `better-nouns`; a word of `other-sides` names the
    other side. What is compared must be a treatment (the list `treatments`) or what the page's owner does, not an
    illness or people (`who-is-ill`), and the comparison be stated: "may be safer" and "looking for safer drugs" are
    let alone, and so is what a clause before it sets against it ("liquids burn, so capsules are safer"), what one
    chooses among one's own means ("we recommend the most effective option"), and a sentence under a claim or with a
    citation: there the evidence says than what. How well a treatment is studied is no merit. On a page that is not
    about care only sentences that name some are read.

    Why: "better" tells a reader nothing unless he learns than what, and who found it.

    Fix: name the other side and cite the comparison.

    Example:
        Our treatment works faster and lasts longer.

        “works faster”: than what?
    """
    listed = may_say(page, *map(context.lexicon.terms, ("comparatives", "better-words")))
    if not listed and not may_compare(running_text(page)):
        return
    on_treatment = is_on_treatment(page, context.lexicon)
    for sentence in on_health(page, context.lexicon):
        if has_source(sentence, context.claims) or is_advice(sentence):
            continue
        for found in open_comparisons(sentence.text, context.lexicon, on_treatment=on_treatment):
            if is_negated(sentence.text, found.start) or is_quoted(sentence.text, found.start, found.end):
                continue
            if not (is_on_care(page, context.lexicon) or names_care(sentence.text, context.lexicon)):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}”: than what? The sentence names no comparator and cites nothing",
                help="Name the other side, and cite who compared them.",
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"{found.text.lower()} in {sentence.text}",
            )
            break
