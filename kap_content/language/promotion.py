"""What advertising does with a reader: it promises an outcome, and disclaims it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, is_negated, list_pattern
from kap_content.language.vocabulary import PhraseMatch, PhrasePattern
from kap_content.model.lexicon import Lexicon
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
    r"\s+(?:(?:will|simply|just|soon)\s+)?(?:all |soon |quickly |finally |simply |just )?"
    r"(?:melts? away|melts|vanishes|disappears|is gone|fades away"
    r"|lifts|simply goes|come back|return|be gone|be restored|disappear|vanish|go away|improve"
    r"|lift|fade|melt away|get better|change|be cured|be lifted|stop|end|return to normal|ease|soar|skyrocket"
    r"|surge|rebound"
    r"|bounce back|come alive|heal|transform|open up|shine|glow|blossom|thank you)\b",
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
    rf"^\W*(?:lose|drop|shed)\s+(?:up to|as much as|over|more than|at least"
    rf"|around)?\s*{_HOW_MUCH}\s*(?:[-–]\s*\d+\s*)?"
    r"(?:kg|kilos?|kilograms?|lbs?|pounds?|stone|dress sizes|inches|cm|%|per cent|percent)\b[^.]*"
    r"\b(?:in|within|by|with|before)\b",
    re.IGNORECASE,
)
"""An order that is a promise: "Lose up to two stone in three months"."""
_WE_WILL = regex(
    r"\bwe(?:['’]ll| will| can) (?:get|have|put|help you get|take|bring|make) you (?:back (?:on|to|in|into|at"
    r"|up)|feeling|looking"
    r"|sleeping|walking|running|smiling|dancing|thriving|free|well again|whole again|there\b|pregnant|slim\w*"
    r"|young\w*|pain-free)"
    r"(?! (?:the )?(?:clinic|ward|theatre|waiting|reception|appointment|GP|doctor))",
    re.IGNORECASE,
)
"""What the page's owner will make of the reader: "we will get you back on the court"."""
_READY = regex(
    r"^\W*(?:get ready|prepare|it['’]s time) to (?:love|feel|live|enjoy|be|shine|wake|sleep|smile|look"
    r"|rediscover|reclaim|fall in"
    r" love)\b(?! (?:asked|given|weighed|seen))|\b(?:your|the) best (?:years|days|life|self) (?:are|is|lies?)\b"
    r""
    r"|\bleave (?:your )?(?:[\w-]+ ){1,2}behind\b(?! (?:in|at|on)\b)"
    r"|\bgive(?:s)? you (?:back )?(?:your|the) (?:life|energy|confidence|youth|freedom|sleep|smile|body)\b",
    re.IGNORECASE,
)
_NEVER_AGAIN = regex(
    r"\byou(?:['’]ll| will)\s+never\s+(?:have|want|need|suffer|feel|be|crave|worry|see|get|think|go|touch|look|wake"
    r"|smoke|struggle|miss)\b[^.;:]{0,60}?\b(?:again|ever)\b",
    re.IGNORECASE,
)
_REALITY = regex(r"\bmake (?:[\w-]+ ){1,7}a reality\b", re.IGNORECASE)
_YOU = regex(
    r"\b(?:you(?:['’]ll| will|['’]re going to| are going to| can)|(?:and|so) (?:you )?will)\s+"
    r"(?:(?:soon|quickly|also|finally|be"
    r"|be able to|start to|begin to|once again|again|at last)\s+)*"
    r"(?!not\b|need\b|have to\b|find (?:us|the|a|more|out)\b|see (?:a|our|the|your)\b)[a-z]+",
    re.IGNORECASE,
)
_RELATIVE = regex(
    r"\b(?:time|times|days|years|challenges?|problems?|things?|ways?|how long|what|which|who|where|everything|all)\s+$",
    re.IGNORECASE,
)
"""Where "you will" belongs to what stands before: "the length of time you will live"."""
_CAN = regex(r"full|last|without pain|pain[- ]free|potential|dream", re.IGNORECASE)
"""What makes even "you can" a promise."""
_MISFORTUNE = regex(
    r"\b(?:falls?|strokes?|injur(?:y|ies)|illness|diagnosis|diseases?|accidents?|cancer|diabetes)(?: \w+){0,3}? "
    r"(?:can|may|could|might|will) $",
    re.IGNORECASE,
)
"""What changes a life for the worse."""
_STOP = regex(r"[.;:!?]|\b(?:but|if|unless|when|until|although)\b")
_WITHOUT = regex(r"\b(?:without|free (?:of|from)|no(?: more)?)\s+(?:\w+\s+)?\w+|\w+[- ]free\b", re.IGNORECASE)
"""What is said to be absent harms nobody: "without pain" is no warning."""
_CONDITION = regex(
    (
        r"\b(?:if|when|unless|whether|before|after|until|as soon as|once) (?:you|your)\b|\bmay\b|\bmight\b|\bnot\b"
        r"|n['’]t\b"
    ),
    re.IGNORECASE,
)


