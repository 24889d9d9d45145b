"""REF010: two entries that are one work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context, ReferenceGroups
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.folding import word_set, words
from kap_content.works.kinds import is_preprint
from kap_content.works.names import entry_authors, family_words
from kap_content.works.pages import read_pages
from kap_content.works.uses import called
from kap_content.works.years import entry_years

_GENERAL = word_set(
    "a abstract abstracts afterword an and appendix author authors book comment commentary comments conclusion "
    "correction correspondence corrigendum discussion editor editorial editors erratum foreword from in introduction "
    "letter letters news note notes obituary of on preface replies reply response responses review reviews the to"
)
"""A title made of such words only (`Letter to the editor`, `In reply`) is borne by many works."""


@reference_rule("REF010", "duplicate-reference", Severity.WARNING)
def duplicate_reference(reference: Reference, context: Context) -> Iterator[Hit]:
    """Two entries describe one work.

    They have the same DOI; or the same title (spelling, accents and punctuation folded), first author and year. The
    second kind is not reported where something else tells the two apart: two different DOIs, another first page,
    volume, edition or part of a series, one being the preprint of the other.

    Why: the page lists one source under two numbers, so that one study looks like two.

    Fix: keep one entry, cite its key everywhere, and delete the other.

    Example:
        @article{glue2017, doi = {10.1177/0269881117718527}, ...}
        @article{Glue17, doi = {https://doi.org/10.1177/0269881117718527}, ...}
    """
    first = _bearer(reference, context)
    if first is not reference and _is_other(first, reference):
        doi = _doi(reference)
        yield _hit(reference, first, f"both have the DOI {doi}", doi)
        return
    described = _description(reference)
    if described is None:
        return
    before = takewhile(lambda other: other is not reference, context.index(_described)[_joined(described)])
    alike = (other for other in before if not _differ(reference, other))
    first_ones = (other for other in alike if _counts(other, context))
    twin = next((other for other in first_ones if not _is_other(_bearer(other, context), other)), None)
    if twin is not None and _is_other(twin, reference):
        names, _ = entry_authors(reference)
        who = f"{names[0].literal or names[0].family}, {described[2]}"
        yield _hit(reference, twin, f"both are {who}, with the same title", described[0])


def _bearer(reference: Reference, context: Context) -> Reference:
    """The first entry that bears the DOI of this one; the entry itself where it has none."""
    doi = _doi(reference)
    bearers = context.index(_by_doi)[doi] if doi else ()
    return next((other for other in bearers if _counts(other, context)), reference)


def _counts(reference: Reference, context: Context) -> bool:
    """Whether it is the first of its key."""
    return context.references[reference.key] is reference


def _is_other(one: Reference, other: Reference) -> bool:
    """Whether two entries have keys that differ in more than the case; of others REF011 tells."""
    return one.key.casefold() != other.key.casefold()


@ReferenceGroups
def _by_doi(reference: Reference) -> Iterable[tuple[str, Reference]]:
    """Each entry by its DOI."""
    doi = _doi(reference)
    return [(doi, reference)] if doi else []


@ReferenceGroups
def _described(reference: Reference) -> Iterable[tuple[str, Reference]]:
    """Each entry by its title, first author and year."""
    described = _description(reference)
    return [(_joined(described), reference)] if described is not None else []


def _joined(described: tuple[str, str, int]) -> str:
    title, author, year = described
    return f"{title}\0{author}\0{year}"


def _hit(reference: Reference, first: Reference, reason: str, about: str) -> Hit:
    return Hit(
        reference.place,
        f"{called(reference)} and “{first.key}” are one work: {reason}",
        help="Keep one, cite it everywhere, and delete the other; if they are two works, correct what is alike.",
        reference=reference.key,
        related=(Related(first.place, f"the first of the two: {called(first)}"),),
        about=f"{first.key} {about}",
    )


def _doi(reference: Reference) -> str:
    doi = normalise_doi(reference.get("doi"))
    return doi if is_doi(doi) else doi_in_url(reference.get("url"))


def _description(reference: Reference) -> tuple[str, str, int] | None:
    """The folded title, first author and year; None where one of them lacks, or the title is too general."""
    title = words(" ".join(filter(None, (reference.get("title"), reference.get("subtitle")))))
    names, _ = entry_authors(reference)
    years = entry_years(reference)
    if _GENERAL.issuperset(title) or not names or not years:
        return None
    author = words(names[0].literal) or family_words(names[0].family)
    return (" ".join(title), " ".join(author), years[0]) if author else None


_CHAPTERS = frozenset({"incollection", "inbook", "suppbook"})
_BOOKS = frozenset({"book", "mvbook", "collection", "mvcollection"})


def _names(one: Reference, other: Reference) -> bool:
    keys = ",".join(one.get(name) for name in ("related", "crossref", "xref")).casefold().split(",")
    return other.key.casefold() in (key.strip() for key in keys)


def _differ(one: Reference, other: Reference) -> bool:
    """Whether anything that the entries state sets them apart, or one names the other as a relation."""
    if is_preprint(one) is not is_preprint(other) or _names(one, other) or _names(other, one):
        return True
    dois = {_doi(one), _doi(other)} - {""}
    types = {one.type, other.type}
    if len(dois) > 1 or (types & _CHAPTERS and types & _BOOKS):
        return True
    pages = [read_pages(entry.get("pages", "eid")) for entry in (one, other)]
    if pages[0] is not None and pages[1] is not None and pages[0].first != pages[1].first:
        return True
    for names in (("volume",), ("edition",), ("part",), ("chapter",), ("version",), ("number", "issue")):
        stated = {words(entry.get(*names)) for entry in (one, other)} - {()}
        if len(stated) > 1:
            return True
    return False
