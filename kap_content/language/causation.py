"""Statements of cause: a verb that has something bring about something else, unhedged and unnegated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kap_content.language.same import Same
from kap_content.model.lexicon import Lexicon, Term
from kap_content.startup.regex import regex

LIST = "causal-verbs"
"""The word list of causal verbs, as lemmas."""

_IRREGULAR = {
    "cut": ("cut", "cuts", "cutting"),
    "bring": ("bring", "brings", "brought"),
    "make": ("make", "makes", "made"),
    "lead": ("lead", "leads", "led"),
    "give": ("give", "gives", "gave"),
    "stop": ("stop", "stops", "stopped"),
    "undo": ("undo", "undoes", "undid"),
    "get": ("get", "gets", "got"),
    "put": ("put", "puts"),
    "beat": ("beat", "beats"),
    "drive": ("drive", "drives", "drove"),
    "free": ("frees", "freed"),
}
_HEDGE = regex(
    r"\b(?:may|might|could|would|should|perhaps|possibly|appear(?:s|ed)? to|seem(?:s|ed)? to|suggest(?:s|ed)?"
    r"|hypothesi[sz]ed|thought to|believed to"
    r"|aim(?:s|ed)? to|design(?:ed)? to|intend(?:s|ed)? to|hop(?:e|es|ed) to|tr(?:y|ies|ied) to|whether|if|to see"
    r"|meant to|tend(?:s|ed)? to|yet to|uncertain)\b",
    re.IGNORECASE,
)
_NEGATION = regex(
    r"\b(?:no|not|never|neither|nor|without|cannot|unable|fail(?:s|ed)? to|none|nothing|nobody|hardly)\b|n['’]t\b",
    re.IGNORECASE,
)
_UNPROVEN = regex(
    r"\b(?:no|insufficient|little|not enough|lack of|without|nor)\s+(?:[\w-]+\s+){0,3}"
    r"(?:evidence|proof|data|indication|sign)\s+"
    r"(?:that|of|for|to (?:suggest|show|indicate|support))\b[^;.]*$"
    r"|\b(?:hypothes(?:is|es|i[sz]e[ds]?)|hopes?|hoped) that\b[^;.]*$|\bto help\s$"
    r"|\b(?:wrong|false|too early|misleading|untrue) to (?:say|claim|presume|think|assume|believe)\b[^.]*$",
    re.IGNORECASE,
)
"""A denial, a hypothesis or a wish that reaches over "that": "there was no evidence that it reduced pain"."""
_ASKED = regex(r"[^.!;]*\?")
_TO = regex(r"\b(?:to|with|than|versus|and)\s+$", re.IGNORECASE)
"""Before a noun that looks like a verb: "compared to controls"."""
_ADJECTIVES = frozenset({"lower", "double", "slow", "clear", "reverse", "elevated"})
"""Verbs that are adjectives as well, and verbs only behind a subject in the plural: "achieved lower rates"."""
_PEOPLE = regex(
    r"\b(?:patients?|participants?|people|they|we|you|i|who|doctors?|clinicians?|physicians?|researchers?|authors?|investigators?|reviewers?|adults|men|women"
    r"|subjects|volunteers|children|guests|and|or|to)(?: (?:also|then|often|all|have|had))?\s$",
    re.IGNORECASE,
)
_HELD_TO = regex(
    r"\b(?:shown|found|proved|proves|proven|demonstrated|known|seen|confirmed|helps?|helped|acts?|acted|works?|worked"
    r"|serves?|served)(?: itself)? to\s(?:\w+ly\s)?$",
    re.IGNORECASE,
)
"""What turns an infinitive into an assertion: "has been shown to reduce", where "given to reduce" tells an aim."""
_NOUN_BEFORE = regex(
    r"\b(?:the|a|an|its|their|his|her|your|our|of|with|in|by|for|from|had|has|have|been|was|were|is|are|be|being|reported|showed|shows|found|observed|demonstrated|exhibited|displayed|revealed|achieved|towards?|surgically|including|randomi[sz]ed|portends?|only|main|sole|leading|contributing|this|that|these|no"
    r"|such|significant|significantly|marked|any|some|more|less|and|than|on)\s$",
    re.IGNORECASE,
)
_OBJECT = regex(
    r"\s+(?!(?:by|in|at|after|within|over|from|to|and|or|but|than|on|during|with|when|while|as|for|of|if|because|under|further|again|more"
    r"|most|significantly|markedly|substantially|rapidly|quickly|gradually|slightly|steadily|less|until|since|across|among|between|there|here|[a-z]+ly)\b)[\w“\"'(~-]"
)
_AGENT = regex(
    (
        r"\s+(?:significantly |markedly )?by\s+(?!\d|about|around|half|nearly|almost|approximately|roughly|a\b|an\b|one"
        r"|two|three|more|over|up to|at least|\w+ (?:percent|per cent|points))"
    ),
    re.IGNORECASE,
)
_BE = regex(r"\b(?:was|were|is|are|been|be|being)\s(?:\w+ly\s)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Causal:
    """A causal verb in a sentence, as written, with its place."""

    verb: str
    start: int
    end: int


def causal_verbs(text: str, lexicon: Lexicon) -> tuple[Causal, ...]:
    """The verbs of `text` that state a cause outright: "reduced anxiety", not "may reduce", "fell", "with reduced"."""
    pattern = _pattern(Same(lexicon.terms(LIST)))
    found = list(pattern.finditer(text))
    return tuple(_assertions(text, [match for match in found if not _is_noun(text, match, found)]))


def _is_noun(text: str, match: re.Match[str], found: list[re.Match[str]]) -> bool:
    """Whether the verb of its clause follows at once: "a nerve block relieves", "nerve blocks relieve"."""
    then = next((other for other in found if other.start() == match.end() + 1), None)
    if then is None or text[match.end()] != " ":
        return False
    one, two = match[0].lower(), then[0].lower()
    if one.endswith("s"):
        return not two.endswith(("s", "ed"))
    return two.endswith("s")  # before "-ed" it may as well be the verb: "they lower raised pressure"


def _assertions(text: str, matches: Iterable[re.Match[str]]) -> Iterable[Causal]:
    for match in matches:
        before = text[: match.start()]
        clause = re.split(r"[;:,]|\b(?:but|while|whereas|although|which|that)\b", before)[-1]
        if _HEDGE.search(clause) or _NEGATION.search(clause) or _UNPROVEN.search(before):
            continue
        if (
            _ASKED.match(text, match.end())
            or match[0].lower() == "treated"
            or (match[0].endswith("s") and _TO.search(before))
        ):
            continue
        if match[0].lower() in _ADJECTIVES and not before.rstrip().endswith(("s", "to")):
            continue
        if _BE.search(before):
            if match.lastgroup != "phrase" and _AGENT.match(text, match.end()):
                yield Causal(match[0], match.start(), match.end())
            continue
        is_finite = not (_NOUN_BEFORE.search(before) or _PEOPLE.search(before)) and before.strip()
        if not is_finite and not _HELD_TO.search(before):
            continue
        if match.lastgroup == "phrase" or _OBJECT.match(text, match.end()):
            yield Causal(match[0], match.start(), match.end())


@lru_cache(maxsize=8)
def _pattern(terms: Same[tuple[Term, ...]]) -> re.Pattern[str]:
    lemmas = [term.phrase for term in terms.value]
    verbs = [form for lemma in lemmas if " " not in lemma for form in forms(lemma)]
    phrases = [
        f"{form} {rest}"
        for lemma in lemmas
        if " " in lemma
        for form in forms(lemma.split(" ", 1)[0])
        for rest in [lemma.split(" ", 1)[1]]
    ]
    groups = []
    if phrases:
        groups.append(rf"(?P<phrase>{'|'.join(sorted(map(re.escape, phrases), key=len, reverse=True))})")
    if verbs:
        groups.append(rf"(?P<verb>{'|'.join(sorted(map(re.escape, verbs), key=len, reverse=True))})")
    return regex(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])" if groups else r"(?!)", re.IGNORECASE)


def forms(lemma: str) -> tuple[str, ...]:
    """The finite forms of a verb: "reduce" gives reduce, reduces, reduced."""
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    if lemma.endswith("e"):
        return lemma, f"{lemma}s", f"{lemma}d"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied"
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma, f"{lemma}es", f"{lemma}ed"
    return lemma, f"{lemma}s", f"{lemma}ed"
