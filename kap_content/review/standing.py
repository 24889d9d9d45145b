"""Where the decisions on a claim stand: who approved what, what changed since, and who must look. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kap_content.model.approval import Approval, Decision
from kap_content.model.claim import Claim, Status
from kap_content.model.project import Context
from kap_content.works.decisions import gravest, standing
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes

ANYBODY = ""
"""The role of what any reviewer may decide, since the settings require none."""
SOON = timedelta(days=90)
"""A review that falls due within this time is called due soon."""


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """The decision that holds in one role. `changes` says what changed since, in words; empty where nothing did."""

    role: str
    decision: Approval
    changes: tuple[str, ...]

    @property
    def is_approval(self) -> bool:
        """Whether it approves the claim as it stands now."""
        return self.decision.decision == Decision.APPROVE and not self.changes

    @property
    def is_stale(self) -> bool:
        """Whether it approved what the claim no longer is."""
        return self.decision.decision == Decision.APPROVE and bool(self.changes)

    @property
    def is_answered(self) -> bool:
        """Whether it objected, and the claim was changed since."""
        return self.decision.decision != Decision.APPROVE and bool(self.changes)


@dataclass(frozen=True, slots=True)
class Standing:
    """All of one claim: the decisions by role, and who must look, each with the reason."""

    roles: tuple[RoleStanding, ...]
    required: tuple[str, ...]
    waiting: Mapping[str, str]
    due: date | None
    is_overdue: bool
    is_due_soon: bool

    @property
    def is_stale(self) -> bool:
        """Whether any approval no longer holds."""
        return any(role.is_stale for role in self.roles)


class Standings:
    """The standings of a context's claims; the log is gone through once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._decisions = standing(context.project.approvals)

    def fingerprint(self, claim: Claim) -> str:
        """What a decision on the claim as it stands would be given for."""
        return claim_fingerprint(claim, self._context.references, self._context.project.records)

    def of(self, claim: Claim) -> Standing:
        """Where the decisions on a claim stand."""
        context = self._context
        decided = self._decisions.get(claim.id, {})
        now = self.fingerprint(claim) if decided else ""
        roles = tuple(
            RoleStanding(role, held, fingerprint_changes(held.fingerprint, now))
            for role, decisions in decided.items()
            for held in (gravest(decisions),)
        )
        required = context.settings.review.roles_for(claim.category)
        due = claim.next_review_due
        overdue = due is not None and due < context.as_of
        waiting = {} if context.is_retired(claim) else dict(_waiting(claim, roles, required, is_overdue=overdue))
        soon = due is not None and not overdue and due <= context.as_of + SOON
        return Standing(roles, required, waiting, due, overdue, soon)


def _waiting(
    claim: Claim, roles: Iterable[RoleStanding], required: tuple[str, ...], *, is_overdue: bool
) -> Iterable[tuple[str, str]]:
    """Each role that must look, with the reason."""
    by_role = {standing.role: standing for standing in roles}
    for role in dict.fromkeys((*required, *by_role)):
        held = by_role.get(role)
        if held is None:
            yield role, "not decided yet"
        elif held.is_stale:
            yield role, "changed since it was approved"
        elif held.is_answered:
            yield role, "changed since you objected"
        elif held.is_approval and is_overdue:
            yield role, "its review is overdue"
    if not required and not by_role:
        if claim.status in (Status.DRAFT, Status.IN_REVIEW):
            yield ANYBODY, "not decided yet"
        elif claim.status is Status.EXPIRED or is_overdue:
            yield ANYBODY, "its review is overdue"
