"""Guesses that a person confirms: a claim's category, by its words."""

from __future__ import annotations

import re

from kap_content.language.vocabulary import phrase_pattern
from kap_content.model.claim import Category
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_SUPERIORITY = regex(
    r"\b(?:superior to|the (?:most (?:effective|experienced|advanced|studied)|best|leading|only)|number one|"
    r"unlike (?:most|other)|"
    r"one of the (?:most|best|leading))\b",
    re.IGNORECASE,
)
_PAST = regex(
    r"\b(?:first (?:used|given|made|synthesi[sz]ed|described|introduced|approved)|"
    r"was (?:discovered|developed|introduced|invented)|"
    r"in the (?:early |late |mid-?)?(?:1[89]\d\d|20[01]\d)['’]?s)\b",
    re.IGNORECASE,
)
_MEASURED = regex(
    r"\b(?:more|less|fewer|greater|higher|lower|longer|faster) than "
    r"(?=\d|a (?:few|day|week|month|year|third|quarter)\b|half\b)",
    re.IGNORECASE,
)
"""No comparison of treatments: “for more than 12 weeks”."""
_NUMBER = regex(r"\d\s?%|\bper ?cent\b|\b(?:one|\d+) (?:in|of|out of) (?:every )?\w+\b|\b\d[\d.,]*\b")


def guess_category(text: str, lexicon: Lexicon) -> Category | None:
    """The likeliest category of a statement, None where nothing points at one. `service` is never guessed.

    A service needs no evidence: to call a claim one is a person's to decide.
    """
    if phrase_pattern(lexicon.terms("check-regulator")).search(text):
        return Category.REGULATORY
    if _PAST.search(text):
        return Category.HISTORICAL
    if _SUPERIORITY.search(text):
        return Category.SUPERIORITY
    text = _MEASURED.sub("", text)
    for name, category in (
        ("check-safety", Category.SAFETY),
        ("check-mechanism", Category.MECHANISM),
        ("check-comparison", Category.COMPARATIVE),
        ("check-efficacy", Category.EFFICACY),
        ("check-cause", Category.EFFICACY),
    ):
        if phrase_pattern(lexicon.terms(name)).search(text):
            return category
    return Category.STATISTIC if _NUMBER.search(text) else None