def promises(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where `text` promises the reader an outcome: start, end, and the words."""
    phrase = _fixed_phrase(text, lexicon)
    if phrase is not None:
        yield phrase
        return
    verbs = list_pattern(lexicon.terms("promise-verbs"))
    found_verbs = list(verbs.finditer(text)) if _YOU_WILL.search(text) else []
    for match in _YOU_WILL.finditer(text):
        verb = next((found for found in found_verbs if found.start() == match.end()), None)
        if verb is None or is_negated(text, match.start()):
            continue
        if not _WILL_ONLY.search(match[0]) and (_CONDITION.search(text) or "finally" not in match[0]):
            continue
        if _CONDITION.search(text[max(0, match.start() - 40) : match.start()]) or _RELATIVE.search(
            text[: match.start()]
        ):
            continue
        yield match.start(), verb.end(), text[match.start() : verb.end()]
        return
    yours = _YOUR_WILL.search(text)
    if yours is not None and not is_negated(text, yours.start()) and not _CONDITION.search(text[: yours.start()]):
        yield yours.start(), yours.end(), yours[0]
        return
    yield from _marked(text, lexicon)


def _fixed_phrase(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """A promise that is one wherever it stands: a listed phrase, or a pattern of them."""
    for found in find(text, lexicon.terms("promises")):
        denied = is_negated(text, found.start) and not found.term.phrase.startswith("no reason")
        if not denied and not _MISFORTUNE.search(text[: found.start]):
            return found.start, found.end, found.text
    for pattern in (_REALITY, _RESULT, _RESTORE, _LOSS, _NEVER_AGAIN, _WE_WILL, _READY):
        made = pattern.search(text)
        if made is not None and not is_negated(text, made.start()):
            return made.start(), made.end(), made[0]
    return None


def _marked(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """A promise by its marks: "you will read without glasses within a day", "Wake up to clear skin"."""
    marks, harmless = (list_pattern(lexicon.terms(name)) for name in ("outcome-marks", "outcome-harmless"))
    if harmless.search(_WITHOUT.sub(" ", text)) is not None:
        return
    for match in _YOU.finditer(text):
        clause = _clause_end(text, match.end())
        mark = marks.search(text, match.end(), clause) or _deadline_before(text, match.start(), marks)
        if mark is not None and " can " in f"{match[0]} " and not _CAN.search(mark[0]):
            continue
        if _RELATIVE.search(text[: match.start()]):
            continue
        if mark is None or _CONDITION.search(text[: match.end()]) or is_negated(text, match.start()):
            continue
        end = max(match.end(), mark.end())
        yield match.start(), end, text[match.start() : end]
        return
    opener = list_pattern(lexicon.terms("promise-openers")).match(text, len(text) - len(text.lstrip(" *_“\"'")))
    if opener is None or _CONDITION.search(text):
        return
    goal = list_pattern(lexicon.terms("promise-goals")).search(text, opener.end())
    if goal is not None:
        yield opener.start(), goal.end(), text[opener.start() : goal.end()]


def _clause_end(text: str, start: int) -> int:
    """Where the clause that begins at `start` ends; a comma does not end it."""
    end = _STOP.search(text, start)
    return end.start() if end is not None else len(text)


def _deadline_before(text: str, start: int, marks: PhrasePattern) -> PhraseMatch | None:
    """A deadline or state that opens the clause: "Within a day of the operation you will ..."."""
    found = marks.search(text, 0, start)
    return found if found is not None and found.start() == 0 else None
