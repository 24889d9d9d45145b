"""Words that allow no exception, said of what a treatment or its seller does: "always works", "cures"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.assertion import is_sought, is_supposed, names_treatment, statement_start
from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted, list_pattern
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


_EVERYONE = regex(
    r"\b(?:everyone|everybody|all (?:patients|people|women|men|children|adults|users|clients|guests|members|couples)"
    r"|every (?:single )?(?:patient|person|woman|man|child|user|client|guest|member|couple|veteran))\s+"
    r"(?:(?:who|that|on|taking|with)\s[^.,;]{1,50}?\s)?(?:will )?"
    r"(?:loses? (?:weight|fat|inches|\d+)|benefits?|improves?|responds?|recovers?|tolerates?|sleeps? (?:better"
    r"|well|through|soundly)"
    r"|gets? (?:better|well|relief|results|pregnant)|feels? (?:better|well|calmer|happier|relief|lighter)"
    r"|leaves? (?:happy|smiling|satisfied|calm\w*|pain)|sees? results|achieves?|succeeds?|quits?|heals?)\b",
    re.IGNORECASE,
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
    r"^Every\s+(?:(?!few|day|week|month|year|hour|time|third|second|other|one)[\w-]+\s+){1,3}?(?:begins with"
    r"|starts with|comes from|stems from|is caused by"
    r"|is due to|has its root|can be (?:cured|healed|treated|prevented|reversed)|responds|gets (?:relief|better"
    r"|results)|benefits)\b"
)
_HAPPENED = regex(r"\b(?:was|were|had|recovered|resulted|healed|subjects|patients who)\b[^.;]*$", re.IGNORECASE)
"""What came to pass in some people is told of these."""
_NEEDED = regex(
    r"\b(?:way to|important|recommended|needed|necessary|essential|advised|available|required|for \w+ing)\b",
    re.IGNORECASE,
)
"""What all are to have is no result in all."""


def _candidates(text: str, lexicon: Lexicon) -> Iterator[Absolute]:
    for found in find(text, lexicon.terms("absolutes")):
        word = text[found.start : found.end]
        if (word.isupper() and not text.isupper()) or (word.istitle() and " " in word and found.start > 0):
            continue  # an acronym that spells a word, or a name
        of_all = found.term.phrase.startswith(_OF_ALL)
        yield Absolute(found.start, found.end, found.term.reason, as_sentence(found.term.suggestion), of_all)
    for pattern in (_EVERYONE, _HUNDRED, _PERFECT, _EVERY_CASE):
        for match in pattern.finditer(text):
            yield Absolute(match.start(), match.end(), _ALL, _QUALIFY)
    benefits = list_pattern(lexicon.terms("universal-benefits"))
    for match in _IN_ALL.finditer(text):
        before = text[: match.start()]
        told = _LIMITED.search(before) or _NEEDED.search(before) or _HAPPENED.search(before)
        if benefits.search(text, 0, match.start()) and not told:
            yield Absolute(match.start(), match.end(), _ALL, _QUALIFY)
    for found in find(text, lexicon.terms("degrees")):
        before = text[: found.start]
        limits = (_LIMITED, _POSSIBLE, _HAPPENED)
        if not (before.lower().endswith(" to ") or _SHARE.search(text) or any(one.search(before) for one in limits)):
            yield Absolute(found.start, found.end, found.term.reason, as_sentence(found.term.suggestion))


_OF_ALL = ("universal ",)
_OURS = regex(r"\b(?:our|we|us)\b", re.IGNORECASE)
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
    if names_treatment(text, lexicon, start, found.start) or _OURS.search(text):
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
    r"\b(?:when|chances?|defin\w*|certain|hard|difficult|try(?:ing)?|unable|inability|about|except(?:ion\w*)?)\b[^.;:]*$",
    re.IGNORECASE,
)
"""What is only tried or awaited."""
_DENIED = regex(
    r"\s+(?:of [\w ]{2,30} |for [\w ]{2,30} )?(?:(?:is|are|has|have)(?: \w+)? )?(?:not|never|n['’]t|unlikely"
    r"|impossible|rarely)\b",
    re.IGNORECASE,
)
"""What denies it afterwards: "permanent cure is not possible"."""
_NO_ONE = regex(r"\W*(?:no (?:one|single)|not one)\b", re.IGNORECASE)
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
_NEARLY = regex(r"\b(?:almost|nearly|virtually|practically|not) $", re.IGNORECASE)
_SEVERAL = regex(r"\b(?:different|differs?|var(?:y|ies)|unique|tailored|suited|right) $", re.IGNORECASE)
"""What differs from one to the next: "the outcome is different for every person"."""
_DIFFERS = regex(r"[^.;]{0,30}\b(?:differ|own (?:pace|way|rate))", re.IGNORECASE)
_INTERVAL = regex(r"\b(?:CI|RR|OR|HR|versus|vs)\b")
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
    if word in _TIMES:
        ours = _OUR_WAY.search(before) is not None and _ACHIEVE.match(text, found.end) is None
        return ours or _LIMITED.search(before) is not None or _EXCEPT.match(text, found.end) is not None
    if word in ("cure", "cures", "cured"):
        limited = _SHARE.search(text) or _LIMITED.search(before) or _IN_MOST.match(text, found.end)
        return limited is not None or not _says_it_cures(text, found, lexicon)
    return word.startswith(_STATES) and any(pattern.search(before) for pattern in (_POSSIBLE, _LIMITED))


# --- cure ---

_WILL = regex(r"\b(?:will|we|['’]ll|does|do)\s+(?:\w+ly )?$", re.IGNORECASE)
_TO_CURE = regex(
    r"\b(?:all it takes|all you need|(?:way|method|secret|treatment|therapy|power|how|ability)) to $", re.IGNORECASE
)
_WHOLE = regex(
    r"[^.,;]{0,40}\b(?:any|all|every|your|permanently|completely|for good|forever|instantly|once and for all"
    r"|without)\b",
    re.IGNORECASE,
)
_NOUN = regex(
    r"(?:^\W*|\b(?:is|are|offers?|provides?|have|has|found|discovered|comes) )(?:an?|the|our|your)\s+(?:(?!only"
    r"|potential|possible|known|single)[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_PASSIVE = regex(r"\b(?:will|['’]ll|gets?|is|are)\s+(?:all\s+)?(?:be\s+)?(?:\w+ly\s+)?$", re.IGNORECASE)
_CURE_FOR = regex(r"\s+(?:for|to|you)\b|\s*(?:$|[.,;!])")
_ANY_DRUGS = regex(r"medicines|drugs|medications|antibiotics|treatments", re.IGNORECASE)
_CAN = regex(r"\bcan (?:be )?(?:\w+ly )?$", re.IGNORECASE)
_THE_CURES = regex(r"\b(?:the|these|those|any|some|known|new|of|for|as|miracle)\s+$", re.IGNORECASE)
_ANY_CASE = regex(r"\b(?:any|all|every)\b", re.IGNORECASE)


def _says_it_cures(text: str, found: Absolute, lexicon: Lexicon) -> bool:
    """Whether a cure is asserted: "cures", "will be cured", "a cure for panic"; "can cure" only of all or of yours."""
    before, word = text[: found.start], text[found.start : found.end].lower()
    if _CAN.search(before):
        return _WHOLE.match(text, found.end) is not None or _ANY_CASE.search(before) is not None
    if word == "cures":
        return _THE_CURES.search(before) is None
    if word == "cured":
        return (
            _PASSIVE.search(before) is not None
            and not before.lower().endswith(("to get ", "to be "))
            and not before.rstrip().endswith("been")
        )
    if _NOUN.search(before):
        return _CURE_FOR.match(text, found.end) is not None
    last = before.split()[-1:] or [""]
    plain = names_treatment(last[0], lexicon) and last[0].endswith("s") and _ANY_DRUGS.fullmatch(last[0]) is None
    return plain or _WILL.search(before) is not None or _TO_CURE.search(before) is not None
