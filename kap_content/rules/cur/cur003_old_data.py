"""CUR003: a statistic made of old data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule


@claim_rule("CUR003", "old-data", Severity.WARNING)
def old_data(claim: Claim, context: Context) -> Iterator[Hit]:
    """The data of a statistic end more than `data_max_age_years` (10) ago, and its wording does not say so.

    Why: a paper of last year may report a survey of 2003; readers take the number for today's. Exactly ten years are
    not yet old.

    Fix: state the years of the data in the claim's wording, or use newer data.

    Example:
        match_text: Each year 19.1 % of adults in the United States have an anxiety disorder.
        data_end: 2003

        the data of claim ANX-PREV-01 end in 2003, 23 years ago, and its wording does not name the year
    """
    limit = context.settings.data_max_age_years
    if claim.data_end is None or context.as_of.year - claim.data_end <= limit:
        return
    if context.is_retired(claim) or _names_year(claim, claim.data_end):
        return
    yield Hit(
        claim.where("data_end"),
        f"the data of claim {claim.id} end in {claim.data_end}, {context.as_of.year - claim.data_end} years ago, "
        "and its wording does not name the year",
        help="State the years of the data in the wording, or use newer data.",
        claim=claim.id,
        related=(Related(claim.where("match_text"), "the claim’s wording"), *context.shows(claim.id)),
        about=f"old data {claim.data_end}",
    )


def _names_year(claim: Claim, year: int) -> bool:
    """Whether every wording names the last year of the data, in full or as `2001-03`."""
    short = rf"\d\d[-–/]{year % 100:02d}(?!\d)"
    pattern = re.compile(rf"(?<!\d){year}(?!\d)|(?<!\d)\d\d{short}")
    wordings = (claim.match_text, *claim.variations)
    return all(pattern.search(wording) for wording in wordings)
