"""How check-worthy a sentence is: whether it states numbers, benefit, harm, comparison, mechanism, rules or causes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.language.author_year import named_works
from kap_content.language.vocabulary import PhrasePattern, alternatives, phrase_pattern, words
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_LISTS = (
    ("check-regulator", "says what a regulator or guideline decided"),
    ("check-efficacy", "says what a treatment achieves"),
    ("check-safety", "speaks of harm or safety"),
    ("check-mechanism", "says how something works in the body"),
    ("check-comparison", "compares"),
    ("check-cause", "states a cause or an association"),
)
"""The word lists, and what a sentence with one of their words does."""

_ALWAYS = 4
"""The first so many count on any part of a page."""

_COUNTED = alternatives(
    words(
        "of in out percent times fold patient patients people persons adults children women men participant "
        "participants subjects volunteers trial trials study studies cases dose doses session sessions infusion "
        "infusions injection injections tablet tablets second seconds minute minutes hour hours day days night nights "
        "week weeks month months year years point points milligram milligrams gram grams americans britons"
    )
)
_NUMBER_WORD = alternatives(
    words(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands "
        "million millions"
    )
)
_FRACTION = alternatives(
    (
        *words("half halves halved twice percent double doubles doubled doubling triple triples tripled tripling"),
        *("per cent", "a third", "a quarter", "a fifth", "a tenth", "two thirds", "three quarters"),
        *("one in a hundred", "one in a thousand"),
    )
)
_DIGIT = regex(r"[\d%‰]")
_IN_WORDS = regex(
    rf"(?<!\w)(?:{_FRACTION}(?!\w)|{_NUMBER_WORD}(?:[-\s]{_NUMBER_WORD}){{0,4}}[-\s]{_COUNTED}(?!\w)"
    rf"|one\s(?:in|of|out\sof)\s(?:every\s)?{_NUMBER_WORD}(?!\w))|(?<=\w)fold(?!\w)",
    re.IGNORECASE,
)
_SHARE = regex(
    r"\d\s?(?:%|per ?cent\b)|\b\d+ (?:in|of|out of) (?:every )?\d|(?<!\w)(?:half|a third|fold)\b", re.IGNORECASE
)
"""Shares are figures of outcomes, whatever else a sentence speaks of."""
_NO_QUANTITY = regex(
    r"""(?:\b(?:figs?|figures?|tables?|sections?|chapters?|parts?|steps?|versions?|pages?|appendix|equations?|box|item|question|notes?|
        boxes|exercise|example|type|phase|level|stage|grade)\b\.?\s*[A-Z]?\d+(?:\.\d+)*(?:\s?(?:,|and|to|-|–)\s?\d+(?:\.\d+)*)*
    |@\S+                                      # a citation key
    |https?://\S+|www\.\S+
    |\b[A-Za-z]+-?\d+[A-Za-z]*\b|\b\d+-?[A-Z]{2,}\w*\b  # names: SARS-CoV-2, COVID-19, T2D, 5HT
    |\b24/7\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Worthiness:
    """The word lists of a project, ready to judge sentences."""

    patterns: tuple[tuple[PhrasePattern, str], ...]
    topic: PhrasePattern
    service: PhrasePattern

    @classmethod
    def of(cls, lexicon: Lexicon) -> Worthiness:
        """Make the patterns of a project's lists."""
        patterns = tuple((phrase_pattern(lexicon.terms(name)), reason) for name, reason in _LISTS)
        topic, service = (phrase_pattern(lexicon.terms(name)) for name in ("check-topic", "service-topics"))
        return cls(patterns, topic, service)

    def reason(self, text: str, *, on_topic: bool = True) -> str | None:
        """Why a sentence wants a source, as a predicate (`gives numbers`), or None where nothing says so.

        Outside parts about illness and treatment (`on_topic` false), causes and comparisons are everyday talk.
        """
        if _gives_numbers(text):
            return "gives numbers"
        patterns = self.patterns if on_topic else self.patterns[:_ALWAYS]
        return next((reason for pattern, reason in patterns if pattern.search(text)), None)

    def is_of_service(self, text: str) -> bool:
        """Whether the text tells of appointments, payment, the house or its people, and of nothing medical."""
        if self.service.search(text) is None or _SHARE.search(text):
            return False
        return not any(pattern.search(text) for pattern, _ in self.patterns)

    def is_on_topic(self, text: str) -> bool:
        """Whether the text speaks of illness or treatment."""
        return self.topic.search(text) is not None


def _gives_numbers(text: str) -> bool:
    if _IN_WORDS.search(text):
        return True
    if not _DIGIT.search(text):
        return False
    for work in reversed(named_works(text)):
        text = text[: work.start] + text[work.end :]
    return _DIGIT.search(_NO_QUANTITY.sub(" ", text)) is not None
