"""Where prose says that a treatment's harm is rare, and gives no rate: "infections are rare"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import Found, find, is_negated, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

THEN_TELLS = regex(r"\s?[—–]\s?[a-z]|\s-\s[a-z]")
"""A dash behind which the harm is named: "side effects are minimal — a headache, at times"."""


def speaks_of_treatment(text: str, lexicon: Lexicon) -> bool:
    """Whether a text has a word of `treatment-cues`, or names a treatment."""
    if list_pattern(lexicon.terms("treatment-cues")).search(text) is not None:
        return True
    return bool(subjects_of(lexicon).mentions(text, SubjectKind.INTERVENTION))


_PREDICATE = regex(
    r"\b(?:is|are|was|were|be|remain(?:s|ed)?|being|tend to be|considered|proved|occur(?:s|red)?|happen(?:s|ed)?)\s+"
    r"(?:an? |only |relatively |comparatively |almost |all but |so |next to )*(?:\w+ly )?$",
    re.IGNORECASE,
)
_GRAVE = regex(r"\b(?:life-threatening|fatal|deadly|serious|severe|dangerous|death|catastroph\w+)\b", re.IGNORECASE)
"""What follows where rarity is owned to and the danger told: "although rare, it may be fatal"."""
_HAPPENS = regex(
    r"\s+(?:occurs?|happens?|causes?|leads?|results?|develops?|(?:been )?(?:seen|reported|observed|noted|serious"
    r"|severe|dangerous|fatal|harmful))\b",
    re.IGNORECASE,
)
_VERBS_OF_RARITY = frozenset({"rarely", "seldom", "almost never", "hardly ever"})
_REACH = 70
_CLAUSE_END = regex(r"[.;:,]\s")
_DONE = regex(
    r"\s+(?:happens? (?:in a vacuum|alone|overnight|by chance)"
    r"|performed|used|needed|done|necessary|required|given|prescribed|recommended|affects?)\b",
    re.IGNORECASE,
)
"""What is rarely done, or done so, is no harm: "addiction rarely happens in a vacuum"."""


def rarity(text: str, lexicon: Lexicon, on_treatment: bool) -> Iterator[Found]:
    """Where a text says that a harm is rare; on a page about a treatment the harm is that treatment's."""
    harms = list_pattern(lexicon.terms("harms"))
    for found in find(text, lexicon.terms("rarity")):
        before, after = text[max(0, found.start - _REACH) : found.start], text[found.end :]
        by_itself = found.text.lower() in _VERBS_OF_RARITY and _HAPPENS.match(after) is not None
        if not (_PREDICATE.search(before) or by_itself) or not harms.search(_last_clause(before)):
            continue
        disclosed = after.lstrip(" ,").startswith(("but", "and serious", "though", "they can", "they do", "it can"))
        disclosed = disclosed or _GRAVE.search(after) is not None or THEN_TELLS.match(after) is not None
        if disclosed or is_negated(text, found.start) or _DONE.match(after) is not None:
            continue
        clause = _last_clause(text[: found.start]) + found.text + _CLAUSE_END.split(after)[0]
        if on_treatment or speaks_of_treatment(clause, lexicon):
            yield found


def _last_clause(text: str) -> str:
    return re.split(r"[.;:]|, (?:but|and|which)\b", text)[-1]
