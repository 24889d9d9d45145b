"""Sentences of a page into claims: which ones, and the marks round them in the page's source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kap_content.checking.engine import check
from kap_content.imports.citing import Edit, Source, Works, apply
from kap_content.imports.guessing import guess_category
from kap_content.language.clinical import ClinicalSentence, clinical_sentences
from kap_content.language.wording import normalise_wording
from kap_content.language.worthiness import Worthiness
from kap_content.load.page.reader import parse_page
from kap_content.model.claim import Category, Claim
from kap_content.model.finding import Severity
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import BlockKind, Page
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim that the import makes. `refs` are the keys of its evidence, empty for a draft without."""

    id: str
    text: str
    refs: tuple[str, ...] = ()
    category: Category | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """The page's text with marks, the claims in order, those already registered that it shows, and what stayed text."""

    text: str
    claims: tuple[NewClaim, ...] = ()
    known: tuple[str, ...] = ()
    unmarked: int = 0


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A sentence to be marked: offsets in the source, and the whole groups of citations that go with it."""

    sentence: ClinicalSentence
    refs: tuple[str, ...]
    start: int
    end: int
    removed: tuple[Edit, ...] = ()
    claim: str = ""


@dataclass(slots=True)
class Marker:
    """Makes claims of one page. `next_id` gives a new id each time; `existing` are the project's claims."""

    works: Works
    lexicon: Lexicon
    next_id: Callable[[], str]
    existing: Sequence[Claim] = ()
    note: str = ""
    _ids: dict[str, str] = field(default_factory=dict)

    def mark(self, text: str) -> Marked:
        """Mark the sentences of `text` (without head) that cite, and those that a reviewer would want a source for."""
        page = parse_page("page.md", text)
        source = Source(text)
        chosen = [
            self._located(sentence, refs, page, source)
            for sentence, refs in self._wanted(page)
            if page.blocks[sentence.block].kind in _MARKED
        ]
        registered = {
            normalise_wording(claim.match_text): claim.id for claim in reversed(self.existing) if claim.match_text
        }
        kept, marked = _fitting(text, page, chosen)
        numbered, known, made = self._numbered(kept, registered)
        names = {id(one): name for one, name in numbered}
        final = _written(text, kept, names) if marked else text
        return Marked(final, tuple(made), tuple(known), len(chosen) - len(kept))

    def _numbered(
        self, kept: Sequence[_Chosen], registered: Mapping[str, str]
    ) -> tuple[list[tuple[_Chosen, str]], dict[str, None], list[NewClaim]]:
        """An id for each sentence: one that is registered already, one given before, or a new one."""
        numbered: list[tuple[_Chosen, str]] = []
        known: dict[str, None] = {}
        made: dict[str, NewClaim] = {}
        by_wording: dict[str, str] = {}
        for one in kept:
            wording = normalise_wording(one.sentence.text)
            name = registered.get(wording) or by_wording.get(wording)
            if wording in registered:
                known[registered[wording]] = None
            elif name is None:
                name = by_wording[wording] = self.next_id()
                category = guess_category(one.sentence.text, self.lexicon)
                note = f"{self.note}; category guessed" if category else f"{self.note}; no category could be guessed"
                made[name] = NewClaim(name, one.sentence.text, one.refs, category, note)
            else:
                first = made[name]
                made[name] = NewClaim(
                    name, first.text, tuple(dict.fromkeys((*first.refs, *one.refs))), first.category, first.note
                )
            assert name is not None
            numbered.append((one, name))
        return numbered, known, list(made.values())

    def _wanted(self, page: Page) -> Iterator[tuple[ClinicalSentence, tuple[str, ...]]]:
        worthy = self._worthy(page)
        inside = {index for figure in page.figures for index in (*range(*figure.blocks), figure.caption)}
        for sentence in clinical_sentences(page):
            if sentence.claims or sentence.block in inside:
                continue
            named = tuple(self.works.named_in(sentence.text))
            refs = tuple(dict.fromkeys((*sentence.keys, *named)))
            if refs or sentence.numbers or sentence.place in worthy:
                yield sentence, refs

    def _worthy(self, page: Page) -> frozenset[Place]:
        """The places of the sentences that want a source.

        Those are the ones that CLM001 warns of, and of those that it notes the ones that speak of illness or treatment
        themselves and address nobody.
        """
        project = Project(settings=Settings(), lexicon=self.lexicon, pages=(page,))
        rule = next(rule for rule in all_rules() if rule.code == "CLM001")
        found = check(Context.of(project, date.min), [rule]).findings
        worthiness = Worthiness.of(self.lexicon)
        texts = {sentence.place: sentence.text for sentence in clinical_sentences(page)}
        return frozenset(
            finding.place
            for finding in found
            if finding.severity is Severity.WARNING
            or ((text := texts.get(finding.place, "")) and not _ADDRESSED.search(text) and worthiness.is_on_topic(text))
        )

    def _located(self, sentence: ClinicalSentence, refs: tuple[str, ...], page: Page, source: Source) -> _Chosen:
        start, end = source.span(sentence.place)
        text = source.text
        if start and text[start - 1] == "\\" and (len(text[:start]) - len(text[:start].rstrip("\\"))) % 2:
            start -= 1
        start, end = _widened(text, start, end)
        keys = {citation.key for citation in page.citations if citation.block == sentence.block}
        removed, end = _trailing(text, start, end, keys)
        return _Chosen(sentence, refs, start, end, removed)


