"""Registered wordings that stand on a page unmarked: marked where they are exact, suggested where they are near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from kap_content.language.clinical import listing_blocks
from kap_content.language.wording import normalise_wording, word_difference
from kap_content.load.page import parse_page
from kap_content.load.text import unify_line_ends
from kap_content.mend.change import Change, Lines, Mend, Suggestion, apply
from kap_content.mend.wordings import Wording, Wordings, tokens_of
from kap_content.model.page import Block, BlockKind, Page
from kap_content.model.place import Place
from kap_content.startup.regex import regex

NEAR = 0.8
"""The likeness (of words, 0 to 1) from which a sentence is suggested for a claim."""

_COMPARED = 6
_UNMARKABLE = frozenset({BlockKind.HEADING, BlockKind.CODE, BlockKind.HTML})
_OPENING = regex(r"[\"'(\[]*")
_CLOSING = regex(r"\.?[\"')\],;:!?]*\.?")
_ONLY_MARKS = regex(r"[\s\"'“”‘’«»()\[\].!?…]*")
_PLAIN_ID = regex(r"[\w.:-]+")
_FORMATTING = "*_~"
_LINK_END = regex(r"\](?:\([^()\s]*\)|\[[^\[\]]*\])")
_BAR = " | "


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a block's text."""

    block: int
    start: int
    end: int


def link(page: Page, stored: str, wordings: Wordings) -> Iterator[Mend | Suggestion]:
    """The marks to be made on a page whose text is stored as `stored`, and the sentences that are near a claim."""
    search = _Search(page, wordings)
    exact = list(search.exact())
    marker = _Marker(page, stored)
    certain: dict[Spot, str] = {}
    for spot, found in exact:
        ids = tuple(dict.fromkeys(wording.claim.id for wording in found))
        text = page.blocks[spot.block].text[spot.start : spot.end]
        if marker.is_code(spot):
            continue
        if len(ids) > 1:
            message = f"“{text}” is the wording of {' and of '.join(ids)}: mark the one meant"
            yield Suggestion(marker.place(spot), message, claims=ids)
        elif not search.is_whole(spot):
            message = (
                f"“{text}”, the wording of {ids[0]}, stands inside a longer sentence: mark it if it means the same"
            )
            yield Suggestion(marker.place(spot), message, claims=ids)
        else:
            certain[spot] = ids[0]
    made = marker.marked(list(certain.items()))
    for spot, claim in certain.items():
        told = f"“{page.blocks[spot.block].text[spot.start : spot.end]}” is the wording of {claim}"
        if spot in made:
            yield Mend(marker.place(spot), told, made[spot], claims=(claim,))
        else:
            message = f"{told}, but formatting runs across its ends: mark it by hand"
            yield Suggestion(marker.place(spot), message, claims=(claim,))
    yield from search.near([spot for spot, _ in exact])


