"""Whether "safe" is said of a treatment: "the laser is safe", "a safe alternative to surgery"."""

from __future__ import annotations

import re

from kap_content.language.assertion import names_treatment, statement_start
from kap_content.language.phrases import Found, list_pattern
from kap_content.language.vocabulary import PhraseMatch
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_NO_VERB_BETWEEN = regex(
    r"(?:\s*(?:,|and\b|yet\b|but\b|&)?\s*(?!(?:is|are|was|were|in|of|for|to|with|when|on|at|from|if|during|after|before|by|that)\b)[\w-]+){0,5}?[\s-]*"
)
"""What may stand between "safe" and the treatment that it is said of: "safe, natural alternative"."""
_BE = regex(
    r"(?:\b(?:is|are|was|were|be|been|remains?|remained|proves?|proved|proven|considered|deemed|found"
    r"|regarded as|it['’]s|they['’]re"
    r"|that['’]s|making [\w -]{3,40}|made [\w -]{3,40})|\w['’](?:s|re))\s*(?:[\w-]+(?:,| and| yet| but| both"
    r"|,? as well as)\s*|both\s+"
    r"|(?:an?|also|very|quite|so|extremely|equally|as|all|just|now|yet)\s+|\w+ly,?\s+|natural,?\s+)*$",
    re.IGNORECASE,
)
"""A verb before "safe" that makes it a predicate: "is natural, safe"."""
_BEFORE_NOUN = regex(
    r"(?:\b(?:is|are|was|were|remains?|as|be|offers?|offering|provides?|providing|delivers?|delivering|gives?|giving|using|uses?"
    r"|there (?:is|are)|considered|our|with|becomes?|represents?|prefer\w*|enjoy)\s+(?:an?|the|several|many|also"
    r"|both|very|one of the|some|our|your|highly|this|other|more)?\s*"
    r"(?:(?!(?:for|to|of|in|on|and|or|that|including|like)\b)[\w-]+,?\s+(?:and\s+)?){0,3})$",
    re.IGNORECASE,
)
"""What before "safe" and a treatment's name makes it the page's statement: "offers a safe alternative"."""
_OPENS = regex(
    r"(?:[\w ]{1,30}:\s*)?\W*(?:(?:fast|quick|natural|gentle|simple|easy|effective|painless|modern|proven|an?"
    r"|the|our|and)[\s,]+)*",
    re.IGNORECASE,
)
"""A fragment that begins with it: "Fast, safe, affordable"."""
_ENDS_OR_FOR = regex(
    r"\s*(?:$|[.,;:!)–—]|(?:and|but|yet|for|in|with|even|during|at|or|as|enough|over|long|while|because|under|throughout|on|when|if)\b"
    r"|to (?!handle|store|drive|say|do so))",
    re.IGNORECASE,
)
_TO_DO = regex(r"\s+(?:and [\w-]+ )?(?:enough )?to\s+(?P<verb>[\w-]+)", re.IGNORECASE)
_ASIDE = regex(r"[,.;:–—(]|\b(?:after|before|during|once|when|if|until|while|following|since)\b", re.IGNORECASE)
"""Where the object of "safe to ..." ends: "safe to dye your hair after a transplant"."""
_USED = regex(r"take|use|have|receive|undergo|give|combine|get|repeat|apply|be|eat|drink|start|stop", re.IGNORECASE)
"""What is done with a treatment: "safe to use every day"."""
_FOR_YOU = regex(r"\s+(?:enough )?(?:for (?:you|your|him|her|them|the patient|your child)|with you)\b", re.IGNORECASE)
_PRONOUN = regex(
    r"(?:^|[,;:.]\s*|\band )\W*(?:it|they|this|these|both|all of (?:these|them))\s+(?:[\w’'-]+\s+){0,3}$|\b(?:it"
    r"|they)['’](?:s|re)\s+(?:[\w-]+\s+)*$",
    re.IGNORECASE,
)
_OURS = regex(r"\b(?:our|we|us)\b", re.IGNORECASE)
_ANY_MEANS = regex(
    r"ways?|methods?|programs?|programmes?|products?|results|options?|care|alternatives?|approach(?:es)?|solutions?|techniques?|exercises?",
    re.IGNORECASE,
)
"""Nouns that name a treatment only beside one."""


def speaks_of_us(text: str) -> bool:
    """Whether a text speaks of the page's owner."""
    return _OURS.search(text) is not None


def is_pronoun(text: str) -> bool:
    """Whether a text ends with a pronoun that stands for what was named before: "they are all"."""
    return _PRONOUN.search(text) is not None


