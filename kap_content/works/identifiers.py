"""Under which identifiers an entry is looked up: the same for whoever asks, keeps or judges the answers."""

from __future__ import annotations

from kap_content.model.reference import Reference
from kap_content.works.doi import is_doi, normalise_doi


def identifiers(reference: Reference) -> tuple[str, str]:
    """The DOI (normalised) and PMID that an entry is asked under; both empty where it needs no look-up."""
    doi = normalise_doi(reference.get("doi"))
    return (doi if is_doi(doi) else ""), pmid_of(reference)


def asked_as(reference: Reference) -> str:
    """The identifier by which an entry is known: its DOI, else its PMID, else nothing."""
    return normalise_doi(reference.get("doi")) or pmid_of(reference)


def pmid_of(reference: Reference) -> str:
    """The entry's PMID: `pmid = {123}`, `pmid = {PMID: 123}`, or an eprint of PubMed's; empty for none."""
    pmid = reference.get("pmid", "pubmed").strip()
    if not pmid and reference.get("eprinttype", "archiveprefix").lower() in ("pubmed", "pmid"):
        pmid = reference.get("eprint").strip()
    pmid = pmid.lower().removeprefix("pmid:").strip()
    return pmid if pmid.isdecimal() else ""
