"""STS007: sources that contradict each other on the status of a work."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.notices import Conflict
from kap_content.works.status import publication_status
from kap_content.works.uses import called, uses_of


@record_rule("STS007", "status-conflict", Severity.WARNING)
def status_conflict(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """Sources disagree on a reference: one notice typed differently by two of them, or a retraction taken back.

    Differing dates, or one source's silence, are no conflict. A reinstated work is told here and not as retracted.

    Why: registries file the same notice by hand and never learn of a reinstatement; a person has to read it.

    Fix: read the notice, and decide. A suppression that names the notice keeps the decision.

    Example:
        “A trial of X” (lee2012): sources disagree on notice 10.1000/n.1: Crossref: correction; Retraction Watch:
        retraction
    """
    for conflict in publication_status(record).conflicts:
        uses = uses_of(reference.key, context)
        yield Hit(
            reference.place,
            f"{called(reference, record)}: {_told(conflict)}; {uses}",
            help="Read the notice and decide; a suppression with the reason keeps the decision.",
            reference=reference.key,
            related=uses.related,
            about=f"conflict {conflict.doi} {conflict.is_reinstatement}",
        )


def _told(conflict: Conflict) -> str:
    sides = "; ".join(conflict.sides)
    if conflict.is_reinstatement:
        return f"it was retracted and reinstated: {sides}"
    return f"sources disagree on notice {conflict.doi or 'without DOI'}: {sides}"
