"""EVD002: what a claim of benefit or safety rests on is weak by design."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.design import NAMES, design_of, design_told_by, level, states_its_design
from kap_content.model.claim import Category, Claim, Design, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of

_JUDGED = (Category.EFFICACY, Category.SAFETY)
_WEAK = 4


@claim_rule("EVD002", "design-too-weak", Severity.WARNING)
def design_too_weak(claim: Claim, context: Context) -> Iterator[Hit]:
    """The best evidence of a claim of efficacy or safety is of OCEBM level 4 or 5.

    The design is the registered one, else follows from the PubMed publication types, else from unmistakable words of
    the title. Where the design of any supporting source is unknown, nothing is said; nor where the claim's wording
    itself states the design.

    Why: case series, open-label studies and laboratory work cannot tell the effect of a treatment from the passing of
    time.

    Fix: state the design in the claim ("in an open-label study of 20 people"), or add a randomised trial or a
    systematic review.

    Example:
        category: efficacy
        evidence:
          - ref: glue2018
            design: open-label

        the best evidence of claim KET-MAINT-01 (efficacy) is an open-label study without a comparison group
        (OCEBM level 4): glue2018, as registered
    """
    if claim.category not in _JUDGED or not claim.supporting or context.is_retired(claim):
        return
    best = _best(claim, context)
    if best is None or best[0] < _WEAK or states_its_design(claim.match_text, best[1]):
        return
    grade, design, item = best
    yield Hit(
        item.where("design"),
        f"the best evidence of claim {claim.id} ({claim.category}) is {NAMES[design]} (OCEBM level {grade}): "
        f"{item.ref}, {design_told_by(item, context.record(item.ref))}",
        help="State the design in the claim, or add a randomised trial or a systematic review.",
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(claim.where("match_text"), "the claim"),
            *entry_of(item.ref, context),
            *context.shows(claim.id),
        ),
        about=f"level {grade} {item.ref}",
    )


def _best(claim: Claim, context: Context) -> tuple[int, Design, Evidence] | None:
    """Level, design and item of the best supporting evidence; None where any design is unknown or has no level."""
    best: tuple[int, Design, Evidence] | None = None
    assert claim.category is not None
    for item in claim.supporting:
        reference = context.references.get(item.ref)
        design = design_of(item, context.record(item.ref), reference.get("title") if reference else "")
        grade = level(design, claim.category) if design is not None else None
        if design is None or grade is None:
            return None
        if best is None or grade < best[0]:
            best = grade, design, item
    return best
