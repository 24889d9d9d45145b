"""WRD002: a comparison without its other side."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import Found, find, is_negated, is_quoted, list_pattern
from kap_content.language.prose import has_source, may_say, on_health, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
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
    r"|means?|assum\w*|with|allow\w*|promot\w*|hop\w*|aim\w*|lead to|help\w* (?:\w+ )?researchers|opportunities to"
    r"|way to find|to make (?:it|you|them))\s+(?:[\w,-]+\s+){0,5}$",
    re.IGNORECASE,
)
"""Comparisons that are looked for, assumed or asked about: none is stated."""


_GIVES = regex(
    r"\b(?:gives?|gave|offers?|provides?|brings?|delivers?|achieves?|has|have|leads? to|means|ensures?|guarantees?"
    r"|yields?|produces?"
    r"|allows?|with|and|creates?)\s+(?:(?:you|your|a|an|the|our|patients|much|far|even|significantly"
    r"|considerably)\s+){0,3}$",
    re.IGNORECASE,
)
_IS_SO = regex(
    r"\b(?:sounds?|looks?|works?|acts?|heals?|lasts?|tastes?|absorbs?|performs?)\s+(?:(?:much|far|even|so much"
    r"|significantly)\s+)?$",
    re.IGNORECASE,
)
_CONDITION_FOLLOWS = regex(
    r"[^.;]{0,80}?\b(?:when|if|in (?:\w+ ){0,2}?(?:people|patients|men|women|children|adults|those|younger|older|cases)"
    r"|during|after|before|within|who|at night|in the morning|early|by (?:\w+ing))\b",
    re.IGNORECASE,
)
_GRADED = regex(
    r"most (?:effective|successful|reliable|accurate|useful|helpful|likely)|(?:work|works) better", re.IGNORECASE
)
_MORE = regex(r"more (?:effective(?:ly)?|successful|reliable|accurate)|greater benefit", re.IGNORECASE)
_SELF_FOLLOWS = regex(
    r"[^.;]{0,50}?\b(?:when|if|before|after|in those|for (?:specific|certain|some|these))\b", re.IGNORECASE
)
_DOUBT = regex(r"\b(?:if|whether|which(?: \w+)? (?:is|are|was|were))\b[^.;]*$|^\W*some\b[^.;]*$", re.IGNORECASE)
_BODY = regex(
    r"\b(?:your|the|their) body(?:['’]?s)?\b[^.;]{0,40}$|\bswitch\b[^.;]*$|\bmade (?:[\w-]+\s){0,4}$", re.IGNORECASE
)
"""How a body comes to work better says what a treatment does, and compares no treatments."""
"""Words that ask when or in whom: "most effective when taken early" compares a treatment with itself."""
_ILL = regex(
    r"(?:^|[;:,]\s+|\b(?:when|if|that|because|but|and)\s+)\W*(?:[\w-]+\s+){0,4}?(?:symptoms?|signs?|infections?|illness(?:es)?"
    r"|conditions?|diseases?|episodes?|attacks?|outbreaks?|virus(?:es)?|people|patients|those|individuals|women|men"
    r"|children|chances?|chance of recovery|outlook|prognosis|survival|kidneys?|insulin)\b(?:\s+[\w-]+){0,4}?\s+$"
    r"|\b(?:believed?|regarded?|perceived?|considered|rated|preferred|effect sizes?|make insulin)\b[^.;:]*$",
    re.IGNORECASE,
)
"""Subjects that no page sells: an illness, people, an organ; and what somebody believed."""
_AND_MORE = regex(r"\s*(?:risk factor|cause|predictor|marker|condition|sign)s?\b", re.IGNORECASE)
_COMBINED = regex(r"\b(?:combin\w+|together with|instead of|rather than|the better|the more)\b", re.IGNORECASE)
_ENDS = regex(r"\s*(?:[.,;!]|$|and\b|with\b|for\b)")


@page_rule("WRD002", "open-comparison", Severity.WARNING)
def open_comparison(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence compares (better, safer, most effective), names no comparator and cites nothing.

    The words are the list `comparatives`, and `better-words` before `better-nouns`. A sentence under a claim or with a
    citation is let alone: there the evidence says than what.

    Why: "better" tells a reader nothing unless he learns than what, and who found it.

    Fix: name the other side and cite the comparison.

    Example:
        Our treatment works faster and lasts longer.

        “works faster”: than what?
    """
    terms = context.lexicon.terms("comparatives")
    if not may_say(page, terms, context.lexicon.terms("better-words")):
        return
    for sentence in on_health(page, context.lexicon):
        if has_source(sentence, context.claims) or _OTHER_SIDE.search(sentence.text):
            continue
        for found in (*find(sentence.text, terms), *_merits(sentence.text, context)):
            if is_negated(sentence.text, found.start) or is_quoted(sentence.text, found.start, found.end):
                continue
            if _compares_nothing(sentence.text, found):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}”: than what? The sentence names no comparator and cites nothing",
                help="Name the other side, and cite who compared them.",
                about=f"{found.text.lower()} in {sentence.text}",
            )
            break


def _compares_nothing(text: str, found: Found) -> bool:
    """Whether the comparison is sought, or is one of an illness, of people, or of a treatment with itself."""
    before, after = text[: found.start], text[found.end :]
    if (
        any(pattern.search(before) for pattern in (_SOUGHT, _DOUBT, _BODY))
        or _ILL.search(before)
        or _AND_MORE.match(after)
        or _COMBINED.search(before)
    ):
        return True
    if _MORE.fullmatch(found.text) is not None and _SELF_FOLLOWS.match(after) is not None:
        return True
    return _GRADED.fullmatch(found.text) is not None and _CONDITION_FOLLOWS.match(after) is not None


def _merits(text: str, context: Context) -> Iterator[Found]:
    """Comparatives of merit: of an outcome ("gives sharper vision"), or at the end of what a thing does."""
    nouns = list_pattern(context.lexicon.terms("better-nouns"))
    for found in find(text, context.lexicon.terms("better-words")):
        before = text[: found.start]
        noun = nouns.match(text, found.end + 1)
        if noun is not None and _GIVES.search(before):
            yield Found(found.term, text[found.start : noun.end()], found.start, noun.end())
        elif _IS_SO.search(before) and _ENDS.match(text, found.end):
            yield found
