"""Entries that are one work: one is kept, its key stands everywhere, and what only the other one said is kept too."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.mend.change import Mend, Suggestion
from kap_content.mend.keys import replaced_everywhere
from kap_content.mend.view import View
from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement
from kap_content.works.doi import normalise_doi
from kap_content.works.folding import squashed
from kap_content.works.names import entry_authors, family_words
from kap_content.works.pages import read_pages
from kap_content.works.status import publication_status
from kap_content.works.titles import bare_title, compare
from kap_content.works.uses import with_records
from kap_content.works.years import entry_years

_OWN_WORDS = ("note", "annote", "annotation", "comment", "addendum")
_DISPENSABLE = frozenset(
    {"abstract", "keywords", "file", "timestamp", "date-added", "date-modified", "bdsk-url-1", "owner", "groups"}
)
_SYNONYMS = (
    ("journal", "journaltitle"),
    ("year", "date"),
    ("number", "issue"),
    ("pages", "eid"),
    ("url", "doi"),
    ("author", "editor"),
)


def mend_duplicates(view: View) -> Iterator[Mend | Suggestion]:
    """Merge the entries that REF010 takes for one work where everything that both state agrees."""
    sound = {reference.key: reference for reference in view.sound()}
    by_place = {reference.place: reference for reference in sound.values()}
    merged: set[str] = set()
    for finding in view.found("REF010"):
        gone, kept = sound.get(finding.reference), _first(finding, by_place)
        if gone is None or kept is None or {gone.key, kept.key} & merged:
            continue
        found = _merged(view, kept, gone)
        if isinstance(found, Mend):
            merged |= {gone.key, kept.key}
        yield found


def _first(finding: Finding, by_place: dict[Place, Reference]) -> Reference | None:
    return next((by_place[other.place] for other in finding.related if other.place in by_place), None)


def _merged(view: View, kept: Reference, gone: Reference) -> Mend | Suggestion:
    keys = (gone.key, kept.key)
    both = f"“{gone.key}” and “{kept.key}” are one work"
    unlike = _unlike(kept, gone)
    if unlike:
        return Suggestion(gone.place, f"{both}, but their {unlike} differ: keep the right one", keys)
    changes = replaced_everywhere(view, gone.key, kept.key)
    if isinstance(changes, str):
        return Suggestion(gone.place, f"{both}, but {changes}: merge them by hand", keys)
    ours, theirs = view.entry(kept), view.entry(gone)
    if ours is None or theirs is None:
        return Suggestion(gone.place, f"{both}, but one is written in an unusual way: merge them by hand", keys)
    added: dict[str, str] = {}
    for field in theirs.fields:
        told = next((names for names in _SYNONYMS if field.name in names), (field.name,))
        if field.name in _DISPENSABLE or (field.name == "publisher" and kept.type == "article"):
            continue
        if any(name in kept.raw for name in told):
            continue
        if not field.is_plain:
            return Suggestion(gone.place, f"{both}; only “{gone.key}” has a {field.name}: merge them by hand", keys)
        added[field.name] = theirs.text[field.inner : field.inner_end]
    claims = tuple(
        claim.id for claim in view.context.project.claims if any(item.ref == gone.key for item in claim.evidence)
    )
    reason = f"{both}: “{kept.key}” stays" + (f" and gains {', '.join(added)}" if added else "")
    return Mend(gone.place, reason, (*ours.with_new(added), theirs.removed(), *changes), keys, claims)


def _unlike(one: Reference, other: Reference) -> str:
    """What two entries state differently, in a word; empty where everything agrees."""
    titles = compare(bare_title(one.get("title")), bare_title(other.get("title")))
    if titles not in (Agreement.SAME, Agreement.COMPATIBLE):
        return "titles"
    if _first_author(one) and _first_author(other) and _first_author(one) != _first_author(other):
        return "first authors"
    years = [set(entry_years(entry)) for entry in (one, other)]
    if years[0] and years[1] and years[0].isdisjoint(years[1]):
        return "years"
    pages = [read_pages(entry.get("pages", "eid")) for entry in (one, other)]
    if pages[0] and pages[1] and (pages[0].first != pages[1].first or len({pages[0].last, pages[1].last} - {""}) > 1):
        return "pages"
    stated = {
        "DOIs": [normalise_doi(entry.get("doi")) for entry in (one, other)],
        **{f"{names[0]}s": [squashed(entry.get(*names)) for entry in (one, other)] for names in _NUMBERS},
        **{f"{name}s": [entry.get(name) for entry in (one, other)] for name in _OWN_WORDS},
        "types": [one.type, other.type],
    }
    return next((name for name, values in stated.items() if len({*values} - {""}) > 1), "")


_NUMBERS = (("volume",), ("number", "issue"), ("edition",), ("pmid",), ("pmcid",))


def _first_author(reference: Reference) -> tuple[str, ...]:
    names, _ = entry_authors(reference)
    return (family_words(names[0].family) or (squashed(names[0].literal),)) if names else ()


def mend_preprints(view: View) -> Iterator[Mend | Suggestion]:
    """Cite the published article where a registry names it: by its own entry, or by its DOI in this one."""
    sound = {reference.key: reference for reference in view.sound()}
    by_doi = {normalise_doi(reference.get("doi")): reference for reference in sound.values() if reference.get("doi")}
    asked = {finding.reference for finding in view.found("STS004")}
    for reference, record in with_records(view.context):
        doi = normalise_doi(publication_status(record).published_as)
        if reference.key not in asked or reference.key not in sound or not doi or not reference.get("doi"):
            continue
        published = by_doi.get(doi)
        keys = (reference.key, *((published.key,) if published else ()))
        told = f"the preprint “{reference.key}” was published as {doi}"
        entry = view.entry(reference)
        if published is None:
            change = entry.with_value("doi", doi) if entry else None
            if change is not None:
                yield Mend(reference.where("doi"), told, (change,), keys)
                continue
            yield Suggestion(reference.place, told, keys)
            continue
        changes = replaced_everywhere(view, reference.key, published.key)
        if isinstance(changes, str) or entry is None:
            why = changes if isinstance(changes, str) else "its entry is written in an unusual way"
            yield Suggestion(reference.place, f"{told} (“{published.key}”), but {why}: replace it by hand", keys)
        else:
            reason = f"{told}: “{published.key}” stands in its place"
            yield Mend(reference.place, reason, (entry.removed(), *changes), keys)
