"""Whether "you will" promises the reader anything: not in a relative clause, on a condition, or in another's words."""

from __future__ import annotations

import re

from kap_content.language.vocabulary import words
from kap_content.startup.regex import regex

_CLAUSE_START = regex(r"[,;:.!?…–—(]\s*|^\s*")
_OPENS_CLAUSE_OF_ITS_OWN = words(
    "and or so then but because since as thus hence therefore plus now soon today tomorrow here finally also again once"
    " ensure ensures ensuring mean means meaning guarantee guarantees guaranteed promise promises say says know sure"
    " confident assure assures assured believe think again"
)
"""Behind these "you will" is a statement of its own, as it is behind a comma."""
_BY_OR_WITH = words(
    "in with after by within from thanks through at during over using once under on every each this next tonight before"
    " following without just like for"
)
"""What opens the words before "you will" where they tell when or by what: "In six weeks you will"."""
_AND_THAT = regex(r"\b(?:so|(?:ensur|guarante|assur|promis|mean|know|sur|confident|believ)\w*)\s+that$", re.IGNORECASE)


def is_relative(text: str, at: int) -> bool:
    """Whether "you will" belongs to what stands before: "the years you will live"."""
    if not text.startswith(("you", "You", "YOU"), at):
        return False
    before = text[:at].rstrip()
    clause = _CLAUSE_START.split(before)[-1].lower().split()
    if not clause or clause[-1] in _OPENS_CLAUSE_OF_ITS_OWN or _AND_THAT.search(before):
        return False
    return clause[0] not in _BY_OR_WITH


_REPORTED = regex(
    r"\b(?:make sure|supposedly|allegedly|purportedly|touted|marketed"
    r"|(?:someone|somebody|anyone|anybody)\b[^.;]*\bsays?"
    r"|claim(?:s|ing|ed)?|promis(?:e|es|ed|ing)|adverts?|advertisements?|ads|less likely|more likely"
    r"|likelihood"
    r"|chances?|risk|odds|afraid|worr(?:y|ied)|fear|think|believe"
    r"|amazed|surprised|thank you)\b[^.;]*$",
    re.IGNORECASE,
)
"""What others claim, what is feared, and what is only more or less likely: "less likely that you will drink again"."""


def is_anothers(before: str) -> bool:
    """Whether what stands before makes it a claim of others, a fear, or a mere likelihood."""
    return _REPORTED.search(before) is not None


_CONDITION = regex(
    r"\b(?:if|when|unless|whether|before|after|until|as soon as|once) (?:you|your)\b"
    r"|\b(?:may|might|not)\b|n['’]t\b",
    re.IGNORECASE,
)


def states_condition(text: str) -> bool:
    """Whether a text makes a condition, or says "may" or "not"."""
    return _CONDITION.search(text) is not None


_BEFORE_IT = regex(r"\b(?:before|until|till|when|if|once|after)\s+$", re.IGNORECASE)
"""What makes "you will" a point in time: "months before you will notice a difference"."""
_IF_YOU = regex(
    r"\bif you\s+(?!choose|use|take|try|join|book|call|come|order|buy|visit|trust|sign|get|have|want|wish|suffer"
    r"|are (?:tired|ready|looking))\w+",
    re.IGNORECASE,
)
"""A condition that is not to buy: "If you put in the effort, you will feel better" is advice."""
_NEAR = 40
"""Characters before "you will" in which a condition makes it no promise."""


def is_conditional(text: str, at: int) -> bool:
    """Whether what stands before "you will" makes it a point in time, a condition, or another's words."""
    before = text[:at]
    if _BEFORE_IT.search(before) or _CONDITION.search(before[-_NEAR:]) or _IF_YOU.search(before):
        return True
    return is_relative(text, at) or is_anothers(before)
