"""DSC004: the page sells and discloses no interest."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.selling import offers
from kap_content.language.phrases import holds
from kap_content.language.prose import every_sentence, is_medical, place_in, stated
from kap_content.language.subject import subjects_of
from kap_content.model.claim import Category
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("DSC004", "interest-undisclosed", Severity.WARNING, english=True)
def interest_undisclosed(page: Page, context: Context) -> Iterator[Hit]:
    """The page offers a service or a product for sale and discloses no interest.

    An offer is a phrase of the list `selling`, a price, a discount, insurance that is taken, or a claim of category
    service; "book an appointment with your doctor" is none. A disclosure is the front matter's
    `interest`, or a phrase of the list `disclosure` on the page. A page that is not on health sells no treatment.

    Why: who gains by a treatment reads its evidence with that eye, and the reader should know.

    Fix: say so in `interest` of the front matter: "This clinic sells the treatment that this page describes."

    Example:
        Book a consultation with our team.

        the page sells a service (“Book a consultation”) and discloses no interest
    """
    if page.meta.interest or not _is_on_health(page, context):
        return
    sentences = list(every_sentence(page))
    if any(holds(sentence.text, context.lexicon.terms("disclosure")) for sentence in sentences):
        return
    offer: tuple[str, Place] | None = None
    for sentence in sentences:
        found = None if sentence.is_covered else next(offers(sentence.text, context.lexicon), None)
        if found is not None:
            start, end, words = found
            offer = words, place_in(page, sentence, start, end)
            break
    if offer is None:
        for mark in page.marks:
            claim = context.claims.get(mark.claim)
            if claim is not None and claim.category is Category.SERVICE:
                offer = claim.id, mark.place
                break
    if offer is None:
        return
    words, place = offer
    yield Hit(
        page.meta.place,
        f"the page sells a service (“{words}”) and discloses no interest",
        help="Say so in “interest” of the front matter.",
        related=(Related(place, f"“{words}”"),),
        about="interest",
    )


_SHARE = 10
"""On a page that sells care, at least one sentence in so many names an illness or a treatment."""


def _is_on_health(page: Page, context: Context) -> bool:
    if is_medical(page, context.lexicon):
        return True
    subjects = subjects_of(context.lexicon)
    sentences = stated(page)
    named = sum(1 for sentence in sentences if subjects.mentions(sentence.text))
    return named > 0 and named * _SHARE >= len(sentences)
