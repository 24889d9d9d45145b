"""WRD009: harm is said to be absent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.clinical import ClinicalSentence
from kap_content.language.phrases import Found, as_sentence, find, holds, is_negated, is_quoted
from kap_content.language.prose import place_in, stated
from kap_content.language.quantity import Kind, read
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_TOLD_OF = re.compile(
    r"\b(?:rare|uncommon)\s+(?:(?!(?:and|outcome|occurrence|event|complication|side|adverse)\b)\w+\s+){0,2}(?:disease|disorder|condition|variant|form|type|syndrome|mutation|allele|species|case|cancer|tumou?r|exception)s?\b",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    r"\b(?:to (?:make|ensure|be sure|see|establish|find|provide|deliver|use|stay|keep)|ensur(?:e|es|ing)|need for|provid(?:e|es|ing)|in order to be|must be|should be|to be)\s(?:\w+\s){0,4}$",
    re.IGNORECASE,
)


@page_rule("WRD009", "absence-of-harm", Severity.ERROR)
def absence_of_harm(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says that harm is absent (safe, no side effects) or rare, with no rate and source.

    The words are the lists `safety-absolutes`, `rarity` and `harms`. A sentence that gives a number and stands under a claim or a
    citation is let alone, as are denials and doubts ("not safe", "whether it is safe").

    Why: no treatment is without harm, and a reader who is told so cannot weigh it.

    Fix: give the rate of harm and its source.

    Example:
        It is completely safe and has no side effects.

        “completely safe” says that harm is absent
    """
    for sentence in stated(page):
        if sentence.is_covered and _gives_a_rate(sentence.text):
            continue
        found = _absence(sentence, context)
        if found is None:
            continue
        yield Hit(
            place_in(page, sentence, found.start, found.end),
            f"“{found.text}” {found.term.reason}",
            help=as_sentence(found.term.suggestion),
            claim=sentence.claims[0] if sentence.claims else "",
            about=f"harm {sentence.text}",
        )


def _absence(sentence: ClinicalSentence, context: Context) -> Found | None:
    text, lexicon = sentence.text, context.lexicon
    for found in find(text, lexicon.terms("safety-absolutes")):
        denied = is_negated(text, found.start)
        if not denied and not is_quoted(text, found.start, found.end) and not _SOUGHT.search(text[: found.start]):
            return found
    if not holds(text, lexicon.terms("harms")):
        return None
    for found in find(text, lexicon.terms("rarity")):
        if not is_negated(text, found.start) and not any(
            told.start() <= found.start < told.end() for told in _TOLD_OF.finditer(text)
        ):
            return found
    return None


def _gives_a_rate(text: str) -> bool:
    return any(quantity.kind in (Kind.SHARE, Kind.COUNT, Kind.EFFECT) and not quantity.weak for quantity in read(text))
