"""Which registered claim a sentence of a page comes close to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher

from kap_content.language.wording import normalise_wording
from kap_content.model.claim import Claim
from kap_content.model.project import Context
from kap_content.startup.regex import regex

CLOSE = 0.72
"""The likeness (of words, 0 to 1) from which a sentence is called close to a claim."""

_KEYS = 4
_COMPARED = 12
_WORD = regex(r"[^\W_]+(?:[-'][^\W_]+)*")


def nearest_claim(text: str, context: Context) -> Claim | None:
    """The claim one of whose wordings is most like `text`, or None where none is close."""
    words = _words(text)
    index = context.index(wordings_by_word)
    counts = Counter(entry for key in _keys(words) for entry in index.get(key, ()))
    best, likeness = None, CLOSE
    for (identifier, wording), _ in counts.most_common(_COMPARED):
        matcher = SequenceMatcher(None, words, _words(wording), autojunk=False)
        if matcher.quick_ratio() >= likeness and matcher.ratio() >= likeness:
            best, likeness = context.claims[identifier], matcher.ratio()
    return best


def wordings_by_word(context: Context) -> Mapping[str, list[tuple[str, str]]]:
    """Every wording, with its claim's id, under its longest words."""
    index: dict[str, list[tuple[str, str]]] = {}
    for identifier, claim in context.claims.items():
        for wording in (claim.match_text, *claim.variations):
            for key in _keys(_words(wording)):
                index.setdefault(key, []).append((identifier, wording))
    return index


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise_wording(text).casefold())


def _keys(words: list[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))[:_KEYS]
