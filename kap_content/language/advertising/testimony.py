"""What a testimonial does: it speaks for patients, and implies that all fare as well as they."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, is_negated, is_quoted, list_pattern
from kap_content.language.vocabulary import PhraseMatch, PhrasePattern
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_ABOUT_WHO = regex(
    r"\s+(?:(?:often|frequently|commonly|regularly|typically|usually|consistently|always|routinely|generally"
    r"|also|tend to|now|even|all|have)\s+)*",
    re.IGNORECASE,
)
"""What may stand between those who are spoken for and their verb: "patients usually"; what they can or will do is told
of nobody."""
_NOT_UNUSUAL = regex(r"\b(?:unusual|uncommon|rare) for\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_TO = regex(r"\s+to\s+", re.IGNORECASE)
"""As good as a statement: "it is not unusual for patients to leave"."""
_NO_VERB = regex(
    r"\b(?:to|the|an?|his|her|its|their|our|your|my|this|that|no|any|of|in|on|at|with|for|positive|good|bad|patient|i"
    r"|who|which|as|what|you|we|he|she|they|it|can|will|may|might|could|should|must)\s+$|\bto\s+\w+\b",
    re.IGNORECASE,
)
"""Before what only looks like their verb: "on their left side", "by what you say", "come here to see"."""
_CLAUSE = regex(r"\s+(?:who|that|we|on|with|at|in|from|treated|taking|using)\s[^.,;:]{2,60}", re.IGNORECASE)
"""What says who they are: "patients who finish the course"."""
_DENIED = regex(
    r"(?:\b(?:not|no|never(?! \w+ (?:better|so)\b)|nobody|none|cannot|hardly|rarely|minimal|little|less like"
    r"|less likely|lowest|unlikely"
    r"|whether|if)"
    r"|n['’]t)\b(?:\W+\w+){0,5}\W*$",
    re.IGNORECASE,
)
_HERE = regex(
    r"\bour (?:[\w-]+ ){0,2}(?:clinics?|practices?|cent(?:re|er)s?|hospitals?|programmes?|programs?|treatments?|teams?"
    r"|wards?|surgeons?|doctors?|products?|courses?|therap(?:y|ies|ists?)|services?|retreats?|infusions?|sessions?)\b"
    r"|\bwho (?:finish|complete|choose|come to|try|undergo|have had|join|go through)\b"
    r"|\b(?:who|whom|that)? ?we (?:see|treat|serve|work with|have treated|have helped)\b|\bour (?:door|care)\b",
    re.IGNORECASE,
)
"""Where people at large are those who were treated here."""
_ENABLED = regex(
    r"\b(?:allow\w*|enabl\w*|help\w*|lets?|letting|ensur\w*|mak(?:e|es|ing)(?: sure)?|wants?|watch\w*|see|seeing"
    r"|invit\w*|empower\w*"
    r"|equip\w*|provid\w*|giv\w+|where|when"
    r"|how|why|what|things?"
    r"|whether|if|until|before|so|(?<!common )(?<!usual )(?<!rare )for)\s(?:that\s)?(?:[\w-]+\s){0,2}$"
    r"|\bhelp\w*\s(?:[\w-]+\s){0,6}$",
    re.IGNORECASE,
)
"""Patients who are helped or meant to do a thing tell nothing of it: "where patients feel heard"."""
_STUDIED = regex(
    r"\b(?:trials?|stud(?:y|ies)|surveys?|heard|evidence|research|reviewers?|participants|(?<!to )(?<!with )others"
    r"|insurance|before patients|unlikely to|argue)\b",
    re.IGNORECASE,
)
"""What was looked at in studies is no praise."""
_CONCEDED = regex(
    r"\bbut (?:the |controlled |clinical )*(?:evidence|data|proof|trials?|stud(?:y|ies))\b|\b(?:although|while"
    r"|though|even if)\b[^.;]*,[^.;]*\b(?:not?|vary|varies|caution|limited|little|lacking"
    r"|unclear)\b",
    re.IGNORECASE,
)
"""What people say is owned to be no proof: "although some report relief, no diet has been proven to help"."""
_TELL_US = regex(
    r"\b(?:patients|clients|customers|guests|members|mothers|fathers|parents|couples|smokers|women|men|people|families)\s+"
    r"(?:(?:\w+ly|often|sometimes|have|who [\w ]{3,30}?)\s+)*(?:tell|told|thank|thanked|write to)\s+(?:us|me"
    r"|our\s+\w+)\b",
    re.IGNORECASE,
)
_SIGNED = regex(r"(?:“[^”]{12,}”|\"[^\"]{12,}\")\s*(?:[-–—]|\()\s*(?!Dr|Prof)[A-Z][a-z]+")
"""A quotation with a name behind a dash, as reviews of customers have it."""
_WORDS = regex(r"[A-Za-z]{2,}")
_FEW = 3
"""Stars behind fewer words grade a thing in a table, and are no review."""
STARS = regex(r"[★⭐✩☆]{3,}")
_FIRST_PERSON = regex(r"\b(?:I|I['’](?:m|ve|d)|my|me|we|our)\b")
_OF_ONESELF = regex(r"\b(?:I|I['’](?:m|ve|d)|my|me)\b")
"""A patient speaks for himself; "we" is who sells."""
_SAID = regex(
    r"(?:“[^”]{12,}”|\"[^\"]{12,}\")(?=\s*(?:[-–—,]?\s*(?:says?|said|writes?|wrote|tells|told|reports?)\b"
    r"|[-–—(]\s*[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3}\s*(?:[,.()]|$)))"
)
"""Words in quotation marks, and behind them who said them: "... ," says Joan; "..." – Maria, Leeds."""
_STAFF = regex(
    r"\b(?:CEO|CFO|COO|CTO|president|founder|co-founder|director|Dr|MD|PhD|doctor|chief|officer|manager"
    r"|professor|vice|head of|chair\w*"
    r"|researchers?|authors?|surgeon|partner|owner|our (?:patients|clients|customers|mission|company|team"
    r"|results|program|technology)"
    r"|companies|portfolio|buyers|thrilled|proud to|proud of|excited|honou?red|pleased to|grateful to)\b",
    re.IGNORECASE,
)
"""Words of those who sell, and their titles: what they say of themselves is no patient's story."""
_BYLINE = 120
"""Characters behind a quotation in which its speaker is named."""
_DONE_WITH = regex(
    r"\b(?:threw|thrown|tossed|stopped|came off|ditched|no longer (?:need|take|have)|don['’]t need"
    r"|haven['’]t had|gone|vanished"
    r"|disappeared|cured|off (?:my|all)|first time in)\b",
    re.IGNORECASE,
)
"""What a customer says to be rid of."""
_CARED_FOR = regex(
    r"\b(?:treat\w*|therap\w+|surger\w+|operation|procedure|sessions?|infusions?|injections?|clinic|practice|hospital"
    r"|doctors?|nurses?|dentists?|surgeons?|staff|team|care|product|programme|program|pills?|tablets?|pain|symptoms?"
    r"|sleep|skin|smile|teeth|weight|vision|energy)\b",
    re.IGNORECASE,
)
"""What a patient's praise is about."""
_OPENS = regex(
    r"(?:(?:\w+ out of \w+|many|most|some|all|our|of|the|these|countless|several|so many|nearly|almost|thousands"
    r"|hundreds|numerous|majority|a|number|we['’]ve|we|have|even|had|previous|former|nervous|happy|satisfied"
    r"|past)\s+)+$",
    re.IGNORECASE,
)


