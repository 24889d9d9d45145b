"""REF005: a journal article without DOI or PMID."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.works.kinds import has_identifier, is_forthcoming, is_popular
from kap_content.works.uses import called, is_broken


@reference_rule("REF005", "missing-identifier", Severity.WARNING)
def missing_identifier(reference: Reference, context: Context) -> Iterator[Hit]:
    """A journal article has neither a DOI nor a PMID.

    It counts wherever the entry gives it: `doi`, `pmid`, `pmcid`, an arXiv number, or an address at doi.org, PubMed or
    a publisher that holds it. Newspaper and magazine articles (`entrysubtype`), articles in press and entries that
    could not be read whole are not asked for one.

    Why: without an identifier nobody can check that the article exists, is the one meant, and has not been retracted.

    Fix: `kap lock --suggest` searches for it (`--accept` writes the DOIs that are certain); or look it up
    (https://search.crossref.org, https://pubmed.ncbi.nlm.nih.gov) and add `doi` or `pmid`.

    Example:
        @article{glue2017, author = {Glue, Paul}, title = {...}, journal = {J Psychopharmacol}, year = {2017}}
    """
    if reference.type != "article" or is_broken(reference.key, context) or has_identifier(reference):
        return
    if is_popular(reference) or is_forthcoming(reference):
        return
    yield Hit(
        reference.place,
        f"the article {called(reference)} has neither a DOI nor a PMID",
        help="Run `kap lock --suggest` to search for its title (--accept writes the DOIs that are certain), or look it "
        "up at https://search.crossref.org and add doi = {10....} or pmid = {...}.",
        reference=reference.key,
        about="identifier",
    )
