"""The wordings of a registry by their rare pairs of words, so that many pages can be searched for all of them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from kap_content.language.wording import normalise_wording
from kap_content.model.claim import Claim, Status
from kap_content.startup.regex import regex

KEYS = 6
"""A wording is looked for by so many of its rarest pairs of neighbouring words."""

NEEDED = 2
"""So many of them a text must hold to be compared with the wording: a changed word spoils two."""

_WORD = regex(r"[^\W_]+")
_TOKEN = regex(r"\S+")
_UNSEEN = {ord(character): None for character in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_MARKED = regex(r"\[[^\[\]]*\]\{[^{}]*\}")
_SENTENCE = regex(r"[.!?|][\"'”’)\]]*\s")
_PARAGRAPH = regex(r"\n[ \t>]*\n")
_SILENT = (Status.WITHDRAWN, Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class Wording:
    """One approved wording of a claim; `tokens` are its words, normalised, the final full stop left out."""

    claim: Claim
    text: str
    tokens: tuple[str, ...]
    keys: frozenset[str]


class Wordings:
    """All wordings of the claims that may stand on a page."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        told = [
            (claim, text)
            for claim in claims
            if claim.status not in _SILENT
            for text in dict.fromkeys((claim.match_text, *claim.variations))
            if pairs_of(text)
        ]
        counts = Counter(pair for _, text in told for pair in pairs_of(text))
        self.all = tuple(_wording(claim, text, counts) for claim, text in told)
        self._needed = [min(NEEDED, len(wording.keys)) for wording in self.all]
        self._by_key: dict[str, list[int]] = {}
        for number, wording in enumerate(self.all):
            for key in wording.keys:
                self._by_key.setdefault(key, []).append(number)

    def candidates(self, text: str) -> list[tuple[Wording, bool]]:
        """The wordings that a text may hold or be near to, the likeliest first; and whether it has all their pairs."""
        counts = self._counts(text)
        found = [(count, number) for number, count in counts.items() if count >= self._needed[number]]
        found.sort(key=lambda item: (-item[0], item[1]))
        return [(self.all[number], count == len(self.all[number].keys)) for count, number in found]

    def _counts(self, text: str) -> dict[int, int]:
        """How many keys of each wording the text holds."""
        counts: dict[int, int] = {}
        by_key = self._by_key
        for pair in pairs_of(text):
            for number in by_key.get(pair, ()):
                counts[number] = counts.get(number, 0) + 1
        return counts

    def may_stand_in(self, source: str) -> bool:
        """Whether a page of this source is worth reading: an unmarked paragraph may hold a wording or nearly."""
        for paragraph in _PARAGRAPH.split(source):
            unmarked = _MARKED.sub(" ", paragraph) if "{" in paragraph else paragraph
            found = self.candidates(unmarked)
            if any(has_all for _, has_all in found):
                return True
            if found and any(self.candidates(sentence) for sentence in _SENTENCE.split(unmarked)):
                return True
        return False


def pairs_of(text: str) -> set[str]:
    """The pairs of neighbouring words of a text: case, punctuation and composed letters do not count."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    words = _WORD.findall(text.casefold())
    return {f"{one} {other}" for one, other in pairwise(words)}


def tokens_of(text: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a text with their punctuation, normalised, each with its offsets; invisible ones left out."""
    found = ((*match.span(), normalise_wording(match[0])) for match in _TOKEN.finditer(text))
    return tuple(token for token in found if token[2])


def _wording(claim: Claim, text: str, counts: Counter[str]) -> Wording:
    keys = sorted(pairs_of(text), key=lambda pair: (counts[pair], -len(pair), pair))[:KEYS]
    tokens = tuple(token for _, _, token in tokens_of(text.strip()))
    return Wording(claim, text, (*tokens[:-1], tokens[-1].removesuffix(".") or tokens[-1]), frozenset(keys))
