"""EVD008: a quotation is not in its source."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.quotes import Passage, contains, is_vouched_for, nearest_passage, without_insertions
from kap_content.language.sources import source_text
from kap_content.language.wording import word_difference
from kap_content.model.claim import Anchor, Claim, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context, FullText
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.identifiers import identifiers
from kap_content.works.uses import entry_of

_MISQUOTED = 0.8
_SHOWN = 160


@claim_rule("EVD008", "quote-not-found", Severity.ERROR)
def quote_not_found(claim: Claim, context: Context) -> Iterator[Hit]:
    """The quotation of an anchor (`exact`) is not in the source's abstract or full text.

    The full text is the file `sources/KEY.pdf`, `.txt`, `.html` or `.md`, KEY being the reference's. Ligatures,
    hyphenation, dashes, quotation marks, white space and the heads and feet of pages make no difference; `...` or `[…]`
    stands for words left out. `kap lock` keeps the hash of each quotation that it found, so that no source is needed
    afterwards; the `sha256` of an anchor does the same. Where all is there but for words that an editor put in square
    brackets ("it [the drug] helped"), it is a note.

    Where nothing is at hand to compare with, it is a note that the quotation was never compared (where the reference
    itself waits for its look-up, DOI004 says so alone); a warning where `kap lock` found other quotations of the same
    source, as this one is new or was changed since. It is a warning too where the quotation may stand in what could
    not be read: the full text is encrypted, damaged or a scan; or only the abstract is at hand, and the anchor names a
    page, table, figure or section.

    Why: a quotation that the source does not hold is the gravest form of misquoting.

    Fix: copy the passage anew. The nearest passage is shown with the difference.

    Example:
        anchor: {exact: "scores fell by 60 % within one hour"}

        the quotation is not in glue2018; the nearest passage: ... fell by [60 → 50] % within one hour ...
    """
    if context.is_retired(claim):
        return
    for item in claim.evidence:
        found = context.project.quotes.get(item.ref, frozenset())
        if item.anchor.exact and not is_vouched_for(item.anchor, found):
            yield from _compared(claim, item, context)


def _compared(claim: Claim, item: Evidence, context: Context) -> Iterator[Hit]:
    quote = item.anchor.exact
    source = source_text(item.ref, context)
    full = context.project.full_texts.get(item.ref, FullText(""))
    texts = [text for text in (source.abstract, full.text) if text]
    if any(contains(text, quote) for text in (*texts, source.title)):
        return
    bare = without_insertions(quote)
    if bare != quote and any(contains(text, bare) for text in texts):
        what = f"is in {item.ref}, but for the words in square brackets, which are not compared"
        yield _said(claim, item, context, what, "See that they only say what the source means there.", Severity.NOTE)
    elif texts:
        nearest = [passage for text in texts if (passage := nearest_passage(text, quote)) is not None]
        best = max(nearest, key=lambda passage: passage.likeness, default=None)
        yield _hit(claim, item, context, full, best)
    elif full.trouble:
        yield _unread(claim, item, context, full)
    elif context.project.quotes.get(item.ref):
        yield _said(
            claim,
            item,
            context,
            f"is none of those that kap lock found in {item.ref}, and the source is not at hand",
            "Restore the wording that was found, or run kap lock where the source is.",
            Severity.WARNING,
        )
    elif not _waits_for_look_up(item.ref, context):
        yield _said(
            claim,
            item,
            context,
            f"was never compared with {item.ref}: neither its abstract nor its full text is at hand",
            f"Put the full text into sources/{item.ref}.pdf (or .txt, .html) and run kap lock, which keeps the hash of "
            "what it finds: the file is not needed again.",
            Severity.NOTE,
        )


def _waits_for_look_up(key: str, context: Context) -> bool:
    """Whether the reference has still to be looked up, which may bring its abstract."""
    reference, record = context.references.get(key), context.record(key)
    return reference is not None and any(identifiers(reference)) and (record is None or record.is_transcribed)


def _hit(claim: Claim, item: Evidence, context: Context, full: FullText, nearest: Passage | None) -> Hit:
    misquoted = nearest is not None and nearest.likeness >= _MISQUOTED
    is_whole = bool(full.text) and not full.trouble
    elsewhere = not misquoted and not is_whole and (bool(full.trouble) or _has_locator(item.anchor))
    rest = f"; the nearest passage: {word_difference(item.anchor.exact, nearest.text)}" if nearest is not None else ""
    where = "what could be read of " if full.text else "the abstract of "
    step = (
        f"{full.path} {full.trouble}."
        if full.trouble
        else "Only the abstract is at hand: read the passage in the full text."
    )
    return _said(
        claim,
        item,
        context,
        f"is not in {where if elsewhere else ''}{item.ref}{rest}",
        step if elsewhere else "Copy the passage from the source anew.",
        Severity.WARNING if elsewhere else None,
    )


def _unread(claim: Claim, item: Evidence, context: Context, full: FullText) -> Hit:
    return _said(
        claim,
        item,
        context,
        f"could not be compared with {item.ref}: {full.path} {full.trouble}",
        f"{full.remedy}, or put the passage as text into {full.path.rpartition('.')[0]}.txt.",
        Severity.WARNING,
    )


def _said(claim: Claim, item: Evidence, context: Context, what: str, step: str, severity: Severity | None) -> Hit:
    quote = item.anchor.exact
    shown = quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"
    return Hit(
        item.where("anchor"),
        f"the quotation “{shown}” {what}",
        help=step,
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(claim.where("match_text"), "the claim"),
            *entry_of(item.ref, context),
            *context.shows(claim.id),
        ),
        severity=severity,
        about=f"quote {item.ref} {shown[:60]}",
    )


def _has_locator(anchor: Anchor) -> bool:
    named = bool(anchor.page or anchor.table or anchor.figure or anchor.section)
    return named and "abstract" not in anchor.section.casefold()
