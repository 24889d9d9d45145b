"""CLM008: one claim registered twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kap_content.language.wording import comparable_wording, normalise_wording
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.project import ClaimGroups, Context
from kap_content.rules._rule import Hit, claim_rule


@claim_rule("CLM008", "duplicate-claim", Severity.ERROR)
def duplicate_claim(claim: Claim, context: Context) -> Iterator[Hit]:
    """An id is given to two claims, or one wording has two ids.

    Why: a page that marks the id means one of them, and nobody can say which. One wording under two ids is reviewed
    twice and mended once.

    Fix: delete one of the two, or rename it; where the ids differ, mark the one that stays on every page.

    Example:
        - id: KET-MAINT-01
        ...
        - id: KET-MAINT-01

        the id KET-MAINT-01 is given twice, first in line 3
    """
    first = context.claims[claim.id]
    if first is not claim:
        yield Hit(
            claim.place,
            f"the id {claim.id} is given twice, first {_where(first, claim)}",
            help="Rename one of the two claims, or delete it; the first counts.",
            claim=claim.id,
            related=(Related(first.place, "given here first"), *context.shows(claim.id)),
            about="id",
        )
        return
    wording = comparable_wording(claim.match_text)
    alike = context.index(_worded)[wording] if wording else ()
    first = next((other for other in alike if context.claims[other.id] is other), claim)
    if first is not claim:
        yield Hit(
            claim.where("match_text"),
            f"claims {first.id} and {claim.id} have the same wording: “{normalise_wording(claim.match_text)}”",
            help=f"Delete one of the two and mark the other wherever {claim.id} or {first.id} stands.",
            claim=claim.id,
            related=(Related(first.where("match_text"), f"claim {first.id}"), *context.shows(claim.id)),
            about=f"wording {first.id}",
        )


@ClaimGroups
def _worded(claim: Claim) -> Iterable[tuple[str, Claim]]:
    """Each claim by its wording."""
    wording = comparable_wording(claim.match_text)
    return [(wording, claim)] if wording else []


def _where(first: Claim, claim: Claim) -> str:
    if first.place.path == claim.place.path:
        return f"in line {first.place.line}"
    return f"at {first.place}"
