"""Where a reference is used: the claims that rest on it and the pages that show them or cite it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kap_content.model.claim import CitationRelation, Claim, Evidence
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem, Related
from kap_content.model.page import ClaimMark, Figure, Page
from kap_content.model.project import ClaimGroups, Context, Index, Mention, Use
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.works.agreement import shown

V = TypeVar("V")

_OPPOSING = (CitationRelation.CRITIQUES, CitationRelation.DISPUTES)
_LISTED = 6


@dataclass(frozen=True, slots=True)
class Uses:
    """The uses of one reference, in the order of the files."""

    evidence: tuple[tuple[Claim, Evidence], ...]
    marks: tuple[Use, ...]
    mentions: tuple[Mention, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of the claims that have it among their evidence."""
        return tuple(dict.fromkeys(claim.id for claim, _ in self.evidence))

    @property
    def pages(self) -> tuple[str, ...]:
        """The paths of the pages that show such a claim or cite the reference, sorted."""
        return tuple(sorted({use.page.path for use in self.marks} | {mention.page.path for mention in self.mentions}))

    @property
    def is_opposed(self) -> bool:
        """Whether every claim that uses it critiques or disputes it (and at least one does)."""
        return bool(self.evidence) and all(item.relation in _OPPOSING for _, item in self.evidence)

    def __str__(self) -> str:
        """`used by claims A and B on pages/x.md`, `cited on pages/x.md`, or `used nowhere`."""
        if not self.claims:
            return f"cited on {_listed(self.pages)}" if self.pages else "no claim or page uses it"
        text = f"used by {'claim' if len(self.claims) == 1 else 'claims'} {_listed(self.claims)}"
        return f"{text} on {_listed(self.pages)}" if self.pages else f"{text}, on no page"

    @property
    def related(self) -> tuple[Related, ...]:
        """Every place that uses it, for a finding."""
        evidence = (Related(item.place, f"claim {claim.id} cites it") for claim, item in self.evidence)
        marks = (Related(use.mark.place, f"shows claim {use.mark.claim}") for use in self.marks)
        mentions = (Related(mention.citation.place, "cites it") for mention in self.mentions)
        return (*evidence, *marks, *mentions)


def with_records(context: Context) -> Iterator[tuple[Reference, Record]]:
    """Each entry that a record answers, with it, in the order of the bibliography; a repeated key counts once."""
    for key, reference in context.references.items():
        record = context.record(key)
        if record is not None:
            yield reference, record


def called(reference: Reference, record: Record | None = None) -> str:
    """How a message names a reference: `“Title” (key)`, or the key alone where there is no title."""
    title = shown(reference.get("title") or (record.title if record else ""), 80)
    return f"“{title}” ({reference.key})" if title else f"“{reference.key}”"


def entry_of(key: str, context: Context, *fields: str) -> tuple[Related, ...]:
    """The entry of a reference, or the first of its `fields` there, as the other side of a finding."""
    reference = context.references.get(key)
    if reference is None:
        return ()
    return (Related(reference.where(*fields) if fields else reference.place, f"the reference {key}"),)


def acknowledgement(reference: Reference) -> str:
    """What the entry says in its own notes: there an author owns to a retraction, by the DOI of its notice."""
    names = ("note", "addendum", "annote", "annotation", "comment", "howpublished")
    return " ".join(filter(None, (reference.get(name) for name in names)))


@ClaimGroups
def evidence_by_reference(claim: Claim) -> Iterable[tuple[str, tuple[Claim, Evidence]]]:
    """By reference, the items of evidence that name it, each with its claim."""
    return ((item.ref, (claim, item)) for item in claim.evidence)


@Index
def figures_by_claim(context: Context) -> Mapping[str, tuple[Figure, ...]]:
    """By claim, the figures of pages that state it."""
    figures = (figure for page in context.project.pages for figure in page.figures)
    return _grouped((claim, figure) for figure in figures for claim in figure.claims)


@Index
def figures_by_reference(context: Context) -> Mapping[str, tuple[Figure, ...]]:
    """By reference, the figures of pages that cite it."""
    figures = (figure for page in context.project.pages for figure in page.figures)
    return _grouped((key, figure) for figure in figures for key in figure.keys)


@Index
def figure_data_by_page(context: Context) -> Mapping[str, tuple[FigureData, ...]]:
    """By the path of a page, the data of its figures."""
    return _grouped((data.figure.place.path, data) for data in context.project.figure_data)


@Index
def problems_by_claim(context: Context) -> Mapping[str, tuple[Problem, ...]]:
    """By claim, what could not be read of it."""
    return _grouped((problem.claim, problem) for problem in context.project.problems)


@Index
def problems_by_reference(context: Context) -> Mapping[str, tuple[Problem, ...]]:
    """By reference, what could not be read of its entry."""
    return _grouped((problem.reference, problem) for problem in context.project.problems)


def _grouped(named: Iterable[tuple[str, V]]) -> Mapping[str, tuple[V, ...]]:
    found: dict[str, list[V]] = {}
    for name, value in named:
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def is_broken(key: str, context: Context) -> bool:
    """Whether the entry `key` could not be read whole, which REF011 says: what it lacks may stand there unread."""
    problems = context.index(problems_by_reference).get(key, ())
    return any(problem.code == "REF011" and not problem.related for problem in problems)


def uses_of(key: str, context: Context) -> Uses:
    """The uses of the reference `key`."""
    evidence = context.index(evidence_by_reference).get(key, ())
    ids = dict.fromkeys(claim.id for claim, _ in evidence)
    marks = tuple(use for claim in ids for use in context.uses.get(claim, ()))
    return Uses(evidence, marks, context.mentions.get(key, ()))


def every_use_says(uses: Uses, says: Callable[[str], bool]) -> bool:
    """Whether each use opposes the reference and `says` holds of its text.

    The text of a claim is its registered wording, or the block of the page that shows it. A citation in running prose
    has no relation of its own: it counts where a claim opposes the reference, and its block must say so too.
    """
    if not uses.is_opposed:
        return False
    worded = all(
        any(says(text) for text in (claim.match_text, *claim.variations))
        or _all_shown(tuple(use for use in uses.marks if use.mark.claim == claim.id), says)
        for claim, _ in uses.evidence
    )
    return worded and all(says(_block(mention.page, mention.citation.block)) for mention in uses.mentions)


def _all_shown(marks: tuple[Use, ...], says: Callable[[str], bool]) -> bool:
    return bool(marks) and all(says(_shown(use.page, use.mark)) for use in marks)


def _shown(page: Page, mark: ClaimMark) -> str:
    return mark.text if mark.is_division else _block(page, mark.block)


def _block(page: Page, index: int) -> str:
    return page.blocks[index].text if 0 <= index < len(page.blocks) else ""


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > _LISTED:
        return f"{', '.join(names[:_LISTED])} and {len(names) - _LISTED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
