"""WRD005: a source that nobody can look up."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.hearsay import may_lean, unnamed_sources
from kap_content.language.phrases import as_sentence, is_negated, is_quoted
from kap_content.language.prose import has_source, may_say, on_health, place_in, registered, running_text
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD005", "weasel-source", Severity.WARNING, english=True)
def weasel_source(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence leans on "studies", "research" or "experts" and cites none of them.

    The phrases are the list `weasel-sources`, and a word of `weasel-who` with one of `weasel-verbs` ("scientists have
    found"). A sentence with a citation, or under a claim with evidence, is let alone, as is one that speaks of
    certain studies ("these studies").

    Why: "studies show" asks the reader to believe without a chance to check.

    Fix: name the study and cite it, or register the sentence as a claim.

    Example:
        Studies show that ketamine helps.

        “Studies show” names no study that anybody could look up
    """
    lexicon = context.lexicon
    listed = may_say(page, lexicon.terms("weasel-sources"), lexicon.terms("weasel-who"))
    if not listed and not may_lean(running_text(page)):
        return
    for sentence in on_health(page, lexicon):
        if has_source(sentence, context.claims):
            continue
        text = sentence.text
        for start, end, reason, advice in unnamed_sources(text, lexicon):
            if is_negated(text, start) or is_quoted(text, start, end):
                continue
            words = text[start:end]
            yield Hit(
                place_in(page, sentence, start, end),
                f"“{words}” {reason}",
                help=as_sentence(advice),
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"{words.lower()} in {text}",
            )
            break
