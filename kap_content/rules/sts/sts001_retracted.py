"""STS001: a work that was retracted, withdrawn or removed."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.retraction import says_retraction
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.status import publication_status
from kap_content.works.uses import acknowledgement, called, every_use_says, uses_of


@record_rule("STS001", "retracted", Severity.ERROR)
def retracted(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A reference was retracted, withdrawn or removed.

    Crossref, PubMed, Retraction Watch and the registered title (`RETRACTED: ...`) are united and told once. Silent
    where every claim that uses the work critiques or disputes it and the text says of the work that it was retracted.
    A work that was reinstated is STS007's, a Cochrane review withdrawn because it is out of date STS005's, a partial
    retraction STS003's.

    Why: a retracted study is evidence of nothing, and readers act on what the page says.

    Fix: withdraw what rests on it, or rest it on other evidence. To write about the retraction itself, give the
    evidence `relation: critiques` and say in the text that it was retracted. If the article was retracted and
    replaced under the same DOI and you used the new text, say so in the entry's `note` and name the notice's DOI
    there.

    Example:
        wakefield1998: 10.1016/S0140-6736(97)11096-0

        “Ileal-lymphoid-nodular hyperplasia” (wakefield1998) is retracted: retraction of 2010-02-06, notice
        10.1016/S0140-6736(10)60175-4 (Crossref, PubMed, Retraction Watch); used by claim VAC-01 on pages/vaccines.md
    """
    event = publication_status(record, acknowledgement(reference)).retracted
    if event is None:
        return
    uses = uses_of(reference.key, context)
    if every_use_says(uses, says_retraction):
        return
    yield Hit(
        reference.place,
        f"{called(reference, record)} is retracted: {event}; {uses}",
        help="Withdraw what rests on it, or rest it on other evidence. To write about the retraction, use "
        "relation: critiques and say in the text that it was retracted.",
        reference=reference.key,
        related=uses.related,
        about=f"retracted {event.doi}",
    )
