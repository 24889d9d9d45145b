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
    r"|means?|assum\w*|with|allow\w*|promot\w*|hop\w*|aim\w*)\s+(?:\w+\s+){0,3}$",
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
            if _SOUGHT.search(sentence.text[: found.start]):
                continue
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{found.text}”: than what? The sentence names no comparator and cites nothing",
                help="Name the other side, and cite who compared them.",
                about=f"{found.text.lower()} in {sentence.text}",
            )
            break


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
