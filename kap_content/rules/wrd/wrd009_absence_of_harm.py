"""WRD009: harm is said to be absent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.clinical import ClinicalSentence
from kap_content.language.phrases import Found, as_sentence, find, is_negated, is_quoted, list_pattern
from kap_content.language.prose import may_say, place_in, stated
from kap_content.language.quantity import Kind, read
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_PREDICATE = regex(
    (
        r"\b(?:is|are|was|were|be|remain(?:s|ed)?|being|tend to be|considered|proved|occur(?:s|red)?|happen(?:s"
        r"|ed)?)\s+(?:an? |only |relatively |comparatively )?(?:\w+ly )?$"
    ),
    re.IGNORECASE,
)
_GRAVE = regex(r"\b(?:life-threatening|fatal|deadly|serious|severe|dangerous|death)\b", re.IGNORECASE)
"""What follows where rarity is owned to and the danger told: "although rare, it may be fatal"."""
_HAPPENS = regex(
    (
        r"\s+(?:occurs?|happens?|causes?|leads?|results?|develops?|(?:been )?(?:seen|reported|observed|noted|serious"
        r"|severe|dangerous|fatal|harmful))\b"
    ),
    re.IGNORECASE,
)
_REACH = 70
_SOUGHT = regex(
    (
        r"\b(?:to (?:make|ensure|be sure|see|establish|find|provide|deliver|use|stay|keep)|ensur(?:e|es|ing)|need for"
        r"|development of|developing|establishing|search for|towards?|safe|provid(?:e|es|ing)|in order to be|must be"
        r"|should be|to be)\s(?:\w+\s){0,4}$"
    ),
    re.IGNORECASE,
)
_NONE = regex(
    r"\b(?:no|zero|nil|without|free (?:of|from)|absence of|never (?:any )?|neither)\s+(?:(?:any|known|real|serious"
    r"|significant|harmful|other"
    r"|nasty|unpleasant|lasting|long-term|major|additional|extra|unwanted|negative)\s+){0,2}$",
    re.IGNORECASE,
)
"""What before a harm of the list says that it is absent."""
_NO_HARM = regex(
    r"\b(?:will not|won['’]t|cannot|can['’]t|can not|does not|doesn['’]t|do not|don['’]t"
    r"|never)\s+(?:ever\s+)?(?:harms?|hurts?|damages?"
    r"|cause (?:any )?harm|injures?)\b(?!\s+(?:yourself|others|anyone|themselves))",
    re.IGNORECASE,
)
_NO_MATTER = (
    "of bias",
    "factor",
    "of publication",
    "that",
    "differen",
    "ratio",
    "group",
    "score",
    "model",
    "reduction",
)
_IN_DOUBT = regex(
    r"\b(?:not|no|nobody|never|if|whether|unless|cannot|can['’]t|isn['’]t|aren['’]t|n['’]t|hope\w*|want\w*|wish\w*"
    r"|so that|to|myth|claim\w*"
    r"|some|people with|those with|patients with|when|ask|who (?:had|have)|there (?:was|were)|found|reported|saw"
    r"|caused"
    r"|had|were|was|showed)\b[^.;]*$",
    re.IGNORECASE,
)
"""Denials of denials, doubts, wishes, and what a study found."""
_CHECKED = regex(
    r"\b(?:(?:make|making|be) (?:sure|certain)|(?:^|(?:will|to|must|should|can|may|please)\s)(?:\w+ly )?"
    r"(?:check|confirm|decide|judge|assess|find out|work out|ask|tell you))\s(?:\w+\s){0,6}$",
    re.IGNORECASE,
)
"""Safety that somebody is to see to: "your doctor will check that it is safe for you"."""


@page_rule("WRD009", "absence-of-harm", Severity.ERROR)
def absence_of_harm(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says that harm is absent (safe, no side effects) or rare, with no rate and source.

    The words are the lists `safety-absolutes`, `rarity`, `harms`, and `harm-nouns` behind "no", "zero" or "without". A
    sentence that gives a number and stands under a claim or a citation is let alone, as are a rarity with its rate,
    denials and doubts ("not safe", "whether it is safe"), and what somebody is to check ("your doctor will check that
    it is safe").

    Why: no treatment is without harm, and a reader who is told so cannot weigh it.

    Fix: give the rate of harm and its source.

    Example:
        It is completely safe and has no side effects.

        “completely safe” says that harm is absent
    """
    lists = ("safety-absolutes", "rarity", "harm-nouns")
    if not may_say(page, *(context.lexicon.terms(name) for name in lists)) and not _NO_HARM.search(page.source):
        return
    for sentence in stated(page):
        found = _absence(sentence, context)
        if found is None:
            continue
        is_rarity = found.term in context.lexicon.terms("rarity")
        if (is_rarity or sentence.is_covered) and _gives_a_rate(sentence.text):
            continue
        yield Hit(
            place_in(page, sentence, found.start, found.end),
            f"“{found.text}” {found.term.reason}",
            help=as_sentence(found.term.suggestion),
            claim=sentence.claims[0] if sentence.claims else "",
            about=f"harm {sentence.text}",
        )