class _Search:
    """The wordings on one page."""

    def __init__(self, page: Page, wordings: Wordings) -> None:
        self.page = page
        self.wordings = wordings
        self._covered: dict[int, list[tuple[int, int]]] = {}
        spans = [(mark.block, mark.start, mark.end) for mark in page.marks if not mark.is_division]
        for block, start, end in [*spans, *((mark.block, mark.start, mark.end) for mark in page.nonclaims)]:
            self._covered.setdefault(block, []).append((start, end))
        self._blocks = tuple(self._open_blocks())

    def _open_blocks(self) -> Iterator[tuple[int, Block]]:
        listings = listing_blocks(self.page)
        images = {
            index
            for figure in self.page.figures
            if figure.kind == "image" and figure.alt
            for index in range(*figure.blocks)
            if self.page.blocks[index].text == figure.alt
        }
        for index, block in enumerate(self.page.blocks):
            if block.kind in _UNMARKABLE or block.nonclaim is not None or block.claims or index in listings | images:
                continue
            yield index, block

    def exact(self) -> Iterator[tuple[Spot, list[Wording]]]:
        """Every unmarked stretch that is a wording; of stretches that overlap the longest."""
        for index, block in self._blocks:
            candidates = [wording for wording, has_all in self.wordings.candidates(block.text) if has_all]
            if not candidates:
                continue
            tokens = tokens_of(block.text)
            found: dict[tuple[int, int], list[Wording]] = {}
            for wording in candidates:
                for start, end in _occurrences(wording, tokens, block.text):
                    if not self._is_covered(index, start, end):
                        found.setdefault((start, end), []).append(wording)
            taken: list[tuple[int, int]] = []
            for start, end in sorted(found, key=lambda span: (span[0] - span[1], span)):
                if all(end <= low or high <= start for low, high in taken):
                    taken.append((start, end))
            for start, end in sorted(taken):
                yield Spot(index, start, end), found[start, end]

    def _is_covered(self, index: int, start: int, end: int) -> bool:
        return any(low < end and start < high for low, high in self._covered.get(index, ()))

    def is_whole(self, spot: Spot) -> bool:
        """Whether a stretch is one or more whole sentences, or a whole cell of a table."""
        block = self.page.blocks[spot.block]
        return any(
            start <= spot.start and _ONLY_MARKS.fullmatch(block.text, start, spot.start) for start, _ in _parts(block)
        ) and any(end >= spot.end and _ONLY_MARKS.fullmatch(block.text, spot.end, end) for _, end in _parts(block))

    def near(self, exact: list[Spot]) -> Iterator[Suggestion]:
        """The unmarked sentences that are nearly a wording, with what differs."""
        for index, block in self._blocks:
            done = [(spot.start, spot.end) for spot in exact if spot.block == index]
            for start, end in _parts(block):
                if self._is_covered(index, start, end) or any(low < end and start < high for low, high in done):
                    continue
                best = self._nearest(block.text[start:end])
                if best is not None:
                    yield _near(block.at(start, end), best, block.text[start:end])

    def _nearest(self, text: str) -> Wording | None:
        words = normalise_wording(text).split()
        best, likeness = None, NEAR
        for wording, _ in self.wordings.candidates(text)[:_COMPARED]:
            matcher = SequenceMatcher(None, wording.text.split(), words, autojunk=False)
            if matcher.real_quick_ratio() >= likeness and matcher.quick_ratio() >= likeness:
                ratio = matcher.ratio()
                if ratio >= likeness:
                    best, likeness = wording, ratio
        return best


def _near(place: Place, wording: Wording, text: str) -> Suggestion:
    name = wording.claim.id
    difference = word_difference(wording.text, text) or "only typography differs"
    return Suggestion(place, f"near claim {name} (approved → page): {difference}", claims=(name,))


def _parts(block: Block) -> Iterator[tuple[int, int]]:
    """The sentences of a block and the cells of a row."""
    if block.kind in (BlockKind.TABLE_ROW, BlockKind.TABLE_HEAD):
        start = 0
        for cell in block.text.split(_BAR):
            yield start, start + len(cell)
            start += len(cell) + len(_BAR)
    elif block.sentences:
        for sentence in block.sentences:
            yield sentence.start, sentence.end
    elif block.text:
        yield 0, len(block.text)


def _occurrences(wording: Wording, tokens: tuple[tuple[int, int, str], ...], text: str) -> Iterator[tuple[int, int]]:
    """Where the wording stands among the tokens of a block; punctuation may surround it."""
    wanted = wording.tokens
    last = len(wanted) - 1
    for first in range(len(tokens) - last):
        if not tokens[first][2].endswith(wanted[0]) and wanted[0] not in tokens[first][2]:
            continue
        if any(tokens[first + offset][2] != wanted[offset] for offset in range(1, last)):
            continue
        span = _trimmed(wanted, tokens[first], tokens[first + last])
        if span is not None:
            start, end = span
            # A final full stop belongs to the mark where the wording has one.
            if wording.text.rstrip().endswith(".") and text.startswith(".", end):
                end += 1
            yield start, end


