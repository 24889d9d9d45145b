"""CLM003: a page shows a claim that nobody has approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kap_content.model.approval import Approval
from kap_content.model.claim import Claim, Status
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.decisions import UNDECIDED, agreed, gravest, standing_by_claim
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes
from kap_content.works.uses import problems_by_claim

_DECIDED = {"reject": "rejected it", "request_changes": "asked for changes"}
_SAID = {
    Status.DRAFT: "is a draft",
    Status.IN_REVIEW: "is still in review",
    Status.EXPIRED: "has expired",
    Status.WITHDRAWN: "was withdrawn",
}


@claim_rule("CLM003", "claim-not-approved", Severity.WARNING, release=Severity.ERROR)
def claim_not_approved(claim: Claim, context: Context) -> Iterator[Hit]:
    """A page shows a claim whose status is not approved, or which a required role has not signed.

    Why: what readers see should have been read beside its evidence by somebody who answers for it. Claims that stand on
    no page are let alone: there they harm nobody.

    Fix: have the claim approved, or take it off the page. Which roles must sign stands in the settings, under
    `[review] required_roles`, for all claims or by category; with none, the claim's status decides. A decision counts
    only where its reviewer may decide in that role (`[review.reviewers]`). With `require_signatures` it counts only
    where its signature was verified, and somebody must have signed even where no role is required; what could not be
    verified, for want of ssh-keygen or of `allowed_signers`, does not count. Where two branches decided without knowing
    of each other, a refusal stands before an approval until somebody decides again.

    Example:
        - id: KET-MAINT-01
          status: in_review

        claim KET-MAINT-01 is still in review, and a page shows it
    """
    if context.claims[claim.id] is not claim:
        return
    shows = context.shows(claim.id)
    if not shows:
        return
    standing = context.index(standing_by_claim).get(claim.id, UNDECIDED)
    if claim.status is not Status.APPROVED:
        if _is_unread(claim, context):
            return
        refusals = _standing_refusals(claim, context, standing.roles)
        told = "".join(f"; {_refusal(approval)}" for approval in refusals)
        message = f"claim {claim.id} {_SAID[claim.status]}, and a page shows it{told}"
        step = _ask_again(refusals) if refusals else _step(claim, context, standing.roles)
        related = (*(Related(approval.place, "the decision") for approval in refusals), *shows)
        yield Hit(claim.where("status"), message, step, claim.id, related=related, about="status")
        return
    own = {role: gravest(decisions) for role, decisions in standing.roles.items()}
    yield from _unsigned(claim, context, own, standing.doubtful)
    yield from _refused(claim, context, own)


def _step(claim: Claim, context: Context, roles: Mapping[str, Sequence[Approval]]) -> str:
    """What to do about the status: where branches were merged, all decisions may be there already."""
    required = context.settings.review.roles_for(claim.category)
    if roles and claim.status in (Status.DRAFT, Status.IN_REVIEW):
        now = claim_fingerprint(claim, context.references, context.project.records)
        if agreed(roles, required, now):
            return "All who must have approved it: `kap approvals settle` sets its status."
        required = tuple(role for role in required if not agreed({role: roles.get(role, ())}, (role,), now))
    who = f"{' and '.join(required)} review approve it" if required else "it approved"
    return f"Have {who}, or take it off the page."


def _is_unread(claim: Claim, context: Context) -> bool:
    """Whether a status may have been given but could not be read, which CLM009 says."""
    problems = context.index(problems_by_claim).get(claim.id, ())
    place = claim.where("status")
    return bool(problems) and ("status" not in claim.places or any(problem.place == place for problem in problems))


def _unsigned(
    claim: Claim, context: Context, own: Mapping[str, Approval], doubted: Sequence[Approval]
) -> Iterator[Hit]:
    """The roles that must sign and did not, with the decisions that do not count, and such decisions of other roles."""
    place, shows = claim.where("status"), context.shows(claim.id)
    review = context.settings.review
    missing = [role for role in review.roles_for(claim.category) if role not in own]
    told = [approval for approval in doubted if approval.role in missing]
    if missing:
        message = f"claim {claim.id} is not signed by {' and '.join(missing)} review{_doubts(told)}"
        step = f"Have {' and '.join(missing)} sign it."
        related = (*_lines(told), *shows)
        yield Hit(place, message, step, claim.id, related=related, about=f"unsigned {' '.join(missing)}")
    elif review.require_signatures and not own:
        told = list(doubted)
        message = f"claim {claim.id} is marked approved, but nobody signed it{_doubts(told)}"
        related = (*_lines(told), *shows)
        yield Hit(place, message, "Have somebody sign it.", claim.id, related=related, about="unsigned")
    for approval in doubted:
        if approval not in told:
            message = f"claim {claim.id}: {_doubt(approval)}"
            step = "Have it decided again, signed; `kap approvals verify` looks at the whole log."
            related = (*_lines([approval]), *shows)
            yield Hit(place, message, step, claim.id, related=related, about=f"doubtful {approval.role}")


def _doubts(approvals: Sequence[Approval]) -> str:
    """Why decisions do not count, to follow a message."""
    return "".join(f"; {_doubt(approval)}" for approval in approvals)


def _doubt(approval: Approval) -> str:
    who = f"{approval.reviewer} ({approval.role}) in line {approval.place.line} of {approval.place.path}"
    return f"the decision of {who} does not count: {approval.doubt}"


def _lines(approvals: Sequence[Approval]) -> tuple[Related, ...]:
    return tuple(Related(approval.place, "the decision that does not count") for approval in approvals)


def _refused(claim: Claim, context: Context, own: Mapping[str, Approval]) -> Iterator[Hit]:
    for role, approval in own.items():
        if approval.decision in _DECIDED:
            message = f"claim {claim.id} is marked approved, but {_refusal(approval)}"
            related = (Related(approval.place, "the decision"), *context.shows(claim.id))
            step = _ask_again([approval])
            yield Hit(claim.where("status"), message, step, claim.id, related=related, about=f"refused {role}")


def _standing_refusals(claim: Claim, context: Context, roles: Mapping[str, Sequence[Approval]]) -> list[Approval]:
    """The objections to the claim as it stands: those that nothing was changed upon."""
    refusals = [last for last in map(gravest, roles.values()) if last.decision in _DECIDED]
    if not refusals:
        return []
    now = claim_fingerprint(claim, context.references, context.project.records)
    return [approval for approval in refusals if not fingerprint_changes(approval.fingerprint, now)]


def _refusal(approval: Approval) -> str:
    said = f": “{' '.join(approval.comment.split())}”" if approval.comment else ""
    return f"{approval.reviewer} ({approval.role}) {_DECIDED[approval.decision]} on {approval.on}{said}"


def _ask_again(refusals: Sequence[Approval]) -> str:
    return f"Mend what {' and '.join(approval.reviewer for approval in refusals)} objected to, and ask again."
