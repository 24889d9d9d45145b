"""EVD006: a person judged that a source does not carry the claim."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Claim, Evidence, Verdict
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of

_SAID = {
    Verdict.NOT_SUBSTANTIATED: "does not substantiate the claim",
    Verdict.UNRELATED: "is unrelated to the claim",
    Verdict.CONTRADICTED: "contradicts the claim",
}


@claim_rule("EVD006", "adverse-verdict", Severity.ERROR)
def adverse_verdict(claim: Claim, context: Context) -> Iterator[Hit]:
    """A person read the source beside the claim and found a major error: not substantiated, unrelated or contradicted.

    Minor verdicts (oversimplified, overgeneralized, trivial) and `indirect_source` are let alone, as is `contradicted`
    on evidence that is registered as disputing the claim.

    Why: the link was read and rejected; to publish it all the same would be knowingly wrong.

    Fix: correct the claim, or replace the reference; then have the link read again.

    Example:
        evidence:
          - ref: taylor2018
            verdict: contradicted
            checked_by: A. Reader
            checked_on: 2026-11-22

        claim KET-SAD-01: the link to taylor2018 was rejected by A. Reader, 2026-11-22: it contradicts the claim
        (contradicted)
    """
    if context.is_retired(claim):
        return
    for item in claim.evidence:
        meant = item.verdict is Verdict.CONTRADICTED and not item.is_supporting
        if item.verdict is not None and item.verdict.is_major_error and not meant:
            yield _hit(claim, item, context)


def _hit(claim: Claim, item: Evidence, context: Context) -> Hit:
    assert item.verdict is not None
    who = item.checked_by or "a reader who gave no name"
    when = f"{item.checked_on}" if item.checked_on else "on a day not given"
    return Hit(
        item.where("verdict"),
        f"claim {claim.id}: the link to {item.ref} was rejected by {who}, {when}: it {_SAID[item.verdict]} "
        f"({item.verdict})",
        help="Correct the claim or replace the reference, and have the link read again.",
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(claim.where("match_text"), "the claim"),
            *entry_of(item.ref, context),
            *context.shows(claim.id),
        ),
        about=f"verdict {item.ref} {item.verdict}",
    )
