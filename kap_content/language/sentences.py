"""Sentences of medical prose, as offsets into the text."""

from __future__ import annotations

import re

from kap_content.language.vocabulary import words
from kap_content.startup.regex import regex

_END = regex(r"(?<![.!?…])(?P<stop>[.!?…]+)(?P<close>[\"'”’»)\]]*(?:\s?\[\d[\d,;\s–-]{0,30}\])*)(?=\s)")
_NEXT = regex(r"\s+(?P<open>[\"'“‘«(\[]*)(?P<first>\S)(?P<rest>[\w'’-]*)")
_WORD_BEFORE = regex(r"(?P<word>[^\s(\[\"'“‘«/]+)$")
_INITIALISM = regex(r"(?:\w\.)+\w")

_LABEL = regex(r"[a-z]?\d{1,2}")

_NEVER_LAST = words("e.g i.e vs v cf dr mr mrs ms prof st rev sr viz ca approx resp incl al.,")
"""Abbreviations (without their stop) after which a sentence never ends."""

_BEFORE_NUMBER = words(
    "no nos nr fig figs p pp vol vols eq eqs ref refs sec sect ch chap tab art par para suppl app ed eds est min max "
    "avg jan feb mar apr jun jul aug sep sept oct nov dec wk wks hr hrs yr yrs table n"
)
"""Abbreviations after which a number goes on with the sentence."""

_BEFORE_BRACKET = frozenset({"al", "fig", "figs", "jr", "sr", "inc", "ltd", "co", "corp"})

_LETTERED = words(
    "vitamin hepatitis type group class grade plan part arm phase influenza factor protein appendix panel cohort "
    "vitamins option answer schedule trial study table figure strain cluster"
)
"""Words before a single letter that is a name, not an initial: a sentence may end there (`vitamin D.`)."""

_STARTERS = words(
    "a an the this that these those it its he she they we you i his her their our your my there here "
    "in on at by for from with without within after before during between among of to as if when while where although "
    "though because since until unless however therefore thus moreover furthermore but and or so yet then also both "
    "each all some many most no not none few several one two three what who why how which do does did is are was were "
    "have has had can could may might should would will patients participants researchers people studies results "
    "ketamine only even according overall"
)
"""Words that begin a sentence and hardly ever a name: they settle whether `U.S.` or `B.` ended one."""


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of `text` as (start, end), end exclusive; white space between them belongs to none."""
    spans = []
    start = _skip_space(text, 0)
    for match in _END.finditer(text):
        if match.start() >= start and _is_end(text, start, match):
            spans.append((start, match.end()))
            start = _skip_space(text, match.end())
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return tuple(spans)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _is_end(text: str, start: int, end: re.Match[str]) -> bool:
    following = _NEXT.match(text, end.end())
    if following is None:
        return True
    first = following["first"]
    if first.islower():
        return False
    if end["stop"] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, end.start() - 60), end.start())
    if before is None:
        return True
    return _ends_after_word(text, start, before, following)


def _ends_after_word(text: str, start: int, before: re.Match[str], following: re.Match[str]) -> bool:
    word = before["word"]
    plain = word.casefold()
    first = following["first"]
    upcoming = (first + following["rest"]).casefold()
    if plain in _NEVER_LAST:
        return False
    if plain in _BEFORE_NUMBER and (first.isdigit() or _LABEL.fullmatch(upcoming)):
        return False
    if plain in _BEFORE_BRACKET and (following["open"][:1] in {"(", "["} or first.isdigit()):
        return False
    if word.isdigit() and before.start() == start:
        return False
    if _INITIALISM.fullmatch(word):
        return upcoming in _STARTERS
    if len(word) == 1 and word.isalpha() and word.isupper():
        return upcoming in _STARTERS or _is_lettered(text[start : before.start()])
    return True


def _is_lettered(text: str) -> bool:
    words = text.rsplit(maxsplit=1)
    return bool(words) and words[-1].casefold().strip("(") in _LETTERED
