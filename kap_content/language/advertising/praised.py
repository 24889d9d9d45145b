"""Whom praise is of: the page's owner, somebody else, or nobody ("the best clinics know their limits")."""

from __future__ import annotations

import re

from kap_content.language.clinical import ClinicalSentence
from kap_content.language.phrases import list_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

OURS = regex(
    r"\b(?:our(?! (?:nation|country|society|world|bod(?:y|ies)|lives)\b)"
    r"(?! (?:readers|lists?|picks?|guides?|rankings?|editors?|editorial|reviews?|director(?:y|ies)|database)\b)"
    r"|ours|we|us)\b",
    re.IGNORECASE,
)
"""The page's owner; who lists and ranks others speaks of them, not of an offer of care."""
INVITES = regex(r"\W*(?:meet|visit|come|trust|book|welcome|choose)\b", re.IGNORECASE)
"""An invitation that praises is praise: "Meet the best surgeons in Vienna"."""


def speaks_of_owner(text: str) -> bool:
    """Whether a sentence speaks of the page's owner: "our clinic", "we"."""
    return OURS.search(text) is not None


_SHORT = 8


def is_slogan(text: str) -> bool:
    """Whether a text is a heading or a line without a full stop, of few words."""
    return not text.rstrip().endswith(".") and len(text.split()) <= _SHORT


# --- the owner, or somebody else ---

_WELCOME = regex(r"\bwelcome to\s+(?:the\s+)?$", re.IGNORECASE)
_GOVERNED = regex(
    r"\b(?:at|from|by|with|of|in|among|for|like|including|to|between|alongside|through|via|into)\s+"
    r"(?:(?:an?|the|some|many|several|two|other|these|those|most|both|any)\s+)?(?:of the\s+)?(?:[\w-]+\s+)?$",
    re.IGNORECASE,
)
"""A preposition that makes the praised a third party: "trained at leading hospitals"."""
_FROM_OTHERS = regex(
    r"\b(?:from|by|at|with|alongside|including)\s+(?:(?:an?|the|some|many|several|two|other|most)\s+)?"
    r"(?:(?:one|some|many) of (?:the )?(?:[\w-]+['’]s?\s+)?)?"
    r"(?:[A-Z][\w-]+['’]s\s+)?(?:(?!our\b)[\w-]+\s+)?$",
    re.IGNORECASE,
)
"""A preposition that makes it one even of what "we" buy or learnt: "our implants come from leading manufacturers"."""
_ON_OTHERS = regex(r"\W*case stud(?:y|ies)\b", re.IGNORECASE)
_SAYS = regex(r"[^.;!?“\"]{5,80}\b(?:says?|said|explains?|writes?|wrote)\b[,:]", re.IGNORECASE)
"""Whoever is quoted is a third party: "As Dr Roe, a leading expert on sleep, says, …"."""
_SAID_TO_BE = regex(
    r"(?:\b(?:is|are|was|were|be|been|being|remains?|becomes?|as|called|named|considered|stands?|stays?|find)"
    r"|\b(?:it|that|this|he|she|who|here|there|we|you|they)['’](?:s|re))\s+"
    r"(?:(?:an?|the|one of(?: the)?|among(?: the)?|your|truly|by far|[\w.]+['’]s)\s+){0,2}(?:[\w-]+\s+)?$",
)
"""What makes somebody named the praised, for whom the page speaks: "Dr Roe is the", "The Mill Clinic, one of the"."""
_APPOSED = regex(
    r"[,–—]\s+(?P<words>(?:(?:an?|the|one of(?: the)?|among(?: the)?|your|[\w.]+['’]s)\s+){0,2}(?:[\w-]+\s+)?)$",
)
_OF_THE_SENTENCE = regex(r"(?:\s+[\w'’&-]+){0,6}?\s+(?:was|were|had)\b")
"""What makes it the subject instead, in a tale: "By chance, one of the world's leading surgeons was there"."""
_DETERMINED = regex(r"(?:an?|the|one of|among|our|your|[\w.]+['’]s)\s", re.IGNORECASE)
"""Behind a comma, an article shows that what follows says who somebody is, and is not the next of a list."""
_OPENS = regex(r"\W*(?:(?:the|an?|your|one of the)\s+)?(?:[\w.]+['’]s\s+)?(?:very )?", re.IGNORECASE)
_BE = regex(r"\b(?:is|are|has|have|was|were)\b|['’](?:s|re)\b", re.IGNORECASE)
_HONOURED = r"\b(?:named|recogni[sz]ed|ranked|rated|voted|listed|selected|honou?red|chosen|designated)\b[^.;]*?"
_NAMED_BY = regex(
    rf"{_HONOURED}\b(?:by|in|on) (?!the (?:country|world|area|region|city)\b)(?:the )?"
    r"[A-Z][\w&.]+(?: [A-Z][\w&.]+)*['’]s?\b"
    rf"|{_HONOURED} by (?!far\b)"
    r"|(?:(?!(?:Our|The|Your|Meet|Find|Book|With|For|Of|And)\b)\b[A-Z][a-z]+(?:['’]s)? ){2}(?:Top|Best) [A-Z]"
    r"|(?:\b[Aa]n? [A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+) (?:Top|Best) [A-Z]"
    r"|\b[Aa]wards?\b[^.;]*\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b[^.;]*\b[Aa]wards?\b"
    r"|\b[A-Z]\w+ [A-Z]\w+ (?:Top|Best) \w+\b[^.;]*\b(?:19|20)\d\d\b"
    r"|\b(?:according to|based on)\b[^.;]*\b(?:[Ss]urvey|[Ff]eedback|[Rr]eviews|[Rr]atings|[Rr]ankings?|[Dd]ata)\b"
)
"""Who gave an honour, or on what a ranking rests: a source that a reader can look up."""


