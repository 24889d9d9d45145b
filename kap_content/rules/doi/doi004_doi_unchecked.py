"""DOI004: a reference that no registry has confirmed of late."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.dates import days_after
from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.works.doi import is_doi, normalise_doi
from kap_content.works.identifiers import pmid_of
from kap_content.works.uses import called, uses_of


@reference_rule("DOI004", "doi-unchecked", Severity.WARNING, release=Severity.ERROR)
def doi_unchecked(reference: Reference, context: Context) -> Iterator[Hit]:
    """No registry has answered for a reference's DOI or PMID, or its answer is older than `max_age_days` (30).

    Why: unknown is not clean. Whether the DOI exists, leads to this work and was not retracted is not known, or is
    known of a day long past. A record that was typed from a public page counts as no answer of a registry.

    Fix: run `kap lock` where there is a network, and commit references.lock.

    Example:
        DOI 10.1177/0269881118762073 of “Ketamine’s dose-related effects” (glue2018) was never looked up
    """
    identifier = _identifier(reference)
    reason = _reason(context.record(reference.key), context) if identifier else ""
    if not reason:
        return
    yield Hit(
        reference.where("doi", "pmid"),
        f"{identifier} of {called(reference)} {reason}",
        help="It is unknown, not clean: run `kap lock` and commit references.lock.",
        reference=reference.key,
        related=uses_of(reference.key, context).related,
        about="unchecked",
    )


def _identifier(reference: Reference) -> str:
    """What a registry can be asked for; nothing for a malformed DOI, which DOI001 reports alone."""
    written = reference.get("doi")
    if written.strip():
        doi = normalise_doi(written)
        return f"DOI {doi}" if is_doi(doi) else ""
    pmid = pmid_of(reference)
    return f"PMID {pmid}" if pmid else ""


def _reason(record: Record | None, context: Context) -> str:
    """Why what is recorded does not count, or nothing where it does."""
    if record is None:
        return "was never looked up"
    if record.checked_on is None:
        return "was looked up on a day that the lock does not name"
    if record.is_transcribed:
        return f"was typed from a public record on {record.checked_on}; no registry has confirmed it"
    limit = context.settings.max_age_days
    if context.as_of <= days_after(record.checked_on, limit):
        return ""
    age = (context.as_of - record.checked_on).days
    return f"was looked up {age} days ago, on {record.checked_on}; {limit} days are allowed"
