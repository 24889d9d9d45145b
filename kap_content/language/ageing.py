"""Words that age ("recently", "a new drug"), where they tell of the world and not of one patient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kap_content.language.phrases import as_sentence, find, is_quoted
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

LIST = "temporal"
"""The word list of words that age."""


def ageing(text: str, lexicon: Lexicon, *, is_request: bool) -> tuple[int, int, str, str] | None:
    """The first word of `text` that ages: start, end, why, and what to do.

    `is_request` tells that the sentence asks the reader for something, so that a "new" drug in it is new to him.
    """
    for start, end, reason, advice in sorted(_candidates(text, lexicon, is_request=is_request)):
        if not is_quoted(text, start, end) and not _is_no_time(text, start, end):
            return start, end, reason, advice
    return None


def tells_a_story(texts: Sequence[str]) -> bool:
    """Whether the sentences of a page tell of one patient as a relative would: then their time is the diary's own."""
    if len(texts) < _STORY:
        return False
    ours, mine, hers = (sum(who.search(text) is not None for text in texts) for who in (_OURS, _MINE, _HERS))
    return ours * 4 > len(texts) and mine * 10 > len(texts) and hers * 10 > len(texts)


def _candidates(text: str, lexicon: Lexicon, *, is_request: bool) -> Iterator[tuple[int, int, str, str]]:
    for found in find(text, lexicon.terms(LIST)):
        if not found.text.lower().startswith("new ") or _is_news(text, found.start):
            yield found.start, found.end, found.term.reason, as_sentence(found.term.suggestion)
    if is_request:
        return
    for match in _NEW.finditer(text):
        before = text[: match.start()]
        is_title = match.start() > 0 and match[0][0].isupper()
        of_one = _PATIENTS.search(before) is not None and _TOLD.match(text, match.end()) is None
        if is_title or of_one or _NOT_OF_MEDICINE.match(text, match.end()):
            continue
        if _is_news(text, match.start()):
            yield match.start(), match.end(), _NEW_REASON, _NEW_HELP


_STORY = 8
"""The fewest sentences of a story: a quarter of them in the first person, a tenth in its singular, a tenth of another.

A clinic that tells of its doctors says "we" and "she", and hardly ever "I".
"""
_MINE = regex(r"\b(?:I|my|me)\b", re.IGNORECASE)
_OURS = regex(r"\b(?:I|my|me|we|our|us)\b", re.IGNORECASE)
_HERS = regex(r"\b(?:she|he|her|his|him)\b", re.IGNORECASE)

# --- what is new ---