_OF_A_WORK = regex(
    r"\s+(?:the |a |an )?(?:(?:[A-Z][\w’']*|of|the|and|to|a) )+by (?:[A-Z]\w+ )*|.{0,60}\((?:paid|affiliate) link\)"
)
"""A book or a thing for sale that is recommended: "The Body Keeps the Score by Bessel van der Kolk"."""


def may_tell(text: str) -> bool:
    """Whether a text tells a story in words that are in no list: stars, and quotations of somebody named."""
    return STARS.search(text) is not None or _SAID.search(text) is not None


def speaks_for_patients(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where `text` says, as a testimonial does, how patients fare: start, end, and the words."""
    if _STUDIED.search(text):
        return
    if _CONCEDED.search(text):
        return
    praise = list_pattern(lexicon.terms("praise"))
    for start, end in _spoken_for(text, lexicon):
        if _ENABLED.search(text[:start]):
            continue
        praised = (found for found in praise.finditer(text) if found.end() >= end)
        if _HOW_IT_IS.match(text, end):
            praised = (found for found in praised if not _MILD.match(found[0]))
        rest = next(praised, None)
        if (
            rest is not None
            and not _is_far(text, start, end, rest.start(), lexicon)
            and not _is_of_harm(text, end, rest, lexicon)
            and not _DENIED.search(text[: rest.start()])
            and not is_quoted(text, start, end)
        ):
            yield start, end, text[start:end]
            return
    told = _TELL_US.search(text)
    if told is None or _DENIED.search(text) or list_pattern(lexicon.terms("outcome-harmless")).search(text, told.end()):
        return
    if "thank" in told[0] or praise.search(text, told.end()):
        yield told.start(), told.end(), told[0]


_HOW_IT_IS = regex(r"\s+(?:it|this|hypnosis|the (?:state|feeling|sensation))\b", re.IGNORECASE)
_MILD = regex(r"calm|relax|peace|comfort|at ease", re.IGNORECASE)
"""What a state feels like is no success: "most people describe it as relaxed"."""
_FAR = 8
"""Words between what patients feel and its praise, from which on the two do not belong together."""


def _is_far(text: str, start: int, end: int, at: int, lexicon: Lexicon) -> bool:
    """Whether the praise at `at` is too far from the verb before `end`; what patients say may be long."""
    said = list_pattern(lexicon.terms("testimony-speech")).search(text, start, end)
    between = _HERE.sub("", text[end:at], count=1)  # where they were treated parts nothing from its praise
    return said is None and len(between.split()) > _FAR


_NEXT = regex(r"(?:[\s-]+[\w-]+){0,2}")


_ILL = regex(
    r"\b(?:di)?stress|\b(?:fatigue|pain|fear|anxiety|discomfort|difficult\w*|loss|lack|symptoms?|disrupt\w*|intoleran\w+"
    r"|worse|thinner|drier|swings?|headaches?|feeling off|reactivity)\b",
    re.IGNORECASE,
)
_EASED = regex(
    r"\b(?:fewer|less|no|reduc\w+|reliev\w+|relief|improv\w+|decreas\w+|without)\s+(?:[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
"""Before an ill it is none: "less pain"."""


def _is_of_harm(text: str, verb_end: int, praise: PhraseMatch, lexicon: Lexicon) -> bool:
    """Whether what is told is nothing to praise: "profound stress", "a loss of drive"."""
    harms = list_pattern(lexicon.terms("harms"))
    ills = [found.start() for pattern in (_ILL, harms) for found in pattern.finditer(text)]
    if any(verb_end <= at < praise.start() and _EASED.search(text[:at]) is None for at in ills):
        return True
    behind = _NEXT.match(text, praise.end())
    if behind is None:
        return False
    signs = (list_pattern(lexicon.terms(name)) for name in ("bodily-signs", "outcome-harmless"))
    return _ILL.search(behind[0]) is not None or any(sign.search(behind[0]) is not None for sign in signs)


def _spoken_for(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Where patients, or people at large, are the subject of a verb of a testimonial."""
    verbs = list_pattern(lexicon.terms("testimony-verbs"))
    speech = list_pattern(lexicon.terms("testimony-speech"))
    public = verbs if _HERE.search(text) else speech
    for name, said in (("testimony-who", verbs), ("testimony-public", public)):
        for who in list_pattern(lexicon.terms(name)).finditer(text):
            verb = _verb_of(text, who.end(), said)
            if verb is None and _NOT_UNUSUAL.search(text[: who.start()]) and (to := _TO.match(text, who.end())):
                verb = said.match(text, to.end())
            if verb is not None:
                opened = _OPENS.search(text[: who.start()])
                yield (opened.start() if opened else who.start()), verb.end()


def _verb_of(text: str, start: int, verbs: PhrasePattern) -> PhraseMatch | None:
    """The verb of those whose name ends at `start`, behind adverbs or behind a clause that says who they are."""
    clause = _CLAUSE.match(text, start)
    starts = [start]
    if clause is not None:
        starts += [gap.start() for gap in re.finditer(r"\s", text[: clause.end()]) if gap.start() > start + len(" who")]
    for at in starts:
        between = _ABOUT_WHO.match(text, at)
        verb = verbs.match(text, between.end()) if between else None
        verb = verb or verbs.match(text, at + 1)
        if verb is not None and _NO_VERB.search(text[start : verb.start()]) is None:
            return verb
    return None


def story(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where `text` is one happy story, quoted or told, or counts stars and happy customers: start, end, the words."""
    stars = STARS.search(text)
    if stars is not None and "|" not in text and len(_WORDS.findall(text)) >= _FEW:
        yield stars.start(), stars.end(), stars[0]
        return
    told = next(find(text, lexicon.terms("testimony-stories")), None)
    if told is not None:
        if not is_negated(text, told.start) and not _OF_A_WORK.match(text, told.end):
            yield told.start, told.end, told.text
        return
    signed = _SIGNED.search(text)
    if signed is not None and _FIRST_PERSON.search(signed[0]):
        yield signed.start(), signed.end(), signed[0]
        return
    praise = list_pattern(lexicon.terms("praise"))
    marks = list_pattern(lexicon.terms("outcome-marks"))
    for quoted in _SAID.finditer(text):
        words = quoted[0]
        if _STAFF.search(words) or _STAFF.search(text, quoted.end(), min(len(text), quoted.end() + _BYLINE)):
            continue
        cared_for = _CARED_FOR.search(words) is not None
        praised = _DONE_WITH.search(words) or (cared_for and (praise.search(words) or marks.search(words)))
        if praised and _OF_ONESELF.search(words) and not is_negated(words, praised.start()):
            yield quoted.start(), quoted.end(), words
            return
