"""STS003: a work that was corrected, in part retracted, replaced, or updated in a way nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.notices import Event
from kap_content.works.status import publication_status
from kap_content.works.uses import acknowledgement, called, uses_of


@record_rule("STS003", "corrected", Severity.NOTE)
def corrected(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A correction, corrigendum, erratum, addendum or clarification of a reference was published.

    A warning for a partial retraction, for an article retracted and replaced under its DOI, and for an update whose
    type the registry's vocabulary does not know.

    Why: the figure that a claim quotes may be the one that was corrected. A corrected article is not a retracted one.

    Fix: read the notice and compare the figures used. Nothing else needs to change.

    Example:
        “Ketamine for PTSD” (feder2014) was corrected: erratum of 2015-01-01, notice 10.1000/err.7 (PubMed); used by
        claim K-1 on pages/ketamine.md
    """
    status = publication_status(record, acknowledgement(reference))
    for event, words, advice, severity in (
        (
            status.partly_retracted,
            "was retracted in part",
            "See whether what the claim uses is retracted.",
            _WARNING,
        ),
        (
            status.replaced,
            "was retracted and replaced under the same DOI",
            "Make sure that the figures used are those of the article that replaced it.",
            _WARNING,
        ),
        (
            status.unrecognised,
            "has an update of a type that the registry's vocabulary does not know",
            "Read the notice: it may be anything from a correction to a retraction.",
            _WARNING,
        ),
        (status.corrected, "was corrected", "Read the notice and compare the figures used.", None),
    ):
        if event is not None:
            yield _hit(reference, record, event, words, advice, severity, context)


_WARNING = Severity.WARNING


def _hit(
    reference: Reference,
    record: Record,
    event: Event,
    words: str,
    advice: str,
    severity: Severity | None,
    context: Context,
) -> Hit:
    uses = uses_of(reference.key, context)
    return Hit(
        reference.place,
        f"{called(reference, record)} {words}: {event}; {uses}",
        help=advice,
        reference=reference.key,
        related=uses.related,
        severity=severity,
        about=f"{event.effect} {event.doi}",
    )