_NEW = regex(
    r"\b(?:new|newest|brand-new)\s+(?:(?!(?:of|for|in|to|and|or|with|on|your|episode|patients?|symptoms?|onset)\b)"
    r"[\w-]+\s+){0,2}?(?:vaccines?|drugs?|treatments?|therap(?:y|ies)|medicines?|medications?|pills?|injections?"
    r"|antibiotics?|antidepressants?|blood tests?|screening tests?)\b",
    re.IGNORECASE,
)
_TAKEN_UP = regex(
    r"\b(?:start\w*|begin\w*|tak(?:e|es|en|ing)|try\w*|tried|switch\w*|chang\w*|add\w*|prescrib\w*|given|offer\w*"
    r"|compar\w*|hypothetical|suppose|when|introduc\w*|approval|licens\w*|launch\w*|of(?: a| the)?|effects?"
    r"|buy\w*|need\w*|any|each|every|your|if|when\w*|before|develop\w*|explor\w*|search\w*|seek\w*|find\w*|discover\w*"
    r"|test\w*|evaluat\w*|design\w*|future|promis\w*|for|trials?|lead(?:s|ing)?|led|information|create\w*|creation"
    r"|potential|possible|identify\w*|toward\w*|opportunit\w*|into|annual|reveal\w*|what|which)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
"""What stands before a drug that is new to a patient, or sought, rather than new to the world."""
_OLD = regex(
    r"\b(?:old|older|existing|standard|first) (?:one|ones|treatments?|drugs?|therap(?:y|ies))\b", re.IGNORECASE
)
"""What is new only beside an older one: the arms of a comparison."""
_NOT_OF_MEDICINE = regex(
    r"\s+(?:[\w-]+\s+)?(?:modules?|applications?|plans?|quotes?|rooms?|sessions?|areas?|journeys?|requests?|episodes?)\b",
    re.IGNORECASE,
)
"""What behind "new treatment" makes it new to one patient."""
_PATIENTS = regex(r"\b(?:after|on|with|to|by|from|any|due to|tied to|and|or)\s+(?:(?:an?|the)\s+)?$", re.IGNORECASE)
_TOLD = regex(
    r"\s+(?:for|called|named|known|that|which|has|is|was|can|may|could|will|offers?|shows?|promises?|approved|available"
    r"|to treat)\b",
    re.IGNORECASE,
)
"""What makes one new drug news, where "after a new medication" tells of a patient's."""
_INFORMED = regex(
    r"\b(?:stay|staying|keep|keeping|get|receive|subscribe|sign(?:ing)? up|inform\w*|updated?|deliver\w*|follow"
    r"|read|find|monitor\w*|access to|follow(?:s|ing)?"
    r"|learn|hear|first to (?:know|learn|hear)|up to date|current with|newsletter|platform|newsroom|focus\w*"
    r"|spotlight\w*|choos\w*|knowledge of|experience with|up-to-date"
    r"|updates? with|appl(?:y|ies|ying)|take advantage of|check out|articles|tips|stories"
    r"|discover|explor\w*|covers?|attend\w*)\b[^.;]*$",
    re.IGNORECASE,
)
"""Before news that is offered, and not told: "stay informed about the latest research"."""
_NEWS = regex(
    r"\s+(?:[\w-]+\s+){0,2}?(?:news|updates?|information|insights|offers?|posts?|articles?|blogs?|events?|additions?|deals|branch|locations?|office|clinic)\b",
    re.IGNORECASE,
)
_INVITED = regex(
    r"(?:^|[,;:!–—-]\s*|\b(?:and|or|to)\s+)\W*(?:please\s+)?(?:book|call|contact|schedule|visit|use|try|get|start|begin|join"
    r"|order|request|claim|reserve|shop|sign up|reach out|learn|take|make|explore|discover|speak|talk|enquire|inquire"
    r"|apply|register|download|email|consult|connect)\b[^;]*$",
    re.IGNORECASE,
)
"""Before "today" it asks the reader to come: "schedule a visit today"."""
_NEW_REASON = "will be read years from now"
_NEW_HELP = "Give the year or the date."


# --- whose time ---

_NOW = regex(
    r"currently|recently|presently|at present|at the moment|so far|lately|as of now|in the near future|today"
    r"|this year|this month|last month|last year"
    r"|earlier this year|(?:a few|some|several|a couple of) years ago|just come back|for the first time ever"
    r"|over the (?:last|past) few years",
    re.IGNORECASE,
)
_YOU_BEFORE = regex(
    r"\b(?:you(?:r|['’](?:re|ve|ll))?|us|i(?:['’](?:m|ve))?|my|he|she)\b(?:,?\s+[\w'’-]+){0,12}\s*$", re.IGNORECASE
)
_THEIR_OWN = regex(r"\b(?:having|or have|who (?:have|has|had|are|were)|if (?:one|they) (?:have|has)) $", re.IGNORECASE)
"""Before what someone did lately who is spoken of in general: "travellers having recently stayed in"."""
_WHETHER = regex(r"\bwhether\b", re.IGNORECASE)
_ANECDOTE = regex(
    r"\b(?:an?|one|my) (?:[\w-]+ ){0,3}(?:patient|man|woman|mother|father|client|veteran|teacher|nurse"
    r"|athlete)\b|\b(?:friend|relative|cousin|neighbou?r|colleague) of mine\b|\bone of my\b"
    r"|\bi['’]m\b.*\bfor the first time ever",
    re.IGNORECASE,
)
"""One person's story is dated by itself."""
_THANKS = regex(
    r"\b(?:happ(?:y|iest)|blessed|grateful|thank\w*|positive news|good news)\b|\btoday (?:i|my|i['’]\w+)\b",
    re.IGNORECASE,
)
"""What a patient tells of the day on which he writes."""
_FOR_TODAY = regex(r"\b(?:just for|starting|beginning) $", re.IGNORECASE)
_OF_TURNING = regex(r"\b(?:of|from|by|without|before|after|instead of|keep|avoid) $", re.IGNORECASE)
"""Before what one person may do: "the risk of turning to alcohol"."""
_NOT_LATER = regex(r",? (?:and )?not (?:next|tomorrow|later|in)\b", re.IGNORECASE)
_CONDITION = regex(r"^\W*(?:if|when|whether|anyone|those)\b", re.IGNORECASE)
_YOU_AFTER = regex(r",?\s+(?:[\w'’-]+\s+){0,4}you(?:r|['’]re)?\b", re.IGNORECASE)


def _is_no_time(text: str, start: int, end: int) -> bool:
    """Whether the word dates nothing: news on offer, an invitation, a name ("Psychology Today"), the reader's time."""
    word, before = text[start:end], text[:start]
    if before.endswith(("-", "/")) or _IDENTIFIED.search(text):
        return True
    if _OWNERS.match(word) and (_OCCUPIED.match(text, end) or _WE_AFTER.match(text, end) or _WE_BEFORE.search(before)):
        return True
    if _OFFERED.match(word) and (_INFORMED.search(before) or _NEWS.match(text, end)):
        return True
    if _STUDIED.match(word) and _PRESENTED.search(before):
        return True
    if word.istitle() and (_IN_TITLE.search(before) or text.startswith(":", end)):
        return True
    if word.lower().startswith("turning to") and _OF_TURNING.search(before):
        return True
    if word.lower() == "emerging as" and _EMERGED.match(text, end) is None:
        return True
    if word.lower().startswith("today") and (
        _INVITED.search(before) or (word.istitle() and before.rstrip()[-1:].isalnum())
    ):
        return True
    return _is_of_the_reader(text, start, end)


_OWNERS = regex(r"(?:currently|presently|at present|at the moment|as of now|today|now)$", re.IGNORECASE)
_OCCUPIED = regex(
    r",?\s+(?:\w+ )?(?:(?:serv|operat|accept|welcom|liv|resid|teach|lead|head|direct|pursu|complet|hold|volunteer|train"
    r"|employ|hir|stud(?:y|i)|book|ship|deliver|enroll?|recruit|own|manag|sit|chair|seek)(?:s|es|ing)\b"
    r"|being (?:accepted|built|developed|updated|reviewed|added)\b|located\b|based\b|open\b|closed\b|available for\b"
    r"|(?:works|working|practices|practicing|practising) (?:in|at|as|with)\b"
    r"|(?:he|she|drs?\.?) (?:[\w.'’-]+ ){0,3}?"
    r"(?:speciali[sz]es|practi[cs]es|works|sees|treats|offers|lives|leads|runs|is|has been)\b)",
    re.IGNORECASE,
)
"""What people and houses are occupied with: "she currently serves in a clinic", "currently accepting patients"."""
_WE = r"(?:we|our (?:clinic|practice|team|site|website|pipeline|editors?)|i)"
_WE_BEFORE = regex(rf"\b{_WE}(?: are| am|['’]re|['’]m)? (?:\w+ing (?:\w+, )?)?$", re.IGNORECASE)
_WE_AFTER = regex(
    rf",? {_WE} (?!(?:also |now )?(?:know|understand|recogni[sz]e|see|have|live|face|believe|think|can|are)\b)",
    re.IGNORECASE,
)
"""The house's own doings: "today we serve five counties"; but "today we know that"."""
_IDENTIFIED = regex(r"\b(?:PMID|doi|NCT)\b:?\s*\d", re.IGNORECASE)
"""A record with its number can be looked up, its date too."""
_STUDIED = regex(
    r"(?:current|emerging|latest|recent|cutting-edge|new) ?(?:research|evidence|science|studies|guidelines)?$",
    re.IGNORECASE,
)
_PRESENTED = regex(
    r"\b(?:article|guide|page|post|section|chapter|report|book|episode|blog|series)\s(?:will\s)?[a-z]+s?\b[^.;]*$"
    r"|\bwe (?:follow|adhere to|comply with)\b[^.;]*$|\b(?:grounded|rooted|informed|guided)\b[^.;]*$|\bas $"
    r"|^\W*(?:dive into|explore|discover|unpack|drawing (?:from|on))\b[^.;]*$",
    re.IGNORECASE,
)
"""Before research that a text presents, or that is followed: "this guide unpacks current research"."""
_EMERGED = regex(r"\s(?:an?|one|another|the (?:best|first|gold|leading|main|most|new|next|preferred|standard))\b")
"""Behind what emerges as something, and not while something goes on: "results emerging as swelling resolves"."""
_IN_TITLE = regex(r"(?:[:–—-]|\b[A-Z][\w-]*) $")
"""Before capitals in the midst of a line, which is a title: "Mesh Surgery: Current Evidence"."""
_OFFERED = regex(r"latest|newest|new |emerging |recent ", re.IGNORECASE)


def _is_of_the_reader(text: str, start: int, end: int) -> bool:
    """Whether the time is the reader's own: "the tablets that you are currently taking", "call us today"."""
    if _NOW.fullmatch(text, start, end) is None:
        return False
    if _CONDITION.match(text) or _WHETHER.search(text[:start]):
        return True
    if _ANECDOTE.search(text) or _THANKS.search(text) or _NOT_LATER.match(text, end):
        return True
    if _THEIR_OWN.search(text[:start]) or _FOR_TODAY.search(text[:start]):
        return True
    return _YOU_BEFORE.search(text[:start]) is not None or _YOU_AFTER.match(text, end) is not None


def _is_news(text: str, start: int) -> bool:
    """Whether "new" is new to the world: neither to one patient, nor still looked for, nor only beside an older one."""
    return _OLD.search(text) is None and _TAKEN_UP.search(text[:start]) is None
