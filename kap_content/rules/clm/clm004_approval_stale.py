"""CLM004: a claim changed after it was approved."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.approval import Decision
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.decisions import UNDECIDED, standing_by_claim
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes


@claim_rule("CLM004", "approval-stale", Severity.ERROR)
def approval_stale(claim: Claim, context: Context) -> Iterator[Hit]:
    """A claim's wording, what it states, its evidence or the status of a reference is no longer what was approved.

    Why: an approval holds for what the reviewer saw. A word changed later, a source swapped, a study retracted since:
    nobody has approved that.

    What counts are wording and variations, category, population, intervention, route, comparator, outcome, timepoint,
    jurisdiction, quantity and certainty; of each piece of evidence the work, anchor, finding, design, verdict and use;
    and the publication status of each reference in `references.lock`.

    Fix: have the claim approved again as it stands, or bring back what was approved.

    Example:
        claim KET-MAINT-01 changed since Dr A. Reviewer (medical) approved it on 2026-11-22: its wording
    """
    roles = context.index(standing_by_claim).get(claim.id, UNDECIDED).roles
    if not roles or context.claims[claim.id] is not claim or context.is_retired(claim):
        return
    now = claim_fingerprint(claim, context.references, context.project.records)
    for approval in (approval for decisions in roles.values() for approval in decisions):
        changes = fingerprint_changes(approval.fingerprint, now) if approval.decision == Decision.APPROVE else ()
        if changes:
            yield Hit(
                claim.place,
                f"claim {claim.id} changed since {approval.reviewer} ({approval.role}) approved it on {approval.on}: "
                f"{'; '.join(changes)}",
                help=f"Have {approval.role} approve it as it stands, or bring back what was approved.",
                claim=claim.id,
                related=(Related(approval.place, "the approval"), *context.shows(claim.id)),
                about=f"{approval.role} {'; '.join(changes)}",
            )
