"""What advertising does with a reader: it promises an outcome, and disclaims it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kap_content.language.advertising.future import is_anothers, is_conditional, is_relative, states_condition
from kap_content.language.advertising.praised import is_title_in_prose
from kap_content.language.phrases import Found, find, is_negated, is_refuted, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import PhraseMatch, PhrasePattern, words
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
_FADES = regex(r"melts?|vanish|disappear|fade|is gone|simply|(?:ends|stops) (?:here|today|now)", re.IGNORECASE)
_GOOD = regex(
    r"energy|vitality|confidence|strength|focus|memory|libido|sex drive|life|sleep|appetite|mood|mind", re.IGNORECASE
)
"""What nobody is promised to lose: "Your sex drive is gone"."""
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
    r"(?:love|feel|live|enjoy|be|shine|wake|sleep|smile|look|rediscover|reclaim|fall in love|say hello|say goodbye)\b",
    re.IGNORECASE,
)
_BEST_TO_COME = regex(r"\byour best (?:years|days|life|self) (?:are|is|lies?)\b", re.IGNORECASE)
_GIVES_BACK = regex(
    r"\bgives? you (?:back (?:your|the)|your) (?:[\w-]+ )?(?:life|energy|confidence|youth|freedom|sleep|smile|body)\b",
    re.IGNORECASE,
)
_NEW_PERSON = regex(
    r"\b(?:walk|walks|leave|leaves|come|go) (?:out |away |home |back )?(?:of (?:here|our [\w-]+) )?"
    r"(?:as |feeling (?:like )?)?(?:an? )?(?:completely |whole |brand[- ])?new "
    r"(?:person|people|m[ae]n|wom[ae]n|human)\b",
    re.IGNORECASE,
)
"""What a visit is to make of anybody: "you will walk out a new person"."""
_FAREWELL = regex(
    r"(?:^|[.!;:,]\s|\band )\W*(?:kiss|wave|say|bid) "
    r"(?:(?:your|that|those|all|the|chronic) [\w’'-]+(?: [\w’'-]+)? goodbye"
    r"|(?:goodbye|farewell) to (?!new|your (?:loved|famil|friend|bab|child|pet)"
    r"|famil|friends|the bab|a loved|someone|people))",
    re.IGNORECASE,
)
"""An order to take leave of an illness: "Kiss your migraines goodbye"."""
_LEAVE = regex(r"\bleave (?:(?:your|all|the) )*(?:[\w-]+ )?$", re.IGNORECASE)
_BEHIND = regex(r"\s+behind\b(?! (?:in|at|on)\b)", re.IGNORECASE)
_NEVER_AGAIN = regex(
    r"\byou(?:['’]ll| will)\s+never\s+(?:have|want|need|suffer|feel|be|crave|worry|see|get|think|go|touch|wake"
    r"|look(?! at)|smoke|struggle|miss|reach|drink|dread|hide|snore|pick up|light)\b[^.;:]{0,60}?\b(?:again|ever)\b"
    r"|^\W*never (?:worry|suffer|struggle|feel|wake|have|lie|be)\b[^.;:]{0,60}?\bagain\b",
    re.IGNORECASE,
)
_WATCH = regex(
    r"^\W*(?:watch|feel) (?:as )?(?:your|the|those|that|all) (?:[\w'’-]+ ){1,3}"
    r"(?:melt|vanish|disappear|fade|fall away|drop off|dissolve|shrink|slip away|lift|soar)\b",
    re.IGNORECASE,
)
"""An order to look on: "Watch the pounds melt away"."""
_YOUNGER = regex(
    r"(?<!\bI )(?<!they )(?<!\bhe )\b(?:feel|look|be|grow) (?:(?:up to|at least|about) )?(?:[\w-]+ )?years younger\b"
    r"(?! than)",
    re.IGNORECASE,
)
_HISTORY = regex(r"\byour (?:[\w'’-]+ ){1,4}(?:is|are|becomes?) (?:history|a thing of the past)\b", re.IGNORECASE)
_REALITY = regex(r"\bmake (?:[\w-]+ ){1,7}a reality\b", re.IGNORECASE)
_YOU = regex(
    r"\b(?:you(?:['’]ll| will|['’]re going to| are going to| can)|(?:and|so) (?:you )?will"
    r"|your (?:skin|hair|face|smile|body|mind|eyes|lips|teeth|nails|legs|figure|complexion) will)\s+"
    r"(?:(?:soon|quickly|also|finally|be"
    r"|be able to|be sure to|start to|begin to|once again|again|at last)\s+)*"
    r"(?!not\b|(?:be )?(?:provided|given|asked|offered|told|shown|taken|fitted|required|expected)\b"
    r"|need\b|arrive\b|learn\b|know\b|understand\b|recogni[sz]e\b|gradually\b|notice\b|discover how\b|have to\b"
    r"|(?:likely |often |usually )?find (?:us|the|a|more|out|(?-i:[A-Z])\w+)\b"
    r"|see (?:promises|claims|ads|posts|reports|people|patients|others|a|our|the|your|him|her|them|me|us)\b)[a-z]+",
    re.IGNORECASE,
)
_HABIT = regex(
    r"\b(?:diets?|exercis\w*|eating|foods?|calories|activity|sleep|quitting|walking|tips|habits?"
    r"|medicines are)\b[^.;]*$",
    re.IGNORECASE,
)
"""What nobody sells: "regular exercise will help you sleep better" is advice."""
_MAYBE = regex(
    r"\b(?:may|might|could)\b[^.;,]*$"
    r"|\b(?:goal|aim|mission|vision|purpose|hope|wish|dream) (?:is|was|of|to|for|should)\b[^.;]*$"
    r"|\b(?:realistic expectations|expectations are realistic)\b[^.;]*$",
    re.IGNORECASE,
)
"""What is only possible, aimed at, or soberly expected: "our goal is to get people back to a life free of pain"."""
_CAN = regex(r"full|last|without pain|pain[- ]free|potential|dream", re.IGNORECASE)
"""What makes even "you can" a promise."""
_MISFORTUNE = regex(
    r"\b(?:falls?|strokes?|injur(?:y|ies)|illness|diagnosis|diseases?|accidents?|cancer|diabetes)(?: \w+){0,3}? "
    r"(?:can|may|could|might|will) $",
    re.IGNORECASE,
)
"""What changes a life for the worse."""
_STOP = regex(r"[.;:!?]|,\s+(?:and\s+)?(?:we|they|it|our|your)\b|\b(?:but|if|unless|when|until|although)\b")
_FIRST_PART = regex(r".+?(?=,|;|\band\b|$)", re.DOTALL)
_WITHOUT = regex(r"\b(?:without|free (?:of|from)|no(?: more)?)\s+(?:\w+\s+)?\w+|\w+[- ]free\b", re.IGNORECASE)
"""What is said to be absent harms nobody: "without pain" is no warning."""


_FIXED = (
    _REALITY,
    _RESULT,
    _RESTORE,
    _LOSS,
    _NEVER_AGAIN,
    _WE_WILL,
    _READY,
    _BEST_TO_COME,
    _GIVES_BACK,
    _NEW_PERSON,
    _FAREWELL,
    _WATCH,
    _YOUNGER,
    _HISTORY,
)
"""Patterns that are promises wherever they stand."""


class Promise(NamedTuple):
    """A promise: where, the words, and whether it promises outright.

    What usually happens ("you will normally see"), what helps, and what sober advice says too (`expected-verbs`, and
    what has no other mark than one of `outcome-hints`) is less than that.
    """

    start: int
    end: int
    text: str
    is_flat: bool = True


def promises(text: str, lexicon: Lexicon) -> Iterator[Promise]:
    """Where `text` promises the reader an outcome: the first place."""
    if is_refuted(text):
        return
    phrase = _fixed_phrase(text, lexicon)
    if phrase is not None:
        vague = _VAGUE.match(phrase[2]) is not None and _WHOLLY.search(text) is None
        yield Promise(*phrase, is_flat=not vague and _AIDED.search(text[: phrase[0]]) is None)
        return
    yours = _state_that_changes(text, lexicon)
    made = _with_verb(text, lexicon)
    if made is not None:
        yield made
    elif yours is not None and not is_negated(text, yours[0]) and not states_condition(text[: yours[0]]):
        yield Promise(*yours)
    else:
        yield from _marked(text, lexicon)


def _with_verb(text: str, lexicon: Lexicon) -> Promise | None:
    """A promise by its verb: "you will sleep through the night"."""
    verbs, expected = (list_pattern(lexicon.terms(name)) for name in ("promise-verbs", "expected-verbs"))
    found_verbs = list(verbs.finditer(text)) if _YOU_WILL.search(text) else []
    for match in _YOU_WILL.finditer(text):
        verb = next((found for found in found_verbs if found.start() == match.end()), None)
        if verb is None or is_negated(text, match.start()) or _tells_of_harm(text[verb.end() :], lexicon):
            continue
        if not _WILL_ONLY.search(match[0]) and (states_condition(text) or "finally" not in match[0]):
            continue
        if verb[0].lower().endswith("better") and _BETTER_THING.match(text, verb.end()):
            continue
        if is_conditional(text, match.start()) or ("help" in match[0] and _HABIT.search(text[: match.start()])):
            continue
        made = text[match.start() : verb.end()]
        usual = "help" in match[0].lower() or _USUALLY.search(made) is not None
        sober = expected.fullmatch(verb[0]) is not None or _LATER_IF.search(text, verb.end()) is not None
        return Promise(match.start(), verb.end(), made, is_flat=not usual and not sober)
    return None


_AIDED = regex(
    r"\b(?:help|lead|support|motivat|empower|guid|teach|assist|allow|enabl|encourag|inspir|aim|work|focus|creat|journey"
    r"|path|road|about)\w*\b[^.;,]{0,40}$|\bways to\b[^.;]*$",
    re.IGNORECASE,
)
"""What makes the words behind it less than a promise: "designed to help you unlock your full potential"."""
_VAGUE = regex(r"possible to\b|help you\b|.*\bpotential$", re.IGNORECASE)
_WHOLLY = regex(r"\b(?:completely|entirely|absolutely|totally|perfectly) possible\b", re.IGNORECASE)
"""What is only possible, helps, or is a mere potential is less than a promise; not what is "completely possible"."""
_BETTER_THING = regex(
    r"\s+(?!at|and|or|every|each|soon|with|after|in|within|again|faster|than|by|as|when|if|on|from|now|today)[a-z]",
    re.IGNORECASE,
)
"""A noun behind "better": "you will get better readings"."""
_LATER_IF = regex(r"\b(?:if|when|provided|as long as|unless)\b(?! you (?:choose|come|book|buy|get|join|order|visit))")
"""A condition behind: "you will achieve normal levels if dosed appropriately"."""
_USUALLY = regex(r"\b(?:normally|usually|typically|often|generally|commonly|probably|likely|mostly)\b", re.IGNORECASE)


def _fixed_phrase(text: str, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """A promise that is one wherever it stands: a listed phrase, or a pattern of them."""
    for found in find(text, lexicon.terms("promises")):
        denied = is_negated(text, found.start) and not found.term.phrase.startswith("no reason")
        pictured = found.term.phrase.startswith(("possible to", "imagine"))
        possible = _FIRST_PART.match(text, found.start) if pictured else None
        if possible is not None and _tells_of_harm(possible[0], lexicon):
            continue
        if _MAYBE.search(text[: found.start]) or _of_others(text, found.start) or _is_name(text, found):
            continue
        given = found.term.phrase in ("we guarantee", "we promise")
        if given and (_OF_TRADE.search(text, found.end) or not _OUTCOME.match(text, found.end)):
            continue
        if not denied and not is_anothers(text[: found.start]) and not _MISFORTUNE.search(text[: found.start]):
            return found.start, found.end, found.text
    for pattern in _FIXED:
        made = pattern.search(text)
        before = text[: made.start()] if made is not None else ""
        if made is None or is_negated(text, made.start()) or _MAYBE.search(before) or is_anothers(before):
            continue
        if pattern is _RESULT and _NUMBED.search(text):
            continue
        if pattern is not _READY or not _tells_of_harm(text, lexicon):
            return made.start(), made.end(), made[0]
    return _left_behind(text, lexicon)


def _is_name(text: str, found: Found) -> bool:
    """Whether the promise is the name of something in a sentence: "the Heal Your Gut Summit"."""
    return _MY_THE.search(text[: found.start]) is not None and is_title_in_prose(text, found.start, found.end)


_MY_THE = regex(r"\b(?:the|a|his|her|their)\s+(?:[A-Z][\w-]*\s+)*$")
_NUMBED = regex(r"\b(?:an(?:a)?esthe\w+|numb\w*|sedat\w+|asleep)\b", re.IGNORECASE)
"""What tells how an operation is done: "under local anaesthesia, so you will not feel pain"."""
_OUTCOME = regex(
    r"(?:\W+[\w'’-]+){0,4}?\W+(?:you|your|results?|relief|success|cures?|recovery|improvements?|changes?|outcomes?)\b",
    re.IGNORECASE,
)
"""What is guaranteed of an outcome: "we promise a visible change", not "we guarantee expert care"."""
_OF_TRADE = regex(
    r"\b(?:receiv\w*|deliver\w*|ship\w*|products?|prices?|privacy|priva\w+|confidential\w*|secur\w*|secre\w*|refunds?|data"
    r"|leads|fees?|traffic|bookings|rank\w*|listings?|genuine|original|transparen\w*|honest\w*|steady|realistic|website|appointments?|access|qualit\w+|hygien\w+|satisf\w+|diagnos\w+|availab\w+|respect|oblig\w+)\b",
    re.IGNORECASE,
)
"""What is guaranteed of a trade, not of an outcome: "we guarantee that you receive the original product"."""
_OTHERS = regex(r"\b(?:I|they|their|he|she|his|her|patients|people|clients|women|men|bodies)\b[^.;]*$", re.IGNORECASE)
_SPOKEN_TO = regex(r"\b(?:you|your|yours|we|our|us)\b", re.IGNORECASE)


def _of_others(text: str, start: int) -> bool:
    """Whether it is told of others, and the reader is not spoken to: "they were able to wake up refreshed"."""
    return _OTHERS.search(text[:start]) is not None and _SPOKEN_TO.search(text) is None


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
        if _GOOD.fullmatch(state[0]) and _FADES.match(change[0]):
            continue
        if _WILL_ONLY.search(between[0]) or (_FADES.match(change[0]) and _OPENS_CLAUSE.search(text[: yours.start()])):
            return yours.start(), change.end(), text[yours.start() : change.end()]
    return None


def _tells_of_harm(text: str, lexicon: Lexicon) -> bool:
    """Whether a text warns or says what is done; what is said to be absent harms nobody."""
    return list_pattern(lexicon.terms("outcome-harmless")).search(_WITHOUT.sub(" ", text)) is not None


def _marked(text: str, lexicon: Lexicon) -> Iterator[Promise]:
    """A promise by its marks: "you will read without glasses within a day", "Wake up to clear skin"."""
    if _tells_of_harm(text, lexicon):
        return
    marks = list_pattern(lexicon.terms("outcome-marks"), lexicon.terms("outcome-hints"))
    for match in _YOU.finditer(text):
        clause = _clause_end(text, match.end())
        mark = marks.search(text, match.end(), clause) or _deadline_before(text, match.start(), marks)
        if "you" not in match[0].lower() and not _YOU_BEFORE.search(text[: match.start()]):
            continue
        can = " can " in f"{match[0]} "
        if mark is not None and ((can and not _CAN.search(mark[0])) or _OTHER_DREAM.match(text, mark.start())):
            continue
        if is_relative(text, match.start()) or is_anothers(text[: match.start()]):
            continue
        if mark is None or states_condition(text[: match.end()]) or is_negated(text, match.start()):
            continue
        end = max(match.end(), mark.end())
        made = text[match.start() : end]
        marked = list_pattern(lexicon.terms("outcome-marks")).search(mark[0]) is not None
        flat = marked and not can and not _USUALLY.search(made)
        yield Promise(match.start(), end, made, is_flat=flat)
        return
    opener = list_pattern(lexicon.terms("promise-openers")).match(text, len(text) - len(text.lstrip(" *_“\"'")))
    if (
        opener is None
        or _ME.search(text)
        or states_condition(text)
        or text[opener.end() :].startswith((" out ", " more "))
    ):
        return
    goal = list_pattern(lexicon.terms("promise-goals")).search(text, opener.end())
    between = text[opener.end() : goal.start()] if goal is not None else ""
    if (
        goal is not None
        and len(between.split()) <= _FEW
        and "(" not in between
        and not _FOR_SOMETHING.match(text, goal.end())
    ):
        flat = opener[0].lower() not in _ADVISES and _OWN_WORDS.issuperset(_YOUR.sub("", between.lower()).split())
        yield Promise(opener.start(), goal.end(), text[opener.start() : goal.end()], is_flat=flat)


_ME = regex(r"\b(?:I|my|me)\b")
"""Who tells of oneself promises nothing: "Finally found my forever dentist"."""
_YOU_BEFORE = regex(r"\byou(?:['’]ll| will|['’]re going to| are going to| can)\b", re.IGNORECASE)
"""The subject of a mere "and will": "you will relax and will sleep"."""
_OTHER_DREAM = regex(r"dreams? (?:job|career|home|house|holiday|vacation|car|wedding)\b", re.IGNORECASE)
_ADVISES = frozenset({"get", "stay"})
"""Orders that advise as often as they promise: "Get a good night's sleep"."""
_OWN_WORDS = words("a an the your to of with and more real true lasting instant fast back good great full new natural")
"""Words between an order and its outcome that leave it the reader's: "Wake up to clear skin"."""
_YOUR = regex(r"\byour [\w’']+")
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
    return found if found is not None and found.start() == 0 and found[0].lower() != "again" else None
