"""What a text says of uses outside the approved ones, and which drug it offers for what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, is_quoted
from kap_content.language.sentences import sentence_spans
from kap_content.language.subject import Mentioned, Subjects, subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_PLAIN = ("off", "unl", "unapp", "outside", "is invest", "an invest")
"""How terms begin that a negation turns round: "not off-label"; "not approved" holds its own."""
_DENIED = regex(
    r"(?:\b(?:not|never|no|avoid|without|cannot|rather than|instead of)|n['’]t)"
    r"(?: (?:an?|any|anything|ever|longer|to be|be|being|as|such|prescrib\w+|us(?:e|es|ed|ing)|offer\w*|giv\w+"
    r"|considered|called|regarded|recommend\w*|drugs?|medicines?|medications?|treatments?|it|this|them))*\s*$"
    r"|\b(?:nothing|none)\b[^.;,:]{0,50}$",
    re.IGNORECASE,
)
_PART = regex(r"[;]|\b(?:but|while|whereas|although|though)\b")
_OFFERS = regex(
    r"\b(?:we|our|us|I)\b[^.;]*\b(?:prescrib|offer|treat|us(?:e|ing)\b|giv(?:e|ing)\b|provid|recommend)"
    r"|\b(?:sent|shipped|delivered|mailed|straight) to your (?:door|home)\b|^\W*(?:buy|order|get)\b",
    re.IGNORECASE,
)
_NOT_OFFERED = regex(
    r"\b(?:not|never|no longer|nor|cannot|stopped|neither|whether|trials?|stud(?:y|ies|ied)|research\w*|reviewed)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
"""Denials, and news of research: a heading on the trials of a drug offers nothing."""


def is_disclosed(text: str, drug: str, lexicon: Lexicon) -> bool:
    """Whether `text` says that a use is off-label: of `drug`, or of no drug that it names."""
    terms = lexicon.terms("off-label")
    if next(find(text, terms), None) is None:
        return False
    subjects = subjects_of(lexicon)
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        for found in find(sentence, terms):
            if found.term.phrase.startswith(_PLAIN) and _DENIED.search(sentence[: found.start]):
                continue
            if _is_of(sentence, found.start, drug, lexicon, subjects):
                return True
    return False


def _is_of(sentence: str, start: int, drug: str, lexicon: Lexicon, subjects: Subjects) -> bool:
    """Whether the part of the sentence around `start` names the drug, or none."""
    breaks = [0, *(match.end() for match in _PART.finditer(sentence)), len(sentence)]
    low = max(place for place in breaks if place <= start)
    high = min(place for place in breaks if place > start)
    named = {one for one in subjects.named(sentence[low:high], SubjectKind.INTERVENTION) if one in lexicon.drugs}
    return not named or any(subjects.related(one, drug) for one in named)


def uses_in(text: str, lexicon: Lexicon, *, heading: bool) -> Iterator[tuple[str, str]]:
    """Drugs and the conditions for which `text` offers them, as (drug, condition).

    A heading offers by naming both ("Ketamine for depression"); a sentence must say that somebody here treats.
    """
    if not heading and not _OFFERS.search(text):
        return
    subjects = subjects_of(lexicon)
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if not heading and not _OFFERS.search(sentence):
            continue
        if _NOT_OFFERED.search(sentence):
            continue
        yield from _pairs(sentence, lexicon, subjects)


def _pairs(sentence: str, lexicon: Lexicon, subjects: Subjects) -> Iterator[tuple[str, str]]:
    mentions = [one for one in subjects.mentions(sentence) if not is_quoted(sentence, one.start, one.end)]
    drugs = [one for one in mentions if one.name in lexicon.drugs]
    conditions = [one for one in mentions if subjects.kind(one.name) is SubjectKind.CONDITION]
    for drug in drugs:
        for condition in conditions:
            if _is_for(sentence, drug, condition, drugs):
                yield drug.name, condition.name


def _is_for(sentence: str, drug: Mentioned, condition: Mentioned, drugs: list[Mentioned]) -> bool:
    """Whether nothing but "for" and the like joins the two: "ketamine for depression", "treat depression with it"."""
    first, last = sorted((drug, condition), key=lambda one: one.start)
    between = sentence[first.end : last.start]
    if any(first.end <= other.start < last.start for other in drugs):
        return False
    if drug is first:
        joined = (
            r"\s*(?:[a-z-]+ ){0,3}(?:for|to (?:treat|slow|ease|relieve|manage|control|lift|calm|prevent)|in treating)"
            r"(?: (?!who\b|approved\b)[\w-]+){0,3}(?:,[\w ,]*| and| or)?\s*"
        )
    else:
        joined = r"(?: [\w-]+){0,2} (?:with|using|by)(?: [\w-]+){0,3}\s*"
    return re.fullmatch(joined, between.replace("-", " ").lower()) is not None