def _trimmed(wanted: tuple[str, ...], head: tuple[int, int, str], tail: tuple[int, int, str]) -> tuple[int, int] | None:
    """The offsets of the wording within its first and last token; None where more than punctuation is left over."""
    opening = _OPENING.match(head[2])
    assert opening is not None
    before = opening.end() - len((_OPENING.match(wanted[0]) or opening)[0])
    if before < 0 or not head[2].startswith(wanted[0], before):
        return None
    rest_start = len(wanted[-1]) + (before if len(wanted) == 1 else 0)
    if len(wanted) > 1 and (head[2][before:] != wanted[0] or not tail[2].startswith(wanted[-1])):
        return None
    rest = tail[2][rest_start:]
    if not _CLOSING.fullmatch(rest):
        return None
    # Where normalising changed the length of a token, its punctuation cannot be told from it by counting.
    for start, end, token in (head, tail):
        if len(token) != end - start and (before or rest):
            return None
    return head[0] + before, tail[1] - len(rest)


class _Marker:
    """Puts marks into the text of a page, and looks by reading it again whether they mean what they should."""

    def __init__(self, page: Page, stored: str) -> None:
        self.page = page
        self.stored = stored
        self.lines = Lines(stored)

    def place(self, spot: Spot) -> Place:
        """Where a stretch stands."""
        return self.page.blocks[spot.block].at(spot.start, spot.end)

    def marked(self, wanted: list[tuple[Spot, str]]) -> dict[Spot, tuple[Change, ...]]:
        """The changes that mark each stretch with its claim, those left out that would change how the page reads.

        The page is read again with all marks at once, and with fewer only where that fails.
        """
        choices = [(spot, claim, self._choices(spot, claim)) for spot, claim in wanted]
        first = [(spot, claim, options[0]) for spot, claim, options in choices if options]
        if not first:
            return {}
        if self._reads_with(first):
            return {spot: made for spot, _, made in first}
        if len(wanted) > 1:
            middle = len(wanted) // 2
            return self.marked(wanted[:middle]) | self.marked(wanted[middle:])
        spot, claim, options = choices[0]
        return next(({spot: made} for made in options[1:] if self._reads_with([(spot, claim, made)])), {})

    def _choices(self, spot: Spot, claim: str) -> list[tuple[Change, ...]]:
        """The pairs of changes that may mark a stretch, the likeliest first; none for an id that cannot be written."""
        if _PLAIN_ID.fullmatch(claim):
            closing = f"]{{claim={claim}}}"
        elif '"' not in claim and "\\" not in claim:
            closing = f']{{claim="{claim}"}}'
        else:
            return []
        path = self.page.path
        low, high = self.lines.span(self.place(spot))
        return [
            (Change(path, left, left, "["), Change(path, right, right, closing))
            for left, right in self._ends(low, high)
        ]

    def is_code(self, spot: Spot) -> bool:
        """Whether the stretch stands between backticks."""
        low, high = self.lines.span(self.place(spot))
        return self.stored.startswith("`", max(0, low - 1)) and self.stored.startswith("`", high)

    def _ends(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The stretch itself, then with the formatting that begins or ends right beside it."""
        lefts, rights = [low], [high]
        while lefts[-1] > 0 and self.stored[lefts[-1] - 1] in _FORMATTING:
            lefts.append(lefts[-1] - 1)
        while rights[-1] < len(self.stored) and self.stored[rights[-1]] in _FORMATTING:
            rights.append(rights[-1] + 1)
        link_end = _LINK_END.match(self.stored, high)
        if link_end and self.stored.startswith("[", max(0, low - 1)):
            yield low - 1, link_end.end()
        yield from sorted(product(lefts[:4], rights[:4]), key=lambda ends: (low - ends[0] + ends[1] - high, ends))

    def _reads_with(self, marks: list[tuple[Spot, str, tuple[Change, ...]]]) -> bool:
        """Whether the page with these marks says the same and holds them all."""
        try:
            text = apply(self.stored, (change for _, _, made in marks for change in made))
        except ValueError:
            return False
        page = parse_page(self.page.path, unify_line_ends(text))
        if [block.text for block in page.blocks] != [block.text for block in self.page.blocks]:
            return False
        if len(page.problems) > len(self.page.problems) or len(page.citations) != len(self.page.citations):
            return False
        if len(page.marks) != len(self.page.marks) + len(marks) or len(page.nonclaims) != len(self.page.nonclaims):
            return False
        found = {(mark.claim, mark.block, mark.start, mark.end) for mark in page.marks}
        return all((claim, spot.block, spot.start, spot.end) in found for spot, claim, _ in marks)
