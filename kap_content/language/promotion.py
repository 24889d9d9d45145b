"""What advertising does with a reader: it promises an outcome, and disclaims it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import Found, find, is_negated, list_pattern
from kap_content.model.lexicon import Lexicon, Term
from kap_content.startup.regex import regex

_YOU_WILL = regex(
    r"\b(?:you(?:['’]ll| will| can expect to| are going to|['’]re going to| are sure to| can)|will (?:help|allow"
    r"|enable|let) you(?: to)?|so (?:that )?you can(?: finally)?"
    r"|help(?:s|ing)? you(?: to)?|make you)\s+(?:also |soon |finally |quickly |again |once again |start to "
    r"|begin to |be able to )?",
    re.IGNORECASE,
)
_WILL_ONLY = regex(r"will|['’]ll|going to|sure to|expect to", re.IGNORECASE)
_YOUR_WILL = regex(
    r"\byour (?:[\w-]+ ){0,2}?(?:anxiety|depression|symptoms?|pain|mood|sleep|worr(?:y|ies)|fears?|life|mind|panic"
    r"|trauma|stress|weight|energy|libido|sex drive|flushes|flashes|headaches?|migraines?|cravings|appetite|insomnia"
    r"|memory|fatigue|tiredness|acne|wrinkles|vitality|confidence|strength|focus|tinnitus|arthritis|diabetes|adhd)"
    r"\s+will\s+(?:soon |quickly |finally )?(?:come back|return|be gone|be restored|disappear|vanish|go away|improve"
    r"|lift|fade|melt away|get better|change|be cured|be lifted|stop|end|return to normal|ease)\b",
    re.IGNORECASE,
)
_RESULT = regex(
    r"\byou(?:['’]ll| will| are going to|['’]re going to)\s+"
    r"(?:(?:lose|shed|drop)\s+(?:[\w-]+\s+){0,3}?(?:\d+(?:\.\d+)?|two|three|four|five)"
    r"\s*(?:kg|kilos?|kilograms?|lbs?|pounds?|stone|%|percent|per cent|inches|cm)"
    r"|(?:not|never)\s+(?:gain|put on|regain)\s+(?:any\s+)?weight|(?:not|never)\s+(?:relapse|get addicted"
    r"|become addicted|be addicted|have (?:any )?side effects|feel (?:any )?(?:pain|anxious|depressed)))"
    r"|\byou won['’]t\s+(?:gain|put on|regain)\s+(?:any\s+)?weight",
    re.IGNORECASE,
)
_RESTORE = regex(
    r"^\W*(?:restore|regain|reclaim|rediscover|renew|boost|recharge|revitali[sz]e|get back)\s+your\s+(?:[\w-]+\s+)?"
    r"(?:energy|vitality|youth|youthfulness|confidence|libido|zest|strength|life|joy|glow|sex drive)\b",
    re.IGNORECASE,
)
_HOW_MUCH = r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
_LOSS = regex(
    rf"^\W*(?:lose|drop|shed)\s+(?:up to|as much as|over|more than|at least|around)?\s*{_HOW_MUCH}\s*(?:[-–]\s*\d+\s*)?"
    r"(?:kg|kilos?|kilograms?|lbs?|pounds?|stone|dress sizes|inches|cm|%|per cent|percent)\b[^.]*"
    r"\b(?:in|within|by|with|before)\b",
    re.IGNORECASE,
)
"""An order that is a promise: "Lose up to two stone in three months"."""
_NEVER_AGAIN = regex(
    r"\byou(?:['’]ll| will)\s+never\s+(?:have|want|need|suffer|feel|be|crave|worry|see|get|think|go|touch|look|wake"
    r"|smoke|struggle|miss)\b[^.;:]{0,60}?\b(?:again|ever)\b",
    re.IGNORECASE,
)
_REALITY = regex(r"\bmake (?:[\w-]+ ){1,7}a reality\b", re.IGNORECASE)
_CONDITION = regex(
    (
        r"\b(?:if|when|unless|whether|before|after|until|as soon as|once) (?:you|your)\b|\bmay\b|\bmight\b|\bnot\b"
        r"|n['’]t\b"
    ),
    re.IGNORECASE,
)


def promises(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where `text` promises the reader an outcome: start, end, and the words."""
    for found in find(text, lexicon.terms("promises")):
        if not is_negated(text, found.start) or found.term.phrase.startswith("no reason"):
            yield found.start, found.end, found.text
            return
    for pattern in (_REALITY, _RESULT, _RESTORE, _LOSS, _NEVER_AGAIN):
        made = pattern.search(text)
        if made is not None and not is_negated(text, made.start()):
            yield made.start(), made.end(), made[0]
            return
    verbs = list_pattern(lexicon.terms("promise-verbs"))
    found_verbs = list(verbs.finditer(text)) if _YOU_WILL.search(text) else []
    for match in _YOU_WILL.finditer(text):
        verb = next((found for found in found_verbs if found.start() == match.end()), None)
        if verb is None or is_negated(text, match.start()):
            continue
        if not _WILL_ONLY.search(match[0]) and (_CONDITION.search(text) or "finally" not in match[0]):
            continue
        if _CONDITION.search(text[max(0, match.start() - 40) : match.start()]):
            continue
        yield match.start(), verb.end(), text[match.start() : verb.end()]
        return
    yours = _YOUR_WILL.search(text)
    if yours is not None and not is_negated(text, yours.start()):
        yield yours.start(), yours.end(), yours[0]


def disclaimers(text: str, terms: tuple[Term, ...]) -> Iterator[Found]:
    """The standing disclaimers in `text`."""
    return find(text, terms)
