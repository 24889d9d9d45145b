"""CUR001: a review that is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule


def _overdue_page(page: Page, context: Context) -> Iterator[Hit]:
    if page.meta.next_review_due is not None and page.meta.next_review_due < context.as_of:
        yield Hit(
            page.meta.place,
            _message("this page", page.meta.next_review_due, context.as_of),
            help="Review the whole page, then set last_reviewed and next_review_due.",
            related=(Related(page.meta.where("next_review_due"), "next_review_due"),),
            about="page overdue",
        )


@claim_rule("CUR001", "review-overdue", Severity.ERROR, on_pages=_overdue_page)
def review_overdue(claim: Claim, context: Context) -> Iterator[Hit]:
    """The date by which a claim or a page was to be reviewed again has passed.

    Why: medicine moves on; the date is the promise to look again. On the day itself nothing is overdue.

    Fix: review it against the evidence of today, then set a new date.

    Example:
        next_review_due: 2025-11-22

        the next review of claim KET-MAINT-01 was due on 2025-11-22, 365 days ago
    """
    if claim.next_review_due is None or claim.next_review_due >= context.as_of or context.is_retired(claim):
        return
    yield Hit(
        claim.where("next_review_due"),
        _message(f"claim {claim.id}", claim.next_review_due, context.as_of),
        help="Review the claim against the evidence of today, and set a new date.",
        claim=claim.id,
        related=context.shows(claim.id),
        about="claim overdue",
    )


def _message(what: str, due: date, today: date) -> str:
    days = (today - due).days
    return f"the next review of {what} was due on {due}, {'a day' if days == 1 else f'{days} days'} ago"
