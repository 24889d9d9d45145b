"""CUR002: a claim that rests on old sources only."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.claim import Category, Claim, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.startup.regex import regex
from kap_content.works.uses import entry_of

_YEAR = regex(r"(?<!\d)(1[5-9]\d\d|2[01]\d\d)(?!\d)")


@claim_rule("CUR002", "old-source", Severity.WARNING)
def old_source(claim: Claim, context: Context) -> Iterator[Hit]:
    """The newest source in support of a claim is older than `source_max_age_years` (5).

    Why: a newer trial or review may say otherwise. Years are compared, and exactly five is not yet old. Historical
    claims are let alone, as are claims with a source whose year is unknown.

    Fix: look for a newer review. Where the old source still stands, say why in `seminal` of that evidence.

    Example:
        evidence: kessler2005

        the newest source of claim ANX-PREV-01, kessler2005, is of 2005, 21 years ago
    """
    limit = context.settings.source_max_age_years
    if not _ages(claim) or context.is_retired(claim):
        return
    newest = _newest(claim, context)
    if newest is None or context.as_of.year - newest[0] <= limit:
        return
    year, item = newest
    yield Hit(
        item.place,
        f"the newest source of claim {claim.id}, {item.ref}, is of {year}, {context.as_of.year - year} years ago",
        help="Look for a newer review, or say under “seminal” why this source still stands.",
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(claim.where("match_text"), "the claim"),
            *entry_of(item.ref, context, "year", "date"),
            *context.shows(claim.id),
        ),
        about=f"old {item.ref} {year}",
    )


def _ages(claim: Claim) -> bool:
    return claim.is_clinical and claim.category is not Category.HISTORICAL


def _newest(claim: Claim, context: Context) -> tuple[int, Evidence] | None:
    """The year and item of the newest supporting source; None where one is seminal or of unknown year."""
    best: tuple[int, Evidence] | None = None
    for item in claim.supporting:
        year = _year(item.ref, context)
        if item.seminal or year is None:
            return None
        if best is None or year > best[0]:
            best = (year, item)
    return best


def _year(key: str, context: Context) -> int | None:
    """The latest year that the work may be dated by: of the registry, else of the entry."""
    record = context.record(key)
    if record is not None and record.years:
        return record.years[-1]
    reference = context.references.get(key)
    match = _YEAR.search(reference.get("year", "date")) if reference is not None else None
    return int(match[0]) if match else None
