"""REF009: evidence that does not say where in the source it stands."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Claim
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule


@claim_rule("REF009", "unanchored-evidence", Severity.WARNING)
def unanchored_evidence(claim: Claim, context: Context) -> Iterator[Hit]:
    """An item of evidence has neither a quote nor a locator.

    Why: a reviewer who has to read twelve pages to find one number will not look. A page, table, figure, section or the
    words themselves take him there.

    Fix: add `anchor` with `page`, `table`, `figure`, `section` or `exact`.

    Example:
        evidence: glue2018

        claim KET-MAINT-01 cites glue2018 without saying where in it the passage stands
    """
    if context.is_retired(claim):
        return
    for item in claim.evidence:
        if item.anchor.is_empty:
            yield Hit(
                item.place,
                f"claim {claim.id} cites {item.ref} without saying where in it the passage stands",
                help="Add the page, table or figure, or the passage itself: “anchor: {page: 665}”.",
                claim=claim.id,
                reference=item.ref,
                related=context.shows(claim.id),
                about="no anchor",
            )
