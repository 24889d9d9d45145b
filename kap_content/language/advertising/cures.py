"""Whether a sentence asserts a cure: "cures", "will be cured", "a cure for panic"; not "can cure some"."""

from __future__ import annotations

import re

from kap_content.language.assertion import names_treatment
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_WILL = regex(r"\b(?:will|we|['’]ll|does|do)\s+(?:\w+ly )?$", re.IGNORECASE)
_TO_CURE = regex(
    r"\b(?:all it takes|all you need|(?:way|method|secret|treatment|therapy|power|how|ability)) to $", re.IGNORECASE
)
_WHOLE = regex(
    r"[^.,;]{0,40}\b(?:any|all|every|your|permanently|completely|for good|forever|instantly|once and for all"
    r"|without)\b",
    re.IGNORECASE,
)
_NOUN = regex(
    r"(?:^\W*|\b(?:is|are|offers?|provides?|have|has|found|discovered|comes) )(?:an?|the|our|your)\s+(?:(?!only"
    r"|potential|possible|known|single)[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_PASSIVE = regex(r"\b(?:will|['’]ll|gets?|is|are)\s+(?:all\s+)?(?:be\s+)?(?:\w+ly\s+)?$", re.IGNORECASE)
_CURE_FOR = regex(r"\s+(?:for|to|you)\b|\s*(?:$|[.,;!])")
_ANY_DRUGS = regex(r"medicines|drugs|medications|antibiotics|treatments", re.IGNORECASE)
_CAN = regex(r"\bcan (?:be )?(?:\w+ly )?$", re.IGNORECASE)
_THE_CURES = regex(r"\b(?:the|these|those|any|some|known|new|of|for|as|miracle)\s+$", re.IGNORECASE)
_OBJECT = regex(r"\s+(?!(?:for|and|or|to|in|of|that)\b)\w")
_ANY_CASE = regex(r"\b(?:any|all|every)\b", re.IGNORECASE)


def says_it_cures(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a cure is asserted: "cures", "will be cured", "a cure for panic"; "can cure" only of all or of yours."""
    before, word = text[:start], text[start:end].lower()
    if _CAN.search(before):
        return _WHOLE.match(text, end) is not None or _ANY_CASE.search(before) is not None
    if word == "cures":
        return _THE_CURES.search(before) is None and _OBJECT.match(text, end) is not None
    if word == "cured":
        return (
            _PASSIVE.search(before) is not None
            and not before.lower().endswith(("to get ", "to be "))
            and not before.rstrip().endswith("been")
        )
    if _NOUN.search(before):
        return _CURE_FOR.match(text, end) is not None
    last = before.split()[-1:] or [""]
    plain = names_treatment(last[0], lexicon) and last[0].endswith("s") and _ANY_DRUGS.fullmatch(last[0]) is None
    return plain or _WILL.search(before) is not None or _TO_CURE.search(before) is not None
