"""Quotations and the texts that they are said to be from: normalised, found, and the nearest passage else.

A text is searched as its skeleton: without white space (but between digits), quotation marks, and hyphens between
letters, so that line ends, hyphenation and broken ligatures of a typeset page make no difference. Figures, signs and
words do.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from kap_content.model.claim import Anchor, Claim
from kap_content.startup.regex import regex

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "′": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "·": ".", "…": "...", "×": "x",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_BROKEN_WORD = regex(r"(?<=[a-z])-\s*\n\s*(?=[a-z])")
_SPACE = regex(r"\s+")
_AROUND_SIGNS = regex(r"\s*([=<>≤≥±%/()\[\]])\s*")
_DASH_SPACE = regex(r"\s*-\s*")
_GAP = regex(r"\s*(?:\[\s*\.(?:\s?\.){2,3}\s*\]|\(\s*\.(?:\s?\.){2,3}\s*\)|\.(?:\s?\.){2,3})\s*")
_DROPPED = regex(r"(?<=[^\W\d_])[\s\"']*-[\s\"']*(?=[^\W\d_])|[\"']+|(?<!\d)\s+|\s+(?!\d)")
_WHITE = regex(r"\s")
_FEED = regex("\f")
_NEGATIONS = ("non-", "un-", "not-", "in-")
_NEGATION = regex(r"(?:(?<![^\W_])(?:no|not|never|without|neither|nor|cannot)|n't)\s+$", re.IGNORECASE)
"""What no quotation may leave out just before its first word, or in an ellipsis."""
_NEGATION_REACH = 10
_NEAR = 0.55
_CANDIDATES = 24
_AROUND_PAGE = 300
"""Characters of a skeleton that may stand between a passage and the end of its page: a footer, a footnote."""
_LEAST_PART = 8
_ENDS = regex(r"(?<=[.!?;:])\s+|\f")
_WORDS = regex(r"\w+")
_MARK = regex(
    r"(?:(?<=[^\d\s<>=≤≥(\[~±-][.,;:)”\"])|(?<=[a-z]{4}))\d{1,3}(?:\s?[,–-]\s?\d{1,3})*(?=[\s.,;:)]|$)"
    r"|\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]"
    r"|(?<=\d)\.\d{1,3}(?:,\d{1,3})+(?=\s|$)"
)
"""Numbers of references, raised in print and plain digits in a text drawn from it."""


def normalise_quote(text: str) -> str:
    """`text` without what typesetting changes: ligatures, hyphenation, dashes, quotation marks, white space, case."""
    text = _BROKEN_WORD.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)
    text = _DASH_SPACE.sub("-", _AROUND_SIGNS.sub(r"\1", text))
    return _SPACE.sub(" ", text).strip().strip("\"'").strip().casefold()


def quote_hash(text: str) -> str:
    """The sha256 of the normalised quotation: what is kept of it once it was found."""
    return hashlib.sha256(normalise_quote(text).encode()).hexdigest()


def is_vouched_for(anchor: Anchor, found: frozenset[str]) -> bool:
    """Whether the anchor's quotation was found before: its hash is the anchor's own, or among those `found`."""
    digest = quote_hash(anchor.exact)
    return digest == anchor.sha256 or digest in found


def unvouched(claims: Iterable[Claim], found: Mapping[str, frozenset[str]]) -> set[str]:
    """The references that a quotation is said to be from which was not found yet."""
    return {
        item.ref
        for claim in claims
        for item in claim.evidence
        if item.anchor.exact and not is_vouched_for(item.anchor, found.get(item.ref, frozenset()))
    }


class _Skeleton:
    """A text ready to be searched: `bare` is its skeleton, `plain` what the skeleton was made from."""

    __slots__ = ("_cut", "_starts", "bare", "pages", "plain")

    def __init__(self, text: str) -> None:
        self.plain = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
        dropped = [match.span() for match in _DROPPED.finditer(self.plain)]
        self.bare = _WHITE.sub(" ", _DROPPED.sub("", self.plain))  # what is left stands between digits
        # Where in the skeleton something was dropped, and how much until there: places lead back to `plain`.
        self._cut = list(accumulate((end - start for start, end in dropped), initial=0))
        self._starts = [start - before for (start, _), before in zip(dropped, self._cut, strict=False)]
        self.pages = [self._bare_place(match.start(), dropped) for match in _FEED.finditer(self.plain)]

    def _bare_place(self, place: int, dropped: list[tuple[int, int]]) -> int:
        """The place in the skeleton of a place in `plain`."""
        index = bisect_right(dropped, (place, len(self.plain))) - 1
        if index >= 0 and place < dropped[index][1]:
            return self._starts[index]
        return place - self._cut[index + 1]

    def plain_place(self, place: int, *, after: bool = False) -> int:
        """The place in `plain` of a character of the skeleton, or (`after`) of the end of the character before it."""
        if after:
            return self.plain_place(place - 1) + 1
        return place + self._cut[bisect_right(self._starts, place)]

    def find(self, wanted: str, start: int = 0) -> int:
        """Where `wanted`, a skeleton, begins as whole words at or after `start`; -1 where it does not."""
        place = self.bare.find(wanted, start)
        while place >= 0 and not self._is_whole(place, wanted):
            place = self.bare.find(wanted, place + 1)
        return place

    def _is_whole(self, place: int, wanted: str) -> bool:
        """Whether the match cuts no word or number in two, and no negation off."""
        begin, end = self.plain_place(place), self.plain_place(place + len(wanted), after=True)
        before, after = self.plain[max(begin - _NEGATION_REACH, 0) : begin], self.plain[end : end + 2]
        if _NEGATION.search(before):
            return False
        if wanted[0].isalnum() and before:
            if before[-1].isalnum() or (wanted[0].isalpha() and before.endswith(_NEGATIONS)):
                return False
            if wanted[0].isdigit() and before[-1] in ".," and before[-2:-1].isdigit():
                return False
        if wanted[-1].isalnum() and after:
            if after[0].isalnum():
                return False
            if wanted[-1].isdigit() and after[0] in ".," and after[1:2].isdigit():
                return False
        return True

    def find_across_pages(self, wanted: str, start: int) -> int:
        """Where `wanted` ends, one page's foot and the next one's head standing in its midst; -1 where it does not."""
        for place in self.pages:
            if place < start:
                continue
            foot = self.bare[max(start, place - len(wanted) - _AROUND_PAGE) : place]
            head = self.bare[place : place + len(wanted) + _AROUND_PAGE]
            for cut in range(_LEAST_PART, len(wanted) - _LEAST_PART + 1):
                first = foot.rfind(wanted[:cut])
                if first < 0:
                    break  # nor will more of it be there
                second = head.find(wanted[cut:])
                near = len(foot) - first - cut <= _AROUND_PAGE and second <= _AROUND_PAGE
                if second >= 0 and near and self._is_parted(place - len(foot) + first + cut):
                    return place + second + len(wanted) - cut
        return -1

    def _is_parted(self, place: int) -> bool:
        """Whether a word ends before `place` of the skeleton, or a hyphen parts it."""
        end = self.plain_place(place, after=True)
        return not self.plain[end : end + 1].isalnum()


@lru_cache(maxsize=64)
def _skeleton(text: str) -> _Skeleton:
    return _Skeleton(text)


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage of a source that comes nearest to a quotation; `likeness` is 1 for equal wording."""

    text: str
    likeness: float


