"""CLM007: a mark that names no registered claim."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.wording import nearest_few
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("CLM007", "unknown-claim", Severity.ERROR)
def unknown_claim(page: Page, context: Context) -> Iterator[Hit]:
    """A page marks a passage with a claim that the registry lacks.

    Why: the mark looks like approval and stands for nothing: no evidence, no review, no date.

    Fix: correct the id (the nearest ones are named), or register the claim.

    Example:
        [Ten of twelve people responded.]{claim=KET-DOES-01}, where claims.yaml has KET-DOSE-01
    """
    for mark in page.marks:
        if mark.claim in context.claims or not mark.claim.strip():
            continue
        near = nearest_few(mark.claim, context.claims)
        guess = f"Did you mean {' or '.join(near)}?" if near else "Register it in the claims file, or remove the mark."
        yield Hit(
            mark.place,
            f"no claim “{mark.claim}” is registered",
            help=guess,
            claim=mark.claim,
            related=tuple(Related(context.claims[name].place, f"claim {name}") for name in near[:1]),
            about=mark.claim,
        )
