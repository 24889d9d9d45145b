"""What advertising does with a reader: it promises an outcome, and disclaims it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, is_negated, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import PhraseMatch, PhrasePattern
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_YOU_WILL = regex(
    r"\b(?:you(?:['’]ll| will| can expect to| are going to|['’]re going to| are sure to| can)|will (?:help|allow"
    r"|enable|let) you(?: to)?|so (?:that )?you can(?: finally)?"
    r"|help(?:s|ing)? you(?: to)?|make you)\s+(?:also |soon |finally |quickly |again |once again |start to "
    r"|begin to |be able to )?",
    re.IGNORECASE,
)
_WILL_ONLY = regex(r"will|['’]ll|going to|sure to|expect to", re.IGNORECASE)
_YOURS = regex(r"\byour (?:(?!if|when|and|or|to)[\w-]+ ){0,2}$", re.IGNORECASE)
_FADES = regex(r"melts?|vanish|disappear|fade|is gone|simply", re.IGNORECASE)
_OPENS_CLAUSE = regex(r"(?:^\W*|\band |, )$", re.IGNORECASE)
"""Without "will" only what is unmistakable counts: "and your pain melts away", not "as your symptoms improve"."""
_WILL_SOON = regex(
    r"\s+(?:(?:will|simply|just|soon)\s+)?(?:all |soon |quickly |finally |simply |just )?", re.IGNORECASE
)
"""What stands between a state of the reader and what is to become of it: "your sleep will soon return"."""
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
    r"\bwe(?:['’]ll| will| can) (?:get|have|put|help you get|take|bring|make) you "
    r"(?:back (?:on|to|in|into|at|up)|feeling|looking|sleeping|walking|running|smiling|dancing|thriving|free|well again"
    r"|whole again|there\b|pregnant|slim\w*|young\w*|pain-free)"
    r"(?! (?:(?:the|your|a) )?(?:clinic|ward|theatre|waiting|reception|appointment|GP|doctor|room|bed|seat|chair|car))",
    re.IGNORECASE,
)
"""What the page's owner will make of the reader: "we will get you back on the court"."""
_READY = regex(
    r"^\W*(?:get ready|prepare|it['’]s time) to "
    r"(?:love|feel|live|enjoy|be|shine|wake|sleep|smile|look|rediscover|reclaim|fall in love)\b",
    re.IGNORECASE,
)
_BEST_TO_COME = regex(r"\b(?:your|the) best (?:years|days|life|self) (?:are|is|lies?)\b", re.IGNORECASE)
_GIVES_BACK = regex(
    r"\bgives? you (?:back )?(?:your|the) (?:life|energy|confidence|youth|freedom|sleep|smile|body)\b", re.IGNORECASE
)
_LEAVE = regex(r"\bleave (?:(?:your|all|the) )*(?:[\w-]+ )?$", re.IGNORECASE)
_BEHIND = regex(r"\s+behind\b(?! (?:in|at|on)\b)", re.IGNORECASE)
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
    r"(?!not\b|need\b|learn\b|know\b|gradually\b|notice\b|discover how\b|have to\b|find (?:us|the|a|more|out)\b"
    r"|see (?:a|our|the|your|him|her|them|me|us)\b)[a-z]+",
    re.IGNORECASE,
)
_RELATIVE = regex(
    r"\b(?:time|times|days|years|challenges?|problems?|things?|ways?|how long|what|which|who|where|everything|all)\s+$",
    re.IGNORECASE,
)
"""Where "you will" belongs to what stands before: "the length of time you will live"."""
_REPORTED = regex(
    r"\b(?:make sure|claim(?:s|ing|ed)?|promis(?:e|es|ing)|adverts?|advertisements?|ads|less likely|more likely"
    r"|likelihood"
    r"|chances?|risk|odds|afraid|worr(?:y|ied)|fear|think|believe"
    r"|amazed|surprised|thank you)\b[^.;]*$",
    re.IGNORECASE,
)
"""What others claim, what is feared, and what is only more or less likely: "less likely that you will drink again"."""
_HABIT = regex(
    r"\b(?:diets?|exercis\w*|eating|foods?|calories|activity|sleep|quitting|walking|tips|habits?"
    r"|medicines are)\b[^.;]*$",
    re.IGNORECASE,
)
"""What nobody sells: "regular exercise will help you sleep better" is advice."""
_MAYBE = regex(r"\b(?:may|might|could)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BEFORE_IT = regex(r"\b(?:before|until|till|when|if|once|after)\s+$", re.IGNORECASE)
"""What makes "you will" a point in time: "months before you will notice a difference"."""
_CAN = regex(r"full|last|without pain|pain[- ]free|potential|dream", re.IGNORECASE)
"""What makes even "you can" a promise."""
_MISFORTUNE = regex(
    r"\b(?:falls?|strokes?|injur(?:y|ies)|illness|diagnosis|diseases?|accidents?|cancer|diabetes)(?: \w+){0,3}? "
    r"(?:can|may|could|might|will) $",
    re.IGNORECASE,
)
"""What changes a life for the worse."""
_STOP = regex(r"[.;:!?]|\b(?:but|if|unless|when|until|although)\b")
_FIRST_PART = regex(r".+?(?=,|;|\band\b|$)", re.DOTALL)
_WITHOUT = regex(r"\b(?:without|free (?:of|from)|no(?: more)?)\s+(?:\w+\s+)?\w+|\w+[- ]free\b", re.IGNORECASE)
"""What is said to be absent harms nobody: "without pain" is no warning."""
_CONDITION = regex(
    r"\b(?:if|when|unless|whether|before|after|until|as soon as|once) (?:you|your)\b"
    r"|\b(?:may|might|not)\b|n['’]t\b",
    re.IGNORECASE,
)


_NEAR = 40
"""Characters before "you will" in which a condition makes it no promise."""


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
        if verb is None or is_negated(text, match.start()) or _tells_of_harm(text[verb.end() :], lexicon):
            continue
        if not _WILL_ONLY.search(match[0]) and (_CONDITION.search(text) or "finally" not in match[0]):
            continue
        before = text[: match.start()]
        if "help" in match[0] and _HABIT.search(before):
            continue
        if (
            _BEFORE_IT.search(before)
            or _CONDITION.search(before[-_NEAR:])
            or _RELATIVE.search(before)
            or _REPORTED.search(before)
        ):
            continue
        yield match.start(), verb.end(), text[match.start() : verb.end()]
        return
    yours = _state_that_changes(text, lexicon)
    if yours is not None and not is_negated(text, yours[0]) and not _CONDITION.search(text[: yours[0]]):
        yield yours
        return
    yield from _marked(text, lexicon)


def _fixed_phrase(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """A promise that is one wherever it stands: a listed phrase, or a pattern of them."""
    for found in find(text, lexicon.terms("promises")):
        denied = is_negated(text, found.start) and not found.term.phrase.startswith("no reason")
        pictured = found.term.phrase.startswith(("possible to", "imagine"))
        possible = _FIRST_PART.match(text, found.start) if pictured else None
        if possible is not None and _tells_of_harm(possible[0], lexicon):
            continue
        if _MAYBE.search(text[: found.start]):
            continue
        if not denied and not _REPORTED.search(text[: found.start]) and not _MISFORTUNE.search(text[: found.start]):
            return found.start, found.end, found.text
    for pattern in (_REALITY, _RESULT, _RESTORE, _LOSS, _NEVER_AGAIN, _WE_WILL, _READY, _BEST_TO_COME, _GIVES_BACK):
        made = pattern.search(text)
        if made is None or is_negated(text, made.start()):
            continue
        if pattern is not _READY or not _tells_of_harm(text, lexicon):
            return made.start(), made.end(), made[0]
    return _left_behind(text, lexicon)


def _left_behind(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """An order to leave a state of `promise-states`, or a condition, behind: "leave your migraine behind"."""
    behind = _BEHIND.search(text)
    if behind is None:
        return None
    states = [found.span() for found in list_pattern(lexicon.terms("promise-states")).finditer(text)]
    states += [(found.start, found.end) for found in subjects_of(lexicon).mentions(text, SubjectKind.CONDITION)]
    for low, high in states:
        leave = _LEAVE.search(text[:low])
        if leave is not None and high == behind.start() and not is_negated(text, leave.start()):
            return leave.start(), behind.end(), text[leave.start() : behind.end()]
    return None


def _state_that_changes(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """A state of `promise-states` with a change of `promise-changes`: "your energy will soar"."""
    if "your " not in text.lower():
        return None
    changes = list_pattern(lexicon.terms("promise-changes"))
    for state in list_pattern(lexicon.terms("promise-states")).finditer(text):
        yours, between = _YOURS.search(text[: state.start()]), _WILL_SOON.match(text, state.end())
        change = changes.match(text, between.end()) if yours and between else None
        if yours is None or change is None or between is None:
            continue
        if _WILL_ONLY.search(between[0]) or (_FADES.match(change[0]) and _OPENS_CLAUSE.search(text[: yours.start()])):
            return yours.start(), change.end(), text[yours.start() : change.end()]
    return None


def _tells_of_harm(text: str, lexicon: Lexicon) -> bool:
    """Whether a text warns or says what is done; what is said to be absent harms nobody."""
    return list_pattern(lexicon.terms("outcome-harmless")).search(_WITHOUT.sub(" ", text)) is not None


def _marked(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """A promise by its marks: "you will read without glasses within a day", "Wake up to clear skin"."""
    if _tells_of_harm(text, lexicon):
        return
    marks = list_pattern(lexicon.terms("outcome-marks"))
    for match in _YOU.finditer(text):
        clause = _clause_end(text, match.end())
        mark = marks.search(text, match.end(), clause) or _deadline_before(text, match.start(), marks)
        if mark is not None and " can " in f"{match[0]} " and not _CAN.search(mark[0]):
            continue
        if _RELATIVE.search(text[: match.start()]) or _REPORTED.search(text[: match.start()]):
            continue
        if mark is None or _CONDITION.search(text[: match.end()]) or is_negated(text, match.start()):
            continue
        end = max(match.end(), mark.end())
        yield match.start(), end, text[match.start() : end]
        return
    opener = list_pattern(lexicon.terms("promise-openers")).match(text, len(text) - len(text.lstrip(" *_“\"'")))
    if opener is None or _CONDITION.search(text) or text[opener.end() :].startswith((" out ", " more ")):
        return
    goal = list_pattern(lexicon.terms("promise-goals")).search(text, opener.end())
    between = text[opener.end() : goal.start()] if goal is not None else ""
    if goal is not None and len(between.split()) <= _FEW and not _FOR_SOMETHING.match(text, goal.end()):
        yield opener.start(), goal.end(), text[opener.start() : goal.end()]


_FEW = 3
"""Words that may stand between an order and what it promises."""
_FOR_SOMETHING = regex(r"\s+(?:sleep|behaviou?r|reasons?|health|measure|that|style)\b", re.IGNORECASE)
"""What makes "for good" or "your life" another thing: "Look for good behavior"."""


def _clause_end(text: str, start: int) -> int:
    """Where the clause that begins at `start` ends; a comma does not end it."""
    end = _STOP.search(text, start)
    return end.start() if end is not None else len(text)


def _deadline_before(text: str, start: int, marks: PhrasePattern) -> PhraseMatch | None:
    """A deadline or state that opens the clause: "Within a day of the operation you will ..."."""
    found = marks.search(text, 0, start)
    return found if found is not None and found.start() == 0 else None
