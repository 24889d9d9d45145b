"""Words and phrases as patterns. Lists that a project may extend are data files; only closed word classes are code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from kap_content.model.lexicon import Term


def words(text: str) -> frozenset[str]:
    """The words of `text`, which are parted by white space."""
    return frozenset(text.split())


def phrase_pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """A pattern that finds any of the phrases as whole words, whatever their case, the longest at each place.

    A star stands for any ending of a word (`reduc*`); white space and hyphens in a phrase stand for either.
    """
    return _pattern(tuple(term.phrase for term in terms))


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){alternatives(phrases)}(?!\w)", re.IGNORECASE)


def alternatives(phrases: Iterable[str]) -> str:
    """A pattern, as text, of any of the phrases; of nothing where there are none."""
    root = _Node()
    for phrase in phrases:
        node = root
        for unit in _units(phrase):
            node = node.following.setdefault(unit, _Node())
        node.is_end = True
    root.is_end = False
    return root.pattern() or "(?!)"


@dataclass(slots=True)
class _Node:
    """A place in the tree of all phrases: shared beginnings are tried once, which makes long lists fast to search."""

    following: dict[str, _Node] = field(default_factory=dict)
    is_end: bool = False

    def pattern(self) -> str:
        """The pattern of all that may follow here."""
        branches = [unit + node.pattern() for unit, node in self.following.items()]
        if not branches:
            return ""
        joined = branches[0] if len(branches) == 1 and not self.is_end else f"(?:{'|'.join(branches)})"
        return joined + "?" if self.is_end else joined


_UNIT = re.compile(r"[\s-]+|.", re.DOTALL)


def _units(phrase: str) -> list[str]:
    """The pieces of a phrase, each a pattern: letters, gaps, a star."""
    units = []
    for unit in _UNIT.findall(phrase.strip().casefold()):
        if unit == "*":
            units.append(r"\w*")
        elif unit.isspace() or "-" in unit:
            units.append(r"[\s‐‑–-]+")
        else:
            units.append("['’]" if unit in "'’" else re.escape(unit))
    return units
