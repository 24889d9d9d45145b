"""CLM003: a page shows a claim that nobody has approved."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.approval import Approval
from kap_content.model.claim import Claim, Status
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, project_rule

_DECIDED = {"reject": "rejected it", "request_changes": "asked for changes"}
_SAID = {
    Status.DRAFT: "is a draft",
    Status.IN_REVIEW: "is still in review",
    Status.EXPIRED: "has expired",
    Status.WITHDRAWN: "was withdrawn",
}


@project_rule("CLM003", "claim-not-approved", Severity.WARNING, release=Severity.ERROR)
def claim_not_approved(context: Context) -> Iterator[Hit]:
    """A page shows a claim whose status is not approved, or which a required role has not signed.

    Why: what readers see should have been read beside its evidence by somebody who answers for it. Claims that stand on
    no page are let alone: there they harm nobody.

    Fix: have the claim approved, or take it off the page. Which roles must sign stands in the settings, under
    `[review] required_roles`; with none, the claim's status decides.

    Example:
        - id: KET-MAINT-01
          status: in_review

        claim KET-MAINT-01 is still in review, and a page shows it
    """
    latest: dict[tuple[str, str], Approval] = {}
    for approval in context.project.approvals:
        latest[approval.claim, approval.role] = approval
    broken = {problem.claim for problem in context.project.problems}
    for claim in context.claims.values():
        shows = context.shows(claim.id)
        if not shows:
            continue
        if claim.status is not Status.APPROVED:
            if claim.id in broken and _is_unread(claim, context):
                continue
            message = f"claim {claim.id} {_SAID[claim.status]}, and a page shows it"
            step = "Have it approved, or take it off the page."
            yield Hit(claim.where("status"), message, step, claim.id, related=shows, about="status")
            continue
        yield from _unsigned(claim, context, latest)


def _is_unread(claim: Claim, context: Context) -> bool:
    """Whether a status may have been given but could not be read, which CLM009 says."""
    place = claim.where("status")
    return "status" not in claim.places or any(problem.place == place for problem in context.project.problems)


def _unsigned(claim: Claim, context: Context, latest: dict[tuple[str, str], Approval]) -> Iterator[Hit]:
    own = {role: approval for (name, role), approval in latest.items() if name == claim.id} if latest else {}
    place, shows = claim.where("status"), context.shows(claim.id)
    missing = [role for role in context.settings.review.roles_for(claim.category) if role not in own]
    if missing:
        message = f"claim {claim.id} is not signed by {' and '.join(missing)} review"
        step = f"Have {' and '.join(missing)} sign it."
        yield Hit(place, message, step, claim.id, related=shows, about=f"unsigned {' '.join(missing)}")
    for role, approval in own.items():
        if approval.decision in _DECIDED:
            message = (
                f"claim {claim.id} is marked approved, but {approval.reviewer} ({role}) {_DECIDED[approval.decision]} "
                f"on {approval.on}"
            )
            step = f"Mend what {approval.reviewer} objected to, and ask again."
            yield Hit(place, message, step, claim.id, related=shows, about=f"refused {role}")
