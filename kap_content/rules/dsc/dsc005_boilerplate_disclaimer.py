"""DSC005: a standing disclaimer beside a promise."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.promotion import promises
from kap_content.language.advertising.testimony import speaks_for_patients, story
from kap_content.language.phrases import as_sentence, find
from kap_content.language.prose import every_sentence, may_say, place_in
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("DSC005", "boilerplate-disclaimer", Severity.WARNING, english=True)
def boilerplate_disclaimer(page: Page, context: Context) -> Iterator[Hit]:
    """A disclaimer ("results may vary") stands beside promised outcomes (WRD007) or a testimonial (WRD008).

    The disclaimers are the list `boilerplate`.

    Why: a standing disclaimer does not undo what the promise implied (FTC, 2022).

    Fix: give the typical result instead, and remove the promise.

    Example:
        You will sleep through the night. Results may vary.

        “Results may vary” does not make up for “You will sleep through”
    """
    terms = context.lexicon.terms("boilerplate")
    if not may_say(page, terms):
        return
    sentences = every_sentence(page)
    disclaimers = [(sentence, found) for sentence in sentences for found in find(sentence.text, terms)]
    if not disclaimers:
        return
    promised = [
        (sentence, *made)
        for sentence in sentences
        for made in (
            *promises(sentence.text, context.lexicon),
            *(() if sentence.is_covered else speaks_for_patients(sentence.text, context.lexicon)),
            *(() if sentence.is_covered else story(sentence.text, context.lexicon)),
        )
    ]
    if not promised:
        return
    for sentence, found in disclaimers:
        nearest = min(promised, key=lambda made: abs(made[0].block - sentence.block))
        yield Hit(
            place_in(page, sentence, found.start, found.end),
            f"“{found.text}” does not make up for “{nearest[3]}”",
            help=as_sentence(found.term.suggestion),
            related=(Related(place_in(page, nearest[0], nearest[1], nearest[2]), f"“{nearest[3]}”"),),
            about=f"boilerplate {found.text.lower()}",
        )
