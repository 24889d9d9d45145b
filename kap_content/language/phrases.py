"""Finding listed words and phrases in a sentence, minding negation, quotation and the harmless uses of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from kap_content.language.same import Same
from kap_content.language.vocabulary import PhrasePattern, phrase_pattern, words
from kap_content.model.lexicon import Term
from kap_content.startup.regex import regex

_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text: as listed, as written, and where."""

    term: Term
    text: str
    start: int
    end: int


def find(text: str, terms: tuple[Term, ...]) -> Iterator[Found]:
    """The `terms` in `text`, in order, harmless uses left out (`unless`, `beside`). Acronyms count in capitals only."""
    pattern, unless = _patterns(Same(terms))
    harmless: list[tuple[int, int]] | None = None
    for match in pattern.finditer(text):
        if harmless is None:
            harmless = [other.span() for other in unless.finditer(text)]
        term = max((terms[number] for number in sorted(match.which)), key=lambda term: len(term.phrase))
        if any(low < match.end() and match.start() < high for low, high in harmless):
            continue
        if is_acronym(term.phrase) and not match[0].isupper():
            continue
        if term.beside and not _stands_beside(text, match.start(), match.end(), term.beside):
            continue
        yield Found(term, match[0], match.start(), match.end())


_CLOSE_BEFORE = regex(r"(?:[\w'’%-]+[\s(\"“‘]+){0,4}$")
_CLOSE_AFTER = regex(r"(?:[\s)\"”’,-]*[\w'’%]+){0,4}")
"""So many words around one are beside it; a comma is passed over behind it only."""


def _stands_beside(text: str, start: int, end: int, phrases: tuple[str, ...]) -> bool:
    before, after = _CLOSE_BEFORE.search(text[:start]), _CLOSE_AFTER.match(text, end)
    pattern = phrase_pattern(Term(phrase) for phrase in phrases)
    return any(close and pattern.search(close[0]) is not None for close in (before, after))


_WORD = regex(r"[\w'’]+")
_COMMON = words(
    "the a an of in on at to is are was were be been for and or no not our your you we with by from as it this that"
)


def words_of(text: str) -> frozenset[str]:
    """The words of `text`, lower-case: to tell quickly which lists cannot be in it."""
    return frozenset(_WORD.findall(text.lower()))


def may_hold(present: Set[str], terms: tuple[Term, ...]) -> bool:
    """Whether a text of the words `present` can hold any of the terms; quick, and never wrongly false."""
    keys, prefixes = _keys(Same(terms))
    return not keys.isdisjoint(present) or any(word.startswith(prefixes) for word in present if prefixes)


@lru_cache(maxsize=128)
def _keys(terms: Same[tuple[Term, ...]]) -> tuple[frozenset[str], tuple[str, ...]]:
    """A word of each term that a text must have, the longest; for `reduc*` its beginning."""
    keys: set[str] = set()
    prefixes: set[str] = set()
    for term in terms.value:
        parts = re.findall(r"[\w'’*]+", term.phrase.lower())
        whole = [word for word in parts if "*" not in word and "'" not in word and word not in _COMMON]
        if whole:
            keys.add(max(whole, key=len))
        else:
            longest = max(parts, key=len, default="")
            prefixes.add(re.split(r"[*'’]", longest)[0])
    return frozenset(keys), tuple(prefixes)


def holds(text: str, terms: tuple[Term, ...]) -> bool:
    """Whether any of the `terms` is in `text`."""
    return next(find(text, terms), None) is not None


def is_acronym(phrase: str) -> bool:
    """Whether a phrase is to be matched in capitals only."""
    return phrase.isupper() and len(phrase) <= _ACRONYM


@lru_cache(maxsize=256)
def _patterns(*lists: Same[tuple[Term, ...]]) -> tuple[PhrasePattern, PhrasePattern]:
    terms = [term for each in lists for term in each.value]
    unless = (Term(phrase) for term in terms for phrase in term.unless)
    return phrase_pattern(terms), phrase_pattern(unless)


def list_pattern(*lists: tuple[Term, ...]) -> PhrasePattern:
    """A pattern for any of the terms of some lists. It is made once for the same lists: do not put them together."""
    return _patterns(*map(Same, lists))[0]


_NEGATION = regex(
    r"\b(?:not(?! only)|no|never|nobody|none|nothing|neither|nor|without|cannot|hardly|rarely|far from|isn['’]t"
    r"|aren['’]t|wasn['’]t|weren['’]t|don['’]?t"
    r"|doesn['’]?t|didn['’]?t|can['’]?t|couldn['’]?t|won['’]?t|wouldn['’]t|shouldn['’]t|hasn['’]?t|haven['’]?t|unlikely|lack(?:s|ed)?|fail(?:s|ed)?"
    r"|whether|if|uncertain|unclear|unknown|doubt(?:s|ful)?|question(?:s|ed)?|hope(?:s|d)?|myth|falsely|wrongly"
    r"|instead of|rather than|how)\b",
    re.IGNORECASE,
)
_DOUBT = regex(r"\b(?:whether|unknown|unclear|uncertain|determine if)\b", re.IGNORECASE)
_SENTENCE_PART = regex(r"[;:]|\bbut\b")
_CLAUSE = regex(r"[;:,()–—]|\b(?:but|because|although|though|while|whereas|so that|and therefore)\b")
_REACH = 8
"""Words over which a negation reaches."""


def is_negated(text: str, start: int) -> bool:
    """Whether what begins at `start` is denied, doubted or asked about ("is not safe", "whether it is safe")."""
    clause = _CLAUSE.split(text[:start])[-1]
    near = " ".join(clause.split()[-_REACH:])
    return _NEGATION.search(near) is not None or _DOUBT.search(_SENTENCE_PART.split(text[:start])[-1]) is not None


_QUOTED = regex(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|(?<!\w)‘[^’]*’(?!\w)|(?<![\w.])'(?=\w)[^'\n]*(?<=[\w.,!?])'(?!\w)")


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether the stretch stands inside quotation marks."""
    return any(match.start() < start and end < match.end() for match in _QUOTED.finditer(text))


_JOINS = ("-", "/", "_")


def is_joined(text: str, start: int, end: int) -> bool:
    """Whether the stretch is part of an address or a longer word: "leading brand-name drugs"."""
    return text[max(0, start - 1) : start] in _JOINS or text[end : end + 1] in _JOINS


_REFUTED = regex(
    r"\W*(?:(?:common|popular) )?(?:myth|misconception|fiction|false)(?: (?:number |no\.? ?)?#?\w+)?\s?[:–—]",
    re.IGNORECASE,
)


def is_refuted(text: str) -> bool:
    """Whether a sentence is told to be refuted: "Myth 3: …"."""
    return _REFUTED.match(text) is not None


def as_sentence(text: str) -> str:
    """`text` with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""


_DATED = regex(
    r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{1,2}\b"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b\d{1,2}/\d{1,2}/\d{2,4}\b"
)


def is_dated(text: str) -> bool:
    """Whether `text` names a year or a day."""
    return _DATED.search(text) is not None
