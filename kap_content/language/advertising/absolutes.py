"""Words that allow no exception, said of what a treatment or its seller does: "always works", "cures"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.advertising.cures import says_it_cures
from kap_content.language.assertion import is_sought, is_supposed, names_treatment, statement_start
from kap_content.language.phrases import Found, as_sentence, find, is_negated, is_quoted, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_ALL = "allows no exception, and medicine has exceptions"
_QUALIFY = "Qualify it: say for how many, how often, how long."


@dataclass(frozen=True, slots=True)
class Absolute:
    """An absolute in a sentence: where, what is wrong, and what to do.

    `is_of_all` tells that no treatment need be named, since the word says by itself of whom it speaks ("universal").
    """

    start: int
    end: int
    reason: str
    advice: str
    is_of_all: bool = False


def absolutes(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Iterator[Absolute]:
    """The absolutes that `text` asserts of a treatment, of its seller or of the reader, from left to right.

    `on_treatment` tells that the page is about a treatment, so that a sentence that names none may be about that one.
    """
    told = 0
    for found in sorted(_candidates(text, lexicon), key=lambda found: (found.start, found.end)):
        if found.start < told or is_negated(text, found.start) or is_quoted(text, found.start, found.end):
            continue
        if (
            is_supposed(text, found.start, lexicon)
            or is_sought(text, found.start, lexicon)
            or _DENIED.match(text, found.end)
            or _NO_ONE.match(text)
            or (_CARE_ORDER.match(text) and _TIMELY.fullmatch(text, found.start, found.end))
            or _WOULD.search(text[found.start : found.end])
        ):
            continue
        of_all = _EVERYONE.match(text, found.start) or _EVERY_CASE.match(text, found.start)
        if not of_all and _instructs(text, found.start):
            continue
        if not (of_all or found.is_of_all or _is_on(text, found, lexicon, on_treatment=on_treatment)):
            continue
        if not _is_harmless(text, found, lexicon):
            told = found.end
            yield found


_WHO = (
    r"(?:everyone|everybody|all (?:of )?(?:our |the )?(?:patients|people|women|men|children|adults|users|clients|guests"
    r"|members|couples)|every (?:single )?(?:patient|person|woman|man|child|user|client|guest|member|couple|veteran))"
)
_FARES_WELL = (
    r"(?:loses? (?:weight|fat|inches|\d+)|benefits?|improves?|responds?|recovers?|tolerates?"
    r"|sleeps? (?:better|well|through|soundly)|gets? (?:better|well|relief|results|pregnant)"
    r"|feels? (?:better|well|calmer|happier|relief|lighter)|leaves? (?:happy|smiling|satisfied|calm\w*|pain)"
    r"|sees? results|achieves?|succeeds?|quits?|heals?)"
)
_EVERYONE = regex(
    rf"\b{_WHO}\s+(?:(?:who|that|on|taking|with)\s[^.,;]{{1,50}}?\s)?(?<!to )(?:will )?{_FARES_WELL}\b", re.IGNORECASE
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
    r"\b(?:in|for|on)\s+(?:everyone|everybody|anyone|anybody|all (?:adults|patients|people|women|men"
    r"|children|ages|users|cases"
    r"|smokers)|every (?:patient|person|woman|man"
    r"|child|adult|case))\b(?!['’]s|\s+(?:who|with|over|under|aged|in the|on the|at high|look\w*|to))",
    re.IGNORECASE,
)
_EVERY_CASE = regex(
    r"^Every\s+(?:(?!few|day|week|month|year|hour|time|third|second|other|one)[\w-]+\s+){1,3}?"
    r"(?:begins with|starts with|comes from|stems from|is caused by|is due to|has its root"
    r"|can be (?:cured|healed|treated|prevented|reversed)|responds|gets (?:relief|better|results)|benefits)\b"
)
_ILL = regex(
    r"\b(?:problem|pain|ache|illness|disease|disorder|complaint|condition|symptom|cancer|infection)\b",
    re.IGNORECASE,
)
_AND_GUARANTEED = regex(r"(?<=, )(?:and )?guaranteed(?=\W*$)", re.IGNORECASE)
_HAPPENED = regex(
    r"\b(?:was|were|had|found|showed|reported|recovered|resulted|healed|subjects|patients who)\b[^.;]*$", re.IGNORECASE
)
"""What came to pass in some people is told of these."""
_NEEDED = regex(
    r"\b(?:way to|important|recommended|needed|necessary|essential|advised|available|required|for \w+ing)\b",
    re.IGNORECASE,
)
"""What all are to have is no result in all."""


def _candidates(text: str, lexicon: Lexicon) -> Iterator[Absolute]:
    yield from _listed(text, lexicon)
    yield from _of_everyone(text, lexicon)
    yield from _degrees(text, lexicon)


def _listed(text: str, lexicon: Lexicon) -> Iterator[Absolute]:
    """The words of the list `absolutes`; neither an acronym that spells one, nor a name."""
    for found in find(text, lexicon.terms("absolutes")):
        word = text[found.start : found.end]
        if (word.isupper() and not text.isupper()) or (word.istitle() and " " in word and found.start > 0):
            continue
        of_all = found.term.phrase.startswith(_OF_ALL)
        yield Absolute(found.start, found.end, found.term.reason, as_sentence(found.term.suggestion), of_all)


def _of_everyone(text: str, lexicon: Lexicon) -> Iterator[Absolute]:
    """What is said to befall all: "everyone sleeps better", "100 % success", "safe for all ages"."""
    for pattern in (_EVERYONE, _HUNDRED, _EVERY_CASE, _AND_GUARANTEED):
        for match in pattern.finditer(text):
            if pattern is _EVERY_CASE and not _is_of_illness(match[0], lexicon):
                continue
            if _HELPED.search(text[: match.start()]) is None:
                yield Absolute(match.start(), match.end(), _ALL, _QUALIFY)
    for match in _PERFECT.finditer(text):
        before = text[: match.start()]
        is_possible = _INFINITIVE.search(before) or _CAN.search(_ARTICLE.sub("", before))
        if not is_possible and not _IN_MOST.match(text, match.end()):
            yield Absolute(match.start(), match.end(), _ALL, _QUALIFY)
    benefits = list_pattern(lexicon.terms("universal-benefits"))
    for match in _IN_ALL.finditer(text):
        before = text[: match.start()]
        told = any(one.search(before) for one in (_LIMITED, _NEEDED, _HAPPENED, _OFFERED, _INFINITIVE))
        if benefits.search(text, _near(before), match.start()) and not told:
            yield Absolute(match.start(), match.end(), _ALL, _QUALIFY)


def _is_of_illness(text: str, lexicon: Lexicon) -> bool:
    """Whether "every ..." is one of illness ("every migraine begins in the gut"), not of how the page's owner works."""
    return _ILL.search(text) is not None or bool(subjects_of(lexicon).mentions(text, SubjectKind.CONDITION))


