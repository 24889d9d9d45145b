"""STS004: a preprint."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.status import publication_status
from kap_content.works.uses import called, uses_of


@record_rule("STS004", "preprint", Severity.WARNING)
def preprint(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A reference is a preprint; where a registry links it to the published article, that one's DOI is named.

    Why: nobody has reviewed a preprint, and its figures often change before publication.

    Fix: cite the published article and check its figures; without one, say in the text that the evidence is a preprint.

    Example:
        doi = {10.1101/2020.06.17.20133843}

        “Assessing the effect of ...” (zhang2020) is a preprint, published as 10.1016/j.eng.2021.03.017
    """
    status = publication_status(record)
    if not status.is_preprint:
        return
    uses = uses_of(reference.key, context)
    if status.published_as:
        told = f"is a preprint, published as {status.published_as}"
        advice = f"Cite {status.published_as} instead and check the figures used there."
    else:
        told = "is a preprint; no registry names a published version"
        advice = "Prefer reviewed evidence, or say in the text that this is a preprint."
    yield Hit(
        reference.place,
        f"{called(reference, record)} {told}; {uses}",
        help=advice,
        reference=reference.key,
        related=uses.related,
        about=f"preprint {status.published_as}",
    )
