"""CLM006: a claim that no page shows."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Claim
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import figures_by_claim


@claim_rule("CLM006", "unused-claim", Severity.NOTE)
def unused_claim(claim: Claim, context: Context) -> Iterator[Hit]:
    """A registered claim stands on no page.

    Why: every claim costs a review when it falls due. Claims that were withdrawn or have expired are let alone.

    Fix: mark it on the page that says it, set its status to withdrawn, or delete it.

    Example:
        claim KET-HIST-02 stands on no page
    """
    if context.claims[claim.id] is not claim:
        return
    if claim.id in context.uses or claim.id in context.index(figures_by_claim) or context.is_retired(claim):
        return
    step = f"Mark it on a page ([wording]{{claim={claim.id}}}), or set its status to withdrawn."
    yield Hit(claim.place, f"claim {claim.id} stands on no page", step, claim.id, about="unused")