def _degrees(text: str, lexicon: Lexicon) -> Iterator[Absolute]:
    """Words of degree beside a merit: "completely painless"; not "many recover completely"."""
    for found in find(text, lexicon.terms("degrees")):
        before = text[: found.start]
        is_limited = any(one.search(before) for one in (_LIMITED, _POSSIBLE, _HAPPENED)) or _ON.match(text, found.end)
        if is_limited or before.lower().endswith(" to ") or _SHARE.search(text) or _IN_MOST.match(text, found.end):
            continue
        if _belongs(found, text, lexicon):
            yield Absolute(found.start, found.end, found.term.reason, as_sentence(found.term.suggestion))


_ON = regex(r"\s+(?:from|of|with|on|upon|up to|about|at|by|in)\b", re.IGNORECASE)
"""What the word of degree belongs to instead: "focus entirely on their recovery"."""


def _belongs(found: Found, text: str, lexicon: Lexicon) -> bool:
    """Whether the word of degree has its merit on its own side of a comma: "completely safe", "cured completely,"."""
    return not text[found.end :].startswith(",") or any(
        other.end == found.end for other in find(text[: found.end], lexicon.terms("degrees"))
    )


_CAN = regex(r"\bcan (?:be )?(?:\w+ly )?$", re.IGNORECASE)
_HELPED = regex(r"\b(?:help\w*|lets?|letting|to see|want\w*)\s+$", re.IGNORECASE)
"""What is tried for all: "to help every patient achieve"."""
_ARTICLE = regex(r"(?:an?|the|your|that)\s+$", re.IGNORECASE)
_NEAR = 4


def _near(before: str) -> int:
    """The offset at which the last `_NEAR` words of `before` begin: what works in all stands close before it."""
    found = list(re.finditer(r"\S+", before))[-_NEAR:]
    return found[0].start() if found else 0


