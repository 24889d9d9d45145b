"""A claim as a reviewer sees it: wording on its pages, evidence, findings, decisions, and what changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kap_content.model.approval import Approval
from kap_content.model.claim import Claim
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.review.difference import FieldChange, differences
from kap_content.review.evidence import PICO, Cite, EvidenceView, evidence_views
from kap_content.review.numbers import Numbers, numbers
from kap_content.review.pieces import Piece, cut
from kap_content.review.places import Shown, shown
from kap_content.review.standing import RoleStanding, Standing, Standings


@dataclass(frozen=True, slots=True)
class Earlier:
    """A claim as it was when it was decided on, and where that is kept (`git 4be1c0d`)."""

    claim: Claim
    kept_in: str


Remember: TypeAlias = Callable[[Claim, str], Earlier | None]
"""Finds a claim as it was under a fingerprint: in git, or among what this desk has shown. None where nobody knows."""


def nothing_remembered(_claim: Claim, _fingerprint: str) -> Earlier | None:
    """Where there is no memory: then only what the fingerprint tells is known."""
    return None


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a decision: `named` as the fingerprint tells it; `fields` where the old claim is known."""

    role: RoleStanding
    named: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    kept_in: str


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A decision of the claim's history, and in words whether it is signed and whether the signature holds."""

    approval: Approval
    signature: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything on one claim. `facts` are name and text, in the order in which they are read.

    `fingerprint` is what a decision on the claim as it is shown here is given for.
    """

    claim: Claim
    fingerprint: str
    wording: tuple[Piece, ...]
    numbers: Numbers
    places: tuple[Shown, ...]
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceView, ...]
    findings: tuple[Finding, ...]
    history: tuple[HistoryItem, ...]
    standing: Standing
    since: tuple[Since, ...]


class Views:
    """The views of a context's claims.

    `findings` are all of a run, or those so far known. `against` says of signed decisions why their signature does not
    hold; None where the signatures have not been verified.
    """

    def __init__(
        self,
        context: Context,
        findings: Iterable[Finding],
        cite: Cite,
        remember: Remember = nothing_remembered,
        against: Mapping[Approval, str] | None = None,
    ) -> None:
        self.context = context
        self.standings = Standings(context)
        self.findings = findings_by_claim(context, findings)
        self._cite, self._remember, self._against = cite, remember, against
        self._history: dict[str, list[Approval]] = {}
        for approval in context.project.approvals:
            self._history.setdefault(approval.claim, []).append(approval)

    def of(self, claim: Claim) -> ClaimView:
        """The view of one claim."""
        found = numbers(claim, self.context)
        standing = self.standings.of(claim)
        return ClaimView(
            claim=claim,
            fingerprint=self.standings.fingerprint(claim),
            wording=cut(claim.match_text, found.wording),
            numbers=found,
            places=shown(claim, self.context),
            facts=facts(claim),
            evidence=evidence_views(claim, self.context, found, self._cite),
            findings=self.findings.get(claim.id, ()),
            history=tuple(HistoryItem(item, self._signature(item)) for item in self._history.get(claim.id, ())),
            standing=standing,
            since=tuple(self._since(claim, role) for role in standing.roles if role.changes),
        )

    def _signature(self, approval: Approval) -> str:
        if not approval.signature:
            return "not signed"
        if self._against is None:
            return "signed"
        reason = self._against.get(approval, "")
        return f"signed, but {reason}" if reason else "signed; the signature holds"

    def _since(self, claim: Claim, role: RoleStanding) -> Since:
        earlier = self._remember(claim, role.decision.fingerprint)
        fields = differences(earlier.claim, claim) if earlier else ()
        return Since(role, role.changes, fields, earlier.kept_in if earlier else "")


def findings_by_claim(context: Context, findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """The findings on each claim: its own, those on what it cites, and those that stand in its wording on a page."""
    citing: dict[str, list[str]] = {}
    for claim in context.claims.values():
        for key in dict.fromkeys(item.ref for item in claim.evidence):
            citing.setdefault(key, []).append(claim.id)
    marks: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for name, uses in context.uses.items():
        for use in uses:
            place = use.mark.place
            for line in range(place.line, place.end_line + 1):
                first = place.column if line == place.line else 1
                last = place.end_column if line == place.end_line else 1 << 30
                marks.setdefault((place.path, line), []).append((first, last, name))
    found: dict[str, dict[int, Finding]] = {}
    for finding in findings:
        names = [finding.claim] if finding.claim else citing.get(finding.reference, [])
        if not names:
            here = marks.get((finding.place.path, finding.place.line), ())
            names = [name for first, last, name in here if first <= finding.place.column < last]
        for name in names:
            found.setdefault(name, {})[id(finding)] = finding
    return {
        name: tuple(sorted(items.values(), key=lambda item: (item.severity.rank, item.code, item.place)))
        for name, items in found.items()
    }


def facts(claim: Claim) -> tuple[tuple[str, str], ...]:
    """What kind of statement it is, of whom and of what: the fields that are given."""
    quantity = f"{claim.quantity.value} {claim.quantity.unit}".strip() if claim.quantity else ""
    named = [("category", claim.category or "not given")]
    named += [(name, getattr(claim.pico, name)) for name in PICO]
    named += [
        ("jurisdiction", claim.jurisdiction),
        ("quantity", quantity),
        ("last year of the data", str(claim.data_end or "")),
    ]
    return tuple((name, text) for name, text in named if text)
