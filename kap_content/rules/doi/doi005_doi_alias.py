"""DOI005: a DOI that leads to another one."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.doi import is_doi, normalise_doi
from kap_content.works.uses import called


@record_rule("DOI005", "doi-alias", Severity.NOTE)
def doi_alias(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """The registry answered a DOI with another one: the one asked for is an alias.

    Why: aliases arise when a journal changes hands or an article was registered twice. Corrections and retractions are
    filed under the prime DOI only.

    Fix: use the DOI that the registry answered with, after a look at what it is: a few aliases lead from an article
    to the notice of its retraction.

    Example:
        doi = {10.1111/old.123}

        DOI 10.1111/old.123 is an alias; the registry answers with 10.1002/new.456
    """
    asked, answered = normalise_doi(record.asked), normalise_doi(record.answered)
    if record.state is State.ABSENT or asked == answered or not (is_doi(asked) and is_doi(answered)):
        return
    yield Hit(
        reference.where("doi", "url"),
        f"DOI {asked} of {called(reference, record)} is an alias; the registry answers with {answered}",
        help=f"Use {answered}.",
        reference=reference.key,
        about=f"{asked} {answered}",
    )