_OFFERED = regex(
    r"\b(?:care|dentistry|medicine|services?|hygiene|experiences?|access\w*|support|programs?|programmes?|clinics?|practice"
    r"|options?|available|open|welcoming|health|barriers?|entry)\s+$",
    re.IGNORECASE,
)
"""What is on offer for all ages promises nothing to any of them."""
_INFINITIVE = regex(r"\bto\s+(?:[\w-]+\s+){1,5}$", re.IGNORECASE)
_OF_ALL = ("universal ", "miracle ", "wonder ", "magic ", "cure-all", "panacea")
_OURS = regex(r"\bour\b", re.IGNORECASE)
_WE = regex(r"(?<!way )\b(?:we|us)\b", re.IGNORECASE)
_YOURS = regex(r"\byou(?:r|['’]ll)?\b", re.IGNORECASE)
_OF_YOURS = regex(
    r"(?:cure|guarant|never need|never have|never worr|perfect|permanent|100|one hundred|for good|forever)",
    re.IGNORECASE,
)
"""What is promised to the reader, whatever is to bring it about."""
_HAPPENS = regex(r"never \w+.*|(?:destroys|kills|removes|prevents) (?:all|every)", re.IGNORECASE)
_PRONOUN = regex(r"\b(?:it|they|this|these)\s+(?:\w+\s+)?$", re.IGNORECASE)
"""What illnesses and germs do too: here a treatment must be named, or meant by the page."""
_NO_VERB = regex(r"(?!.*\b(?:is|are|was|were|has|have|had|can|will|do|does|did)\b)[^.!?]{1,60}[.!]?", re.IGNORECASE)
"""A line without a verb, as lists of merits are made of: "A cure for panic"."""


def _is_on(text: str, found: Absolute, lexicon: Lexicon, *, on_treatment: bool) -> bool:
    """Whether the word is said of a treatment, of who sells it or of the reader, and not of an illness."""
    start = statement_start(text, found.start)
    if names_treatment(text, lexicon, start, found.start) or _OURS.search(text) or _WE.search(text, start, found.start):
        return True
    if _OF_YOURS.match(text, found.start) and _YOURS.search(text):
        return True
    if _HAPPENS.fullmatch(text[found.start : found.end]):
        return on_treatment and _PRONOUN.search(text[: found.start]) is not None
    if subjects_of(lexicon).mentions(text[start : found.start], SubjectKind.CONDITION):
        return False
    if list_pattern(lexicon.terms("bodily-signs")).search(text, start, found.start):
        return False
    return on_treatment or _NO_VERB.fullmatch(text) is not None or names_treatment(text, lexicon, found.end)


def _instructs(text: str, start: int) -> bool:
    """Whether the word opens an instruction: "Always tell your doctor", "You should never ..."."""
    before = re.split(r"[;:.]", text[:start])[-1].strip(" \"“'(*-–•").lower()
    if text[start : start + 6].lower() in ("always", "never ") and text[:start].rstrip().endswith((",", " and")):
        return True
    return not before or (before.endswith(_INSTRUCTING) and len(before.split()) <= _FEW)


_INSTRUCTING = ("should", "must", "please", "and", "so")
_FEW = 3

