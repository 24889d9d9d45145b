"""REF001: a clinical claim without evidence."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Claim
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import problems_by_claim


@claim_rule("REF001", "uncited-claim", Severity.ERROR)
def uncited_claim(claim: Claim, context: Context) -> Iterator[Hit]:
    """A claim of a clinical category has no evidence in its support.

    Why: a medical statement without a source cannot be checked by anybody. Every category but service is clinical, and
    so is a claim without a category. Evidence that disputes the claim does not support it.

    Fix: add the reference that supports it under `evidence`, or withdraw the claim.

    Example:
        - id: KET-MAINT-01
          match_text: Anxiety ratings fell by about half within an hour of a dose.
          category: efficacy

        claim KET-MAINT-01 (efficacy) has no evidence
    """
    if claim.supporting or not claim.is_clinical or context.is_retired(claim) or _is_unreadable(claim, context):
        return
    kind = f" ({claim.category})" if claim.category else ""
    refs = ", ".join(dict.fromkeys(item.ref for item in claim.evidence))
    rest = f"in its support: {refs} does not support it" if refs else ""
    yield Hit(
        claim.place,
        f"claim {claim.id}{kind} has no evidence {rest}".rstrip(),
        help="Add a reference that supports it under “evidence”, or withdraw the claim.",
        claim=claim.id,
        related=context.shows(claim.id),
        about="no evidence",
    )


def _is_unreadable(claim: Claim, context: Context) -> bool:
    """Whether evidence may have been given but could not be read, which CLM009 says."""
    if claim.evidence:
        return False
    line = claim.where("evidence").line
    return any(problem.place.line >= line for problem in context.index(problems_by_claim).get(claim.id, ()))