def is_own(sentence: ClinicalSentence, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the praise between these offsets is of the page's owner or offer.

    It is where the sentence speaks of "us", invites, or is a heading or slogan, and of somebody named where it says who
    that is. It is not with what is done by others, behind a preposition, of a school where somebody learnt (the list
    `training`), and where the sentence says who gave the honour.
    """
    text, before = sentence.text, sentence.text[:start]
    if _ON_OTHERS.match(text) or _LISTS.search(before) or _SAYS.match(text, start) or _NAMED_BY.search(text):
        return False
    if _FROM_OTHERS.search(before) and not OURS.match(text, start):
        return False
    learnt = list_pattern(lexicon.terms("training")).search(before)
    if learnt is not None and not _BE.search(before, learnt.end()):
        return False
    if OURS.search(text) and not OURS.search(text, start, end) and _is_of_people(text, start, end, lexicon):
        return _HOLDS.search(before) is not None
    if OURS.search(text) or INVITES.match(text) or _WELCOME.search(before):
        return True
    if not text.rstrip().endswith("."):
        return _GOVERNED.search(before) is None and not _is_of_people(text, start, end, lexicon)
    if _OPENS.fullmatch(before) is not None:
        return _COMPARES.search(text, start, end) is None or _KIND.match(text, end) is None
    apposed = _APPOSED.search(before)
    if apposed is not None and (apposed["words"] or _DETERMINED.match(text, start)):
        return _OF_THE_SENTENCE.match(text, end) is None
    return _SAID_TO_BE.search(before) is not None


def _is_of_people(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether several who treat are praised: in a sentence about "us" they may be others ("we shortlist the best")."""
    who = list_pattern(lexicon.terms("providers")).search(text, start, min(len(text), end + _NEAR))
    return who is not None and who[0].endswith("s")


_HOLDS = regex(
    r"\b(?:is|are|be|being|remain|as|have|has|having|employs?|offers?|provides?|brings?|our|among|by)\s+"
    r"(?:(?!of\b|for\b|in\b)[\w-]+\s+){0,4}$|['’](?:s|re|ve)\s+(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
"""What makes several who treat one's own: "we have the best surgeons", "you are treated by leading doctors"."""

_LISTS = regex(r"\b(?:here|these|below) are\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
"""What lists others: "Here are some top-rated audiologists"."""

# --- nobody ---

_BEGINS = regex(
    r"(?:^|[.;:–—]\s|\b(?:that|because|while|although|though|since|as|says?|but|so)\s)\W*"
    r"(?:(?:the|most|many|some|these|those|such|other|all|only|even|truly|very|few|of)\s+)*$",
    re.IGNORECASE,
)
"""What stands before a subject, where a statement about a kind begins: "Research says that the best"."""
_KIND = regex(
    r"(?:\s+[\w'’-]+){0,3}?(?:(?<=[^s]s)|(?<=teams)|(?<=staff))"
    r"(?:\s+(?:in|of|for|at|on|around|across|with|from)\s+(?:[\w'’-]+\s*){1,4}?)?"
    r"\s+(?:(?:all|also|often|usually|typically|generally|always|never|only|both)\s+)?"
    r"(?!(?:in|of|for|at|on|around|across|with|from|and|or|near|by|to|that|who|which|under|through|available|ready)\b)"
    r"(?![\w-]+(?:ing|ed|ly)\b)[a-z]+(?=[\s:])",
)
"""Behind praise, the plural that it is of and the verb of what is said of them: "facilities hold"."""
_ONE_OF_A_KIND = regex(
    r"\W*(?:the )?(?:very )?(?:best|top|leading|right|finest) [\w' -]{1,40}?(?:, ?\([^)]*\),? )?"
    r"(?:(?:depends?|varies|vary|differs?|rests?|comes? down|starts?|begins?|requires?|means?|may|might|can|could"
    r"|should|must|will)\b"
    r"|is (?:one|the \w+|not|rarely|often|usually) (?:that|which|you|nobody|no one|always|necessarily)?"
    r"|is when\b)",
    re.IGNORECASE,
)
"""What the best of a kind is, or depends on: "The best clinic depends on your needs"."""
_COMPARES = regex(
    r"(?:the )?(?:\w+ )?(?:best|top|leading|premier|foremost|finest|most|highest|elite|renowned)\b", re.IGNORECASE
)
"""Praise that sets some of a kind above the others; whatever is "world-class" is only called good."""
_HEADLINE = regex(r"\W*(?:industry|market) leaders? (?!in\b|for\b|of\b)[a-z]+s?\b", re.IGNORECASE)
"""News of somebody who is not named: "Industry leader identifies three trends"."""
_RANKED = regex(
    r"\b(?:rank(?:s|ed|ings?)?|lists?|awards?|survey|report|issue|edition|designat\w+"
    r"|are (?:nominated|chosen|selected))\b",
    re.IGNORECASE,
)
_TITLED = regex(
    r"(?:the )?(?:[A-Z][\w.'’]*|No\. 1|#1|of|for|in|and|the)(?:[\s-](?:[A-Z\d][\w.'’]*|of|for|in|and|the))*"
)
_NEAR = 25
"""Characters behind praise in which "you" is whom the praised treat: "The best doctors look after you"."""
_YOU = regex(r"\byou(?:rs?)?\b|\bhere\b", re.IGNORECASE)


def is_of_nobody(text: str, start: int, end: int) -> bool:
    """Whether the praise between these offsets is of a kind, in general, or belongs to a ranking's name.

    `text` is a sentence that does not speak of the page's owner: "The best clinics know their limits" says of none that
    it is the best, and "a place in U.S. News' Best Hospitals ranking" tells what a list is called.
    """
    if is_title_in_prose(text, start, end) and _is_in_name(text, start, end):
        return True
    if OURS.search(text):
        return False
    if _ONE_OF_A_KIND.match(text) or _HEADLINE.match(text):
        return True
    if _RANKED.search(text) and is_title_in_prose(text, start, end):
        return True
    if is_slogan(text) or _COMPARES.match(text, start) is None or _YOU.search(text, end, min(len(text), end + _NEAR)):
        return False
    return _BEGINS.search(text[:start]) is not None and _KIND.match(text, end) is not None


def _is_in_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word of praise begins a name: "she is with Premier Allergy & Asthma"."""
    return _GOES_ON.match(text, end) is not None and _DETERMINER.search(text[:start]) is None


def is_named(page: str, text: str, start: int, end: int) -> bool:
    """Whether praise begins a name that the page speaks of: "Premier Sleep of Oslo", for it says "at Premier Sleep"."""
    goes_on = _NEXT_WORD.match(text, end)
    name = text[start : goes_on.end()] if goes_on is not None and text[start].isupper() else ""
    return name != "" and any(f" {before} {name}" in page for before in _BEFORE_NAMES)


_NEXT_WORD = regex(r"\s(?:[A-Z][\w’'-]*|&)")
_BEFORE_NAMES = ("at", "of", "from", "with", "by", "join")
_GOES_ON = regex(r"\s(?:[A-Z]|&)")
_DETERMINER = regex(r"(?:\b(?:[Aa]n?|[Tt]he|[Oo]ur|[Yy]our|is|are)|['’]s)\s+$")
_SENTENCE = 6
"""Words in small letters that make a text a sentence rather than a title."""


def is_title_in_prose(text: str, start: int, end: int) -> bool:
    """Whether these words have capitals in a sentence that has not: the name of a ranking or of an event."""
    if _TITLED.fullmatch(text, start, end) is None or text[start].islower() or start == 0:
        return False
    return sum(word[:1].islower() for word in text.split()) >= _SENTENCE
