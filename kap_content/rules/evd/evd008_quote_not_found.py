"""EVD008: a quotation is not in its source."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.quotes import contains, nearest_passage, quote_hash
from kap_content.language.sources import source_text
from kap_content.language.wording import word_difference
from kap_content.model.claim import Anchor, Claim, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, project_rule

_MISQUOTED = 0.8
_SHOWN = 160


@project_rule("EVD008", "quote-not-found", Severity.ERROR)
def quote_not_found(context: Context) -> Iterator[Hit]:
    """The quotation of an anchor (`exact`) is not in the source's abstract or full text.

    Ligatures, hyphenation, dashes, quotation marks and white space make no difference; `...` stands for words left out. An anchor whose
    `sha256` is that of its quotation was verified before and needs no source at hand. Where only the abstract is at hand and the
    anchor names a page, table, figure or section, a quotation unlike anything in the abstract may stand there: a warning.

    Why: a quotation that the source does not hold is the gravest form of misquoting.

    Fix: copy the passage anew. The nearest passage is shown with the difference.

    Example:
        anchor: {exact: "scores fell by 60 % within one hour"}

        the quotation is not in glue2018; the nearest passage: ... fell by [60 → 50] % within one hour ...
    """
    for claim in context.project.claims:
        if context.is_retired(claim):
            continue
        for item in claim.evidence:
            quote = item.anchor.exact
            if not quote or item.anchor.sha256 == quote_hash(quote):
                continue
            source = source_text(item.ref, context)
            text = source.abstract
            if text and not contains(text, quote) and not contains(source.title, quote):
                yield _hit(claim, item, text, context)


def _hit(claim: Claim, item: Evidence, text: str, context: Context) -> Hit:
    quote = item.anchor.exact
    nearest = nearest_passage(text, quote)
    misquoted = nearest is not None and nearest.likeness >= _MISQUOTED
    elsewhere = _has_locator(item.anchor) and not misquoted
    shown = quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"
    rest = f"; the nearest passage: {word_difference(quote, nearest.text)}" if nearest is not None else ""
    where = "the abstract of " if elsewhere else ""
    return Hit(
        item.where("anchor"),
        f"the quotation “{shown}” is not in {where}{item.ref}{rest}",
        help="Copy the passage from the source anew."
        if not elsewhere
        else "Only the abstract is at hand: read the passage in the full text.",
        claim=claim.id,
        reference=item.ref,
        related=(Related(claim.where("match_text"), "the claim"), *context.shows(claim.id)),
        severity=Severity.WARNING if elsewhere else None,
        about=f"quote {item.ref} {shown[:60]}",
    )


def _has_locator(anchor: Anchor) -> bool:
    named = bool(anchor.page or anchor.table or anchor.figure or anchor.section)
    return named and "abstract" not in anchor.section.casefold()
