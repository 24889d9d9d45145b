"""What praise is of: care, something that the sentence leaves open, or another trade ("the leading payroll software").

What is praised stands from the praise to the end of its noun phrase ("a leading provider of aesthetic treatments"). If
that says what is sold or led, it decides; if it does not ("second to none"), who or what stands before it does.
"""

from __future__ import annotations

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
    r"[,.;:!?()—–“”\"]|\s-\s|\b(?:that|who|which|whose|where|when|while|as|with|at|from|by|is|are|was|were|has|have|had"
    r"|to|will|can|may|offer(?:s|ing)?|provid(?:es?|ing)|help(?:s|ing)?|dedicated|based|located)\b",
)
_SAYS_OF_WHAT = regex(
    r"\b(?:of|in|for)\s+(?!(?:the|our|this)\s+(?:[\w-]+\s+)?(?:world|countr|count|nation|region|area|city|state|town"
    r"|field|industry|business|market)|[A-Z]|town\b|class\b|its\b|their\b|none\b|our\b|your\b)"
)
"""What tells the trade of the praised, and not its place: "provider of", not "in the world", "in Vienna"."""

_COMMA = ", "
"""Behind praise, what leads to the next adjective: "an award-winning, bestselling author"."""
_WHO = regex(r"\b(?:practi(?:ces?|tioners?)|Dr)\b")
"""Who treats, in this place; elsewhere a practice is what one is used to do."""
_PARTS = regex(r",\s|[;:!?]\s|\s[—–-]\s")
"""Where parts of a sentence meet: the last two before praise tell of whom it is, "UNICE chose Firelock, a leading"."""


def praised(text: str, start: int, end: int, lexicon: Lexicon, *, on_care: bool) -> Praised:
    """What the praise between these offsets is of; on a page about care, what "we" leave untold is care."""
    is_adjective = list_pattern(lexicon.terms("providers")).search(text, start, end) is None
    stop = _NOUN_PHRASE_ENDS.search(text, end + len(_COMMA) * (is_adjective and text.startswith(_COMMA, end)))
    thing = text[start : stop.start() if stop is not None else len(text)]
    if list_pattern(lexicon.terms("other-trades")).search(thing) is not None:
        return Praised.OTHER
    if names_care(thing, lexicon) or _WHO.search(thing) is not None:
        return Praised.CARE
    ours = OURS.search(text) is not None
    before = " ".join(_PARTS.split(text[:start])[-2:])
    by_whom = names_care(before, lexicon) or _WHO.search(before) is not None
    untold = Praised.UNTOLD if by_whom or (on_care and (ours or is_slogan(text))) else Praised.OTHER
    if _SAYS_OF_WHAT.search(thing) is not None:
        return untold
    return Praised.CARE if by_whom or (ours and (on_care or names_care(text, lexicon))) else untold
