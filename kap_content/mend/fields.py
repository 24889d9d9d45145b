"""Fields of the bibliography in their usual form: DOIs, page ranges, `and others`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.mend.change import Change, Mend, Suggestion
from kap_content.mend.view import View
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.doi_faults import doi_fault

_ET_AL = regex(r"(?:\s+and\b|\s*[,;])?[\s~]*\{?\bet\b\.?[\s~]*al\b\.?\}?[\s.]*\Z", re.IGNORECASE)
_ANY_ET_AL = regex(r"\bet\.?[\s~]*al\b", re.IGNORECASE)
_RANGE = regex(
    r"(?:pp?\.?\s*)?(?P<before>[A-Za-z]{0,3})(?P<first>\d{1,7})\s*"
    r"(?P<dash>-{1,3}|[\u2010-\u2015\u2212]|\\text(?:en|em)dash(?:\{\})?)\s*(?P<after>[A-Za-z]{0,3})(?P<last>\d{1,7})\.?"
)


def mend_fields(view: View) -> Iterator[Mend | Suggestion]:
    """Bring DOIs, page ranges and shortened lists of authors to their usual form."""
    for reference in view.sound():
        if reference.get("doi"):
            yield from _doi(view, reference)
        else:
            yield from _doi_of_address(view, reference)
        if "pages" in reference.raw:
            yield from _pages(view, reference)
        for name in ("author", "editor"):
            if _ANY_ET_AL.search(reference.get(name)):
                yield from _and_others(view, reference, name)


def _mend(reference: Reference, name: str, change: Change | None, reason: str) -> Iterator[Mend | Suggestion]:
    if change is not None:
        yield Mend(reference.where(name), reason, (change,), (reference.key,))
    else:
        yield Suggestion(reference.where(name), f"{reason}; write it by hand", (reference.key,))


def _doi(view: View, reference: Reference) -> Iterator[Mend | Suggestion]:
    written = reference.get("doi")
    doi = normalise_doi(written)
    if is_doi(doi):
        # Capitals mean nothing in a DOI, and publishers print them: they alone are no reason to touch a line.
        if written.lower() != doi and not set(doi) & set("{}%\\"):
            entry = view.entry(reference)
            change = entry.with_value("doi", doi) if entry else None
            yield from _mend(reference, "doi", change, f"DOI “{written}” is written {doi}")
        return
    fault = doi_fault(written)
    if not fault.value or (fault.field != "doi" and reference.get(fault.field)):
        return
    entry = view.entry(reference)
    change = entry.renamed("doi", fault.field, fault.value) if entry else None
    reason = f"“{written}” is no DOI ({fault.what}): {fault.field} = {{{fault.value}}}"
    yield from _mend(reference, "doi", change, reason)


def _doi_of_address(view: View, reference: Reference) -> Iterator[Mend | Suggestion]:
    """An address at doi.org becomes the field `doi`; beside a publisher's address the DOI is added."""
    for name in ("url", "howpublished", "note"):
        address = reference.get(name)
        doi = doi_in_url(address) if "10." in address else ""
        if not doi or set(doi) & set("{}%\\"):
            continue
        if name == "note" and len(address.split()) > 1:
            yield Suggestion(
                reference.where(name), f"the note holds the DOI {doi}: write doi = {{{doi}}}", (reference.key,)
            )
            return
        entry = view.entry(reference)
        if name == "url" and is_doi(normalise_doi(address)):
            change = entry.renamed("url", "doi", doi) if entry else None
            yield from _mend(reference, name, change, f"the address {address} is the DOI {doi}")
        elif entry is not None and not entry.any_field("doi"):
            reason = f"the address {address} holds the DOI {doi}"
            yield Mend(reference.where(name), reason, entry.with_new({"doi": doi}), (reference.key,))
        return


def _pages(view: View, reference: Reference) -> Iterator[Mend | Suggestion]:
    entry = view.entry(reference)
    if entry is None:
        return
    written = entry.inner("pages")
    pages = page_range(written)
    if pages and pages != written:
        change = entry.with_value("pages", pages)
        yield from _mend(reference, "pages", change, f"pages “{written}” are written {pages}")


def page_range(written: str) -> str:
    """`617-27` as `617--627`; empty where it is no plain range, or might mean something else."""
    found = _RANGE.fullmatch(written.strip())
    if found is None:
        return ""
    before, first, after, last = found["before"], found["first"], found["after"], found["last"]
    if after not in ("", before):
        return ""
    if len(last) < len(first):
        if last.startswith("0"):
            return ""
        last = first[: len(first) - len(last)] + last
    if int(last) <= int(first):
        return ""
    return f"{before}{first}--{before}{last}"


def _and_others(view: View, reference: Reference, name: str) -> Iterator[Mend | Suggestion]:
    entry = view.entry(reference)
    written = entry.inner(name) if entry else ""
    names = _ET_AL.sub("", written).rstrip(" ,;")
    if entry is None or not names or names == written or _ANY_ET_AL.search(names):
        yield Suggestion(reference.where(name), f"the {name} field says “et al”: write “and others”", (reference.key,))
        return
    change = entry.with_value(name, f"{names} and others")
    yield from _mend(reference, name, change, f"“et al” among the {name}s is written “and others”")
