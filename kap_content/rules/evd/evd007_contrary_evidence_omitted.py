"""EVD007: evidence against a claim is registered, and no page that shows the claim mentions it."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import CitationRelation, Claim, Direction, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of, evidence_by_reference


@claim_rule("EVD007", "contrary-evidence-omitted", Severity.WARNING)
def contrary_evidence_omitted(claim: Claim, context: Context) -> Iterator[Hit]:
    """A reference that disputes a claim is registered, and no page that shows the claim mentions it.

    `direction: disputes` says so, or `relation: disputes` where no direction is given. The renderer numbers supporting
    evidence only, so a disputing reference reaches the reader only where the page cites it (`[@key]`) or shows a claim
    which that reference supports.

    Why: a page that leaves out what it knows to the contrary misleads.

    Fix: cite the reference on the page and say what it found.

    Example:
        evidence:
          - ref: taylor2018
          - ref: moss2018
            direction: disputes

        moss2018 disputes claim KET-SAD-01, and no page that shows the claim mentions it
    """
    uses = context.uses.get(claim.id, ())
    if not uses:
        return
    pages = {use.page.path for use in uses}
    for item in claim.evidence:
        if _disputes(item) and not _is_mentioned(item.ref, claim, pages, context):
            yield Hit(
                item.place,
                f"{item.ref} disputes claim {claim.id}, and no page that shows the claim mentions it",
                help=f"Cite it on the page ([@{item.ref}]) and say what it found.",
                claim=claim.id,
                reference=item.ref,
                related=(
                    Related(claim.where("match_text"), "the claim"),
                    *entry_of(item.ref, context),
                    *context.shows(claim.id),
                ),
                about=f"omitted {item.ref}",
            )


def _disputes(item: Evidence) -> bool:
    if item.direction is Direction.DISPUTES:
        return True
    if item.relation is CitationRelation.DISPUTES and "direction" not in item.places:
        return True  # the direction is not stated, and the relation states it
    opposes = item.relation in (CitationRelation.DISPUTES, CitationRelation.CRITIQUES)
    return opposes and item.direction is not Direction.SUPPORTS


def _is_mentioned(key: str, claim: Claim, pages: set[str], context: Context) -> bool:
    if any(mention.page.path in pages for mention in context.mentions.get(key, ())):
        return True
    return any(
        other.id != claim.id
        and item.is_supporting
        and any(use.page.path in pages for use in context.uses.get(other.id, ()))
        for other, item in context.index(evidence_by_reference).get(key, ())
    )
