"""SUP003: a suppression that holds nothing back."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.wording import nearest
from kap_content.model.finding import Severity
from kap_content.model.page import Suppression
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, all_rules, suppression_rule


@suppression_rule("SUP003", "unused", Severity.WARNING)
def unused(idle: tuple[Suppression, ...], _context: Context) -> Iterator[Hit]:
    """A suppression comment holds back no finding.

    Why: left behind, it will hide a true finding one day. Most are left over from a sentence that was mended, or
    misspell the rule.

    Fix: delete the comment, or correct the code.

    Example:
        <!-- kap: ignore WRD001 reason="quotes a survey question" -->

        the suppression of WRD001 holds nothing back
    """
    names = [name for rule in all_rules() for name in (rule.code, rule.name)]
    for suppression in idle:
        codes = ", ".join(suppression.codes)
        unknown = next((code for code in suppression.codes if code not in names), None)
        if unknown is not None:
            guess = nearest(unknown, names)
            message = f"the suppression of {codes} holds nothing back: no rule is called “{unknown}”"
            step = f"Did you mean {guess}?" if guess else "`kap rules` lists the rules."
        else:
            message = f"the suppression of {codes} holds nothing back"
            step = "Delete the comment."
        yield Hit(suppression.place, message, step, about=codes)
