"""WRD008: the page speaks for its patients."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.testimony import may_tell, speaks_for_patients, story
from kap_content.language.prose import (
    every_sentence,
    has_source,
    is_medical,
    may_say,
    on_health,
    place_in,
    registered,
    running_text,
)
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD008", "implied-testimonial", Severity.WARNING, english=True)
def implied_testimonial(page: Page, context: Context) -> Iterator[Hit]:
    """A sentence without a source tells how well patients fare: "patients report", "many women say", a story.

    Those who are spoken for are the lists `testimony-who` and `testimony-public`, their verbs `testimony-verbs` and
    `testimony-speech`, what is praised the list `praise`. Told or quoted stories ("it gave me my life back"), stars
    and happy customers are the list `testimony-stories`. A sentence with a citation, or under a claim with evidence,
    is let alone, and so is what patients can or will feel, and what they say on pages that are not on health.

    Why: a testimonial implies that its result is typical; then the typical result must be given (FTC, 2022).

    Fix: give the typical result, with its source.

    Example:
        Our patients report a peace that they had never known.

        “Our patients report” speaks for patients as a testimonial does
    """
    lexicon = context.lexicon
    told_here = may_say(page, lexicon.terms("praise"), lexicon.terms("testimony-stories"))
    if not told_here and not may_tell(running_text(page)):
        return
    known = {(sentence.block, sentence.start) for sentence in on_health(page, lexicon)}
    medical = is_medical(page, lexicon)
    for sentence in every_sentence(page):
        is_stated = (sentence.block, sentence.start) in known
        if has_source(sentence, context.claims) or not (medical or is_stated):
            continue
        told = [*speaks_for_patients(sentence.text, lexicon)] if is_stated else []
        for start, end, words in told or story(sentence.text, lexicon):
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{words}” speaks for patients as a testimonial does",
                help="Give the typical result, with its source.",
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"testimony {sentence.text}",
            )
