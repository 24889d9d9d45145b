"""WRD001: a word that allows no exception."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted, list_pattern
from kap_content.language.prose import on_health, place_in
from kap_content.language.vocabulary import PhrasePattern
from kap_content.model.finding import Severity
from kap_content.model.lexicon import Term
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_INSTRUCTING = ("should", "must", "please", "and", "so")
_FEW = 3
_EVERYONE = regex(
    r"\b(?:everyone|everybody|all (?:patients|people|women|men|children|adults|users|clients|guests|members|couples)"
    r"|every (?:single )?(?:patient|person|woman|man|child|user|client|guest|member|couple|veteran))\s+"
    r"(?:(?:who|that|on|taking|with)\s[^.,;]{1,50}?\s)?(?:will )?"
    r"(?:loses?|benefits?|improves?|responds?|recovers?|tolerates?|sleeps? (?:better|well|through|soundly)"
    r"|gets? (?:better|well|relief|results|pregnant)|feels? (?:better|well|calmer|happier|relief|lighter)"
    r"|leaves? (?:happy|smiling|satisfied|calm\w*|pain)|sees? results|achieves?|succeeds?|quits?|heals?)\b",
    re.IGNORECASE,
)
_LIMITED = regex(
    r"\b(?:many|some|most|few|half|others|thirds?|quarters?|often|sometimes|usually|generally|nearly|almost|not all"
    r"|\d+ (?:in|of|out of) \d+)\b[^.;:]*$|\d ?(?:%|per ?cent\b)[^.;:]*$",
    re.IGNORECASE,
)
"""A subject that is already limited: "many women never speak of it"."""
_POSSIBLE = regex(
    r"\b(?:may|might|could|if|when|until|unless|before|once|whether|possibl[ey]|probable|likely|chances?|defin\w*|certain|hard|difficult|try(?:ing)?|unable"
    r"|inability|about|except(?:ion\w*)?)\b[^.;:]*$",
    re.IGNORECASE,
)
"""What is only possible, sought or awaited: "until it has completely healed"."""
_EXCEPT = regex(r"[^.;:]*?\b(?:except|with (?:rare|few|some) exceptions|unless)\b", re.IGNORECASE)
"""The exceptions are owned to."""
_AIM = regex(
    r"\b(?:find|finding|goals?|aim\w*|seek\w*|search\w*|hop(?:e|es|ed|ing)|ways to|attempt\w*|develop\w*|towards?"
    r"|research\w*|ultimately|some ?day|one day|potentially)\b[^.;:]*$",
    re.IGNORECASE,
)
"""A cure that is looked for."""
_OUR_WAY = regex(
    r"\b(?:we|(?:our|the) (?:[\w-]+ )?(?:staff|team|nurses?|doctors?|therapists?|clinicians?|surgeons?|dentists?"
    r"|pharmacists?))"
    r"(?:['’]ll| will| are| is| do)?\s+$",
    re.IGNORECASE,
)
"""A way of working is no result: "we always wash our hands"."""
_NEARLY = regex(r"\b(?:almost|nearly|virtually|practically|not) $", re.IGNORECASE)
_SEVERAL = regex(r"\b(?:different|differs?|var(?:y|ies)|unique|tailored|suited|right) $", re.IGNORECASE)
"""What differs from one to the next: "the outcome is different for every person"."""
_NO_CURE = regex(r"\bno\b[^.;:]*$|^\W*to $", re.IGNORECASE)
_CURE_IN_DOUBT = regex(
    r"[^.;]{0,80}?\b(?:not|goal|probable|unlikely|only if|if|lower|rate|or smoked)\b|\s+(?:meats?|ham|bacon|fish)\b",
    re.IGNORECASE,
)
_STATES = ("never", "cure", "complete", "permanent", "total", "in all", "in every", "all")
_ACHIEVE = regex(
    r"\s*(?:succe|cur|heal|help|achiev|deliver|get|guarant|fail|solv|relie|improv|eliminat|stop|free)", re.IGNORECASE
)
_HUNDRED = regex(
    r"\b(?:100 ?(?:%|per ?cent)|one hundred per ?cent)\s+(?:protection|relief|success|effective|natural|cure"
    r"|recovery|guarantee\w*|results?|painless"
    r"|pain-free|protected|reliable|certain\w*)\b",
    re.IGNORECASE,
)
_PERFECT = regex(
    r"\bperfect\s+(?:vision|eyesight|skin|smile|results?|health|sleep|teeth|hearing|solution|cure|remedy)\b",
    re.IGNORECASE,
)
_IN_ALL = regex(
    r"\b(?:in|for|on|to)\s+(?:everyone|everybody|anyone|anybody|all (?:adults|patients|people|women|men"
    r"|children|ages|users"
    r"|smokers)|every (?:patient|person|woman|man"
    r"|child|adult|case))\b(?!\s+(?:who|with|over|under|aged|in the|on the|at high))",
    re.IGNORECASE,
)
_EVERY_CASE = regex(
    r"^Every\s+(?:(?!few|day|week|month|year|hour|time|third|second|other|one)[\w-]+\s+){1,3}?(?:begins with"
    r"|starts with|comes from|stems from|is caused by"
    r"|is due to|has its root|can be (?:cured|healed|treated|prevented|reversed)|responds|gets (?:relief|better"
    r"|results)|benefits)\b"
)
_ALL = "allows no exception, and medicine has exceptions"
_QUALIFY = "Qualify it: say for how many, how often, how long."
_TIMES = frozenset({"always", "never"})
_SHARE = regex(r"\b\d+ (?:in|of|out of)(?: every)? \d+|\d ?(?:%|percent|per cent)")
"""A share given beside "completely" says for how many it was."""


@page_rule("WRD001", "absolute", Severity.WARNING)
def absolute(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence uses a word that allows no exception: always, never, completely, universal, cure, guarantee.

    The words are the list `absolutes`, and those of `degrees` beside what a treatment is said to do ("completely
    painless"). Negated words ("not always", "no guarantee"), what is limited or only possible ("most recover
    completely", "may be cured"), quotations, instructions to the reader ("never stop suddenly") and the uses that the
    lists except are let alone.

    Why: medicine has exceptions, and readers plan their lives by what a page says.

    Fix: say for how many, how often, for how long.

    Example:
        Ketamine always works.

        “always” allows no exception
    """
    terms, degrees = context.lexicon.terms("absolutes"), context.lexicon.terms("degrees")
    benefits = list_pattern(context.lexicon.terms("universal-benefits"))
    for sentence in on_health(page, context.lexicon):
        text = sentence.text
        told = 0
        for start, end, reason, advice in sorted((*_absolutes(text, terms, benefits), *_degrees(text, degrees))):
            if start < told or is_negated(text, start) or is_quoted(text, start, end):
                continue
            if not _EVERYONE.match(text, start) and not _EVERY_CASE.match(text, start) and _instructs(text, start):
                continue
            words = text[start:end]
            if _is_harmless(text, start, end):
                continue
            told = end
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{words}” {reason}",
                help=advice,
                claim=sentence.claims[0] if sentence.claims else "",
                about=f"{words.lower()} in {text}",
            )


