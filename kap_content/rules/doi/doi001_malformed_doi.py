"""DOI001: a DOI that is none."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.works.doi import is_doi, normalise_doi
from kap_content.works.doi_faults import doi_fault


@reference_rule("DOI001", "malformed-doi", Severity.ERROR)
def malformed_doi(reference: Reference, context: Context) -> Iterator[Hit]:
    """The field `doi` holds what is no DOI, however one reads it.

    `https://doi.org/`, `doi:`, blanks, HTML tags, tails like `/full` and trailing punctuation are taken off first; what
    is left must be `10.`, four to nine digits, a slash and a suffix. Where only one repair is possible, it is named.

    Why: a DOI that cannot be resolved sends the reader nowhere, and the registries cannot be asked about the work.

    Fix: copy the DOI from the article's first page or from https://search.crossref.org.

    Example:
        doi = {1177/0269881117718527}

        “1177/0269881117718527” is no DOI; the fix: 10.1177/0269881117718527
    """
    written = reference.get("doi")
    if not written or is_doi(normalise_doi(written)):
        return
    fault = doi_fault(written)
    yield Hit(
        reference.where("doi"),
        f"“{written}” is no DOI: {fault.what}",
        help=f"Write {fault.field} = {{{fault.value}}}."
        if fault.value
        else "Copy the DOI from the article, or look it up at https://search.crossref.org.",
        reference=reference.key,
        about=written,
    )
