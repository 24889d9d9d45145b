"""Offers for sale: "our clinic", "book a consultation", prices, discounts, insurance taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, is_negated, is_quoted
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_WEIGHT = r"(?!\s+(?:per (?:week|month|year|day)|of (?:body|fat|weight|food)|or (?:more|less)|and))"
_MONEY = (
    r"(?:(?:[£€]\s?|\$)\d(?:[\d,.]*\d)?"
    rf"|\d(?:[\d,.]*\d)?\s?(?:(?:€|euros?|dollars|USD|GBP|EUR|CHF)\b|pounds\b{_WEIGHT}))"
)
"""A price; pounds of a body are none."""
_LARGE = r"(?!\s?(?:[MB]\b|mn\b|bn\b|million|billion))"
_WARE = (
    r"(?:sessions?|courses?|consultations?|appointments?|treatments?|packages?|programmes?|programs?|plans?|months?"
    r"|implants?|crowns?|cycles?|infusions?|injections?|procedures?|operations?|areas?|tests?|scans?|bottles?|packs?"
    r"|boxes|pens?|kits?|vials?|visits?|memberships?|subscriptions?|deposits?|masks?|peels?)"
)
_PRICE = regex(
    rf"\b(?:from|for only|only|just|at|costs?|priced at|price is|fee is|fee of|for)\s+{_MONEY}{_LARGE}"
    rf"|{_MONEY}\s+(?:per|a|an|each|for)\b",
    re.IGNORECASE,
)
_PRICED = regex(rf"\b{_WARE}\b|\bprices?\b|\bfees?\b|^\W*from\b|\b(?:full|half) (?:set|face|leg)\b", re.IGNORECASE)
_PUBLIC = regex(
    r"\b(?:NHS|Medicare|Medicaid|health (?:service|system|insur\w+)|insurers?|taxpayers?|prescription (?:charge|item)s?"
    r"|billions?|millions?|bn|economy|societ\w+|per capita|GDP|stud(?:y|ies)|trials?|savings? of|cost-effective\w*|QALY"
    r"|in \d{4}|government|charity|countr(?:y|ies)|per item|households?|donat\w+|shares?|warrants|stock"
    r"|outstanding|trading|invest\w+|equity|debt|market|spends?)\b"
)
"""Costs that others bear or that a study counted: nobody here asks them."""
_COST = regex(
    rf"{_MONEY}\s?(?:-|–|—|to|and)\s?[£€$]?\d|\b(?:approximately|about|roughly|under|over|without insurance|insurance"
    r"|cover\w*|retail|list price|out[- ]of[- ]pocket|self-pay|branded|copay|manufacturer|telehealth|require\w*)\b"
    r"|\b(?:average|typically|usually|commonly|can cost|may cost|often cost\w*|rang\w+|between|somewhere|around|tend to"
    r"|(?:most|many|some) (?:\w+ ){0,4}(?:sessions|practitioners|providers|clinics|therapists)|practitioners charge"
    r"|target|weigh\w*|pounds (?:or|of|and|in))\b",
    re.IGNORECASE,
)
"""What a thing tends to cost anywhere, and what a body weighs."""
_ASKED = regex(r"\b(?:price\w*|costs?|fees?|pay|charge\w*|deposit)\b", re.IGNORECASE)
"""Beside pounds, what tells that they are money."""
_STUDIED = regex(
    r"\b(?:retrospective\w*|underwent|consecutive|were (?:treated|included|enrolled|reviewed|referred"
    r"|analy[sz]ed|seen)|study|studied|cohort|series)\b",
    re.IGNORECASE,
)
"""What was done to those whom a study looked at: "patients who underwent surgery at our centre"."""
_QUOTES = ("“", '"')
"""A sentence that opens with one is somebody's speech."""
_DISCOUNT = regex(r"\bsave\s+(?:up to\s+)?\d+\s?%|\b\d+\s?% (?:off|discount)\b", re.IGNORECASE)
_USUAL = regex(r"\b(?:typically|usually|on average)\b", re.IGNORECASE)
"""What others ask."""
_NO_CARE = regex(
    r"\b(?:tickets?|conference|admission|donat\w+|dessert|menu|pizza|patents?|attorneys?|lawyers?|law firm|legal help"
    r"|crypto\w*|staking|real estate|condominiums?)\b",
    re.IGNORECASE,
)
"""What is sold, and is no care."""
_INSURED = regex(
    r"\bwe (?:accept|take|work with|bill)\b[^.;]{0,60}\b(?:insur\w+|Bupa|AXA|Aetna|Cigna|Blue Cross)\b", re.IGNORECASE
)


def offers(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str]]:
    """Where `text` offers something for sale: start, end, and the words."""
    for found in find(text, lexicon.terms("selling")):
        is_told = _STUDIED.search(text) or text.startswith(_QUOTES) or is_quoted(text, found.start, found.end)
        if _NO_CARE.search(text) or ("our " in found.text.lower() and is_told):
            continue
        yield found.start, found.end, found.text
    for pattern in (_DISCOUNT, _INSURED):
        for match in pattern.finditer(text):
            if not is_negated(text, match.start()) and not _USUAL.search(text) and not _NO_CARE.search(text):
                yield match.start(), match.end(), match[0]
    price = _PRICE.search(text)
    if price is not None and "pounds" in price[0] and _ASKED.search(text) is None:
        price = None
    if price is not None and _COST.search(text) is None and _PRICED.search(text) and not _PUBLIC.search(text):
        yield price.start(), price.end(), price[0].strip()
