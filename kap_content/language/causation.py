"""Statements of cause: a verb that has something bring about something else, unhedged and unnegated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kap_content.language.finite import Candidate, Form, is_finite
from kap_content.language.phrases import is_quoted
from kap_content.language.same import Same
from kap_content.language.vocabulary import words
from kap_content.model.lexicon import Lexicon, Term
from kap_content.startup.regex import regex

LIST = "causal-verbs"
"""The word list of causal verbs, as lemmas."""
EFFECTS = "effect-verbs"
"""That of verbs which claim an effect, and are no statement of cause."""

_IRREGULAR = {
    "cut": ("cut", "cuts", "cut"),
    "bring": ("bring", "brings", "brought"),
    "make": ("make", "makes", "made"),
    "lead": ("lead", "leads", "led"),
    "give": ("give", "gives", "gave"),
    "stop": ("stop", "stops", "stopped"),
    "undo": ("undo", "undoes", "undid"),
    "get": ("get", "gets", "got"),
    "put": ("put", "puts", "put"),
    "beat": ("beat", "beats", "beat"),
    "drive": ("drive", "drives", "drove"),
    "free": ("frees", "frees", "freed"),
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
    r"|\b(?:may|might|could) (?:well )?be that\b[^;.]*$"
    r"|\bno (?:[\w-]+ ){0,3}(?:stud(?:y|ies)|trials?|research|one|body)\b[^;.]{0,40}\bthat\b[^;.]*$"
    r"|\b(?:believ(?:e|es|ed)|thinks?|thought|assum(?:e|es|ed)|expect(?:s|ed)?|claim(?:s|ed)?|fear(?:s|ed)?"
    r"|suspect(?:s|ed)?) that\b[^;.]*$"
    r"|\b(?:some|others|many|people|critics|users|fans|proponents|advocates|companies|sellers|manufacturers|labels)"
    r" (?:also )?(?:say|claim|believe|argue|think|swear|insist)\b[^;.]*$"
    r"|\b(?:avoid|limit|skip|stay away from)\b[^;.]*\b(?:that|which) $"
    r"|\b(?:researchers|scientists|doctors|experts|authors|we) (?:hope|expect|believe|think)\b[^;.]*$"
    r"|\b(?:wrong|false|too early|misleading|untrue) to (?:say|claim|presume|think|assume|believe)\b[^.]*$",
    re.IGNORECASE,
)
"""A denial, a hypothesis or a wish that reaches over "that": "there was no evidence that it reduced pain"."""
_CLAUSE = regex(r"[;:,]|\b(?:but|while|whereas|although|which|that)\b")
_ASKED = regex(r"[^.!;]*\?")
_ADJECTIVES = frozenset({"lower", "double", "slow", "clear", "reverse", "elevated"})
"""Verbs that are adjectives as well, and verbs only behind a subject in the plural: "achieved lower rates"."""
_ALSO = {
    Form.BARE: words(
        "cause increase decrease cut block boost lift trigger stop end cure repair calm ease fix raise treat double "
        "triple reverse lower help delay control slow clear fight speed"
    ),
    Form.THIRD: frozenset({"control", "delay", "speed", "result in"}),
    Form.PAST: words(
        "reduce lower decrease lessen diminish improve enhance increase raise elevate stop block resolve restore "
        "control slow delay extend reverse suppress worsen shorten prolong accelerate double normalise normalize "
        "stabilise stabilize"
    ),
}
"""Verbs of which the bare form is a noun or an adjective as well ("the root cause"), or the past an adjective."""
_AGENT = regex(
    (
        r"\s+(?:significantly |markedly )?by\s+(?![~≈]?\d|about|around|half|nearly|almost|approximately|roughly|a\b"
        r"|an\b|(?:the |their |our |his |her )?"
        r"(?:doctors?|clinicians?|physicians?|surgeons?|nurses?|patients?|investigators?)\b"
        r"|one|two|three|more|over|up to|at least|\w+ (?:percent|per cent|points))"
    ),
    re.IGNORECASE,
)
_EMBEDDED = regex(r"\b(?:how|why|what)\b(?! is more)[^;:.]*$", re.IGNORECASE)
"""Before what is asked or referred to: "how the body eliminates it"."""
_PROFESSION = regex(
    r"(?:\bdiagnos\w+(?:, prevents?)?,? (?:and|or)|[\w-](?:ists?|icians?)|\b(?:doctors?|surgeons?|chiropractors?))"
    r"(?: (?:also|often|who|can|will))* $",
    re.IGNORECASE,
)
"""Before what a profession does: "a podiatrist diagnoses and treats conditions of the foot"."""
_THAT = regex(r"\s(?:that|which|who)\b")
_IN_MIDST = regex(r"(?:[a-z,]|\b[A-Z]{2,}) $")
_BE = regex(r"\b(?:was|were|is|are|been|be|being)\s(?:both\s|all\s|also\s)?(?:\w+ly\s)?$", re.IGNORECASE)
_QUESTION = (
    r"(?:the |an? |some |serious |several |more |many |important |new |further |public ){0,3}(?:questions?|concerns?"
    r"|doubts?|awareness|issues?|possibility|hypothes[ie]s|hopes?|money|funds|eyebrows|suspicions?|conclude|conclusions?)"
)
_LEAVING = (
    r"(?:early |treatment |study |drug |premature )?(?:withdrawals?|discontinuation|drop-?outs?|stopping)"
    r"|(?:[\w-]+ ){1,4}to (?:leave|stop|withdraw|drop out|discontinue|quit)"
)
_PERSON = (
    r"(?:the |each |every |your )?(?:whole |entire )?(?:person|individuals?|patients?|people|adults|children|you"
    r"|mind(?: and|,)|body (?:as|and)|(?:root |underlying )causes?)"
)
_KNOWING = (
    r"(?:patients|people|clients|families) (?:across|in|from|throughout|all over)"
    r"|(?:[\w’'-]+ ){0,5}?(?:to )?(?:better )?"
    r"(?:verify|schedule|arrange|explain|understand|decide|research|learn|find|choose|harness|identify"
    r"|navigate|compare|frame|see|remember|think|readers|plan|prepare|know|determine|inform"
    r"|interpret|tailor|track|monitor|measure|assess|spot|recogni[sz]e|customi[sz]e|adjust|guide|set|design|create"
    r"|discover|figure out|make (?:the |an? |more |your )?(?:best|better|right|informed|good|healthier|healthy) )"
)
_SECRETION = (
    r"(?:[\w-]+ ){0,2}?"
    r"(?:eggs?|sperm|hormones?|milk|saliva|mucus|enzymes?|insulin|antibodies|cells|bile|urine|sweat|tears)"
)
_LIMIT = (
    r"(?:its|their|the|his|her|our|your|my) (?:[\w-]+ ){0,3}(?:dos(?:e|es|age)|limits?|thresholds?|prices?|fees?|costs?"
    r"|premiums?|targets?|recommendations?)"
)
_NO_EFFECT = {
    lemma: regex(rf"\s(?:{object_})\b", re.IGNORECASE)
    for lemma, object_ in (
        ("raise", f"{_QUESTION}|{_LIMIT}"),
        *((lemma, _LIMIT) for lemma in ("lower", "reduce", "increase", "cut", "double", "decrease")),
        ("lead to", f"{_QUESTION}|{_LEAVING}"),
        ("result in", rf"{_QUESTION}|{_LEAVING}|as (?:little|few)|just|only|under|(?:\d+|one|two|three|four) \w+"),
        ("ensure", r"(?:that )?(?:[\w-]+ ){0,3}?(?:receives?|gets?|has|have|feels?)"),
        ("cause", f"{_QUESTION}|{_LEAVING}"),
        ("stop", r"working|responding|taking|using|smoking|being"),
        ("prevent", r"insur\w+|compan(?:y|ies)|us|doctors|pharmac\w+|access"),
        ("produce", _SECRETION),
        ("treat", _PERSON),
        ("help", _KNOWING),
    )
}
"""What is brought about, and is no effect on an illness: a question raised, a trial left, a person treated."""


@dataclass(frozen=True, slots=True)
class Causal:
    """A causal verb in a sentence, as written, with its place."""

    verb: str
    start: int
    end: int


def causal_verbs(text: str, lexicon: Lexicon) -> tuple[Causal, ...]:
    """The verbs of `text` that state a cause outright: "reduced anxiety", not "may reduce", "fell", "with reduced"."""
    return _stated(text, _verbs(Same(lexicon.terms(LIST))))


def effect_verbs(text: str, lexicon: Lexicon) -> tuple[Causal, ...]:
    """These, and the verbs that claim an effect in weaker words, as "helps patients sleep"."""
    return _stated(text, _verbs(Same(lexicon.terms(LIST)), Same(lexicon.terms(EFFECTS))))


def _stated(text: str, verbs: _Verbs) -> tuple[Causal, ...]:
    found = list(verbs.pattern.finditer(text))
    judged: list[tuple[Candidate, bool]] = []
    for match in found:
        lemma, form = verbs.forms[match[0].lower()]
        candidate = Candidate(*match.span(), form, match.lastgroup == "phrase", lemma in _ALSO[form])
        judged.append((candidate, not _is_noun(text, match, found) and _is_stated(text, lemma, candidate, judged)))
    return tuple(Causal(text[one.start : one.end], one.start, one.end) for one, is_stated in judged if is_stated)


def _is_noun(text: str, match: re.Match[str], found: list[re.Match[str]]) -> bool:
    """Whether the verb of its clause follows at once: "a nerve block relieves", "nerve blocks relieve"."""
    then = next((other for other in found if other.start() == match.end() + 1), None)
    if then is None or text[match.end()] != " ":
        return False
    one, two = match[0].lower(), then[0].lower()
    if one.endswith("s"):
        return not two.endswith(("s", "ed"))
    return two.endswith("s")  # before "-ed" it may as well be the verb: "they lower raised pressure"


def _is_stated(text: str, lemma: str, verb: Candidate, earlier: list[tuple[Candidate, bool]]) -> bool:
    before = text[: verb.start]
    clause = _CLAUSE.split(before)[-1]
    if _HEDGE.search(clause) or _NEGATION.search(clause) or _UNPROVEN.search(before) or _ASKED.match(text, verb.end):
        return False
    if verb.form is Form.THIRD and lemma in _ALSO[Form.BARE] and _THAT.match(text, verb.end):
        return False  # "the triggers that led to it"
    if _EMBEDDED.search(before) or is_quoted(text, verb.start, verb.end):
        return False
    word = text[verb.start : verb.end].lower()
    if (
        word == "treated"
        or (lemma == "treat" and _PROFESSION.search(before))
        or (lemma in _NO_EFFECT and _NO_EFFECT[lemma].match(text, verb.end))
    ):
        return False
    if text[verb.start].isupper() and _IN_MIDST.search(before):
        return False  # a name
    if word in _ADJECTIVES and not before.rstrip().endswith(("s", "to", "can", "will")):
        return False
    if _BE.search(before):
        return not verb.is_phrase and lemma != "produce" and _AGENT.match(text, verb.end) is not None
    return is_finite(text, verb, earlier)


@dataclass(frozen=True, slots=True)
class _Verbs:
    """A list of verbs, ready to be looked for: the pattern of all forms, and of each form its lemma and which it is."""

    pattern: re.Pattern[str]
    forms: Mapping[str, tuple[str, Form]]


@lru_cache(maxsize=8)
def _verbs(*lists: Same[tuple[Term, ...]]) -> _Verbs:
    kinds: dict[str, tuple[str, Form]] = {}
    for term in (term for each in lists for term in each.value):
        verb, _, rest = term.phrase.partition(" ")
        for form, kind in zip(forms(verb), Form, strict=True):
            kinds[f"{form} {rest}".strip()] = (term.phrase, kind)  # "cut" is the past as well
    longest = sorted(kinds, key=len, reverse=True)
    phrases, verbs = (
        "|".join(re.escape(form) for form in longest if (" " in form) is apart) or r"(?!)" for apart in (True, False)
    )
    return _Verbs(regex(rf"(?<![\w-])(?:(?P<phrase>{phrases})|(?P<verb>{verbs}))(?![\w-])", re.IGNORECASE), kinds)


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
