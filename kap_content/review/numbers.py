"""The numbers of a claim beside those of its evidence: which meet, which are missing, which comes nearest. Pure.

What meets what is decided where EVD005 has it decided, in `language.quantity`; here it only becomes places in texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kap_content.language.quantity import Quantity, agree, compare, read
from kap_content.language.sources import TITLE, EvidenceText, evidence_texts
from kap_content.model.claim import Claim
from kap_content.model.project import Context
from kap_content.review.pieces import Mark, Span


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one claim, and what of the evidence they were held against."""

    claim: Claim
    texts: tuple[EvidenceText, ...]
    stated: tuple[Quantity, ...]
    missing: tuple[Quantity, ...]
    near: tuple[Quantity, ...]
    open: tuple[Quantity, ...]

    @property
    def wording(self) -> tuple[Span, ...]:
        """The marks of the claim's own wording."""
        found = []
        for quantity in self.stated:
            mark = Mark.MISSING if quantity in self.missing else Mark.OPEN if quantity in self.open else Mark.MATCH
            found.append(Span(quantity.start, quantity.end, mark))
        return tuple(found)

    def of(self, text: str) -> tuple[Span, ...]:
        """The marks of a text of the evidence: numbers that the claim has too, and those nearest to a missing one."""
        found = []
        for quantity in read(text) if self.stated and text else ():
            if any(agree(own, quantity).agrees for own in self.stated):
                found.append(Span(quantity.start, quantity.end, Mark.MATCH))
            elif quantity in self.near:
                found.append(Span(quantity.start, quantity.end, Mark.NEAR))
        return tuple(found)


def numbers(claim: Claim, context: Context) -> Numbers:
    """Hold the numbers of a claim's wording against all that is at hand of its supporting evidence."""
    texts = tuple(evidence_texts(claim, context))
    stated = tuple(quantity for quantity in read(claim.match_text) if not quantity.weak)
    worded = {text.item.ref for text in texts if text.part != TITLE}
    if not worded:
        return Numbers(claim, texts, stated, (), (), stated)
    silent = {item.ref for item in claim.supporting} - worded
    missing, near, unknown = _missing(claim.match_text, texts, may_be_elsewhere=bool(silent))
    return Numbers(claim, texts, stated, missing, near, unknown)


def _missing(
    wording: str, texts: Sequence[EvidenceText], *, may_be_elsewhere: bool
) -> tuple[tuple[Quantity, ...], tuple[Quantity, ...], tuple[Quantity, ...]]:
    """The quantities that are missing, those nearest to them, and those that a source not at hand may hold."""
    missing, near, unknown = [], [], []
    for item in compare(wording, [text.text for text in texts]):
        if item.nearest is None and may_be_elsewhere:
            unknown.append(item.quantity)
            continue
        missing.append(item.quantity)
        if item.nearest is not None:
            near.append(item.nearest)
    return tuple(missing), tuple(near), tuple(unknown)
