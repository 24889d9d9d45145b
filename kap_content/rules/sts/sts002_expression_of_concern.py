"""STS002: a work about which its journal has voiced concern."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.status import publication_status
from kap_content.works.uses import called, uses_of


@record_rule("STS002", "expression-of-concern", Severity.WARNING)
def expression_of_concern(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """The journal has published an expression of concern about a reference.

    Why: the journal doubts the work and has not decided. It is not retracted, and may be.

    Fix: read the notice and judge anew whether the work carries the claim; prefer other evidence, and look again soon.

    Example:
        “Effects of X on Y” (smith2015) has an expression of concern of 2020-05-01, notice 10.1000/eoc.1 (Crossref);
        used by claim X-01 on pages/x.md
    """
    event = publication_status(record).concern
    if event is None:
        return
    uses = uses_of(reference.key, context)
    yield Hit(
        reference.place,
        f"{called(reference, record)} has an {event}; {uses}",
        help="Read the notice and judge anew whether the work carries the claim; prefer other evidence.",
        reference=reference.key,
        related=uses.related,
        about=f"concern {event.doi}",
    )
