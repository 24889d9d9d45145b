"""Comparisons of treatments that name no other side: "works faster", "twice as effective", "better results"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import Found, find, list_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_OTHER_SIDE = regex(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|relative to|in comparison (?:with|to)|as opposed to|as compared"
    r"|over (?:placebo|sham)|to placebo|against|between|among|of the \w+"
    r"|of all|in terms of|both|either|equally|depend(?:s|ing)? on|the (?:more|less|lower|higher)|higher|smaller"
    r"|which (?:one|treatments?|of)|(?:superior|inferior|preferable) to|may be|might be|could be)\b",
    re.IGNORECASE,
)
_SOUGHT = regex(
    r"\b(?:for|toward|towards|develop\w*|need\w*|search\w*|seek\w*|design\w*|creat\w*|find|determin\w*|whether"
    r"|means?|assum\w*|allow\w*|promot\w*|hop\w*|aim\w*|goal|lead to|help\w* (?:\w+ )?researchers"
    r"|opportunities to|way to find|to make (?:it|you|them))\s+(?:[\w,-]+\s+){0,5}$|\bhopefully\b",
    re.IGNORECASE,
)
"""Comparisons that are looked for, assumed or asked about: none is stated."""
_DOUBT = regex(
    r"\b(?:if|whether|which(?: \w+)? (?:is|are|was|were))\b[^.;]*$|^\W*some\b[^.;]*$|\btends? to\b[^.;]*$"
    r"|\b(?:may|might) (?:also )?$",
    re.IGNORECASE,
)
_HELPED = regex(
    r"\b(?:your|the|their) body(?:['’]?s)?\b[^.;]{0,40}$|\bswitch\b[^.;]*$"
    r"|\b(?:help(?:s|ed|ing)?|ma(?:kes?|de|king)|lets?)\s+(?:[\w-]+\s+){1,5}$",
    re.IGNORECASE,
)
"""How an organ, or another treatment, comes to work better says what a treatment does, and compares none."""
_WHAT_WORKS = regex(
    r"(?:work|works|last|lasts|heal|sleep)\b.*|more (?:effective|successful|accurate)(?:ly)?|better", re.IGNORECASE
)
_COMBINED = regex(r"\b(?:combin\w+|together with|instead of|rather than|the better|the more)\b", re.IGNORECASE)
_ILL = regex(
    r"(?:^|[;:,]\s+|\b(?:when|if|that|because|but|and)\s+)\W*(?:[\w-]+\s+){0,4}?(?:symptoms?|signs?|infections?"
    r"|illness(?:es)?|conditions?|diseases?|episodes?|attacks?|outbreaks?|virus(?:es)?|people|patients|those"
    r"|individuals|women|men|children|chances?|chance of recovery|outlook|prognosis|survival|kidneys?|insulin)\b"
    r"(?:\s+[\w-]+){0,4}?\s+$"
    r"|\b(?:believed?|regarded?|perceived?|considered|rated|preferred|effect sizes?)\b[^.;:]*$",
    re.IGNORECASE,
)
"""Subjects that no page sells: an illness, people, an organ; and what somebody believed."""
_OURS = regex(r"\b(?:our|us|we)\b", re.IGNORECASE)
_AND_MORE = regex(r"\s*(?:risk factor|cause|predictor|marker|condition|sign)s?\b", re.IGNORECASE)
_GRADED = regex(
    r"most (?:effective|successful|reliable|accurate|useful|helpful|likely)|(?:work|works) better", re.IGNORECASE
)
_WHEN_OR_IN_WHOM = regex(
    r"[^.;]{0,80}?\b(?:when|if|in (?:\w+ ){0,2}?(?:people|patients|men|women|children|adults|those|younger|older"
    r"|cases)|during|after|before|within|who|at night|in the morning|early|by (?:\w+ing))\b",
    re.IGNORECASE,
)
"""What follows a treatment compared with itself: "most effective when taken early"."""
_MORE = regex(r"more (?:effective(?:ly)?|successful|reliable|accurate)|greater benefit", re.IGNORECASE)
_WHEN = regex(
    r"[^.;]{0,50}?\b(?:when|if|before|after|in (?:those|younger|older)|for (?:specific|certain|some|these)"
    r"|based on your"
    r"|afterwards?)\b",
    re.IGNORECASE,
)
_GIVES = regex(
    r"\b(?:gives?|gave|offers?|provides?|brings?|delivers?|achieves?|has|have|leads? to|means|ensures?|guarantees?"
    r"|yields?|produces?|gets?|enjoys?|expects?|sees?|experiences?|feels?|notices?|allows?|with|and|creates?)\s+"
    r"(?:(?:you|your|a|an|the|our|patients|much|far|even|significantly|considerably)\s+){0,3}$",
    re.IGNORECASE,
)
_IS_SO = regex(
    r"\b(?:sounds?|looks?|works?|acts?|heals?|lasts?|tastes?|absorbs?|performs?|recovers?|responds?|sleeps?)\s+"
    r"(?:(?:much|far|even|so much|significantly)\s+)?$",
    re.IGNORECASE,
)
_ENDS = regex(r"\s*(?:[.,;!]|$|and\b|with\b|for\b)")
_TIMES = regex(
    r"\b(?:twice|double|(?:two|three|four|five|ten|\d+) times|\d+x) "
    r"(?:as (?:effective|fast|powerful|strong|potent|likely to (?:succeed|work|conceive|recover|quit))\b(?! as\b)"
    r"|(?:faster|better|stronger|longer|quicker)\b(?! than\b| relief| results?| effect)"
    r"|(?:the|more|better|stronger|faster) (?:relief|results?|power|effect\w*|powerful|success)\b)",
    re.IGNORECASE,
)
"""How many times better, without than what: "twice as effective"."""


def may_compare(text: str) -> bool:
    """Whether a text compares in words that are in no list ("double the power")."""
    return _TIMES.search(text) is not None


def open_comparisons(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """The comparisons of `text` that name no other side."""
    if _OTHER_SIDE.search(text):
        return
    listed = lexicon.terms("comparatives")
    multiples = (Found(listed[0], match[0], match.start(), match.end()) for match in _TIMES.finditer(text))
    for found in (*find(text, listed), *_merits(text, lexicon), *multiples):
        if not _compares_nothing(text, found):
            yield found


def _merits(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Comparatives of merit: of an outcome ("gives sharper vision"), or at the end of what a thing does."""
    nouns = list_pattern(lexicon.terms("better-nouns"))
    for found in find(text, lexicon.terms("better-words")):
        before = text[: found.start]
        noun = nouns.match(text, found.end + 1)
        if noun is not None and _GIVES.search(before):
            yield Found(found.term, text[found.start : noun.end()], found.start, noun.end())
        elif _IS_SO.search(before) and _ENDS.match(text, found.end):
            yield found


def _compares_nothing(text: str, found: Found) -> bool:
    """Whether the comparison is sought, or is one of an illness, of people, or of a treatment with itself."""
    before, after = text[: found.start], text[found.end :]
    if any(pattern.search(before) for pattern in (_SOUGHT, _DOUBT, _COMBINED)) or _AND_MORE.match(after):
        return True
    if _ILL.search(before) is not None and _OURS.search(text) is None:
        return True
    if _HELPED.search(before) is not None and _WHAT_WORKS.fullmatch(found.text) is not None:
        return True
    if _MORE.fullmatch(found.text) is not None and _WHEN.match(after) is not None:
        return True
    return _GRADED.fullmatch(found.text) is not None and _WHEN_OR_IN_WHOM.match(after) is not None
