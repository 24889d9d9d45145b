"""SUP002: a suppression past its date."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("SUP002", "expired", Severity.ERROR)
def expired(page: Page, context: Context) -> Iterator[Hit]:
    """The last day of a suppression has passed, and so it suppresses nothing.

    Why: the date was the promise to look again. The last day itself still counts.

    Fix: mend what the suppressed rule found and delete the comment, or give a new date and a reason that holds today.

    Example:
        <!-- kap: ignore WRD001 until=2026-01-01 reason="quotes a survey question" -->

        the suppression of WRD001 ended on 2026-01-01 and suppresses nothing
    """
    for suppression in page.suppressions:
        if suppression.until is not None and suppression.until < context.as_of:
            codes = ", ".join(suppression.codes)
            message = f"the suppression of {codes} ended on {suppression.until} and suppresses nothing"
            step = "Mend what it held back and delete it, or give a new date."
            yield Hit(suppression.place, message, step, about=codes)
