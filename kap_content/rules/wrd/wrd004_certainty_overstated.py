"""WRD004: the wording is surer than the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.causation import effect_verbs
from kap_content.language.phrases import find, holds, is_negated, is_quoted
from kap_content.model.claim import Certainty, Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.page import ClaimMark, Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_LISTS = {
    Certainty.MODERATE: "certainty-moderate",
    Certainty.LOW: "certainty-low",
    Certainty.VERY_LOW: "certainty-very-low",
}
_OFFERED = {
    Certainty.MODERATE: "“probably reduces”, “likely lowers”",
    Certainty.LOW: "“may reduce”, “might lower”",
    Certainty.VERY_LOW: "“the evidence is very uncertain”, or say only what was seen (“was followed by”)",
}


_CONDITION = regex(r"(?:^|[,;:.(]\s*)(?:when|if|where|once|unless|until)\s[^,;:.]*$", re.IGNORECASE)
"""Before what holds only in some case: "when these are ineffective"."""


@page_rule("WRD004", "certainty-overstated", Severity.ERROR, english=True)
def certainty_overstated(page: Page, context: Context) -> Iterator[Hit]:
    """The verb of a claim promises more than the certainty that is registered for it allows.

    Certainty is GRADE's, entered by a person: high lets a claim say "reduces", moderate "probably reduces", low "may
    reduce", very low "the evidence is very uncertain". Claims that tell what was seen ("ratings fell", "was followed
    by") state no effect and are let alone, and so are those that name their certainty themselves ("low-certainty
    evidence suggests that").

    Why: how sure one may be is half of what a finding says.

    Fix: take GRADE's wording for that certainty, or have the certainty judged anew.

    Example:
        certainty: low
        match_text: Ketamine reduces anxiety.

        “reduces” is surer than the certainty registered for claim KET-1 (low) allows
    """
    for mark in page.marks:
        claim = context.claims.get(mark.claim)
        if claim is None or claim.certainty not in _LISTS:
            continue
        text = mark.text or claim.match_text
        found = _overstated(text, claim, context)
        if found is None:
            continue
        start, end = found
        certainty = claim.certainty
        yield Hit(
            _place(page, mark, start, end),
            f"“{text[start:end]}” is surer than the certainty registered for claim {claim.id} "
            f"({certainty.replace('_', ' ')}) allows",
            help=f"Write {_OFFERED[certainty]}, or have the certainty judged anew.",
            claim=claim.id,
            related=(Related(claim.where("certainty"), f"certainty: {certainty}"),),
            about=f"certainty {claim.id} {text[start:end].lower()}",
        )


def _overstated(text: str, claim: Claim, context: Context) -> tuple[int, int] | None:
    assert claim.certainty is not None
    verbs = effect_verbs(text, context.lexicon)
    stated = [(verb.start, verb.end) for verb in verbs]
    stated += [
        (found.start, found.end)
        for found in find(text, context.lexicon.terms("effect-claims"))
        if not (is_negated(text, found.start) or is_quoted(text, found.start, found.end))
        and not _CONDITION.search(text[: found.start])
    ]
    if not stated or holds(text, context.lexicon.terms(_LISTS[claim.certainty])):
        return None
    return min(stated)


def _place(page: Page, mark: ClaimMark, start: int, end: int) -> Place:
    if mark.is_division or not mark.text or mark.block >= len(page.blocks):
        return mark.place
    block = page.blocks[mark.block]
    shown = block.text[mark.start : mark.end]
    return block.at(mark.start + start, mark.start + end) if shown == mark.text else mark.place
