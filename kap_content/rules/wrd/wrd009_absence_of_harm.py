"""WRD009: harm is said to be absent."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.harm import LISTS, absence_of_harm, may_deny_harm
from kap_content.language.clinical import Form
from kap_content.language.phrases import as_sentence
from kap_content.language.prose import (
    is_advice,
    is_on_care,
    is_on_treatment,
    may_say,
    names_care,
    place_in,
    registered,
    reports_study,
    running_text,
    stated,
)
from kap_content.language.quantity import Kind, read
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex


@page_rule("WRD009", "absence-of-harm", Severity.ERROR, english=True)
def harm_denied(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence says that harm is absent (safe, no side effects) or rare, with no rate and source.

    The words are the lists `safety-absolutes`, `harmless`, `rarity`, `harms`, and `harm-nouns` behind "no", "zero" or
    "without". "Safe" counts where it is asserted of a treatment (the list `treatments`, or a drug's name). Less than an
    assertion is a warning only: what is softened ("generally safe", the list `softeners`), what was found or reported
    ("no side effects were seen", `harm-reports`), and all that the report of a study says of harm, if it sells nothing
    and says "you" to nobody: it tells colleagues, who have the report at hand. Let alone are denials and doubts, what
    is supposed (`suppositions`), sought or to be checked (`seeking`), safety that is followed by its harm (`cautions`),
    a number under a claim or a citation, and a rarity with its rate. That an illness or a germ is harmless
    (`bodily-signs`) is no claim of safety, and a page that is not about care is left alone but for what names care.

    Why: no treatment is without harm, and a reader who is told so cannot weigh it.

    Fix: give the rate of harm and its source.

    Example:
        It is completely safe and has no side effects.

        “completely safe” says that harm is absent
    """
    if not may_say(page, *map(context.lexicon.terms, LISTS)) and not may_deny_harm(running_text(page)):
        return
    on_treatment, study = is_on_treatment(page, context.lexicon), reports_study(page, context.lexicon)
    for sentence in stated(page):
        if is_advice(sentence) or sentence.form is Form.STEM:
            continue
        found = absence_of_harm(sentence.text, context.lexicon, on_treatment=on_treatment)
        if found is None or (not found.is_flat and sentence.is_covered):
            continue
        if not (is_on_care(page, context.lexicon) or names_care(sentence.text, context.lexicon)):
            continue
        if (found.is_rarity or not found.is_flat or sentence.is_covered) and _gives_a_rate(sentence.text):
            continue
        yield Hit(
            place_in(page, sentence, found.start, found.end),
            f"“{found.text}” {found.reason}",
            help=as_sentence(found.suggestion),
            claim=sentence.claims[0] if sentence.claims else "",
            related=registered(sentence, context),
            severity=None if found.is_flat and not study else Severity.WARNING,
            about=f"harm {sentence.text}",
        )


_PER = regex(r"\bper (?:million|hundred thousand|thousand|1,?000|10,?000|100,?000)\b")


def _gives_a_rate(text: str) -> bool:
    return _PER.search(text) is not None or any(
        quantity.kind in (Kind.SHARE, Kind.COUNT, Kind.EFFECT) and not quantity.weak for quantity in read(text)
    )