def contains(source: str, quote: str) -> bool:
    """Whether `source` holds the quotation; an ellipsis in it stands for words left out, in order.

    Form feeds in `source` part its pages: a passage may run on from one page to the next. A quotation may leave out the
    numbers of references that stand in the source ("28%,12 respectively").
    """
    return _holds(source, quote) or (_MARK.search(source) is not None and _holds(_MARK.sub("", source), quote))


_INSERTED = regex(r"\[(?!\s*\.)[^\[\]\d]{1,40}\]")


def without_insertions(quote: str) -> str:
    """The quotation with ellipses for the words that an editor put in square brackets ("it [the drug] helped").

    Bracketed negations stay: they are no help to the reader but another meaning.
    """
    return _INSERTED.sub(lambda match: match[0] if _NEGATION.search(f" {match[0][1:-1]} ") else " ... ", quote)


def _holds(source: str, quote: str) -> bool:
    whole = _skeleton(source)
    place = 0
    parts = list(_parts(quote))
    for part in parts:
        found = whole.find(part, place)
        place = found + len(part) if found >= 0 else whole.find_across_pages(part, place)
        if place < 0:
            return False
    return bool(parts)


def locate(source: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where `source` holds the quotation, as offsets: one stretch for each part between its ellipses.

    Empty where it does not hold it, where it runs across pages, or where letters of `source` are composed in a way
    that leads to no place of their own.
    """
    whole, places = _skeleton(source), _origins(source)
    if len(places) != len(whole.plain):
        return ()
    found: list[tuple[int, int]] = []
    place = 0
    for part in _parts(quote):
        start = whole.find(part, place)
        if start < 0:
            return ()
        place = start + len(part)
        found.append((places[whole.plain_place(start)][0], places[whole.plain_place(place, after=True) - 1][1]))
    return tuple(found)


@lru_cache(maxsize=64)
def _origins(text: str) -> tuple[tuple[int, int], ...]:
    """For each character that a skeleton's plain text has: the start and end in `text` of what it was made from."""
    places: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        made = unicodedata.normalize("NFKC", text[start:end]).translate(_SAME).casefold()
        places.extend([(start, end)] * len(made))
        start = end
    return tuple(places)


def _parts(quote: str) -> Iterator[str]:
    """The skeletons of what stands between the ellipses of a quotation."""
    plain = unicodedata.normalize("NFKC", quote).translate(_SAME)
    for part in _GAP.split(plain):
        wanted = _Skeleton(part.strip(" .,;:\"'\n\t")).bare
        if wanted:
            yield wanted


def nearest_passage(source: str, quote: str) -> Passage | None:
    """The passage of `source` most like the quotation, cut down to its extent, or None where nothing is like it.

    Ligatures of the source are written out, so that a difference shown is one of words.
    """
    wanted = normalise_quote(quote)
    words = Counter(_WORDS.findall(wanted))
    source = unicodedata.normalize("NFKC", source)
    sentences = [" ".join(sentence.split()) for sentence in _ENDS.split(source) if sentence and sentence.strip()]
    size = max(1, min(4, len(_ENDS.split(quote))))
    runs = {" ".join(sentences[at : at + length]) for at in range(len(sentences)) for length in (size, size + 1)}
    shared = {run: _shared(run, words) for run in runs}
    best: Passage | None = None
    for run in sorted(runs, key=lambda run: (-shared[run], len(run), run))[:_CANDIDATES]:
        text = _extent(run, wanted)
        likeness = SequenceMatcher(None, normalise_quote(text), wanted, autojunk=False).ratio()
        if likeness > (best.likeness if best else _NEAR):
            best = Passage(text, likeness)
    return best


def _shared(text: str, words: Counter[str]) -> int:
    return (Counter(_WORDS.findall(text.casefold())) & words).total()


def _extent(text: str, wanted: str) -> str:
    """The words of `text` from the first to the last that the quotation shares in order."""
    given = text.split()
    target = wanted.split()
    blocks = SequenceMatcher(
        None, [_bare_word(word) for word in given], [_bare_word(w) for w in target], autojunk=False
    )
    matches = [block for block in blocks.get_matching_blocks() if block.size]
    if not matches:
        return text
    first, last = matches[0], matches[-1]
    # As many words more as the quotation has before the first shared word, and after the last.
    start = max(0, first.a - first.b)
    if start and _NEGATION.search(f" {given[start - 1].translate(_SAME)} "):
        start -= 1
    end = min(len(given), last.a + last.size + len(target) - last.b - last.size)
    passage = " ".join(given[start:end])
    return passage if wanted.endswith((".", ",", ";", ":")) else passage.rstrip(".,;:")


def _bare_word(word: str) -> str:
    return normalise_quote(word).strip(".,;:()\"'")
