"""CLM002: a marked passage that no longer says what was approved."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from kap_content.language.wording import comparable_wording, normalise_wording, word_difference
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("CLM002", "text-drift", Severity.ERROR)
def text_drift(page: Page, context: Context) -> Iterator[Hit]:
    """A marked passage says neither the claim's match_text nor one of its variations.

    Quotation marks, dashes, white space, soft hyphens and a final full stop do not count. An empty span
    (`[]{claim=ID}`) takes the claim's own wording and cannot drift.

    Why: reviewers approved a wording. A word changed on the page is a statement that nobody approved.

    Fix: restore the registered wording, or have the new one approved and registered as match_text or a variation.

    Example:
        Registered: Anxiety ratings fell by about half within an hour of a dose.

        [Anxiety ratings fell by about a third within an hour of a dose.]{claim=KET-MAINT-01}

        fell by about [half → a third] within an hour
    """
    for mark in page.marks:
        claim = context.claims.get(mark.claim)
        if claim is None or mark.is_division or not mark.text:
            continue
        wordings = [wording for wording in (claim.match_text, *claim.variations) if wording]
        written = comparable_wording(mark.text)
        if not wordings or any(comparable_wording(wording) == written for wording in wordings):
            continue
        approved = max(wordings, key=lambda wording: _likeness(wording, written))
        yield Hit(
            mark.place,
            f"the wording differs from claim {claim.id} (approved → page): {word_difference(approved, mark.text)}",
            help=_help(claim, approved),
            claim=claim.id,
            related=(Related(_where(claim, approved), f"approved: “{approved}”"),),
            about=f"{claim.id}: {written}",
        )


def _likeness(wording: str, written: str) -> float:
    return SequenceMatcher(None, normalise_wording(wording).split(), written.split(), autojunk=False).ratio()


def _where(claim: Claim, wording: str) -> Place:
    return claim.where("match_text" if wording == claim.match_text else "variations")


def _help(claim: Claim, approved: str) -> str:
    return f"Write “{approved}”, or have the new wording approved and add it to {claim.id}."
