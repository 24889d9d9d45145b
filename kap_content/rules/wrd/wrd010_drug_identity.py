"""WRD010: one drug is named as a version of another."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.identity import aliases, mistaken_identities
from kap_content.language.phrases import as_sentence, is_quoted
from kap_content.language.prose import may_say, place_in, registered, stated
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD010", "drug-identity", Severity.WARNING, english=True)
def drug_identity(page: Page, context: Context) -> Iterator[Hit]:
    """The page names one drug as a version, brand or form of another that it is not.

    The pairs are the list `drug-aliases`: Spravato is esketamine, not ketamine; tibolone is not estradiol;
    escitalopram is not citalopram; liothyronine is not levothyroxine.

    Why: approvals, doses and risks of the one do not hold for the other.

    Fix: write the right name.

    Example:
        Spravato is the brand name of ketamine.

        “Spravato is the brand name of ketamine”: Spravato is esketamine, one of the two
        mirror-image molecules in ketamine, and a product of its own
    """
    if not may_say(page, aliases(context.lexicon)):
        return
    for sentence in stated(page):
        for found in mistaken_identities(sentence.text, context.lexicon):
            if is_quoted(sentence.text, found.start, found.end):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}”: {found.term.reason}",
                help=as_sentence(found.term.suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"identity {found.text.lower()} in {sentence.text}",
            )
            break
