"""WRD007: a promise to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.advertising.praised import is_slogan
from kap_content.language.advertising.promotion import promises
from kap_content.language.phrases import is_joined, is_quoted
from kap_content.language.prose import (
    every_on_health,
    is_on_care,
    names_care,
    names_health,
    place_in,
    registered,
    reports_study,
)
from kap_content.model.finding import Severity
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_READER = regex(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_OTHERS = regex(
    r"\b(?:I|we|she|he|they|my|her|his|their|must|can|was|were|had|shown)\b(?! (?:will|can|guarantee)\b)", re.IGNORECASE
)


@page_rule("WRD007", "outcome-promise", Severity.ERROR, english=True)
def outcome_promise(page: Page, context: Context) -> Iterator[Hit]:
    """The page promises the reader an outcome: "you will sleep", "imagine your life", "it is completely possible to".

    The phrases are the lists `promises` and `promise-verbs`. Headings, parts marked `{.nonclaim}`, and the head's
    title, subtitle and description are read too; a page that is not about health is left alone, but for its sentences
    that are, and so is the report of a study that sells nothing and says "you" to nobody. What happens in the clinic
    ("you will be weighed", "you may feel dizzy") is no promise. A warning only is what usually happens ("you will
    normally see"), what helps ("will help you recover"), a mere potential, what is promised on a page that is hardly
    about care, and what has no other mark of a promise than a verb of the list `expected-verbs` or a word of
    `outcome-hints` ("you will feel better", "you will notice a difference"): sober advice is worded like that too, and
    which is meant cannot be told from the sentence. What others did or must do promises the reader nothing.

    Why: nobody can know what will become of one reader, and regulators treat such a promise as an unsubstantiated
    claim.

    Fix: say what was seen, in how many, and with what source.

    Example:
        You will sleep through the night.

        “You will sleep through” promises the reader an outcome
    """
    lexicon = context.lexicon
    if reports_study(page, lexicon):
        return
    on_care = is_on_care(page, lexicon)
    for sentence in every_on_health(page, lexicon):
        for start, end, words, is_flat in promises(sentence.text, lexicon):
            if is_quoted(sentence.text, start, end) or is_joined(sentence.text, start, end):
                continue
            if not _is_to_reader(sentence.text, start, words, lexicon):
                continue
            if not (on_care or names_care(sentence.text, lexicon)):
                continue
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{words}” promises the reader an outcome",
                help="Say what was seen, in how many, and with what source.",
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                severity=None if is_flat and on_care else Severity.WARNING,
                about=f"promise {sentence.text}",
            )


def _is_to_reader(text: str, start: int, words: str, lexicon: Lexicon) -> bool:
    """Whether the reader is promised something, by "you" or an order, and not told what others did or must do."""
    if _READER.search(text):
        return True
    if "guarant" in words.lower():
        return is_slogan(text) or names_health(text, lexicon)
    return _OTHERS.search(text[:start]) is None
