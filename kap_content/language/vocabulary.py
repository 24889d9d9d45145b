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
    """Where phrases stand in a text; reads like a match of the `re` module. `which` are their numbers in the list."""

    text: str
    low: int
    high: int
    which: tuple[int, ...]

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
    which a hook pays at every start. The tree grows by the phrases that begin with a word of a text that is searched:
    most lists have none, which two sets tell.
    """

    __slots__ = ("_beginnings", "_first", "_needed", "_root")

    def __init__(self, phrases: Iterable[str]) -> None:
        self._beginnings: dict[str, list[tuple[int, str]]] = {}
        for number, phrase in enumerate(phrases):
            folded = _folded(phrase.strip())
            first = _PHRASE_UNIT.match(folded)
            if first is not None:
                self._beginnings.setdefault(_unit(first[0]), []).append((number, folded))
        self._first = frozenset(self._beginnings)
        self._needed: dict[str, frozenset[str]] = {}
        self._root = _Branch()

    def finditer(self, text: str) -> Iterator[PhraseMatch]:
        """The phrases in `text` from left to right, none overlapping another, the longest at each place."""
        seen = _seen(text)
        after = 0
        for index in self._candidates(seen):
            start = seen.units[index][0]
            if start < after:
                continue
            end, which = self._longest(seen.units, index)
            if which:
                yield PhraseMatch(text, start, end, which)
                after = end

    def search(self, text: str, low: int = 0, high: int | None = None) -> PhraseMatch | None:
        """The first phrase in `text`, between these offsets."""
        end = len(text) if high is None else high
        return next((found for found in self.finditer(text) if low <= found.low and found.high <= end), None)

    def match(self, text: str, at: int = 0) -> PhraseMatch | None:
        """The phrase that begins at this offset."""
        seen = _seen(text)
        for index in self._candidates(seen):
            start = seen.units[index][0]
            if start == at:
                end, which = self._longest(seen.units, index)
                return PhraseMatch(text, start, end, which) if which else None
        return None

    def findall(self, text: str) -> list[str]:
        """The phrases in `text` as written."""
        return [found[0] for found in self.finditer(text)]

    def fullmatch(self, text: str) -> PhraseMatch | None:
        """The whole of `text`, where it is one of the phrases."""
        found = self.search(text)
        return found if found is not None and found.span() == (0, len(text)) else None

    def _candidates(self, seen: _Seen) -> list[int]:
        """The pieces of a text with which a phrase can begin; the tree then has all phrases that do."""
        if self._first.isdisjoint(seen.all):
            return []
        indexes: set[int] = set()
        for beginning in self._first & seen.all:
            needed = self._needed.get(beginning) or self._grow(beginning)
            if not needed.isdisjoint(seen.all):
                indexes.update(seen.met(beginning))
        return sorted(indexes)

    def _grow(self, beginning: str) -> frozenset[str]:
        """Grow the tree by the phrases that begin so; gives the longest piece of each, without which none is there."""
        needed: set[str] = set()
        for number, phrase in self._beginnings[beginning]:
            branch = self._root
            units = [_unit(unit) for unit in _PHRASE_UNIT.findall(phrase)]
            for unit in units:
                branch = branch.grown(unit)
            branch.ends = (*branch.ends, number)
            needed.add(max(units, key=len))
        self._needed[beginning] = frozenset(needed)
        return self._needed[beginning]

    def _longest(self, units: _Units, index: int) -> tuple[int, tuple[int, ...]]:
        """Where the longest phrase from here ends, and all phrases that end there; none where none does."""
        best = 0
        which: tuple[int, ...] = ()
        if index and _is_word(units[index - 1][2]):
            return best, which
        paths = [(self._root, index)]
        while paths:
            branch, at = paths.pop()
            if branch.ends and (at == len(units) or not _is_word(units[at][2])):
                end = units[at - 1][1]
                if end >= best:
                    best, which = end, branch.ends if end > best else (*which, *branch.ends)
            if at < len(units):
                paths.extend((following, at + 1) for following in branch.following(units[at][2]))
        return best, which


@dataclass(slots=True)
class _Branch:
    """A place in the tree: what may follow exactly, and what may follow as the beginning of a word."""

    exact: dict[str, _Branch] = field(default_factory=dict)
    beginnings: dict[str, _Branch] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def grown(self, unit: str) -> _Branch:
        if unit.endswith("*"):
            beginning = unit[:-1]
            self.lengths = tuple(sorted({*self.lengths, len(beginning)}))
            return self.beginnings.setdefault(beginning, _Branch())
        return self.exact.setdefault(unit, _Branch())

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


@dataclass(frozen=True, slots=True)
class _Seen:
    """The pieces of a text, where each stands, and `all` that a piece of a phrase may be to be among them."""

    units: _Units
    at: dict[str, list[int]]
    all: frozenset[str]

    def met(self, unit: str) -> Iterable[int]:
        """The pieces that a piece of a phrase stands for: itself, or with a star every word that begins so."""
        yield from self.at.get(unit, ())
        if unit.endswith("*"):
            for word, indexes in self.at.items():
                if word.startswith(unit[:-1]) and _is_word(word):
                    yield from indexes


@lru_cache(maxsize=4096)
def _starred(word: str) -> tuple[str, ...]:
    """Every beginning of a word, with a star."""
    return tuple(f"{word[:length]}*" for length in range(len(word) + 1))


@lru_cache(maxsize=512)
def _seen(text: str) -> _Seen:
    units = tuple(
        (match.start(), match.end(), " " if match[2] else _folded(match[0])) for match in _TEXT_UNIT.finditer(text)
    )
    at: dict[str, list[int]] = {}
    for index, (_, _, unit) in enumerate(units):
        at.setdefault(unit, []).append(index)
    return _Seen(units, at, frozenset(at).union(*map(_starred, filter(_is_word, at))))


def _unit(text: str) -> str:
    """A piece of a phrase: all gaps are one."""
    return " " if _GAP.match(text) else text


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
