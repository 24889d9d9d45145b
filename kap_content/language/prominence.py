"""How prominently a claim stands on its page: in the text, or where fewer readers see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from kap_content.language.phrases import list_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import BlockKind, ClaimMark, Page
from kap_content.startup.regex import regex

FAR = 500
"""Words of text between the first benefit and a risk from which on that is far down: some two minutes of reading."""

_SOURCES = regex(r"\W*(?:references?|sources?|bibliography|works cited|literature cited)\W*", re.IGNORECASE)
_SMALL = regex(
    r"<small\b.*?</small>|<su[bp]\b.*?</su[bp]>"
    r"|^:{3,}\s*\{[^}\n]*\.(?:small|small-?print|fine-?print|footnotes?|footer)\b[^}\n]*\}.*?^:{3,}\s*$",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_SMALL_SPAN = regex(r"\{[^}]*\.(?:small|small-?print|fine-?print)\b[^}]*\}$", re.IGNORECASE)
_FOLDED = regex(r"<details\b(?![^>]*\bopen\b).*?</details>", re.IGNORECASE | re.DOTALL)


def less_prominent(page: Page, mark: ClaimMark, benefits: Sequence[ClaimMark], lexicon: Lexicon) -> str:
    """Why a risk is less prominent than the benefits, as a predicate ("stands in a footnote"); empty where it is not.

    Less prominent are footnotes, small print (`<small>`, `{.small}`, `{.fine-print}`), captions, what is folded away
    (`<details>`), what stands behind the list of references, and what follows the first benefit at more than `FAR`
    words under no heading that speaks of risks.
    """
    at = _block_of(page, mark)
    if any(at in range(*note.blocks) for note in page.notes):
        return "stands in a footnote"
    start, end = (
        _offset(page, mark.place.line, mark.place.column),
        _offset(page, mark.place.end_line, mark.place.end_column),
    )
    if _inside(_SMALL, page.source, start) or _SMALL_SPAN.search(page.source[start:end]):
        return "stands in small print"
    if _inside(_FOLDED, page.source, start):
        return "is folded away"
    if at >= len(page.blocks):
        return ""
    if page.blocks[at].kind is BlockKind.CAPTION:
        return "stands in a caption"
    if any(block.kind is BlockKind.HEADING and _SOURCES.fullmatch(block.text) for block in page.blocks[:at]):
        return "stands behind the references"
    first = min((_block_of(page, benefit) for benefit in benefits), default=at)
    words = sum(len(block.text.split()) for block in page.blocks[first + 1 : at])
    if words > FAR and not _names_risk(page.blocks[at].headings, lexicon):
        return f"stands {words} words below the benefit"
    return ""


def _block_of(page: Page, mark: ClaimMark) -> int:
    """The index of the block in which a mark stands; for a division that of the first block in it."""
    if not mark.is_division:
        return mark.block
    within = (index for index, block in enumerate(page.blocks) if block.place.line >= mark.place.line)
    return next(within, len(page.blocks))


def _names_risk(headings: Sequence[str], lexicon: Lexicon) -> bool:
    pattern = list_pattern(lexicon.terms("check-safety"))
    return any(pattern.search(heading) is not None for heading in headings[-2:])


def _inside(pattern: re.Pattern[str], source: str, at: int) -> bool:
    return any(low <= at < high for low, high in _stretches(pattern, source))


def _stretches(pattern: re.Pattern[str], source: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(source))


def _offset(page: Page, line: int, column: int) -> int:
    """The offset in the source of a line and column, both counted from 1."""
    starts = list(accumulate((len(text) + 1 for text in page.source.split("\n")), initial=0))
    return starts[min(line, len(starts)) - 1] + column - 1
