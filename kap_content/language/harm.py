"""Where prose says that a treatment does no harm, or that its harm is rare: "completely safe", "no side effects"."""

from __future__ import annotations

import re

from kap_content.language.phrases import Found, find, is_negated, is_quoted, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_TREATMENT = (
    r"(?:treatments?|therap(?:y|ies)|procedures?|methods?|options?|alternatives?|drugs?|medicines?|medications?|ways?"
    r"|solutions?|approach(?:es)?|techniques?|operations?|injections?|infusions?|supplements?|vaccines?|agents?|tools?"
    r"|remed(?:y|ies)|choices?|sedation|an(?:a?e)sthe\w+|devices?|tests?|products?|ingredients?|formulas?|surger(?:y|ies)"
    r"|relief|results?|removal|weight[- ]loss|detox|an?algesics?|antidepressants?|substances?|tracers?|waves|pills?"
    r"|tablets?|intervention|mucolytic|\w+pl?asty)"
)
_ADJECTIVES = r"(?:\s*(?:,|and|yet|but|&)\s*(?:and\s+)?[\w-]+)*"
_BEFORE_TREATMENT = regex(rf"{_ADJECTIVES},?\s+(?:[\w-]+\s+){{0,3}}?{_TREATMENT}\b", re.IGNORECASE)
"""What follows where "safe" is said of a treatment: "safe, natural alternative"."""
_IS = regex(
    r"(?:\b(?:is|are|was|were|be|been|being|remains?|remained|proves?|proved|proven|considered|deemed|found|regarded as"
    r"|generally|both|as|and|it['’]s|they['’]re|that['’]s)|\w['’](?:s|re)|[,;:–—-]|^)\s*"
    r"(?:(?:an? |also |very |quite |so |extremely |relatively |equally |as |all |just )|\w+ly )*$",
    re.IGNORECASE,
)
_ENDS_OR_FOR = regex(
    r"\s*(?:$|[.,;:!)–—]|(?:and|but|yet|for|in|to (?!handle|store|drive|say)|when|with|if|even|during|at|or|as|enough"
    r"|over|long|while|because|under|throughout|on)\b)",
    re.IGNORECASE,
)
_WHICH = regex(
    r"\b(?:what|which|how (?:much|many|often|long)|kinds?|types?|amounts?|levels?|doses? that|where|some"
    r"|certain|not all)\b[^.;]*$"
    r"|^\W*(?:talk|speak|ask|discuss|consult|check)\b[^.;]*$",
    re.IGNORECASE,
)
"""Safety that is asked about, or of some only: "ask what kinds of activity are safe for you"."""
_OWNED = regex(
    r"\b(?:but|however|although|though|except|unless|(?:ha(?:ve|s)|cause|carry) (?:\w+ )?side[- ]effects)\b[^.]*"
    r"\b(?:risks?|side[- ]effects?|serious|harm|danger\w*|hazards?|complications?|reactions?|bleed\w*|not safe"
    r"|unsafe)\b",
    re.IGNORECASE,
)
"""Harm owned to in the same breath."""
_PREDICATE = regex(
    r"\b(?:is|are|was|were|be|remain(?:s|ed)?|being|tend to be|considered|proved|occur(?:s|red)?|happen(?:s|ed)?)\s+"
    r"(?:an? |only |relatively |comparatively |almost |all but |so |next to )*(?:\w+ly )?$",
    re.IGNORECASE,
)
_GRAVE = regex(r"\b(?:life-threatening|fatal|deadly|serious|severe|dangerous|death)\b", re.IGNORECASE)
"""What follows where rarity is owned to and the danger told: "although rare, it may be fatal"."""
_HAPPENS = regex(
    r"\s+(?:occurs?|happens?|causes?|leads?|results?|develops?|(?:been )?(?:seen|reported|observed|noted|serious"
    r"|severe|dangerous|fatal|harmful))\b",
    re.IGNORECASE,
)
_REACH = 70
_NEAR = 3
"""Words before "is harmless" that are its subject."""
_CLAUSE_END = regex(r"[.;:,]\s")
_ANY_HARM = regex(r"dangers?|harm|hazards?", re.IGNORECASE)
"""Harms that are not yet those of a treatment."""
_DONE = regex(
    r"\s+(?:performed|used|needed|done|necessary|required|given|prescribed|recommended|affects?)\b", re.IGNORECASE
)
"""What is rarely done is no harm."""
_DRUG = SubjectKind.INTERVENTION
_SOUGHT = regex(
    r"\b(?:to (?:make|ensure|be sure|see|establish|find|provide|deliver|use|stay|keep)|ensur(?:e|es|ing)|need for"
    r"|development of|developing|establishing|search for|towards?|safe|provid(?:e|es|ing)|in order to be|must be"
    r"|should be|to be)\s(?:\w+\s){0,4}$",
    re.IGNORECASE,
)
_NONE = regex(
    r"\b(?:no|zero|nil|without|free (?:of|from)|absence of|never (?:any )?|neither)\s+(?:(?:any|known|real|serious"
    r"|significant|harmful|other|nasty|unpleasant|lasting|long-term|major|additional|extra|unwanted|negative)\s+){0,2}$",
    re.IGNORECASE,
)
"""What before a harm of the list says that it is absent."""
_NO_HARM = regex(
    r"\b(?:will not|won['’]t|cannot|can['’]t|can not|does not|doesn['’]t|do not|don['’]t|never)\s+(?:ever\s+)?"
    r"(?:harms?|hurts?|damages?|cause (?:any )?harm|injures?"
    r"|(?:make|leave|get|turn) you (?:dependent|addicted|hooked|into an addict)|cause (?:addiction|dependence"
    r"|dependency))\b(?!\s+(?:yourself|others|anyone|themselves))",
    re.IGNORECASE,
)
_NO_MATTER = regex(
    r"of (?:bias|publication)|factor|that\b|differen|ratio|group|score|model|reduction"
    r"|(?:in|to)\s+(?:\w+ing|work|read|try|check|ask|repeat|know|look)\b",
    re.IGNORECASE,
)
_IN_DOUBT = regex(
    r"\b(?:not|no|nobody|never|may|might|could|if|whether|unless|cannot|can['’]t|isn['’]t|aren['’]t|n['’]t|hope\w*|want\w*|wish\w*"
    r"|so that|to|myth|claim\w*|some|people with|those with|patients with|when|ask|who (?:had|have)|there (?:was|were)"
    r"|found|reported|saw|caused|had|were|was|showed)\b[^.;]*$",
    re.IGNORECASE,
)
"""Denials of denials, doubts, wishes, and what a study found."""
_HEDGED = regex(
    r"\b(?:may|might|could|usually|often|generally|normally|typically|sometimes|most|many|some|mostly)\b[^.;]*$",
    re.IGNORECASE,
)
_MODAL = regex(r"\b(?:may|might|could)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_ILLNESS = regex(r"\b\w{3,}(?:itis|osis|[ae]emia|oma|pathy)\b", re.IGNORECASE)
"""Illnesses by their endings, whether the tables have them or not."""
_UNSURE = regex(
    r"\b(?:proof|proves?|prove|you know|probably|thought|even|only)\s+(?:that\s+)?(?:it['’]s\s+|(?:[\w-]+\s+){0,3})$",
    re.IGNORECASE,
)
"""Safety that has yet to be proven, is only thought, or is a condition: "water you know is safe", "even safe drugs"."""
_RESEARCH = regex(
    r"\b(?:research\w*|scientists|efforts?|goals?|aims?)\b[^.;]*\b(?:find\w*|develop\w*|focus\w*|look\w*|search\w*|seek\w*"
    r"|test\w*)\b[^.;]*$",
    re.IGNORECASE,
)
"""What research is after: "much of it focuses on finding a safe and effective vaccine"."""
_CHECKED = regex(
    r"\b(?:(?:make|making|be) (?:sure|certain)|(?:^|(?:will|to|must|should|can|may|please)\s)(?:\w+ly )?"
    r"(?:check|confirm|decide|judge|assess|find out|work out|ask|tell you))\s(?:\w+\s){0,6}$",
    re.IGNORECASE,
)
"""Safety that somebody is to see to: "your doctor will check that it is safe for you"."""

LISTS = ("safety-absolutes", "harmless", "rarity", "harm-nouns")
"""The lists of which a page must hold a word, unless `may_deny_harm`."""


def may_deny_harm(text: str) -> bool:
    """Whether a text denies harm with verbs that are in no list ("will not hurt you")."""
    return _NO_HARM.search(text) is not None


def absence_of_harm(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Found | None:
    """Where a sentence says that a treatment's harm is absent or rare; of an illness it may say so.

    `on_treatment` tells that the page is about a treatment, so that harm named without one is that treatment's.
    """
    return (
        _safe(text, lexicon)
        or _harmless(text, lexicon, on_treatment=on_treatment)
        or _denial(text, lexicon, on_treatment=on_treatment)
        or _rarity(text, lexicon, on_treatment=on_treatment)
    )


def _safe(text: str, lexicon: Lexicon) -> Found | None:
    for found in find(text, lexicon.terms("safety-absolutes")):
        shouted = found.text.isupper() and not found.term.phrase.isupper()  # an acronym that spells a word
        named = found.text[0].isupper() and found.start > 0 and text[found.end + 1 : found.end + 2].isupper()  # a title
        if shouted or named or is_negated(text, found.start) or is_quoted(text, found.start, found.end):
            continue
        if _is_sought(text[: found.start]) or (found.term.phrase == "safe" and not _calls_safe(text, found)):
            continue
        if found.term.phrase.startswith(("can", "safe")) and _WHICH.search(text[: found.start]):
            continue
        if not found.term.phrase.startswith("safe") and _MODAL.search(text[: found.start]):
            continue
        return found
    return None


def _calls_safe(text: str, found: Found) -> bool:
    """Whether "safe" is said of a treatment, as its predicate or before it; "safe steps" and "safe levels" are none."""
    before, after = text[: found.start], text[found.end :]
    if _WHICH.search(before) or _OWNED.search(after):
        return False
    is_predicate = _IS.search(before) is not None and _ENDS_OR_FOR.match(after) is not None
    return is_predicate or _BEFORE_TREATMENT.match(after) is not None


def _harmless(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Found | None:
    signs, subjects = list_pattern(lexicon.terms("bodily-signs")), subjects_of(lexicon)
    for found in find(text, lexicon.terms("harmless")):
        before, after = text[: found.start], text[found.end :]
        if is_negated(text, found.start) or is_quoted(text, found.start, found.end) or _is_sought(before):
            continue
        if signs.match(after.lstrip(" ),")) or _OWNED.search(after) or _NO_MATTER.match(after.lstrip()):
            continue
        if signs.search(" ".join(before.split()[-_NEAR:])):
            continue
        of_illness = signs.search(before) or _ILLNESS.search(before) or subjects.mentions(before, SubjectKind.CONDITION)
        if _is_of_treatment(before, lexicon) or (on_treatment and not of_illness and not _HEDGED.search(before)):
            return found
    return None


def _is_of_treatment(text: str, lexicon: Lexicon) -> bool:
    """Whether these words name a treatment, by a word for treatments or by its name."""
    return _says_treatment(text, lexicon) or bool(subjects_of(lexicon).mentions(text, _DRUG))


def _says_sign(text: str, lexicon: Lexicon) -> bool:
    return list_pattern(lexicon.terms("bodily-signs")).search(text) is not None


def _says_treatment(text: str, lexicon: Lexicon) -> bool:
    return list_pattern(lexicon.terms("treatment-cues")).search(text) is not None


def _denial(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Found | None:
    """Where a harm is denied in other words than the listed: "zero risks", "will not harm you"."""
    for found in find(text, lexicon.terms("harm-nouns")):
        before = _NONE.search(text[: found.start])
        start = before.start() if before else 0
        if before is None or _NO_MATTER.match(text[found.end :].strip()) or _IN_DOUBT.search(text[:start]):
            continue
        if _ANY_HARM.fullmatch(found.text) and not (on_treatment or _is_of_treatment(text, lexicon)):
            continue
        if _ANY_HARM.fullmatch(found.text) and (_HEDGED.search(text[:start]) or _says_sign(text[:start], lexicon)):
            continue
        if not is_quoted(text, start, found.end):
            return Found(found.term, text[start : found.end], start, found.end)
    said = _NO_HARM.search(text)
    if said is None or _IN_DOUBT.search(text[: said.start()]) or is_quoted(text, said.start(), said.end()):
        return None
    before_it = text[: said.start()]
    signs, subjects = list_pattern(lexicon.terms("bodily-signs")), subjects_of(lexicon)
    if signs.search(before_it) or _HEDGED.search(before_it) or subjects.mentions(before_it, SubjectKind.CONDITION):
        return None
    after = text[said.end() :].lstrip(" ,")
    if after.startswith(("but ", "though")):
        return None
    if not (on_treatment or after.startswith("you") or _is_of_treatment(before_it, lexicon)):
        return None
    return Found(lexicon.terms("harm-nouns")[0], said[0], said.start(), said.end())


def _rarity(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Found | None:
    harms = list_pattern(lexicon.terms("harms"))
    for found in find(text, lexicon.terms("rarity")):
        before = text[max(0, found.start - _REACH) : found.start]
        said = _PREDICATE.search(before) or _verb_of_rarity(found, text)
        after = text[found.end :]
        disclosed = after.lstrip(" ,").startswith(("but", "and serious", "though")) or _GRAVE.search(after)
        if not said or not harms.search(_last_clause(before)) or disclosed or is_negated(text, found.start):
            continue
        clause = _last_clause(text[: found.start]) + found.text + _CLAUSE_END.split(after)[0]
        if _DONE.match(after) is None and (on_treatment or _is_of_treatment(clause, lexicon)):
            return found
    return None


def _is_sought(before: str) -> bool:
    """Whether the words before "safe" ask for safety or have it checked, and do not state it."""
    return any(pattern.search(before) for pattern in (_SOUGHT, _CHECKED, _RESEARCH, _UNSURE))


def _verb_of_rarity(found: Found, text: str) -> bool:
    """Whether the word says by itself how often something happens ("rarely occurs", "hardly ever")."""
    return (
        found.text.lower() in {"rarely", "seldom", "almost never", "hardly ever"}
        and _HAPPENS.match(text, found.end) is not None
    )


def _last_clause(text: str) -> str:
    return re.split(r"[.;:]|, (?:but|and|which)\b", text)[-1]
