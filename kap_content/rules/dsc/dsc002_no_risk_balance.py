"""DSC002: benefits without risks."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Category, Claim, Status
from kap_content.model.finding import Related, Severity
from kap_content.model.page import ClaimMark, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_BENEFITS = (Category.EFFICACY, Category.OUTCOME)


@page_rule("DSC002", "no-risk-balance", Severity.ERROR)
def no_risk_balance(page: Page, context: Context) -> Iterator[Hit]:
    """The page shows claims of efficacy, and no approved claim of safety, or one only in a footnote.

    Why: benefit and risk must be told with equal prominence; a page of benefits alone misleads.

    Fix: register the main risks as claims of category safety, have them approved, and show them on the page.

    Example:
        [Ten of the 12 responded.]{claim=KET-DOSE-02}

        the page shows 1 claim of efficacy and no approved claim of safety
    """
    claims = [(mark, context.claims[mark.claim]) for mark in page.marks if mark.claim in context.claims]
    benefits = [(mark, claim) for mark, claim in claims if claim.category in _BENEFITS]
    if not benefits:
        return
    risks = [(mark, claim) for mark, claim in claims if claim.category is Category.SAFETY]
    approved = [(mark, claim) for mark, claim in risks if claim.status is Status.APPROVED]
    noted = _in_notes(page)
    if any(mark.is_division or mark.block not in noted for mark, _ in approved):
        return
    count = len({claim.id for _, claim in benefits})
    drafts = f" ({_named(risks)} is not approved)" if risks else ""
    if approved:
        drafts = f" but in a footnote ({_named(approved)})"
    yield Hit(
        page.meta.place,
        f"the page shows {count} claim{'s' if count > 1 else ''} of efficacy and no approved claim of safety{drafts}",
        help="Show the main risks as approved claims of category safety.",
        related=tuple(Related(mark.place, f"efficacy: {claim.id}") for mark, claim in benefits[:3]),
        about="no risk balance",
    )


def _named(claims: list[tuple[ClaimMark, Claim]]) -> str:
    return ", ".join(sorted({claim.id for _, claim in claims}))


def _in_notes(page: Page) -> frozenset[int]:
    """The blocks of footnotes: what stands there is not as prominent as the text."""
    return frozenset(block for note in page.notes for block in range(*note.blocks))
