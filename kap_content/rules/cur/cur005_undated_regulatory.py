"""CUR005: a regulator's decision without its date, product or jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import is_dated
from kap_content.language.prose import on_health, place_in, registered
from kap_content.language.regulatory import Decision, decision
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_COUNTRY = regex(
    r"\bU\.S\.(?!\w)|\b(?:United States|US|USA|America|United Kingdom|UK|England|Scotland|Wales|Britain|Great Britain"
    r"|European Union|EU|Europe|Canada|Australia|New Zealand|Japan|China"
    r"|India|Brazil|Germany|France|Italy|Spain|Netherlands|Switzerland|Sweden|Norway|Denmark|Ireland|Israel|Mexico"
    r"|South Africa|American|British|European|Canadian|Australian|state of \w+)\b"
)
_DECADE = regex(r"\b(?:19|20)\d0s\b")
_EXAMPLE = "“On 5 March 2019 the FDA approved esketamine (Spravato) in the United States”"


@page_rule("CUR005", "undated-regulatory", Severity.ERROR, english=True)
def undated_regulatory(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence states a regulator's decision and leaves out its date, the product or the jurisdiction.

    Agencies are the list `agencies` (an agency implies its territory), what they do the lists `approval-verbs` and
    `approval-alone`. Statements that a use is not approved count: such a status can change. What an authority only
    recommends or warns of is a warning, and wants its date alone. A decision must be stated: "drugs approved by the
    FDA", "FDA-approved drugs", "if it is approved" and "check that it is approved" are let alone. "This drug" is a
    product named before; the list `product-classes` has the words that name none. What holds of a whole class by law
    ("compounded tablets are not FDA-approved", "supplements are not approved") has no date.

    Why: approvals are granted and withdrawn, for one product in one country.

    Fix: add what is missing: "On 5 March 2019 the FDA approved esketamine (Spravato) in the United States".

    Example:
        The FDA has approved a form of ketamine.

        the statement of a regulator’s decision (“FDA has approved”) gives no date
    """
    for sentence in on_health(page, context.lexicon):
        found = decision(sentence.text, context.lexicon)
        if found is None:
            continue
        missing = _missing(sentence.text, found)
        if not missing:
            continue
        lacks = " and no ".join(missing)
        what = "advice of an authority" if found.is_advice else "statement of a regulator’s decision"
        add = f"Add the {' and the '.join(missing)}"
        yield Hit(
            place_in(page, sentence, found.start, found.end),
            f"the {what} (“{found.words}”) gives no {lacks}",
            help=f"{add} of the advice, and cite it." if found.is_advice else f"{add}: {_EXAMPLE}.",
            claim=sentence.claims[0] if sentence.claims else "",
            related=registered(sentence, context),
            severity=Severity.WARNING if found.is_advice else None,
            about=f"regulatory {sentence.text}",
        )


def _missing(text: str, found: Decision) -> list[str]:
    missing = [] if is_dated(text) or _DECADE.search(text) else ["date"]
    if found.is_advice:
        return missing
    if not found.names_product:
        missing.append("product")
    if not (found.jurisdiction or _COUNTRY.search(text)):
        missing.append("jurisdiction")
    return missing
