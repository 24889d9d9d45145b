"""Guesses that a person confirms: a claim's category, by its words."""

from __future__ import annotations

import re

from kap_content.language.advertising.promotion import promises
from kap_content.language.advertising.testimony import speaks_for_patients
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import phrase_pattern
from kap_content.model.claim import Category
from kap_content.model.lexicon import Lexicon, SubjectKind
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
_TREATED = regex(
    r"\b(?:treat(?:s|ed|ing|ments?)?|therap(?:y|ies)|drugs?|medicines?|medications?|doses?|infusions?|tablets?"
    r"|injections?|sessions?|surgery|programmes?|programs?)\b",
    re.IGNORECASE,
)
_TREND = regex(
    r"\b(?:increas(?:ed|es|ing)|decreas(?:ed|es|ing)|risen|rising|rose|fallen|grown|growing|doubled|tripled)\b"
    r"(?=[^.;]*\b(?:since|over the|every year|each year|in recent|during the|from \d{4}|between \d{4})\b)",
    re.IGNORECASE,
)
_NUMBER = regex(r"\d\s?%|\bper ?cent\b|\b(?:one|\d+) (?:in|of|out of) (?:every )?\w+\b|\b\d[\d.,]*\b")


def guess_category(text: str, lexicon: Lexicon) -> Category | None:
    """The likeliest category of a statement, None where nothing points at one. `service` is never guessed.

    A service needs no evidence: to call a claim one is a person's to decide. Causes are efficacy only where a treatment
    is named: what an illness brings about, or how common it has become, is not.
    """
    if phrase_pattern(lexicon.terms("check-regulator")).search(text):
        return Category.REGULATORY
    if _PAST.search(text):
        return Category.HISTORICAL
    if _SUPERIORITY.search(text):
        return Category.SUPERIORITY
    if any(promises(text, lexicon)) or any(speaks_for_patients(text, lexicon)):
        return Category.OUTCOME
    text = _MEASURED.sub("", text)
    treated = _names_a_treatment(text, lexicon)
    if not treated and _TREND.search(text):
        return Category.STATISTIC
    for name, category in (
        ("check-safety", Category.SAFETY),
        ("check-mechanism", Category.MECHANISM),
        ("check-comparison", Category.COMPARATIVE),
        ("check-efficacy", Category.EFFICACY),
        ("check-cause", Category.EFFICACY),
    ):
        if name == "check-cause" and not treated:
            continue
        if phrase_pattern(lexicon.terms(name)).search(text):
            return category
    return Category.STATISTIC if _NUMBER.search(text) else None


def _names_a_treatment(text: str, lexicon: Lexicon) -> bool:
    return bool(_TREATED.search(text) or subjects_of(lexicon).named(text, SubjectKind.INTERVENTION))
