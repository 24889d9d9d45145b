"""DOI002: a DOI that no registration agency knows."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.doi import is_doi, normalise_doi
from kap_content.works.slips import likely_slip
from kap_content.works.uses import called


@record_rule("DOI002", "doi-not-found", Severity.ERROR)
def doi_not_found(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A DOI does not exist: the handle system itself says so.

    A registry's silence is not enough (DOI004 speaks of that), and a DOI that is not one at all is DOI001's.

    Why: a reader who follows the reference finds nothing. A DOI that was never registered is a misprint at best and an
    invented reference at worst.

    Fix: correct the misprint; the likeliest DOI is named where the bibliography or the lock holds one. Otherwise search
    the title at https://search.crossref.org. If the work cannot be found at all, withdraw it and what rests on it.

    Example:
        doi = {10.1177/0269881117718572},

        DOI 10.1177/0269881117718572 of “Ketamine's dose-related effects” (glue2017) does not exist
    """
    written = reference.get("doi") or record.asked
    doi = normalise_doi(written)
    if record.state is not State.ABSENT or not is_doi(doi):
        return
    slip = likely_slip(reference, context)
    if slip is not None:
        advice = f"Did you mean {slip.doi}? It {slip.why}."
    else:
        advice = "Compare it with the article's first page, or search the title at https://search.crossref.org."
    yield Hit(
        reference.where("doi", "url"),
        f"DOI {doi} of {called(reference)} does not exist{_told(record.checked_on)}",
        help=f"{advice} If the work cannot be found, withdraw it and what rests on it.",
        reference=reference.key,
        about=doi,
    )


def _told(day: object) -> str:
    return f" (doi.org, {day})" if day is not None else ""