_ADDRESSED = regex(r"\b(?:we|our|ours|us|i|my|you|your|yours)\b", re.IGNORECASE)
_MARKED = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION})
_STARS = regex(r"\*+|(?<![^\W_])_+|_+(?![^\W_])")
_GROUP = regex(r"[ \t]*\n?[ \t]*\[(?P<inner>@[^\[\]]+)\](?![({])")
_PURE = regex(r"@[^\s;,@\[\]{}]+(?:;\s*@[^\s;,@\[\]{}]+)*")
_CLOSING = regex(r"[.!?…\"”’')*_]*")


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the stars or the brackets that a sentence begins or ends inside."""
    for low, high in _frames(text, start, end):
        piece = text[low:high]
        stars = "".join(found[0] for found in _STARS.finditer(re.sub(r"\\.", "", piece)))
        if stars.count("*") % 2 == 0 and stars.count("_") % 2 == 0 and _balanced(piece):
            return low, high
    return start, end


def _frames(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    before = re.search(r"[*_\[]*$", text[max(0, start - 4) : start])
    after = re.match(r"(?:\]\([^()\s]*\))?[*_]*(?:\]\([^()\s]*\))?", text[end : end + 500])
    lead, trail = len(before[0]) if before else 0, len(after[0]) if after else 0
    yield start, end
    for low in range(lead + 1):
        for high in (0, trail):
            yield start - low, end + high
    for high in range(trail + 1):
        yield start, end + high


def _balanced(piece: str) -> bool:
    bare = re.sub(r"\\.", "", piece)
    return bare.count("[") == bare.count("]") and bare.count("`") % 2 == 0


def _trailing(text: str, start: int, end: int, keys: set[str]) -> tuple[tuple[Edit, ...], int]:
    """The groups of citations at the end of a sentence, which its claim's evidence stands for. Mixed ones stay."""
    removed: list[Edit] = []
    position = end
    while (found := _GROUP.match(text, position)) and _is_pure(found["inner"], keys):
        removed.append(Edit(found.start(), found.end(), ""))
        position = found.end()
    for found in _GROUP.finditer(text, start, end):
        rest = text[found.end() : end]
        if found.start() > start and _is_pure(found["inner"], keys) and _CLOSING.fullmatch(rest):
            removed.append(Edit(found.start(), found.end(), ""))
    return tuple(removed), end


def _is_pure(inner: str, keys: set[str]) -> bool:
    return _PURE.fullmatch(inner.strip()) is not None and set(re.findall(r"@([^\s;]+)", inner)) <= keys


def _written(text: str, chosen: Sequence[_Chosen], names: Mapping[int, str]) -> str:
    """`text` with the marks of the chosen sentences; `names` are the claims' ids by the identity of the choice."""
    edits: dict[tuple[int, int, str], Edit] = {}
    for one in chosen:
        marks = (Edit(one.start, one.start, "["), Edit(one.end, one.end, f"]{{claim={names[id(one)]}}}"))
        for edit in (*marks, *one.removed):
            edits[edit.start, edit.end, edit.text] = edit
    return _apply_nested(text, list(edits.values()))


def _apply_nested(text: str, edits: list[Edit]) -> str:
    """As `apply`; where one sentence ends and the next begins without a blank, the closing mark stands first."""
    order = sorted(edits, key=lambda edit: (edit.start, edit.end, edit.text == "["))
    merged: list[Edit] = []
    for edit in order:
        if merged and merged[-1].start == merged[-1].end == edit.start == edit.end:
            merged[-1] = Edit(edit.start, edit.end, merged[-1].text + edit.text)
        else:
            merged.append(edit)
    return apply(text, merged)


_ROUNDS = 4


def _fitting(text: str, page: Page, chosen: Sequence[_Chosen]) -> tuple[list[_Chosen], bool]:
    """The sentences whose marks read back as just these words, the page's other text unchanged."""
    before = [block.text for block in page.blocks]
    kept = list(chosen)
    for _ in range(_ROUNDS):
        if not kept:
            return [], False
        numbers = {id(one): f"T{index}" for index, one in enumerate(kept)}
        after = parse_page("page.md", _written(text, kept, numbers))
        spans = {mark.claim: (mark.block, mark.text) for mark in after.marks}
        texts = [block.text for block in after.blocks]
        if len(texts) != len(before):
            return _one_by_one(text, page, kept), True
        wrong = {index for index, pair in enumerate(zip(before, texts, strict=True)) if pair[0] != pair[1]}
        fits = [
            one
            for one in kept
            if one.sentence.block not in wrong
            and spans.get(numbers[id(one)]) == (one.sentence.block, one.sentence.text)
        ]
        if len(fits) == len(kept) and len(after.problems) <= len(page.problems):
            return kept, True
        kept = fits if len(fits) < len(kept) else []
    return [], False


def _one_by_one(text: str, page: Page, chosen: Sequence[_Chosen]) -> list[_Chosen]:
    """The same for a page on which one mark upset the blocks: halves are tried until it is found."""
    if len(chosen) == 1:
        return []
    middle = len(chosen) // 2
    halves = (_fitting(text, page, chosen[:middle])[0], _fitting(text, page, chosen[middle:])[0])
    return [*halves[0], *halves[1]]
