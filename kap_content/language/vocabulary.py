"""Words and phrases as patterns. Lists that a project may extend are data files; only closed word classes are code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kap_content.model.lexicon import Term
from kap_content.startup.regex import regex


def words(text: str) -> frozenset[str]:
    """The words of `text`, which are parted by white space."""
    return frozenset(text.split())


def phrase_pattern(terms: Iterable[Term]) -> PhrasePattern:
    """A pattern that finds any of the phrases as whole words, whatever their case, the longest at each place.

    A star stands for any ending of a word (`reduc*`); white space and hyphens in a phrase stand for either.
    """
    return _pattern(tuple(term.phrase for term in terms))


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...]) -> PhrasePattern:
    return PhrasePattern(phrases)


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """Where a phrase stands in a text; reads like a match of the `re` module."""

    text: str
    low: int
    high: int

    def __getitem__(self, group: int) -> str:
        """The text that matched, as group 0."""
        if group != 0:
            raise IndexError(group)
        return self.text[self.low : self.high]

    def start(self) -> int:
        """The offset of its first character."""
        return self.low

    def end(self) -> int:
        """The offset after its last character."""
        return self.high

    def span(self) -> tuple[int, int]:
        """Both offsets."""
        return self.low, self.high


class PhrasePattern:
    """Many phrases searched at once, word by word through a tree of them.

    It does what a regular expression of all the alternatives would do; but to compile one takes milliseconds a list,
    which a hook pays at every start, and a tree of words is made in microseconds.
    """

    __slots__ = ("_root",)

    def __init__(self, phrases: Iterable[str]) -> None:
        self._root = _Branch()
        for phrase in phrases:
            branch = self._root
            for unit in _PHRASE_UNIT.findall(_folded(phrase.strip())):
                branch = branch.grown(unit)
            branch.is_end = branch is not self._root

    def finditer(self, text: str) -> Iterator[PhraseMatch]:
        """The phrases in `text` from left to right, none overlapping another, the longest at each place."""
        units = _text_units(text)
        root, after = self._root, 0
        for index, (start, _, unit) in enumerate(units):
            if start < after or not root.has(unit):
                continue
            end = self._longest(units, index)
            if end is not None:
                yield PhraseMatch(text, start, end)
                after = end

    def search(self, text: str, low: int = 0, high: int | None = None) -> PhraseMatch | None:
        """The first phrase in `text`, between these offsets."""
        end = len(text) if high is None else high
        return next((found for found in self.finditer(text) if low <= found.low and found.high <= end), None)

    def match(self, text: str, at: int = 0) -> PhraseMatch | None:
        """The phrase that begins at this offset."""
        units = _text_units(text)
        for index, (start, _, _) in enumerate(units):
            if start == at:
                end = self._longest(units, index)
                return PhraseMatch(text, start, end) if end is not None else None
        return None

    def findall(self, text: str) -> list[str]:
        """The phrases in `text` as written."""
        return [found[0] for found in self.finditer(text)]

    def fullmatch(self, text: str) -> PhraseMatch | None:
        """The whole of `text`, where it is one of the phrases."""
        found = self.search(text)
        return found if found is not None and found.span() == (0, len(text)) else None

    def _longest(self, units: _Units, index: int) -> int | None:
        if index and _is_word(units[index - 1][2]):
            return None
        best: int | None = None
        paths = [(self._root, index)]
        while paths:
            branch, at = paths.pop()
            if branch.is_end and (at == len(units) or not _is_word(units[at][2])):
                best = max(best or 0, units[at - 1][1])
            if at < len(units):
                paths.extend((following, at + 1) for following in branch.following(units[at][2]))
        return best


@dataclass(slots=True)
class _Branch:
    """A place in the tree: what may follow exactly, and what may follow as the beginning of a word."""

    exact: dict[str, _Branch] = field(default_factory=dict)
    beginnings: dict[str, _Branch] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    is_end: bool = False

    def grown(self, unit: str) -> _Branch:
        if unit.endswith("*"):
            beginning = unit[:-1]
            self.lengths = tuple(sorted({*self.lengths, len(beginning)}))
            return self.beginnings.setdefault(beginning, _Branch())
        return self.exact.setdefault(" " if _GAP.match(unit) else unit, _Branch())

    def has(self, unit: str) -> bool:
        return unit in self.exact or any(unit[:length] in self.beginnings for length in self.lengths)

    def following(self, unit: str) -> Iterator[_Branch]:
        if unit in self.exact:
            yield self.exact[unit]
        if self.lengths and _is_word(unit):
            for length in self.lengths:
                if unit[:length] in self.beginnings:
                    yield self.beginnings[unit[:length]]


_Units = tuple[tuple[int, int, str], ...]
"""The pieces of a text: words, gaps (as one space) and other characters, with their offsets."""

_GAP = regex(r"[\s‐‑–-]")
_PHRASE_UNIT = regex(r"\w+\*?|\*|[\s‐‑–-]+|.", re.DOTALL)
_TEXT_UNIT = regex(r"(\w+)|([\s‐‑–-]+)|.", re.DOTALL)


@lru_cache(maxsize=512)
def _text_units(text: str) -> _Units:
    return tuple(
        (match.start(), match.end(), " " if match[2] else _folded(match[0])) for match in _TEXT_UNIT.finditer(text)
    )


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")


def _is_word(unit: str) -> bool:
    return unit[0].isalnum() or unit[0] == "_"


def alternatives(phrases: Iterable[str]) -> str:
    """A regular expression, as text, of any of the phrases, to stand within a larger one; of nothing for none."""
    root = _Node()
    for phrase in sorted(phrases):  # sets too give the same text in every process
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


_UNIT = regex(r"[\s-]+|.", re.DOTALL)


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