def _absence(sentence: ClinicalSentence, context: Context) -> Found | None:
    text, lexicon = sentence.text, context.lexicon
    for found in find(text, lexicon.terms("safety-absolutes")):
        shouted = found.text.isupper() and not found.term.phrase.isupper()  # an acronym that spells a word
        named = found.text[0].isupper() and found.start > 0 and text[found.end + 1 : found.end + 2].isupper()  # a title
        harmless = shouted or named or is_negated(text, found.start)
        if not harmless and not is_quoted(text, found.start, found.end) and not _is_sought(text[: found.start]):
            return found
    absent = _denial(text, context)
    if absent is not None:
        return absent
    harms = list_pattern(lexicon.terms("harms"))
    for found in find(text, lexicon.terms("rarity")):
        before = text[max(0, found.start - _REACH) : found.start]
        said = _PREDICATE.search(before) or _verb_of_rarity(found, text)
        after = text[found.end :]
        disclosed = after.lstrip(" ,").startswith(("but", "and serious", "though")) or _GRAVE.search(after)
        if said and harms.search(_last_clause(before)) and not disclosed and not is_negated(text, found.start):
            return found
    return None


def _denial(text: str, context: Context) -> Found | None:
    """Where a harm is denied in other words than the listed: "zero risks", "will not harm you"."""
    for found in find(text, context.lexicon.terms("harm-nouns")):
        before = _NONE.search(text[: found.start])
        start = before.start() if before else 0
        after = text[found.end : found.end + 20].strip().lower()
        if before is None or after.startswith(_NO_MATTER) or _IN_DOUBT.search(text[:start]):
            continue
        if not is_quoted(text, start, found.end):
            return Found(found.term, text[start : found.end], start, found.end)
    said = _NO_HARM.search(text)
    if said is None or _IN_DOUBT.search(text[: said.start()]) or is_quoted(text, said.start(), said.end()):
        return None
    return Found(context.lexicon.terms("harm-nouns")[0], said[0], said.start(), said.end())


def _is_sought(before: str) -> bool:
    """Whether the words before "safe" ask for safety or have it checked, and do not state it."""
    return _SOUGHT.search(before) is not None or _CHECKED.search(before) is not None


def _verb_of_rarity(found: Found, text: str) -> bool:
    """Whether the word says by itself how often something happens ("rarely occurs", "hardly ever")."""
    return (
        found.text.lower() in {"rarely", "seldom", "almost never", "hardly ever"}
        and _HAPPENS.match(text, found.end) is not None
    )


def _last_clause(text: str) -> str:
    return re.split(r"[.;:]|, (?:but|and|which)\b", text)[-1]


def _gives_a_rate(text: str) -> bool:
    return any(quantity.kind in (Kind.SHARE, Kind.COUNT, Kind.EFFECT) and not quantity.weak for quantity in read(text))
