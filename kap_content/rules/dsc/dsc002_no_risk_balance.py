"""DSC002: benefits without risks."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.harm import absence_of_harm
from kap_content.language.prominence import less_prominent
from kap_content.language.subject import subjects_of
from kap_content.model.claim import Category, Claim, Status
from kap_content.model.finding import Related, Severity
from kap_content.model.lexicon import SubjectKind
from kap_content.model.page import ClaimMark, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_BENEFITS = (Category.EFFICACY, Category.OUTCOME)
_SHOWN = 3


@page_rule("DSC002", "no-risk-balance", Severity.ERROR)
def no_risk_balance(page: Page, context: Context) -> Iterator[Hit]:
    """The page shows claims of efficacy, and no approved claim of safety that stands out as they do.

    A risk is told less prominently than the benefits in a footnote, in small print (`<small>`, `{.small}`,
    `{.fine-print}`), in a caption, folded away (`<details>`), behind the list of references, and more than 500 words
    below the first benefit unless a heading over it speaks of risks. A table in the text will do.

    A claim of safety that denies harm ("no side effects") tells no risk, nor does one that names only other treatments
    than the page is about (`about`, else the title).

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
    shown = [mark for mark, _ in benefits]
    faults = [(mark, claim, _fault(mark, claim, page, shown, context)) for mark, claim in risks]
    if any(not fault for _, _, fault in faults):
        return
    count = len({claim.id for _, claim in benefits})
    lacks = "no approved claim of safety"
    if any(claim.status is Status.APPROVED for _, claim in risks):
        lacks = "no claim of safety that balances them"
    yield Hit(
        page.meta.place,
        f"the page shows {count} claim{'s' if count > 1 else ''} of efficacy and {lacks}"
        + _listed([(claim, fault) for _, claim, fault in faults]),
        help="Show the main risks of the treatment as approved claims of category safety, in the text.",
        related=(
            *(Related(mark.place, f"efficacy: {claim.id}") for mark, claim in benefits[:_SHOWN]),
            *(Related(mark.place, f"safety: {claim.id} {fault}") for mark, claim, fault in faults[:_SHOWN]),
        ),
        about="no risk balance",
    )


def _fault(mark: ClaimMark, claim: Claim, page: Page, benefits: list[ClaimMark], context: Context) -> str:
    """Why a claim of safety does not balance the page's benefits, as a predicate; empty where it does."""
    if claim.status is not Status.APPROVED:
        return "is not approved"
    if hidden := less_prominent(page, mark, benefits, context.lexicon):
        return hidden
    denial = absence_of_harm(claim.match_text, context.lexicon, on_treatment=True)
    if denial is not None and denial.is_flat:
        return "says that there is little or no harm"
    if _is_on_others(claim, page, context):
        return "is about another treatment"
    return ""


def _is_on_others(claim: Claim, page: Page, context: Context) -> bool:
    """Whether a claim names treatments, and none that the page is about."""
    subjects = subjects_of(context.lexicon)
    own = subjects.named(page.meta.intervention or page.meta.title, SubjectKind.INTERVENTION)
    named = subjects.named_or_built(f"{claim.pico.intervention}\n{claim.match_text}") - {"placebo"}
    return bool(own and named) and not subjects.meet(own, named)


def _listed(faults: list[tuple[Claim, str]]) -> str:
    """The claims of safety by what is wrong with them: `(A and B are not approved; C stands in a footnote)`."""
    by_fault: dict[str, list[str]] = {}
    for claim, fault in faults:
        ids = by_fault.setdefault(fault, [])
        if claim.id not in ids:
            ids.append(claim.id)
    said = [_said(ids, fault) for fault, ids in by_fault.items()]
    return f" ({'; '.join(said)})" if said else ""


def _said(ids: list[str], fault: str) -> str:
    if len(ids) == 1:
        return f"{ids[0]} {fault}"
    verb, _, rest = fault.partition(" ")
    return f"{', '.join(ids[:-1])} and {ids[-1]} {_PLURAL[verb]} {rest}"


_PLURAL = {"is": "are", "stands": "stand", "says": "say"}
