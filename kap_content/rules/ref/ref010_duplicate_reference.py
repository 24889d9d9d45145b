"""REF010: two entries that are one work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context, Index
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
    twin = context.index(_twins).get(reference.key)
    if twin is not None:
        yield _hit(reference, twin)


@dataclass(frozen=True, slots=True)
class _Twin:
    """An entry that describes the same work and stands before, and how that is known."""

    first: Reference
    reason: str
    about: str


@Index
def _twins(context: Context) -> Mapping[str, _Twin]:
    """By key, the entry before it that describes the same work."""
    by_doi: dict[str, Reference] = {}
    by_text: dict[tuple[str, str, int], list[Reference]] = {}
    found: dict[str, _Twin] = {}
    for key, reference in context.references.items():
        doi = _doi(reference)
        first = by_doi.setdefault(doi, reference) if doi else reference
        if first is not reference and first.key.casefold() != key.casefold():
            found[key] = _Twin(first, f"both have the DOI {doi}", doi)
            continue
        described = _description(reference)
        if described is None:
            continue
        others = by_text.setdefault(described, [])
        twin = next((other for other in others if not _differ(reference, other)), None)
        others.append(reference)
        if twin is not None and twin.key.casefold() != key.casefold():
            names, _ = entry_authors(reference)
            who = f"{names[0].literal or names[0].family}, {described[2]}"
            found[key] = _Twin(twin, f"both are {who}, with the same title", described[0])
    return found


def _hit(reference: Reference, twin: _Twin) -> Hit:
    first = twin.first
    return Hit(
        reference.place,
        f"{called(reference)} and “{first.key}” are one work: {twin.reason}",
        help="Keep one, cite it everywhere, and delete the other; if they are two works, correct what is alike.",
        reference=reference.key,
        related=(Related(first.place, f"the first of the two: {called(first)}"),),
        about=f"{first.key} {twin.about}",
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