def _absolutes(text: str, terms: tuple[Term, ...], benefits: PhrasePattern) -> Iterator[tuple[int, int, str, str]]:
    """The absolutes in `text`: start, end, what is wrong, and what to do."""
    for found in find(text, terms):
        yield found.start, found.end, found.term.reason, as_sentence(found.term.suggestion)
    for pattern in (_EVERYONE, _HUNDRED, _PERFECT, _EVERY_CASE):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), _ALL, _QUALIFY
    for match in _IN_ALL.finditer(text):
        if benefits.search(text, 0, match.start()) is not None and not _LIMITED.search(text[: match.start()]):
            yield match.start(), match.end(), _ALL, _QUALIFY


def _degrees(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int, str, str]]:
    """The degrees in `text` that allow no exception and are not limited otherwise."""
    for found in find(text, terms):
        before = text[: found.start]
        if not (_SHARE.search(text) or _LIMITED.search(before) or _POSSIBLE.search(before)):
            yield found.start, found.end, found.term.reason, as_sentence(found.term.suggestion)


def _is_harmless(text: str, start: int, end: int) -> bool:
    """Whether the word is said of some people only, of how the page's owner works, or of a cure that is sought."""
    before, word = text[:start], text[start:end].lower()
    if _NEARLY.search(before) or _SEVERAL.search(before):
        return True
    if word in _TIMES:
        ours = _OUR_WAY.search(before) is not None and _ACHIEVE.match(text, end) is None
        return ours or _LIMITED.search(before) is not None or _EXCEPT.match(text, end) is not None
    if word.startswith("cure") and (_AIM.search(before) or _NO_CURE.search(before) or _CURE_IN_DOUBT.match(text, end)):
        return True
    if word.startswith("cure") and _SHARE.search(text):
        return True
    return word.startswith(_STATES) and any(pattern.search(before) for pattern in (_POSSIBLE, _LIMITED))


def _instructs(text: str, start: int) -> bool:
    """Whether the word opens an instruction: "Always tell your doctor", "You should never ..."."""
    before = re.split(r"[;:.]", text[:start])[-1].strip(" \"“'(*-–•").lower()
    return not before or (before.endswith(_INSTRUCTING) and len(before.split()) <= _FEW)