_LIMITED = regex(
    r"\b(?:many|some|most|few|half|others|thirds?|quarters?|often|sometimes|usually|generally|nearly|almost|not all"
    r"|\d+ (?:in|of|out of) \d+)\b[^.;:]*$|\d ?(?:%|per ?cent\b)[^.;:]*$",
    re.IGNORECASE,
)
"""A subject that is already limited: "many women never speak of it"."""
_POSSIBLE = regex(
    r"\b(?:when|chances?|expect\w*|defin\w*|certain|hard|difficult|try(?:ing)?|unable|inability|about|except(?:ion\w*)?)\b[^.;:]*$",
    re.IGNORECASE,
)
"""What is only tried or awaited."""
_DENIED = regex(
    r"\s+(?:of [\w ]{2,30} |for [\w ]{2,30} )?(?:(?:is|are|has|have)(?: \w+)? )?(?:not|never|n['’]t|unlikely"
    r"|impossible|rarely)\b|\s+(?:nothing|nobody|no one|no\b)|[^.;]*\bcan ?not be (?:made|given|promised)\b",
    re.IGNORECASE,
)
"""What denies it afterwards: "permanent cure is not possible"."""
_NO_ONE = regex(
    r"\W*(?:no (?:one|single)|not one|not because|avoids?|beware|promises|says|claims|guarantees|be (?:wary"
    r"|cautious|careful|sceptical|skeptical)|watch out"
    r"|red flags?)\b",
    re.IGNORECASE,
)
"""Nobody is promised it, and the reader is warned of who promises."""
_CARE_ORDER = regex(
    r"\W*(?:apply|wear|take|use|drink|eat|keep|avoid|wash|rinse|brush|clean|follow|continue|store|allow|dissolve"
    r"|let)\b",
    re.IGNORECASE,
)
"""What the reader is to do "without fail"."""
_TIMELY = regex(r"without fail|always|never.*|every time|completely", re.IGNORECASE)
_WOULD = regex(r"\b(?:would|could|may|might)\b", re.IGNORECASE)
_EXCEPT = regex(r"[^.;:]*?\b(?:except|with (?:rare|few|some) exceptions|unless)\b", re.IGNORECASE)
"""The exceptions are owned to."""
_OUR_WAY = regex(
    r"\b(?:we|(?:our|the) (?:[\w-]+ )?(?:staff|team|nurses?|doctors?|therapists?|clinicians?|surgeons?|dentists?"
    r"|pharmacists?))"
    r"(?:['’]ll| will| are| is| do)?\s+$",
    re.IGNORECASE,
)
"""A way of working is no result: "we always wash our hands"."""
_NEARLY = regex(
    r"\b(?:almost|nearly|virtually|practically|mostly|partly|all but|up to|more|less|not) $|\b(?:non|near)-$",
    re.IGNORECASE,
)
_SEVERAL = regex(r"\b(?:different|differs?|var(?:y|ies)|unique|tailored|suited|right) $", re.IGNORECASE)
"""What differs from one to the next: "the outcome is different for every person"."""
_DIFFERS = regex(r"[^.;]{0,30}\b(?:differ|own (?:pace|way|rate))", re.IGNORECASE)
_WARRANTY = regex(
    r"\b(?:an?|the|or|nor|of|no|any|provides?|providing|offers?|offering|lifetime|written|year|our|outcome|price|best|satisfaction|back|safety|quality|service)\s+$",
    re.IGNORECASE,
)
"""A guarantee on workmanship: "our clinics offer guarantees"."""
_OWN = regex(r"\s+(?:on|for)\s+(?:their|its|our|your|all)\b", re.IGNORECASE)
_INTERVAL = regex(
    r"\b(?:CI|RR|OR|HR|versus|vs|animals?|mice|rats?|primates?|(?:mouse|rat|animal|challenge|cell) models?"
    r"|in vitro)\b",
)
_ACHIEVE = regex(
    r"\s*(?:succe|cur|heal|help|achiev|deliver|get|guarant|fail|solv|relie|improv|eliminat|stop|free)", re.IGNORECASE
)
_IN_MOST = regex(r"[^.;]{0,40}?\b(?:most|many|some|up to|about|nearly|majority)\b", re.IGNORECASE)
_STATES = ("never", "complete", "permanent", "total", "in all", "in every", "all")
_TIMES = frozenset({"always", "never"})
_SHARE = regex(r"\b\d+ (?:in|of|out of)(?: every)? \d+|\d ?(?:%|percent|per cent)")
"""A share given beside "completely" says for how many it was."""


def _is_harmless(text: str, found: Absolute, lexicon: Lexicon) -> bool:
    """Whether the word is said of some people only, of how the page's owner works, or of no cure at hand."""
    before, word = text[: found.start], text[found.start : found.end].lower()
    if _NEARLY.search(before) or _SEVERAL.search(before) or _DIFFERS.match(text, found.end) or _INTERVAL.search(text):
        return True
    if word.startswith("guarante") and (
        text.lower().startswith("no ")
        or _WARRANTY.search(before)
        or (word == "guarantees" and _OWN.match(text, found.end))
    ):
        return True
    if word in _TIMES:
        ours = _OUR_WAY.search(before) is not None and _ACHIEVE.match(text, found.end) is None
        return ours or _LIMITED.search(before) is not None or _EXCEPT.match(text, found.end) is not None
    if word in ("cure", "cures", "cured"):
        limited = _SHARE.search(text) or _LIMITED.search(before) or _IN_MOST.match(text, found.end)
        return limited is not None or not says_it_cures(text, found.start, found.end, lexicon)
    return word.startswith(_STATES) and any(pattern.search(before) for pattern in (_POSSIBLE, _LIMITED))
