"""EVD003: a claim states a cause, and nothing it rests on had a comparison."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.causation import causal_verbs
from kap_content.language.design import CONTROLLED, NAMES, design_in_wording, design_of, design_told_by
from kap_content.model.claim import Category, Claim, Design, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of

_EXPERIMENTS = frozenset({Design.ANIMAL, Design.IN_VITRO, Design.MECHANISM})
_NO_STUDY = frozenset({Design.GUIDELINE, Design.LABEL})
_NOT_CAUSAL = (Category.STATISTIC, Category.HISTORICAL, Category.REGULATORY, Category.SERVICE)


_OF_EFFECT = "Say what was seen (“was followed by”, “was lower after”), or add a source with a comparison group."
_OF_MECHANISM = "Say that it is proposed (“may”, “is thought to”), or cite the experiment that showed it."


@claim_rule("EVD003", "causal-from-uncontrolled", Severity.ERROR)
def causal_from_uncontrolled(claim: Claim, context: Context) -> Iterator[Hit]:
    """A claim says that one thing brought about another, and no source of it had a comparison group.

    Verbs of the list `causal-verbs` count in any form, unless hedged ("may reduce") or negated. Where the design of any
    supporting source is unknown, nothing is said; of a single source the claim itself may tell it ("in an open-label
    study"). Laboratory experiments count as controlled for claims of mechanism.

    Why: without a comparison, nobody knows what would have happened anyway.

    Fix: say what was seen ("was followed by", "was lower after"), or add a source with a comparison group.

    Example:
        match_text: Weekly doses produced a 50% reduction in anxiety.
        evidence:
          - ref: glue2018
            design: open-label

        claim KET-MAINT-01 says “produced”, but glue2018 is an open-label study without a comparison group
    """
    if claim.category in _NOT_CAUSAL or not claim.supporting or context.is_retired(claim):
        return
    designs = _uncontrolled(claim, context)
    if not designs:
        return
    verbs = causal_verbs(claim.match_text, context.lexicon)
    if not verbs:
        return
    ref, design, _ = designs[0]
    more = f", and none of its {len(designs)} sources had a comparison group" if len(designs) > 1 else ""
    yield Hit(
        claim.where("match_text"),
        f"claim {claim.id} says “{verbs[0].verb}”, but {ref} is {NAMES[design]}{more}",
        help=_OF_MECHANISM if claim.category is Category.MECHANISM else _OF_EFFECT,
        claim=claim.id,
        reference=ref,
        related=(
            *(
                Related(item.where("design"), f"{item.ref}: {NAMES[design]}, {told_by}")
                for item, (_, design, told_by) in zip(claim.supporting, designs, strict=True)
            ),
            *entry_of(ref, context),
            *context.shows(claim.id),
        ),
        about=f"causal {verbs[0].verb.lower()}",
    )


def _uncontrolled(claim: Claim, context: Context) -> list[tuple[str, Design, str]]:
    """The designs of the supporting sources, and what tells them, where none is controlled and none unknown."""
    found = []
    for item in claim.supporting:
        design, told_by = _design(item, claim, context)
        if design is None or design in CONTROLLED or design in _NO_STUDY:
            return []
        if design in _EXPERIMENTS and claim.category in (Category.MECHANISM, None):
            return []
        found.append((item.ref, design, told_by))
    return found


def _design(item: Evidence, claim: Claim, context: Context) -> tuple[Design | None, str]:
    record, reference = context.record(item.ref), context.references.get(item.ref)
    design = design_of(item, record, reference.get("title") if reference else "")
    if design is None and len(claim.supporting) == 1:
        return design_in_wording(claim.match_text), "by the claim’s own words"
    return design, design_told_by(item, record)
