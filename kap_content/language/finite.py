"""Whether a form is the verb of its clause: "ketamine reduced anxiety", not "with reduced anxiety" or "the root cause".

English has few endings, so that what stands around a form tells what it is. "-s" is a verb behind a noun and before an
object; "-ed" is as often an adjective, above all in lists ("less pain, improved sleep"); the bare form is a verb behind
a plural, a modal or an infinitive that asserts ("has been shown to reduce"), else a noun or an aim ("to reduce").
What is joined to a form like it ("reduces pain, improves sleep and lifts mood") is what that one is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kap_content.language.vocabulary import alternatives, words
from kap_content.startup.regex import regex


class Form(StrEnum):
    """A finite form of a verb."""

    BARE = "reduce"
    THIRD = "reduces"
    PAST = "reduced"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a verb: where, in which form, whether it is a phrase ("lead to"), and a noun or adjective as well."""

    start: int
    end: int
    form: Form
    is_phrase: bool
    is_ambiguous: bool


_NO_OBJECT = alternatives(
    words(
        "by in at near beyond short after within over from to and or but than on during with without when while "
        "as for of if because under before further again more most better worse less faster slower sooner later "
        "longer quicker until since across among amongst between there here through throughout towards toward "
        "upon via per once even too also well against along alongside about around is are was were be been has "
        "have had do does did can could may might will would shall should must include includes vary varies range "
        "ranges which who where whether"
    )
)
_OBJECT = regex(
    rf"\s+(?!(?:{_NO_OBJECT}|[a-z]+ly)\b"
    r"|(?:an?|one|two|three|four|five|six|several|\d+) (?:minute|hour|day|week|month|year)s?\b"
    r"|\d[\d.,]*\s?(?:%|percent\b|per cent\b|points?\b|-?fold\b|vs\b|versus\b|to\b|[(,;]))[\w“\"'~-]"
)
"""What a verb acts upon: no preposition, auxiliary, adverb, time, or by how much ("decreased 50 %")."""
_PERSON = alternatives(
    words(
        "patients patient participants participant people persons we you i who doctors doctor clinicians "
        "physicians surgeons therapists researchers authors investigators reviewers adults men women subjects "
        "volunteers children guests individuals users customers consumers parents families students nurses "
        "providers"
    )
)
_PEOPLE = regex(
    rf"(?<!\bby )(?<!\bin )(?<!\bfor )(?<!\bamong )\b(?:{_PERSON})(?:\s\([^()]*\))?"
    r"(?:\s(?:also|then|often|all|have|had|\w+ly))?\s$",
    re.IGNORECASE,
)
"""People act otherwise than treatments do: "patients reduced their dose"; but "taught by nurses reduced anxiety"."""
_PEOPLE_WITH = regex(
    rf"(?:^|[.;:]\s)(?:(?![\w-]+ing\b)[\w-]+\s){{0,2}}(?:{_PERSON})\s(?:with|on|in|at|without)\s(?:[\w-]+\s){{1,4}}$",
    re.IGNORECASE,
)
"""The same with what tells which: "patients with raised pressure stopped the drug"."""
_SOME = regex(
    r"(?:\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:in|of|out of) (?:the )?[\w-]+|\d ?%"
    r"|\b(?:an?|one) (?:third|quarter|fifth|tenth)|\bwho (?:[\w-]+ ){0,2}[\w-]+"
    r"|\b(?:half|most|many|some|others|few|several|two|three|four|five))\s$",
    re.IGNORECASE,
)
"""Some of those spoken of: "a third reported less libido, and one in ten increased appetite"."""
_PERFECT = regex(r"\b(?:has|have)\s(?P<adverb>\w+ly\s)?$", re.IGNORECASE)
_BEFORE_NOUN = alternatives(
    words(
        "the a an its their his her your our my of with without in by for from at into onto on under over between "
        "among through during after before despite via per like than versus toward towards as about against had "
        "has have been was were is are be being this that these those no such any some more less most only main "
        "sole leading contributing both each every other and/or surgically randomised randomized significant "
        "marked using including having involving showing giving causing producing providing offering promoting "
        "alongside root probable possible likely common major chief known unknown underlying first"
    )
)
_GOVERNOR = (
    r"report\w*|highlight\w*|symboli[sz]\w*|represent\w*|featur\w*|show\w*|find|finds|found|observ\w*|demonstrat\w*|exhibit\w*|display\w*|reveal\w*|achiev\w*|experienc\w*"
    r"|notic\w*|enjoy\w*|see|sees|saw|seen|seeing|feel|feels|felt|gain|gains|gained|includ\w*|mean|means|meant|includes"
    r"|portend\w*|endur\w*|suffer\w*|face|faces|faced|note|notes|noted|note|describ\w*|bring|brings|brought|translat\w*"
    r"|offer\w*|provid\w*|deliver\w*|allow\w*|permit\w*|support\w*|promot\w*|indicat\w*|reflect\w*|involv\w*|get|gets|got"
    r"|identify|identified|cause|causes|caused|produce|produces|produced|lead to|leads to|led to|result in|results in"
    r"|resulted in|such as|due to|related to|linked to|linked with|associated with|thanks to"
)
"""What has a noun behind it, so that "reduced" there is an adjective: "patients reported reduced pain"."""
_BEFORE_ADJECTIVE = regex(
    rf"(?:\b(?:{_BEFORE_NOUN}|{_GOVERNOR})|(?<![\w-])\d[\w-]*)\s(?:(?:\w+ly|well|further|often|also|now|even)\s)?$",
    re.IGNORECASE,
)
_DOING = regex(
    r"(?:\b(?:while|by|for|of|without|when|after|before)\s\w+"
    r"|(?:,|\band)\s(?:reduc|increas|improv|reliev|restor|lower|eas|prevent|treat|address|promot))ing\s$",
    re.IGNORECASE,
)
"""Before what something is done to: "while tightening weakened muscles"."""
_BEFORE_THIRD = regex(
    rf"\b(?:{_BEFORE_NOUN}|to|than|versus|best|better|great|good|natural|visible|lasting|optimal|see)\s$", re.IGNORECASE
)
_GOVERNED = regex(
    rf"\b(?:{_GOVERNOR}|with|of|for|from|through|in|like|between|had|has|have|is|are|was|were|be)\s[^;.]*$",
    re.IGNORECASE,
)
"""What may govern a list at whose end "-ed" stands: "with less pain, improved sleep and reduced anxiety"."""
_OF_A_SUBJECT = regex(
    r"(?:\s(?!(?:who|which|that)\b)[\w-]+){1,4}\s(?:was|were|is|are|(?:can|may|has|have) be(?:en)?)\b"
)
"""Behind an adjective, a subject and its verb: "and reduced alcohol use were common"."""
_ANY_PAST = regex(r"(?<![\w-])(?:\w+ed|fell|rose|made|took|gave|kept|brought|led|cut|had)\s", re.IGNORECASE)
_INSERTED = regex(
    r",\s(?:however|therefore|thus|thereby|in turn|though|too|also),\s|(?<=\w)\s\([^()]*\)\s", re.IGNORECASE
)
"""What is put in between a subject and its verb: "in one hospital, however, reduced charges"."""
_RELATIVE = regex(r"\b(?:which|that|these|both|but)\s$", re.IGNORECASE)
_BEGINS = regex(r"(?:^|[;:.!?–—(]\s?|\b(?:while|whereas|although|though|because|so)\s)\W*$", re.IGNORECASE)
_JOINED = regex(
    r"(?:,|\band|\bor|[&/])\s+(?:(?:also|thereby|thus|then|even|further|often|sometimes|\w+ly)\s)?$", re.IGNORECASE
)
_PART = regex(r"[;:.!?]\s|[–—]|\b(?:but|while|whereas|although|though|which|that|who|because|so)\b", re.IGNORECASE)
_HELD_TO = regex(
    r"\b(?:shown|found|proved|proves|proven|demonstrated|known|seen|confirmed|helps?|helped|acts?|acted|works?|worked"
    r"|serves?|served)(?: itself)? to\s(?:\w+ly\s|help\s)?$",
    re.IGNORECASE,
)
"""What turns an infinitive into an assertion: "has been shown to reduce", where "given to reduce" tells an aim."""
_INFINITIVE = regex(r"\bto\s(?:\w+ly\s)?$", re.IGNORECASE)
_ANY_INFINITIVE = regex(r"\bto\s(?:\w+ly\s)?(?=[a-z])", re.IGNORECASE)
_HELPING = regex(r"\bhelp(?:s|ed|ing)?\s(?:(?!to\b|and\b|or\b)[\w'’-]+\s){0,3}$", re.IGNORECASE)
_MODAL = regex(r"\b(?:can|will|do|does|did|must|shall)\s(?:also\s|often\s|even\s|\w+ly\s)?$", re.IGNORECASE)
_PLURAL = regex(
    r"\b(?!(?:this|thus|always|sometimes|perhaps|its|his|as|is|was|has|does|plus|across|towards|besides|less|yes)\b)"
    r"(?:[\w-]*[a-z](?<![su])s|[\w-]+uses|bacteria|data|both|these|which|that)(?:\s\([^()]*\))?"
    r"\s(?:also\s|often\s|all\s|both\s|\w+ly\s)?$",
    re.IGNORECASE,
)
_ORDER = regex(r"\W*[A-Z][a-z]*[a-rt-z] (?:and|or) $")
"""A request of two verbs: "Identify and eliminate"."""
_ADVICE = regex(
    r"^\W*(?:during|in|for|if|when|after|before|at|on|with|by|until|while|once|where|to)\b[^,]*,\s$", re.IGNORECASE
)
"""Before a request: "during outbreaks, reduce contacts"."""
_AND_NOUN = regex(r"\band\s(?:[\w-]+\s){1,3}$", re.IGNORECASE)


