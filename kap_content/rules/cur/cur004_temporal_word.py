"""CUR004: a word that ages, without a date."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.ageing import ageing, tells_a_story
from kap_content.language.clinical import Form
from kap_content.language.phrases import is_dated
from kap_content.language.prose import on_health, place_in, registered
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("CUR004", "temporal-word", Severity.WARNING, english=True)
def temporal_word(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says recently, newly, currently, emerging or the like, and gives no date.

    The words are the list `temporal`, and "new" before a drug, a vaccine or a treatment.
    A year or a day anywhere in the sentence is a date. Let alone are the reader's or one patient's own time ("a new
    medication", "lately I", a story), invitations ("call us today"), news on offer ("the latest updates") and what the
    page's owner is occupied with ("currently accepting patients"), research that a text presents ("this guide explores
    current research"), and pages that tell one patient's story throughout.

    Why: the page will be read years from now, and "recently" does not age with it.

    Fix: give the year or the date.

    Example:
        In recent years ketamine has been studied for anxiety.

        “In recent years” will be read years from now, and the sentence gives no date
    """
    sentences = list(on_health(page, context.lexicon))
    if tells_a_story([sentence.text for sentence in sentences]):
        return
    for sentence in sentences:
        if is_dated(sentence.text):
            continue
        found = ageing(sentence.text, context.lexicon, is_request=sentence.form is Form.REQUEST)
        if found is None:
            continue
        start, end, reason, advice = found
        words = sentence.text[start:end]
        yield Hit(
            place_in(page, sentence, start, end),
            f"“{words}” {reason}, and the sentence gives no date",
            help=advice,
            claim=sentence.claims[0] if sentence.claims else "",
            related=registered(sentence, context),
            about=f"{words.lower()} in {sentence.text}",
        )
