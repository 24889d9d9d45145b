"""Clinical sentences: what a page states to its reader, outside headings, questions and navigation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kap_content.language.same import Same
from kap_content.language.service import is_service
from kap_content.language.vocabulary import words
from kap_content.model.page import Block, BlockKind, Page
from kap_content.model.place import Place
from kap_content.startup.regex import regex


class Form(StrEnum):
    """What a sentence is: a whole statement, a fragment without its stop, a request, or a stem before a list."""

    STATEMENT = "statement"
    FRAGMENT = "fragment"
    REQUEST = "request"
    STEM = "stem"


@dataclass(frozen=True, slots=True)
class ClinicalSentence:
    """A sentence of a page's body, a table row, or a fragment such as a list item without a verb.

    `block` indexes the page's blocks; `start` and `end` are offsets there. `claims` are the ids of the claims whose
    marks overlap it, an enclosing division's included. `keys` are those of the citations that stand in it, directly
    behind it, or in a footnote of it (for a table row also those of the table's head and caption), `numbers` the
    citations typed by hand there (`[3]`).
    """

    block: int
    start: int
    end: int
    text: str
    place: Place
    claims: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    form: Form = Form.STATEMENT

    @property
    def is_covered(self) -> bool:
        """Whether a claim or a citation, if only one typed by hand, stands for it."""
        return bool(self.claims or self.keys or self.numbers)


_OUTSIDE = frozenset({BlockKind.HEADING, BlockKind.CODE, BlockKind.TABLE_HEAD})
_LISTINGS = regex(
    r"(?:\W|\d)*(?:references?|sources?|bibliography|works cited|citations?|literature(?: cited)?|notes|footnotes|"
    r"further reading|see also|related (?:pages|reading|articles|topics)|(?:table of )?contents|on this page|"
    r"in this (?:article|page)|"
    r"contact(?: us)?|opening (?:hours|times)|hours|address|find us|how to find us)\W*",
    re.IGNORECASE,
)
_SOURCES = regex(r"\W*(?:references?|sources?|bibliography|works cited|literature cited)\W*", re.IGNORECASE)
_ENTRY = regex(r"(?:\[?\d{1,3}[\].)]\s*)?[A-ZÀ-Þ][\w’'-]+,?\s(?:[A-Z]\.?[\s-]?){1,3}(?:,|\.|\s?&|\s?et al)")
_LOCATION = regex(
    r"\b(?:19|20)\d\d(?:\s\w{3})?(?:\s\d{1,2})?;\s?\d|\bdoi\b|doi\.org|\d\s?\(\d+\)\s?[:,]\s?\d|\bpp?\.\s?\d"
)
"""A reference typed by hand: it begins with a name and initials, and says where the work was printed."""

_NUMBERED = regex(r"(?:\[\d{1,3}\]|\d{1,3}[.)])\s")
_FIRST_PERSON = regex(r"\b(?:i|i['’](?:m|ve|d|ll)|me|my|myself|mine)\b", re.IGNORECASE)
_QUOTED = regex(r"[“\"‘'«].*[”\"’'»][.!?]?", re.DOTALL)
_REQUESTS = words(
    "add ask assume book call check choose click come consider contact copy describe discuss don't don’t download drag "
    "email enter explore fill find follow get go hover imagine install join keep learn let let's let’s listen load "
    "look make meet name note notice paste please press print provide read recall remember request return review save "
    "schedule scroll see seek select send share sign skip speak start stay subscribe suppose talk tell think try type "
    "upload visit watch write"
)
_DAY = r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_CLOCK = r"\d{1,2}(?:[:.]\d\d|\s?[ap]\.?\s?m\b|\s?(?:[-–]|to)\s?\d{1,2}\s?(?:[ap]\.?\s?m\b|:|$))"
_HOURS = regex(
    r"\b(?:opening|office|business|visiting) (?:hours|times)\b"
    rf"|\bopen (?:daily|from|until|every day|on {_DAY}|{_DAY})\b"
    rf"|\b(?:opens?|open|closes?|closed) (?:\w+ )?(?:at|from|between) {_CLOCK}"
    rf"|\bclosed (?:on|at|for)\b|\b{_DAY}\b[^.]{{0,40}}?{_CLOCK}|\b{_DAY}\b[^.]{{0,60}}\bclosed\b",
    re.IGNORECASE,
)
_STREET = regex(
    r"\b\d+[A-Za-z]?,?\s(?:[A-Z][\w.'’-]*\s){1,4}?(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Lane|Ln|Drive|Dr|Way|Square|Sq|Suite|Court|Ct|"
    r"Place|Pl|Parkway|Pkwy|Highway|Hwy)\b|\b[A-Z]{2}\s\d{5}(?:-\d{4})?\b|©"
)
_CONTACT = regex(
    r"\b(?:phone|tel(?:ephone)?|fax|call(?: us)?(?: at| on| free on)?)\b:?\s*\+?\(?\d{3}"
    r"|\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b|\bcopyright\b|\ball rights reserved\b|[\w.+-]+@[\w-]+\.\w{2,}",
    re.IGNORECASE,
)
_STRAY = regex(r"[\W\d_]*")


def clinical_sentences(page: Page) -> tuple[ClinicalSentence, ...]:
    """The sentences of the page's body that a reader takes for statements, in order.

    Left out are headings, code, questions, the reader's own words in quotation, links that only lead on, lists of
    sources and contact details, and what a nonclaim mark covers.
    """
    return _remembered(Same(page))


@lru_cache(maxsize=64)
def _remembered(page: Same[Page]) -> tuple[ClinicalSentence, ...]:
    return tuple(_sentences(page.value))


def _sentences(page: Page) -> Iterator[ClinicalSentence]:
    covers = _Covers(page)
    listings = listing_blocks(page)
    for index, block in enumerate(page.blocks):
        if index in listings or not _is_body(block):
            continue
        for sentence in block.sentences:
            text = block.text[sentence.start : sentence.end]
            if _is_left_out(block, text):
                continue
            claims, nonclaim = covers.marks(index, block, sentence.start, sentence.end)
            if nonclaim:
                continue
            yield ClinicalSentence(
                block=index,
                start=sentence.start,
                end=sentence.end,
                text=text,
                place=block.at(sentence.start, sentence.end),
                claims=claims,
                keys=covers.keys(index, block, sentence.start, sentence.end),
                numbers=covers.numbers(index, sentence.start, sentence.end),
                form=_form(text),
            )


def _is_body(block: Block) -> bool:
    if block.kind in _OUTSIDE or block.nonclaim is not None or block.is_link:
        return False
    return not (_ENTRY.match(block.text) and _LOCATION.search(block.text))


def listing_blocks(page: Page) -> frozenset[int]:
    """The blocks of sections that list sources, contents or contact details rather than state anything.

    A line of its own that only says `References:` begins such a part too, where items of a list or references follow
    it. That part ends with them, and with the division or section that holds the line.
    """
    cited = {citation.block for citation in page.citations}
    found = set()
    end = 0
    for index, block in enumerate(page.blocks):
        if block.headings and _LISTINGS.fullmatch(block.headings[-1]):
            found.add(index)
        elif index < end or index in cited or block.kind in _OUTSIDE or not _SOURCES.fullmatch(block.text):
            continue
        else:
            end = _list_end(page, index)
            if end > index + 1:
                found.update(range(index, end))
    return frozenset(found)


def _list_end(page: Page, start: int) -> int:
    """The index behind the last entry of the list that the block `start` may head."""
    head = page.blocks[start]
    limit = min((figure.blocks[1] for figure in page.figures if start in range(*figure.blocks)), default=1 << 30)
    index = start + 1
    for block in page.blocks[start + 1 : limit]:
        around = (block.headings, block.claims, block.nonclaim)
        if around != (head.headings, head.claims, head.nonclaim) or not _is_entry(block):
            break
        index += 1
    return index


def _is_entry(block: Block) -> bool:
    """Whether a block is an item of a list, or a line numbered or worded as a reference."""
    if block.kind is BlockKind.LIST_ITEM:
        return True
    is_line = block.kind in {BlockKind.PARAGRAPH, BlockKind.HTML}
    return is_line and bool(_NUMBERED.match(block.text) or _ENTRY.match(block.text) or _LOCATION.search(block.text))


def _is_left_out(block: Block, text: str) -> bool:
    if text.rstrip("\"'”’»)").endswith("?"):
        return True
    if _STRAY.fullmatch(text) and block.kind is not BlockKind.TABLE_ROW:
        return True
    quoted = block.kind is BlockKind.QUOTATION or _QUOTED.fullmatch(text) is not None
    if quoted and _FIRST_PERSON.search(text):
        return True
    return _is_contact(text) or is_service(text)


_HINT = regex(r"[\d@©]|clos|copyr|hours|times|reserved", re.IGNORECASE)


def _is_contact(text: str) -> bool:
    """Whether a sentence gives opening hours, an address or a number to call."""
    if not _HINT.search(text):
        return False
    return any(pattern.search(text) for pattern in (_HOURS, _STREET, _CONTACT))


_CLOSED = regex(r"[.!…][\"'”’»)\]]*")


def _form(text: str) -> Form:
    if text.endswith(":"):
        return Form.STEM
    first, _, rest = text.lstrip("\"'“‘(*").partition(" ")
    if first.casefold() in ("always", "never"):
        first = rest.partition(" ")[0]
    if first.strip(",.!").casefold() in _REQUESTS:
        return Form.REQUEST
    is_closed = _CLOSED.search(text, max(0, len(text) - 4)) is not None
    return Form.STATEMENT if is_closed and " " in text else Form.FRAGMENT


_SIGNPOST = regex(
    r"\b(?:this|these|the (?:next|following|previous|last|first|second))\s"
    r"(?:pages?|articles?|sections?|chapters?|guides?|books?|lists?|tables?|figures?|examples?|paragraphs?|links?|websites?|sites?)\b|\b(?:above|below)\b|"
    r"^(?:here|in short|for example|more on this)\b|\b(?:figure|table|section|chapter)\s\d",
    re.IGNORECASE,
)


def is_signpost(text: str) -> bool:
    """Whether a sentence speaks of the page itself: what comes next, what a table shows."""
    return _SIGNPOST.search(text) is not None


class _Covers:
    """Which claims, citations and nonclaim marks stand over which part of a page."""

    def __init__(self, page: Page) -> None:
        self._spans: dict[int, list[tuple[int, int, str]]] = {}
        for mark in page.marks:
            if not mark.is_division:
                self._spans.setdefault(mark.block, []).append((mark.start, mark.end, mark.claim))
        self._nonclaims: dict[int, list[tuple[int, int]]] = {}
        for nonclaim in page.nonclaims:
            self._nonclaims.setdefault(nonclaim.block, []).append((nonclaim.start, nonclaim.end))
        self._cited: dict[int, list[tuple[int, str]]] = {}
        for citation in page.citations:
            block = page.blocks[citation.block]
            at = citation.offset if citation.in_text else citation.offset - 1
            self._cited.setdefault(citation.block, []).append((_sentence_at(block, at), citation.key))
        for note in page.notes:
            at = _sentence_at(page.blocks[note.block], note.offset - 1)
            keys = [(at, citation.key) for citation in page.citations if citation.block in range(*note.blocks)]
            self._cited.setdefault(note.block, []).extend(keys)
        self._numbers: dict[int, list[tuple[int, str]]] = {}
        for number in page.numbers:
            self._numbers.setdefault(number.block, []).append((number.offset, number.text))
        self._shared = _shared_sources(page)

    def marks(self, index: int, block: Block, start: int, end: int) -> tuple[tuple[str, ...], bool]:
        """The claims over a sentence, and whether a nonclaim mark covers part of it."""
        claims = list(block.claims)
        claims += [claim for low, high, claim in self._spans.get(index, ()) if _overlaps(low, high, start, end)]
        nonclaim = any(_overlaps(low, high, start, end) for low, high in self._nonclaims.get(index, ()))
        shared, _ = self._shared.get(index, ((), ()))
        return tuple(dict.fromkeys((*claims, *shared))), nonclaim

    def keys(self, index: int, block: Block, start: int, end: int) -> tuple[str, ...]:
        """The keys cited in a sentence or directly behind it."""
        cited = [
            key for at, key in self._cited.get(index, ()) if start <= at < end or (block.kind is BlockKind.TABLE_ROW)
        ]
        _, shared = self._shared.get(index, ((), ()))
        return tuple(dict.fromkeys((*cited, *shared)))

    def numbers(self, index: int, start: int, end: int) -> tuple[str, ...]:
        """The citations typed by hand in a sentence."""
        return tuple(text for at, text in self._numbers.get(index, ()) if start <= at < end)


def _overlaps(low: int, high: int, start: int, end: int) -> bool:
    """Whether a mark shares characters with a sentence; an empty mark must stand inside it."""
    return low < end and start < high if low < high else start < low < end


def _sentence_at(block: Block, offset: int) -> int:
    """The start of the sentence that a character stands in, or that it follows."""
    starts = [sentence.start for sentence in block.sentences]
    return starts[max(0, bisect_right(starts, offset) - 1)] if starts else 0


Sources = tuple[tuple[str, ...], tuple[str, ...]]


def _shared_sources(page: Page) -> dict[int, Sources]:
    """For a table's rows, the claims and keys of its head and caption; for a caption, those of its figure."""
    result: dict[int, Sources] = {}
    for figure in page.figures:
        own = range(*figure.blocks)
        captions = {index for index in own if page.blocks[index].kind is BlockKind.CAPTION} | {figure.caption}
        result.update((index, (figure.claims, figure.keys)) for index in captions)
        if figure.kind == "table":
            shared = {index for index in own if page.blocks[index].kind is BlockKind.TABLE_HEAD} | {figure.caption}
            claims = tuple(mark.claim for mark in page.marks if mark.block in shared and not mark.is_division)
            keys = tuple(citation.key for citation in page.citations if citation.block in shared)
            result.update((index, (claims, keys)) for index in own)
    return result
