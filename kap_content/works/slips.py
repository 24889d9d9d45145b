"""What a DOI that does not exist was probably meant to be. Only what the project itself holds is searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.model.project import Context
from kap_content.model.record import State
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement
from kap_content.works.doi import is_doi, normalise_doi
from kap_content.works.folding import edits
from kap_content.works.titles import bare_title, compare

NEAR = 2
"""Two edits: a digit wrong and one left out. A journal's next article is one edit away too, so the title decides."""

_DOI_IN_TEXT = regex(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """A DOI that may be meant, and why: words that follow it in a sentence."""

    doi: str
    why: str


def likely_slip(reference: Reference, context: Context) -> Slip | None:
    """The likeliest meant DOI, or None.

    In this order: another DOI in the entry's own fields; the DOI of an entry or record with the same title; a DOI that
    differs by one or two characters and whose title does not contradict.
    """
    wrong = normalise_doi(reference.get("doi"))
    for name in ("url", "note", "howpublished", "eprint", "addendum"):
        for found in _DOI_IN_TEXT.findall(reference.get(name)):
            doi = normalise_doi(found)
            if doi != wrong and is_doi(doi):
                return Slip(doi, f"stands in the entry's {name}")
    title = bare_title(reference.get("title"))
    near: list[tuple[int, str, str]] = []
    for key, doi, other in _known(reference, context):
        if doi == wrong:
            continue
        agreement = compare(title, other) if title and other else Agreement.UNKNOWN
        if agreement in (Agreement.SAME, Agreement.COMPATIBLE):
            return Slip(doi, f"is the DOI of “{key}”, which has the same title")
        distance = edits(wrong, doi, NEAR)
        if agreement is Agreement.UNKNOWN and distance <= NEAR:
            near.append((distance, doi, key))
    if not near:
        return None
    distance, doi, key = min(near)
    return Slip(doi, f"differs by {'one character' if distance == 1 else 'two characters'} and is the DOI of “{key}”")


def _known(reference: Reference, context: Context) -> Iterator[tuple[str, str, str]]:
    """Key, DOI and title of everything else that has a DOI: records first, since a registry vouches for those."""
    for key, record in context.project.records.items():
        if record.state is State.FOUND and (record.answered or record.asked) and key != reference.key:
            yield key, normalise_doi(record.answered or record.asked), bare_title(record.title)
    for other in context.project.references:
        absent = context.record(other.key)
        if other.key == reference.key or (absent is not None and absent.state is State.ABSENT):
            continue
        doi = normalise_doi(other.get("doi"))
        if is_doi(doi):
            yield other.key, doi, bare_title(other.get("title"))
