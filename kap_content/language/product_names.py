"""Whether a sentence names the product that a regulator decided on."""

from __future__ import annotations

import re

from kap_content.language.phrases import list_pattern
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import words
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_PRODUCT = regex(
    r"\b[A-Z][a-z]+(?:[A-Z]\w*)?®|\b\w+(?:mab|nib|pram|oxetine|azepam|azolam|iptyline|statins?|amfetamine|amphetamine|sterone|prazole|sartan|gliptin|tide|triptan|caine|ketamine|idone|apine|ephedra|barbital|setron)\b|\bscreening\b",
    re.IGNORECASE,
)
_BEFORE = regex(r"(?:[\w’'%®(),.-]+\s+){0,12}$")
_AFTER = regex(r"(?:\s+(?!(?:for|to|in|as|that|on|by|when|because|after|and)\b)[\w’'%®-]+){1,9}", re.IGNORECASE)
_NAMED_BEFORE = regex(r"\b(?:it|they|these|those|this|which|who|no|any|none)\b", re.IGNORECASE)
"""A product named before, or none at all: "no drug has been approved"."""
_THIS_PRODUCT = regex(
    r"\b(?:this|these|the) (?:drug|medicine|medication|treatment|device|product|test|vaccine|compound)s?\b",
    re.IGNORECASE,
)
_WORD = regex(r"[\w’'®-]+")
_NO_NAME = words(
    "a an the of and or for to in on by with at from as that its their his her our your my no not never also "
    "only now currently recently already "
    "both still yet been be is are was were has have had being newly fully even so far by since although while "
    "however but because at this time "
    "today there fda ema mhra food drug administration agency commission health government american european "
    "states united kingdom us uk "
    "unfortunately importantly fortunately despite until form doctors physicians clinics patients regulators "
    "what children adults people women men "
    "january february march april may june july august september october november december called known"
)
"""Words that name no product."""


def names_product(text: str, lexicon: Lexicon, start: int, end: int, *, after: bool = False) -> bool:
    """Whether a product is named beside the decision: one of the tables, one by its ending, or any word of its own."""
    if subjects_of(lexicon).named(text, SubjectKind.INTERVENTION) or _PRODUCT.search(text):
        return True
    before = _BEFORE.search(text[:start])
    region = _AFTER.match(text, end) if after else before
    said = region[0] if region is not None else ""
    if not after:
        following = _AFTER.match(text, end)
        said += (
            f" {following[0]}"
            if following is not None and text[end - 8 : end].lower().endswith(("proved", "eared"))
            else ""
        )
    if not said.strip() or _NAMED_BEFORE.search(said) or _THIS_PRODUCT.search(text):
        return True
    kinds = list_pattern(lexicon.terms("product-classes"))
    return any(
        word.lower() not in _NO_NAME and not word.isdigit() and kinds.fullmatch(word) is None
        for word in _WORD.findall(said)
    )
