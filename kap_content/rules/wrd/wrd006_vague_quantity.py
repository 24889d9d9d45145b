"""WRD006: a word where a number should stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.assertion import names_treatment
from kap_content.language.clinical import Form
from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import is_medical, may_say, on_health, place_in, registered
from kap_content.model.finding import Severity
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_COUNTABLE = regex(
    r"\s+(?:of\s+)?(?:(?:the|our|these|those|all|his|her|their|my)\s+)?(?:(?!(?:among|in|of|for|to|with|and|or|that"
    r"|who|have|has|are|is|were|was|total|on|as)\b)[\w-]+(?<!ly)\s+){0,2}?(?:patients|people|participants|adults"
    r"|americans|britons|individuals|women|men|children|boys|girls|teenagers|parents|mothers|couples|families|veterans|athletes|guests|members|nurses|executives|professionals|employees"
    r"|smokers|drinkers"
    r"|babies|infants|studies|trials|reviews|cases|clinics"
    r"|cent(?:er|re)s|medications|medicines|drugs|doctors|providers"
    r"|therapists|sessions|symptoms|side[- ]effects|benefits|lives|conditions|disorders|users|clients|customers"
    r"|experts"
    r"|researchers|scientists|surgeons|dentists|hospitals|treatments|tumou?rs|cancers|infections"
    r"|implants|embryos|headaches)\b",
    re.IGNORECASE,
)
_COUNTED = regex(
    r"\b\d[\d,.]*\s*(?:of|in|out of|/)\s*(?:every\s+|the\s+)?\d|\d\s?(?:%|per ?cent\b)|\b(?:one|two|three|four|five"
    r"|six|seven|eight|nine) (?:in|out of|of) (?:every )?(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d+)\b"
    r"|\bn ?= ?\d",
    re.IGNORECASE,
)
"""The number that the word stands for, given beside it."""
_SUPPOSED = regex(
    r"^\W*(?:imagine|suppose|assume|if|for example, if)\b|\bwe (?:then |now |also )?(?:describe|discuss|review)\b",
    re.IGNORECASE,
)
"""Examples that are made up, and what a text says of itself."""
_MASSES = ("countless", "lots of", "loads of", "thousands of", "millions of", "hundreds of", "plenty of", "tens of")
_PLURAL = regex(
    r"\s+(?:(?!of|the|in)[\w-]+\s+){0,1}?[a-z]+[^s\W\d_]s\b(?<!times)(?<!years)(?<!days)(?<!hours)(?<!fluids)(?<!liquids)(?<!vegetables)(?<!fruits)",
    re.IGNORECASE,
)
"""Whatever is counted by the thousand."""
_HOW_LONG = regex(
    r"\b(?:only|just|merely)\b[^.;,]{0,40}?\b(?P<long>(?:a few|several)\s+(?:minutes|hours|days|weeks|months))\b"
    r"(?!\s+(?:ago|after|later|before|earlier|old)\b)",
    re.IGNORECASE,
)
"""How little time treatment takes: "you only need to take it for a few weeks"."""
_SUPERLATIVE = regex(r"(?:\b(?:the|our|your|their|its|his|her|one of)|['’]s)\s+$", re.IGNORECASE)


@page_rule("WRD006", "vague-quantity", Severity.NOTE, english=True)
def vague_quantity(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says handful, many, most or countless of what could be counted.

    The words are the list `vague-quantities`; they are reported where they count people, studies, treatments and the
    like, and of treatment so many weeks or days where it is said to be short ("only for a few weeks"). Where the number
    stands in the same sentence ("most people (78 of 100)"), nothing is missing.

    Why: "many" is three to one reader and three hundred to another.

    Fix: give the number, and of how many.

    Example:
        Many patients improve.

        “Many patients”: how many?
    """
    terms = context.lexicon.terms("vague-quantities")
    if not may_say(page, terms):
        return
    medical = is_medical(page, context.lexicon)
    for sentence in on_health(page, context.lexicon):
        if _COUNTED.search(sentence.text) or sentence.form is Form.STEM or _SUPPOSED.search(sentence.text):
            continue
        for start, end in _vague(sentence.text, context.lexicon, medical=medical):
            shown = sentence.text[start:end]
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{shown}”: how many?",
                help=as_sentence(terms[0].suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"{shown.lower()} in {sentence.text}",
            )


def _vague(text: str, lexicon: Lexicon, *, medical: bool) -> Iterator[tuple[int, int]]:
    """Where a number is missing, from what stands for it to what it counts."""
    for found in find(text, lexicon.terms("vague-quantities")):
        noun = _COUNTABLE.match(text, found.end)
        if noun is None and medical and found.text.lower().startswith(_MASSES):
            noun = _PLURAL.match(text, found.end)
        superlative = found.text.lower() == "most" and _SUPERLATIVE.search(text[: found.start]) is not None
        if noun is None or superlative or is_negated(text, found.start) or is_quoted(text, found.start, found.end):
            continue
        yield found.start, noun.end()
    for short in _HOW_LONG.finditer(text):
        if (
            names_treatment(text, lexicon)
            and not is_negated(text, short.start())
            and not is_quoted(text, *short.span())
        ):
            yield short.span("long")