def is_finite(text: str, verb: Candidate, earlier: Sequence[tuple[Candidate, bool]]) -> bool:
    """Whether `verb` asserts something in its clause; of those `earlier` in the sentence it is known already."""
    if not verb.is_phrase and _OBJECT.match(text, verb.end) is None:
        return False
    start = max((found.end() for found in _PART.finditer(text, 0, verb.start)), default=0)
    part = text[start : verb.start]
    before = _INSERTED.sub(" ", text[: verb.start])
    is_joined = _JOINED.search(before) is not None
    around = [(other.form, stated) for other, stated in earlier if other.start >= start]
    like = [stated for form, stated in around if form is verb.form]
    if is_joined and like:
        return like[-1]
    if verb.form is Form.BARE and (helping := _HELPING.search(before)) is not None:
        return _is_no_aim(before[: helping.start()])
    if not _is_no_aim(before) or any(who.search(before) for who in (_PEOPLE, _PEOPLE_WITH, _SOME)):
        return False
    perfect = _PERFECT.search(before) if verb.form is Form.PAST else None
    if perfect is not None and (perfect["adverb"] or not verb.is_ambiguous):
        return True
    if verb.form is Form.THIRD:
        return not verb.is_ambiguous if is_joined else _BEFORE_THIRD.search(before) is None
    if _RELATIVE.search(before) or _INFINITIVE.search(before):
        return True
    if any(sign.search(before) for sign in (_BEFORE_ADJECTIVE, _DOING, _BEGINS)):
        return False
    if verb.form is Form.BARE:
        return _is_bare(verb, before, part, is_listed=is_joined)
    follows = any(stated for _, stated in around)
    return not (is_joined and verb.is_ambiguous) or not (follows or _is_adjective(text, verb, part))


def _is_no_aim(before: str) -> bool:
    """Whether it is no infinitive, or one that asserts."""
    return _INFINITIVE.search(before) is None or _HELD_TO.search(before) is not None


def _is_bare(verb: Candidate, before: str, part: str, *, is_listed: bool) -> bool:
    if _MODAL.search(before) or _PLURAL.search(before):
        return True
    if is_listed:
        is_asked = _ANY_INFINITIVE.search(part) or _ORDER.match(part) or _ADVICE.match(part)
        return not (verb.is_ambiguous or is_asked)
    return not verb.is_ambiguous or _AND_NOUN.search(before) is not None


def _is_adjective(text: str, verb: Candidate, part: str) -> bool:
    """Whether "-ed" in a list stands beside a noun: unless a past before it makes it one of several things done."""
    if _GOVERNED.search(part) or _OF_A_SUBJECT.match(text, verb.end):
        return True
    return _ANY_PAST.search(part) is None
