"""Which registered claim a sentence of a page comes close to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import partial

from kap_content.language.wording import normalise_wording
from kap_content.model.claim import Claim
from kap_content.model.project import ClaimGroups, ClaimSearch, Context
from kap_content.startup.regex import regex

CLOSE = 0.72
"""The likeness (of words, 0 to 1) from which a sentence is called close to a claim."""

_KEYS = 4
_COMPARED = 12
_WORD = regex(r"[^\W_]+(?:[-'][^\W_]+)*")


def nearest_claim(text: str, context: Context) -> Claim | None:
    """The claim one of whose wordings is most like `text`, or None where none is close."""
    return context.index(nearest_by_text).get(text)


def words_compared(text: str) -> list[str]:
    """The words of a text under which wordings are looked for that may be like it."""
    return _longest(_words(text))


@ClaimGroups
def wordings_by_word(claim: Claim) -> Iterable[tuple[str, tuple[str, str]]]:
    """Every wording, with its claim's id, under its longest words."""
    wordings = (claim.match_text, *claim.variations)
    return ((word, (claim.id, wording)) for wording in wordings for word in words_compared(wording))


@partial(ClaimSearch, within=wordings_by_word, names=words_compared)
def nearest_by_text(context: Context) -> Mapping[str, Claim]:
    """For any text the nearest claim.

    As an index, so that what was found on a page holds while its sentences have the same neighbours: a new claim on a
    subject of which all pages speak does not undo it.
    """
    return _Nearest(context.claims, context.index(wordings_by_word))


class _Nearest(Mapping[str, Claim]):
    """The nearest claim to each text, found when it is asked for."""

    def __init__(self, claims: Mapping[str, Claim], wordings: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
        self._claims = claims
        self._wordings = wordings
        self._found: dict[str, Claim | None] = {}

    def __getitem__(self, text: str) -> Claim:
        if text not in self._found:
            self._found[text] = self._nearest(text)
        found = self._found[text]
        if found is None:
            raise KeyError(text)
        return found

    def __iter__(self) -> Iterator[str]:
        return (text for text, found in self._found.items() if found is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _nearest(self, text: str) -> Claim | None:
        words = _words(text)
        counts = Counter(entry for word in _longest(words) for entry in self._wordings.get(word, ()))
        best, likeness = None, CLOSE
        for (identifier, wording), _ in counts.most_common(_COMPARED):
            matcher = SequenceMatcher(None, words, _words(wording), autojunk=False)
            if matcher.quick_ratio() >= likeness and matcher.ratio() >= likeness:
                best, likeness = self._claims[identifier], matcher.ratio()
        return best


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise_wording(text).casefold())


def _longest(words: list[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))[:_KEYS]
