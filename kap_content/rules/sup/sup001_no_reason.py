"""SUP001: a suppression without a reason."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("SUP001", "no-reason", Severity.ERROR)
def no_reason(page: Page, _context: Context) -> Iterator[Hit]:
    """A suppression comment gives no reason, and so it suppresses nothing.

    Why: whoever reads the page next year must be able to judge whether the exception still holds.

    Fix: add `reason="..."`, or mend what the suppressed rule found and delete the comment.

    Example:
        <!-- kap: ignore WRD001 -->

        the suppression of WRD001 gives no reason and suppresses nothing
    """
    for suppression in page.suppressions:
        if not suppression.reason.strip():
            codes = ", ".join(suppression.codes)
            message = f"the suppression of {codes} gives no reason and suppresses nothing"
            yield Hit(suppression.place, message, 'Add reason="..." to the comment, or delete it.', about=codes)
