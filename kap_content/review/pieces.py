"""Text cut into pieces that carry marks: what a page of the desk or the dossier highlights, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Mark(StrEnum):
    """Why a stretch of text is marked. The value is its class in the templates' HTML."""

    CLAIM = "claim"
    """The wording of the claim, in the text of a page."""
    SENTENCE = "sentence"
    """The sentence around it."""
    QUOTE = "quote"
    """The quotation that the anchor holds, in the source."""
    MATCH = "match"
    """A number that claim and evidence share."""
    MISSING = "missing"
    """A number of the claim that its evidence does not state."""
    OPEN = "open"
    """A number of the claim that cannot be compared, since the words of a source are not at hand."""
    NEAR = "near"
    """The number of the evidence that comes nearest to a missing one."""
    ADDED = "added"
    """Words that were not there before."""
    GONE = "gone"
    """Words that are there no more."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters `start` to `end` (exclusive) of a text, and why they are marked."""

    start: int
    end: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks."""

    text: str
    marks: tuple[Mark, ...] = ()


def cut(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """`text` cut at the ends of the spans, which may overlap; the pieces joined are the text."""
    kept = sorted(
        (Span(max(0, span.start), min(span.end, len(text)), span.mark) for span in spans),
        key=lambda span: (span.start, -span.end),
    )
    kept = [span for span in kept if span.start < span.end]
    bounds = sorted({0, len(text), *(place for span in kept for place in (span.start, span.end))})
    return tuple(
        Piece(text[start:end], tuple(dict.fromkeys(span.mark for span in kept if span.start <= start < span.end)))
        for start, end in pairwise(bounds)
    )


def plain(text: str) -> tuple[Piece, ...]:
    """`text` without a mark; nothing for nothing."""
    return (Piece(text),) if text else ()
