"""What praise is of: care, something that the sentence leaves open, or another trade ("the leading payroll software").

What is praised stands from the praise to the end of its noun phrase ("a leading provider of aesthetic treatments"). If
that says what is sold or led, it decides; if it does not ("second to none"), who or what stands before it does.
"""

from __future__ import annotations

import re
from enum import StrEnum

from kap_content.language.advertising.praised import OURS, is_slogan
from kap_content.language.phrases import list_pattern
from kap_content.language.prose import names_care
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex


class Praised(StrEnum):
    """What is praised: care, what is not told, or what treats nobody."""

    CARE = "care"
    UNTOLD = "untold"
    OTHER = "other"


_NOUN_PHRASE_ENDS = regex(
    r"[,.;:!?()—–“”\"]|\s-\s|(?<![\w-])(?:that|who|which|whose|where|when|while|as|with|at|from|by|is|are|was|were|has|have|had"
    r"|to|will|can|may|offer(?:s|ing)?|provid(?:es?|ing)|help(?:s|ing)?|dedicated|based|located|serving|since|today"
    r"|north|south|east|west|near|across|throughout|around|within|anywhere|available|earlier|on)(?![\w-])",
    re.IGNORECASE,
)
"""Where what is praised ends: at a stop, a verb, or what tells when, where or with what."""
_SAYS_OF_WHAT = regex(
    r"\b(?:of|in|for)\s+(?!(?:the|our|this)\s+(?:[\w-]+\s+)?(?:world|countr|count|nation|region|area|city|state|town"
    r"|field|industry|business|market)|[A-Z]|town\b|class\b|its\b|their\b|none\b|our\b|your\b)"
)
"""What tells the trade of the praised, and not its place: "provider of", not "in the world", "in Vienna"."""

_COMMA = ", "
"""Behind praise, what leads to the next adjective: "an award-winning, bestselling author"."""
_WHO = regex(r"\b(?:practi(?:ces?|tioners?)|Dr)\b")
"""Who treats, in this place; elsewhere a practice is what one is used to do."""
_TOOLS = regex(r"\b(?:technolog(?:y|ies)|software|innovation)\b", re.IGNORECASE)
"""What makes care a customer: "a leading provider of nurse call technology"."""
_PARTS = regex(r",\s|[;:!?]\s|\s[—–-]\s")
"""Where parts of a sentence meet: the last two before praise tell of whom it is, "UNICE chose Firelock, a leading"."""

_TO_THE_TRADE = regex(
    r"\bfor\s+[^,.;]*\b(?:professionals|practices|practitioners|providers|clinics|hospitals|physicians|clinicians"
    r"|institutions|organi[sz]ations|companies)\b"
)
"""Who treats is no patient: "the premier community for health care professionals"."""
_LISTED = regex(r"(?:,\s+(?:and\s+)?[\w&’'-]+(?:\s[\w&’'-]+){0,3}){1,3}")
"""More of what is sold: "a leading provider of accident, disability, and life insurance"."""


def _sells_to_others(text: str, start: int, thing: str, lexicon: Lexicon) -> bool:
    """Whether what is praised is one of `other-trades`, or sells to those who treat."""
    more = _LISTED.match(text, start + len(thing)) if _SAYS_OF_WHAT.search(thing) else None
    whole = text[start : more.end()] if more is not None else thing
    return list_pattern(lexicon.terms("other-trades")).search(whole) is not None or bool(_TO_THE_TRADE.search(thing))


def praised(text: str, start: int, end: int, lexicon: Lexicon, *, is_medical: bool) -> Praised:
    """What the praise between these offsets is of.

    What "we" praise without telling is left open; on a page that says that it is medical, it is care.
    """
    is_adjective = list_pattern(lexicon.terms("providers")).search(text, start, end) is None
    stop = _NOUN_PHRASE_ENDS.search(text, end + len(_COMMA) * (is_adjective and text.startswith(_COMMA, end)))
    thing = text[start : stop.start() if stop is not None else len(text)]
    if _sells_to_others(text, start, thing, lexicon):
        return Praised.OTHER
    if _ends_in_care(thing, lexicon) or names_care(text[start:end], lexicon):
        return Praised.UNTOLD if _TOOLS.search(text, end, start + len(thing)) else Praised.CARE
    if names_care(thing, lexicon):
        return Praised.UNTOLD
    ours = OURS.search(text) is not None
    before = " ".join(_PARTS.split(text[:start])[-2:])
    by_whom = names_care(before, lexicon) or _WHO.search(before) is not None
    untold = Praised.UNTOLD if by_whom or ours or is_slogan(text) else Praised.OTHER
    if _SAYS_OF_WHAT.search(thing) is not None:
        return untold
    return Praised.CARE if by_whom or (ours and (is_medical or names_care(text, lexicon))) else untold


_JOINTS = regex(r"(?<![\w-])(?:of|in|for|and|to|&)(?![\w-])", re.IGNORECASE)
_LAST = 2


def _ends_in_care(thing: str, lexicon: Lexicon) -> bool:
    """Whether a noun of the phrase, or the word before it, names care: in "healthcare security solutions" none does."""
    for part in _JOINTS.split(thing):
        last = " ".join(part.split()[-_LAST:])
        if names_care(last, lexicon) or _WHO.search(last) is not None:
            return True
    return False