def is_any_means(noun: str) -> bool:
    """Whether a noun names a treatment only beside one: "way", "option"."""
    return _ANY_MEANS.fullmatch(noun) is not None


def calls_safe(text: str, found: Found, lexicon: Lexicon, *, on_treatment: bool) -> bool:
    """Whether "safe" is said of a treatment, as its predicate or before it; "safe steps" and "safe levels" are none."""
    start = statement_start(text, found.start)
    before = text[start : found.start]
    noun = list_pattern(lexicon.terms("treatments")).search(text, found.end)
    if _AS_POSSIBLE.match(text, found.end) or (noun is not None and _is_no_treatment(text, found, noun, lexicon)):
        return False
    if noun is not None and _NO_VERB_BETWEEN.fullmatch(text, found.end, noun.start()):
        return _BEFORE_NOUN.search(before) is not None or _OPENS.fullmatch(before) is not None
    if _OPENS.fullmatch(before):
        return _OURS.search(text, found.end) is not None or _LIST_OF_MERITS.fullmatch(text) is not None
    if _BEFORE_OTHER_NOUN.search(before) and _GOES_ON.match(text, found.end):
        return False
    if _BE.search(before) is None or _ENDS_OR_FOR.match(text, found.end) is None or _FOR_YOU.match(text, found.end):
        return False
    pronoun = _PRONOUN.search(before) is not None or not before.strip()
    doing = _TO_DO.match(text, found.end)
    if pronoun and doing is not None:
        aside = _ASIDE.search(text, doing.end())
        done_to = names_treatment(text, lexicon, doing.end(), aside.start() if aside else len(text))
        return _USED.fullmatch(doing["verb"]) is not None or done_to
    if pronoun:
        return on_treatment
    return names_treatment(text, lexicon, start, found.start) or _OURS.search(before) is not None


_AS_POSSIBLE = regex(r"[^.;]{0,40}\bas (?:possible|we can)\b")
"""What is only striven for: "as safe and comfortable as possible"."""
_OTHER_NOUN = regex(r",\s+[\w-]+\s+(?!and\b)[\w-]+\s+and\b")
"""A noun before the "and" behind which a treatment stands: "a safe, cool refuge and complete care"."""


def _is_no_treatment(text: str, found: Found, noun: PhraseMatch, lexicon: Lexicon) -> bool:
    """Whether the noun behind "safe" treats nobody here, or "safe" belongs to another before it."""
    if _OTHER_NOUN.match(text, found.end, noun.start()) or _TO_ORDER.match(text, noun.end()):
        return True
    if _RESTS_ON.match(text, noun.end()) or _MEASURE.match(text, noun.end()):
        return True
    if not is_any_means(noun[0]) or speaks_of_us(text) or names_treatment(text, lexicon, 0, found.start):
        return False
    return not (_TO.match(text, noun.end()) and names_treatment(text, lexicon, noun.end(), len(text)))


_TO_ORDER = regex(
    r"\s+(?:to|of|for)\s+(?:order|buy|book|pay|talk|meet|shop|store|dispos|access|shar|communicat)\w*", re.IGNORECASE
)
"""A way to do what treats nobody: "a safe way to order your prescription"."""
_TO = regex(r"\s+to\s+")
"""What leads from "alternative" to what it is one to: "a safe alternative to antidepressants"."""
_MEASURE = regex(
    r"\s+(?:zones?|sites?|parameters?|settings?|ranges?|limits?|levels?|practices?|areas?|environments?|protocols?|guidelines?|planning|plans?|rooms?|spaces?)\b",
    re.IGNORECASE,
)
"""What is measured or kept to, not treatment: "the safe injection zone"."""
_RESTS_ON = regex(r"\s+(?:depends?|requires?|relies|rests|begins?|starts?|means)\b", re.IGNORECASE)
"""What tells what safety takes: "Safe treatment depends on your history"."""
_BEFORE_OTHER_NOUN = regex(r"\b(?:an?|the|our|your|its|their)\s+(?:[\w-]+(?:,|,? and)?\s+){0,3}$", re.IGNORECASE)
_GOES_ON = regex(r"(?:,|,? and|,? yet|,? but)\s+[\w-]+", re.IGNORECASE)
"""With an article before, what else than a treatment "safe" may belong to: "is a tranquil, safe, private house"."""
_LIST_OF_MERITS = regex(r"\W*(?:[\w-]+(?:,| and)\s+)*safe(?:,| and)\s+[\w-]+(?:(?:,| and)\s+[\w-]+)*\W*", re.IGNORECASE)
"""A line of merits alone: "Fast, safe, affordable."."""
