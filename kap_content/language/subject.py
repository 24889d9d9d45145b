"""What a text is about: interventions and conditions of the tables, found by whole words, the longest name first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kap_content.language.same import Same
from kap_content.model.lexicon import Lexicon, Subject, SubjectKind
from kap_content.startup.regex import regex

_TOKEN = regex(r"[^\W_]+(?:'s)?|[+]", re.UNICODE)
_SHORTEST_DRUG = 6
"""Letters of the shortest generic names that are known by their ending."""
_ACRONYM = 6
"""Names in capitals up to this length count in capitals only: SAD is social anxiety disorder, "sad" is not."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A subject found in a text, and where."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Name:
    tokens: tuple[str, ...]
    subject: str
    exact: str
    """The name as it must be written, for acronyms; else empty."""


class Subjects:
    """The subjects of a project's tables, ready to be found in texts."""

    def __init__(self, subjects: Mapping[str, Subject]) -> None:
        self._subjects = subjects
        names: dict[str, list[_Name]] = {}
        plain = [(subject.name, term) for subject in subjects.values() for term in (subject.name, *subject.terms)]
        # Headings come last: where one is also the name of another subject, the name counts.
        headings = [(subject.name, heading) for subject in subjects.values() for heading in subject.mesh]
        for subject_name, term in (*plain, *headings):
            tokens = _tokens(term)
            if tokens:
                acronym = term.isupper() and len(term) <= _ACRONYM and " " not in term
                names.setdefault(tokens[0], []).append(_Name(tokens, subject_name, term if acronym else ""))
        self._stems = tuple((stem, subject.name) for subject in subjects.values() for stem in subject.stems)
        self._names = {
            first: sorted(found, key=lambda name: len(name.tokens), reverse=True) for first, found in names.items()
        }

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}

        def of(name: str, below: frozenset[str]) -> frozenset[str]:
            if name in found:
                return found[name]
            subject = self._subjects.get(name)
            parents = [parent for parent in (subject.broader if subject else ()) if parent not in below]
            above = frozenset(parents).union(*(of(parent, below | {name}) for parent in parents))
            found[name] = above
            return above

        for name in self._subjects:
            of(name, frozenset({name}))
        return found

    def mentions(self, text: str, kind: SubjectKind | None = None) -> tuple[Mentioned, ...]:
        """The subjects named in `text`, in order; of overlapping names the longest counts."""
        words = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
        folded = [_fold(word) for word, _, _ in words]
        found = []
        index = 0
        while index < len(words):
            name = self._at(text, words, folded, index)
            if name is None:
                index += 1
                continue
            last = index + len(name.tokens) - 1
            subject = self._subjects[name.subject]
            if kind is None or subject.kind is kind:
                found.append(Mentioned(name.subject, words[index][1], words[last][2]))
            index = last + 1
        return tuple(found)

    def _at(self, text: str, words: list[tuple[str, int, int]], folded: list[str], index: int) -> _Name | None:
        for name in self._names.get(folded[index], ()):
            size = len(name.tokens)
            if tuple(folded[index : index + size]) != name.tokens:
                continue
            written = text[words[index][1] : words[index + size - 1][2]]
            if name.exact and written.rstrip("s") != name.exact.rstrip("s"):
                continue
            if "." in written and ". " in written:
                continue
            return name
        return None

    def named(self, text: str, kind: SubjectKind | None = None) -> frozenset[str]:
        """The names of the subjects in `text`."""
        return frozenset(mention.name for mention in self.mentions(text, kind))

    def named_or_built(self, text: str) -> frozenset[str]:
        """The interventions in `text`, with generic drug names that no table lists but whose ending tells a class."""
        names = self.named(text, SubjectKind.INTERVENTION)
        words = {_fold(match[0]) for match in _TOKEN.finditer(text)}
        built = {word for word in words if word not in self._names and self._class_of(word)}
        return names | built

    def _class_of(self, word: str) -> str:
        """The class that the ending of a generic drug name tells; empty where it tells none."""
        if len(word) < _SHORTEST_DRUG or not word.isalpha():
            return ""
        return max(((len(stem), name) for stem, name in self._stems if word.endswith(stem)), default=(0, ""))[1]

    def above(self, name: str) -> frozenset[str]:
        """All wider subjects that `name` belongs to."""
        if name not in self._subjects:
            wide = self._class_of(name)
            return frozenset({wide}) | self.above(wide) if wide else frozenset()
        return self._ancestors.get(name, frozenset())

    def next_above(self, name: str) -> tuple[str, ...]:
        """The wider subjects that `name` is listed under, one step up."""
        subject = self._subjects.get(name)
        return subject.broader if subject else ()

    def related(self, one: str, other: str) -> bool:
        """Whether the two are the same, or one belongs to the other."""
        return one == other or other in self.above(one) or one in self.above(other)

    def meet(self, ones: Iterable[str], others: Iterable[str]) -> bool:
        """Whether any of `ones` is related to any of `others`."""
        others = tuple(others)
        return any(self.related(one, other) for one in ones for other in others)

    def without_wide(self, names: Iterable[str], wide: Iterable[str]) -> frozenset[str]:
        """`names` less those of `wide` of which a narrower one is among them ("rotavirus vaccine" says which)."""
        kept = frozenset(names)
        return kept - {one for one in wide if any(one in self.above(name) for name in kept)}

    def kind(self, name: str) -> SubjectKind:
        """What `name` is; KeyError for what is no subject."""
        return self._subjects[name].kind


def subjects_of(lexicon: Lexicon) -> Subjects:
    """The subjects of a project, made ready once."""
    return _ready(Same(lexicon.subjects))


@lru_cache(maxsize=8)
def _ready(subjects: Same[Mapping[str, Subject]]) -> Subjects:
    return Subjects(subjects.value)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(map(_fold, _TOKEN.findall(text)))


_SPELLINGS = (("aemi", "emi"), ("aesth", "esth"), ("oestr", "estr"), ("isation", "ization"), ("oedem", "edem"))


@lru_cache(maxsize=16_384)
def _fold(word: str) -> str:
    """A word without case, possessive, plural or British spelling, so that one entry finds all of them."""
    word = word.lower().removesuffix("'s")
    if "ae" in word or "oe" in word or "isation" in word:
        for british, american in _SPELLINGS:
            word = word.replace(british, american)
    if word.endswith("ised"):
        word = word[:-4] + "ized"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - "gas", "yes"
        return word[:-1]
    return word
