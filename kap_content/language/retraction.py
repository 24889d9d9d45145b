"""Whether prose says of a publication that it was retracted."""

from __future__ import annotations

import re

from kap_content.language.sentences import sentence_spans
from kap_content.startup.regex import regex

_WORK = regex(
    r"\b(?:stud(?:y|ies)|trials?|papers?|articles?|works?|reports?|reviews?|meta-analys[ei]s|publications?|manuscripts?"
    r"|preprints?|journals?|publishers?|editors?|authors?|et al|letters?|case series)\b",
    re.IGNORECASE,
)
_SAID = regex(
    r"\b(?:(?P<retracted>retract(?:ed|s|ing)?)|(?P<retraction>retractions?)|(?P<withdrew>withdr(?:ew|awn|aws|awing))"
    r"|(?P<withdrawal>withdrawals?)|(?P<removed>removed from the literature))\b",
    re.IGNORECASE,
)
_NOT = regex(r"\b(?:never|not|no|nor|neither|without|cannot)\b(?! only)|n[’']t\b", re.IGNORECASE)
_PASSIVE = regex(
    r"\b(?:was|were|been|being|is|are|be)(?: (?:\w+ly|since|later|now|then|also|in \d{4}))*$", re.IGNORECASE
)
_OBJECT = regex(r"\s+(?:its|his|her|their|our|the|an?|this|that|these|those|all|both)\b", re.IGNORECASE)
_LEAVING = regex(r"\s+from\b|\s+(?:symptoms?|effects?)\b", re.IGNORECASE)
_NEAR = 4
"""Words."""


def says_retraction(text: str) -> bool:
    """Whether a clause of `text` says, not negated, that a publication was retracted, withdrawn or removed.

    Other things are retracted too (an offer, a claim), patients withdraw from trials, and drugs from the market.
    """
    clauses = (
        clause for start, end in sentence_spans(text) for clause in re.split(r"[;:]\s|\s[–—]\s", text[start:end])
    )
    return any(_is_said(clause, match) for clause in clauses for match in _SAID.finditer(clause))


def _is_said(clause: str, match: re.Match[str]) -> bool:
    before, after = clause[: match.start()].rstrip(), clause[match.end() :]
    near = " ".join(re.split(r"[,()\[\]]", before)[-1].split()[-_NEAR:])
    if _NOT.search(near):
        return False
    following = " ".join(re.split(r"[,()\[\]]", after)[0].split()[: _NEAR + 1])
    if match["withdrawal"]:
        return re.match(r"\s+of\b", after) is not None and _WORK.search(following) is not None
    if match["withdrew"] and _LEAVING.match(after):
        return False
    if match["retracted"] and _PASSIVE.search(before):
        return True
    if (match["retracted"] or match["withdrew"]) and _OBJECT.match(after):
        return _WORK.search(following) is not None
    return _WORK.search(clause) is not None
