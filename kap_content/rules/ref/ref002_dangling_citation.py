"""REF002: a citation that nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.clinical import listing_blocks
from kap_content.language.wording import nearest_few
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule


def _on_page(page: Page, context: Context) -> Iterator[Hit]:
    for citation in page.citations:
        if citation.key not in context.references:
            near = nearest_few(citation.key, context.references)
            yield Hit(
                citation.place,
                f"“@{citation.key}” is cited, but no entry of the bibliography has that key",
                help=_help(near),
                reference=citation.key,
                related=_related(near, context),
                about=citation.key,
            )
    listings = listing_blocks(page) if page.numbers else frozenset()
    for number in page.numbers:
        if number.offset == 0 and number.block in listings:
            continue
        yield Hit(
            number.place,
            f"“{number.text}” refers to no reference: numbers typed by hand are not tied to any",
            help="Cite the source by its key, [@key]; the numbers are set when the page is rendered.",
            about=number.text,
        )


@claim_rule("REF002", "dangling-citation", Severity.ERROR, on_pages=_on_page)
def dangling_citation(claim: Claim, context: Context) -> Iterator[Hit]:
    """A cited key, a number in brackets typed by hand, or an evidence item's ref is defined by no entry.

    The numbers that a typed list of references begins its lines with are not reported; those that point to it are.

    Why: the reader is sent to a source that the page does not have.

    Fix: correct the key (the nearest ones are named), or add the entry to the bibliography. For a number write the
    key instead: the numbers are set when the page is rendered.

    Example:
        Ten of twelve people responded.[3] A later study followed them [@gleu2018].
    """
    for item in claim.evidence:
        if item.ref and item.ref not in context.references:
            near = nearest_few(item.ref, context.references)
            yield Hit(
                item.where("ref"),
                f"claim {claim.id} rests on “{item.ref}”, but no entry of the bibliography has that key",
                help=_help(near),
                claim=claim.id,
                reference=item.ref,
                related=(*context.shows(claim.id), *_related(near, context)),
                about=item.ref,
            )


def _help(near: tuple[str, ...]) -> str:
    return f"Did you mean {' or '.join(near)}?" if near else "Add the entry to the bibliography, or correct the key."


def _related(near: tuple[str, ...], context: Context) -> tuple[Related, ...]:
    return tuple(Related(context.references[key].place, f"entry {key}") for key in near[:1])
