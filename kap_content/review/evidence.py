"""One piece of a claim's evidence as a reviewer reads it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from kap_content.language.design import design_of, level
from kap_content.language.quotes import is_vouched_for, locate
from kap_content.language.sources import source_text
from kap_content.model.claim import Claim, Design, Evidence, Pico
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.review.difference import locator
from kap_content.review.numbers import Numbers
from kap_content.review.pieces import Mark, Piece, Span, cut
from kap_content.review.status import Known, known_of

PICO = ("population", "intervention", "route", "comparator", "outcome", "timepoint")


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference as readers see it cited: as plain text, and as HTML in which everything from files is escaped."""

    text: str
    html: Markup


Cite: TypeAlias = Callable[[Reference], Citation]
"""Formats a reference; given from outside, since only the renderer knows citation styles."""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One claim-reference link. `number` counts from 0, as the links stand in the file.

    `quote_state` says whether the anchor's quotation was found: a key of `words.QUOTES`, or empty without a quotation.
    `pico` holds what the source is about, where that is registered for the link: name, text, whether it is as in the
    claim.
    """

    number: int
    item: Evidence
    citation: Citation
    doi: str
    url: str
    pmid: str
    known: Known
    design: Design | None
    level: int | None
    locator: str
    finding: tuple[Piece, ...]
    quote: tuple[Piece, ...]
    quote_state: str
    abstract: tuple[Piece, ...]
    pico: tuple[tuple[str, str, bool], ...]


def evidence_views(claim: Claim, context: Context, found: Numbers, cite: Cite) -> tuple[EvidenceView, ...]:
    """All links of the claim, in the order of the file."""
    return tuple(_view(number, item, claim, context, found, cite) for number, item in enumerate(claim.evidence))


def _view(number: int, item: Evidence, claim: Claim, context: Context, found: Numbers, cite: Cite) -> EvidenceView:
    reference = context.references.get(item.ref)
    source = source_text(item.ref, context)
    design = design_of(item, context.record(item.ref), reference.get("title") if reference else "")
    passages = locate(source.abstract, item.anchor.exact) if item.anchor.exact and source.abstract else ()
    spans = (*found.of(source.abstract), *(Span(start, end, Mark.QUOTE) for start, end in passages))
    return EvidenceView(
        number=number,
        item=item,
        citation=cite(reference) if reference else Citation("", Markup()),
        doi=reference.get("doi") if reference else "",
        url=reference.get("url") if reference else "",
        pmid=reference.get("pmid") if reference else "",
        known=known_of(item.ref, context),
        design=design,
        level=level(design, claim.category) if design and claim.category else None,
        locator=locator(item.anchor),
        finding=cut(item.finding, found.of(item.finding)),
        quote=cut(item.anchor.exact, found.of(item.anchor.exact)),
        quote_state=_quote_state(item, source.abstract, context, is_located=bool(passages)),
        abstract=cut(source.abstract, spans),
        pico=tuple(_pico(claim.pico, item.pico)),
    )


def _quote_state(item: Evidence, abstract: str, context: Context, *, is_located: bool) -> str:
    if not item.anchor.exact:
        return ""
    if is_located:
        return "abstract"
    if is_vouched_for(item.anchor, context.project.quotes.get(item.ref, frozenset())):
        return "before"
    return "absent" if abstract else "unknown"


def _pico(claim: Pico, source: Pico) -> Iterator[tuple[str, str, bool]]:
    """What the source has of the claim's PICO: name, text, and whether it is written as in the claim."""
    for name in PICO:
        own, theirs = getattr(claim, name), getattr(source, name)
        if theirs:
            yield name, theirs, own.strip().casefold() == theirs.strip().casefold()
