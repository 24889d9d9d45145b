"""Where a claim stands on pages, each with the text around it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.wording import comparable_wording
from kap_content.model.claim import Claim
from kap_content.model.page import Block, BlockKind, ClaimMark, Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.review.difference import word_pieces
from kap_content.review.pieces import Mark, Piece, Span, cut, plain

_BESIDE = 200
"""Characters shown of the paragraph before, and of the one after."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One place where a page shows the claim.

    `text` is the paragraph around it, `before` and `after` what stands beside that. `drift` is the difference between
    the registered wording and the page's, empty where they are the same.
    """

    page: str
    title: str
    section: str
    place: Place
    before: str
    text: tuple[Piece, ...]
    after: str
    drift: tuple[Piece, ...] = ()


def shown(claim: Claim, context: Context) -> tuple[Shown, ...]:
    """Every place, in the order of the pages."""
    return tuple(_shown(claim, use.page, use.mark) for use in context.uses.get(claim.id, ()))


def _shown(claim: Claim, page: Page, mark: ClaimMark) -> Shown:
    title = page.meta.title or page.path
    if mark.is_division:
        text = " ".join(_of_division(page, mark)) or mark.text
        return Shown(page.path, title, "", mark.place, "", plain(text), "")
    block = page.blocks[mark.block]
    return Shown(
        page.path,
        title,
        block.headings[-1] if block.headings else "",
        mark.place,
        _shortened(_beside(page, mark.block, -1), from_end=True),
        _paragraph(block, mark, claim.match_text),
        _shortened(_beside(page, mark.block, 1)),
        _drift(claim, mark),
    )


def _paragraph(block: Block, mark: ClaimMark, wording: str) -> tuple[Piece, ...]:
    """The block with the claim marked in its sentence; wording that the page leaves to the claim is put in."""
    text, start, end = block.text, mark.start, mark.end
    sentence = next((item for item in block.sentences if item.start <= start < item.end), None)
    low, high = (sentence.start, sentence.end) if sentence else (start, end)
    if start == end and not mark.text:
        lead = " " if text[:start] and not text[:start].endswith(" ") else ""
        tail = " " if text[start:] and text[start : start + 1].isalnum() else ""
        text = f"{text[:start]}{lead}{wording}{tail}{text[start:]}"
        start += len(lead)
        end = start + len(wording)
        low, high = start, end
    low, high = min(low, start), max(high, end)
    return cut(text, (Span(low, high, Mark.SENTENCE), Span(start, end, Mark.CLAIM)))


def _drift(claim: Claim, mark: ClaimMark) -> tuple[Piece, ...]:
    if not mark.text:
        return ()
    same = {comparable_wording(text) for text in (claim.match_text, *claim.variations)}
    return () if comparable_wording(mark.text) in same else word_pieces(claim.match_text, mark.text)


def _of_division(page: Page, mark: ClaimMark) -> Iterator[str]:
    """What stands in the division: its blocks, which know the claims around them."""
    for block in page.blocks:
        if mark.claim in block.claims and block.kind is not BlockKind.CODE:
            yield block.text


def _beside(page: Page, index: int, step: int) -> str:
    """The text of the neighbouring block where it belongs to the same section."""
    at = index + step
    if not 0 <= at < len(page.blocks):
        return ""
    block = page.blocks[at]
    if block.headings != page.blocks[index].headings or block.kind in (BlockKind.HEADING, BlockKind.CODE):
        return ""
    return block.text


def _shortened(text: str, *, from_end: bool = False) -> str:
    if len(text) <= _BESIDE:
        return text
    if from_end:
        return "… " + text[-_BESIDE:].partition(" ")[2]
    return text[:_BESIDE].rpartition(" ")[0] + " …"
