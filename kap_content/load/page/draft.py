"""What the page loader has gathered so far: a draft of the page, filled block by block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kap_content.language.sentences import sentence_spans
from kap_content.load.page.text import TextBuilder
from kap_content.model.finding import Problem
from kap_content.model.page import (
    Block,
    BlockKind,
    Citation,
    ClaimMark,
    Figure,
    NonclaimMark,
    NoteMark,
    NumberMark,
    Sentence,
    Suppression,
)
from kap_content.model.place import Place
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What encloses a block: headings, and the marks of the divisions around it."""

    headings: tuple[str, ...] = ()
    nonclaim: str | None = None
    claims: tuple[str, ...] = ()


@dataclass(slots=True)
class FigureDraft:
    """A figure whose sources are settled when all blocks are known. Blocks `first` to `last` are its own."""

    kind: str
    place: Place
    first: int
    last: int
    around: Surroundings
    source: str = ""
    alt: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()


_NUMBERS = regex(r"\[\d{1,3}(?:\s?[-–—,;]\s?\d{1,3})*\]")
_INTERVAL_BEFORE = regex(
    r"(?:\bCIs?\b|\bCrIs?\b|\bPIs?\b|\bHDI\b|\bIQR\b|interval|range|between|from|scores?|scale|[=∈≈<>±])"
    r"[\s:,=(%\d.–-]*$",
    re.IGNORECASE,
)


class Draft:
    """The page under construction. `path` is the page's."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.blocks: list[Block] = []
        self.marks: list[ClaimMark] = []
        self.nonclaims: list[NonclaimMark] = []
        self.citations: list[Citation] = []
        self.numbers: list[NumberMark] = []
        self.figures: list[FigureDraft] = []
        self.suppressions: list[Suppression] = []
        self.problems: list[Problem] = []
        self.groups = 0
        self.note_marks: list[tuple[int, int, str]] = []
        self.note_blocks: dict[str, tuple[int, int]] = {}

    @property
    def next_block(self) -> int:
        """The index that the next block will have."""
        return len(self.blocks)

    def problem(self, place: Place, message: str, fix: str = "", claim: str = "") -> None:
        """Note something that cannot be read."""
        self.problems.append(Problem("CLM009", place, message, fix, claim=claim))

    def at(self, line: int, column: int, length: int = 0) -> Place:
        """A place on this page."""
        return Place(self.path, line, column, line, column + length)

    @property
    def notes(self) -> tuple[NoteMark, ...]:
        """The marks of footnotes with the blocks they lead to."""
        return tuple(
            NoteMark(block, offset, self.note_blocks[label])
            for block, offset, label in self.note_marks
            if label in self.note_blocks
        )

    def close_block(
        self,
        kind: BlockKind,
        builder: TextBuilder,
        at: tuple[int, int],
        around: Surroundings,
        *,
        is_link: bool = False,
    ) -> Block:
        """Finish a block: its sentences and hand-typed numbers are found here. `at` is where an empty one stands."""
        text = builder.text
        spots = tuple(builder.spots)
        block = Block(
            kind=kind,
            text=text,
            place=self._place(text, spots, at),
            spots=spots,
            sentences=_sentences(kind, text),
            headings=around.headings,
            nonclaim=around.nonclaim,
            claims=around.claims,
            is_link=is_link,
        )
        if "[" in text and kind is not BlockKind.CODE:
            self._find_numbers(block, builder.opaque)
        self.blocks.append(block)
        return block

    def _place(self, text: str, spots: tuple[tuple[int, int, int], ...], at: tuple[int, int]) -> Place:
        if not text or not spots:
            return Place(self.path, *at)
        line, column = spots[0][1:]
        offset, end_line, end_column = spots[-1]
        return Place(self.path, line, column, end_line, end_column + len(text) - offset)

    def _find_numbers(self, block: Block, opaque: list[tuple[int, int]]) -> None:
        for match in _NUMBERS.finditer(block.text):
            start, end = match.span()
            if any(low < end and start < high for low, high in opaque):
                continue
            if "0" in re.findall(r"\d+", match[0]) or _INTERVAL_BEFORE.search(block.text, max(0, start - 30), start):
                continue
            self.numbers.append(NumberMark(match[0], block.at(start, end), self.next_block, start))


def _sentences(kind: BlockKind, text: str) -> tuple[Sentence, ...]:
    if kind is BlockKind.CODE or not text:
        return ()
    if kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEAD}:
        return (Sentence(0, len(text)),)
    return tuple(Sentence(start, end) for start, end in sentence_spans(text))


def settled(draft: Draft) -> tuple[Figure, ...]:
    """The figures with what sources them. A caption belongs to one figure, the first that it may belong to."""
    taken: set[int] = set()
    figures = []
    for figure in draft.figures:
        caption = _caption(figure, draft, taken)
        if figure.kind != "figure":
            taken.add(caption)
        figures.append(_settle(figure, caption, draft))
    return tuple(figures)


_LABEL = regex(r"(?:(?P<table>table)|figure|fig\.?|chart|graph|source)\b\s*[\w.-]*\s*[:.]|(?P<bare>:)\s", re.IGNORECASE)
_LONGEST_CAPTION = 600


def is_caption(text: str) -> bool:
    """Whether a paragraph calls itself a caption: `Figure: ...`, `Table 2. ...`."""
    return len(text) < _LONGEST_CAPTION and _LABEL.match(text) is not None


def _caption(figure: FigureDraft, draft: Draft, taken: set[int]) -> int:
    own = range(figure.first, figure.last + 1)
    inside = [index for index in own if draft.blocks[index].kind is BlockKind.CAPTION]
    if figure.kind == "figure":
        return inside[-1] if inside else -1
    for index in (figure.last + 1, figure.first - 1):
        if 0 <= index < len(draft.blocks) and index not in taken and _labels(draft.blocks[index], figure.kind):
            return index
    return inside[0] if inside and figure.kind == "image" else -1


def _labels(block: Block, kind: str) -> bool:
    match = _LABEL.match(block.text) if block.kind is BlockKind.CAPTION and is_caption(block.text) else None
    if match is None:
        return False
    of_table = bool(match["table"] or match["bare"])
    return of_table == (kind == "table") or match[0].lower().startswith("source")


def _settle(figure: FigureDraft, caption: int, draft: Draft) -> Figure:
    own = {*range(figure.first, figure.last + 1), caption}
    claims = [*figure.around.claims, *figure.claims]
    claims += [mark.claim for mark in draft.marks if mark.block in own and not mark.is_division]
    keys = [citation.key for citation in draft.citations if citation.block in own]
    return Figure(
        kind=figure.kind,
        place=figure.place,
        source=figure.source,
        alt=figure.alt,
        caption=caption,
        claims=tuple(dict.fromkeys(claims)),
        keys=tuple(dict.fromkeys(keys)),
        nonclaim=figure.around.nonclaim,
        attributes=figure.attributes,
        blocks=(figure.first, figure.last + 1),
    )
