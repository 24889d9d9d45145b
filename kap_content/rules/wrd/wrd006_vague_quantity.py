"""WRD006: a word where a number should stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import may_say, on_health, place_in
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_COUNTABLE = re.compile(
    r"\s+(?:of\s+)?(?:(?:the|our|these|those|all)\s+)?(?:(?!(?:among|in|of|for|to|with|and|or|that|who|have|has|are|is|were|was|total)\b)[\w-]+(?<!ly)\s+){0,2}?(?:patients?|people|participants?|adults?|americans|individuals|women|men|children|studies|trials?|reviews?|cases"
    r"|clinics?|cent(?:er|re)s|medications?|medicines?|drugs?|doctors|providers|therapists|sessions?|symptoms"
    r"|side[- ]effects|benefits|lives|conditions|disorders|users|clients|experts|researchers)\b",
    re.IGNORECASE,
)


@page_rule("WRD006", "vague-quantity", Severity.NOTE)
def vague_quantity(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says handful, many, most or countless of what could be counted.

    The words are the list `vague-quantities`; they are reported where they count people, studies, treatments and the
    like.

    Why: "many" is three to one reader and three hundred to another.

    Fix: give the number, and of how many.

    Example:
        Many patients improve.

        “Many patients”: how many?
    """
    terms = context.lexicon.terms("vague-quantities")
    if not may_say(page, terms):
        return
    for sentence in on_health(page, context.lexicon):
        for found in find(sentence.text, terms):
            noun = _COUNTABLE.match(sentence.text, found.end)
            if (
                noun is None
                or is_negated(sentence.text, found.start)
                or is_quoted(sentence.text, found.start, found.end)
            ):
                continue
            shown = sentence.text[found.start : noun.end()]
            yield Hit(
                place_in(page, sentence, found.start, noun.end()),
                f"“{shown}”: how many?",
                help=as_sentence(found.term.suggestion),
                claim=sentence.claims[0] if sentence.claims else "",
                about=f"{shown.lower()} in {sentence.text}",
            )
