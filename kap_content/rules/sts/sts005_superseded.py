"""STS005: a work of which a newer version exists."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.status import PublicationStatus, publication_status
from kap_content.works.uses import called, uses_of


@record_rule("STS005", "superseded", Severity.WARNING)
def superseded(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A newer version of a reference exists: a Cochrane review's next one, a new version or edition of another work.

    A Cochrane review that was withdrawn from the library belongs here too: as a rule it is out of date, and it was
    never retracted.

    Why: a review's conclusion may have turned with the new studies; the old one is no longer the authors' word.

    Fix: cite the newest version, and see whether the claim still stands there.

    Example:
        doi = {10.1002/14651858.CD004690.pub3}

        “Cannabis for schizophrenia” (pushpa2014) is superseded: the newest version is 10.1002/14651858.CD004690.pub4
    """
    status = publication_status(record)
    if status.newer is None and status.withdrawn_review is None:
        return
    uses = uses_of(reference.key, context)
    told, advice = _told(status)
    yield Hit(
        reference.place,
        f"{called(reference, record)} {told}; {uses}",
        help=advice,
        reference=reference.key,
        related=uses.related,
        about=f"superseded {status.newer.doi if status.newer else 'withdrawn'}",
    )


def _told(status: PublicationStatus) -> tuple[str, str]:
    newer = status.newer
    if newer is None or newer.withdrawn:
        where = f" (newest version {newer.doi})" if newer else ""
        return (
            f"was withdrawn from the Cochrane Library{where}: out of date as a rule, not retracted",
            "Read why it was withdrawn, and rest the claim on a current review.",
        )
    sources = f" ({', '.join(newer.sources)})" if newer.sources else ""
    return (
        f"is superseded: the newest version is {newer.doi}{sources}",
        f"Cite {newer.doi}, and see whether the claim still stands there.",
    )
