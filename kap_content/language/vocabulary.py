"""Words and phrases as patterns. Lists that a project may extend are data files; only closed word classes are code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kap_content.model.lexicon import Term


def words(text: str) -> frozenset[str]:
    """The words of `text`, which are parted by white space."""
    return frozenset(text.split())


def phrase_pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases as whole words, whatever their case.

    A star stands for any ending of a word (`reduc*`); white space and hyphens in a phrase stand for either.
    """
    return _pattern(tuple(term.phrase for term in terms))


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = sorted((_phrase(phrase) for phrase in phrases if phrase.strip()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)", re.IGNORECASE)


def _phrase(phrase: str) -> str:
    escaped = re.escape(phrase.strip()).replace(r"\*", r"\w*")
    return re.sub(r"(?:\\[ \-]|\s)+", r"[\\s‐‑–-]+", escaped).replace("'", "['’]")
