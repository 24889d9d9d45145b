"""WRD003: praise of oneself."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.advertising.of_care import Praised, praised
from kap_content.language.advertising.praised import is_named, is_slogan, speaks_of_owner
from kap_content.language.advertising.superiority import praise
from kap_content.language.prose import (
    addresses_reader,
    every_on_health,
    is_medical,
    is_on_care,
    place_in,
    registered,
    reports_study,
    running_text,
)
from kap_content.model.finding import Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("WRD003", "superiority", Severity.ERROR, english=True)
def superiority(page: Page, context: Context) -> Iterator[Hit]:
    """The page claims superiority: leading, premier, best, one of the most experienced.

    The phrases are the lists `superiority` and `hype`; of those in the list `providers` praise is found with words
    between too ("the leading menopause clinic"). Headings, parts marked `{.nonclaim}`, and the head's title, subtitle
    and description are read. A page that is not about care is left alone: on one that is, a quarter of the sentences
    names some and not nearly as many another trade, or its front matter or title says that it is medical. So is praise
    of others in a report of a study that sells nothing and says "you" to nobody, and what is said of a kind ("the best
    clinics know their limits").

    What the praise is of is told by its noun phrase, or by who or what stands before it. Praise of another trade (the
    list `other-trades`), of what is sold to those who treat, and of what is no care is let alone. It is an error where
    it is of care, and the sentence shows that it is of the page's owner or offer, as one does that speaks of "us", a
    heading or slogan, or what says who somebody is ("Dr Roe is the leading surgeon"); and only on a page that is
    somebody's own: it says in its front matter what it is about, or speaks to "you" or of "us" in one sentence of five,
    as news of others does not.
    Else it is a warning: of a third party ("trained at leading hospitals", the list `training`; "we shortlist the best
    hospitals"), in an honour whose giver is named ("recognised by the Messenger"), of tools, or grand words about a
    thing in general ("a groundbreaking treatment"). Who reads those is misled less, and whether they are meant for
    oneself cannot be told.

    Why: regulators treat praise of a medical service as a claim that must be substantiated, like any other.

    Fix: substantiate it with a source, or delete it.

    Example:
        # The leading ketamine clinic

        “leading ketamine” claims superiority
    """
    lexicon = context.lexicon
    for sentence in every_on_health(page, lexicon):
        for found in praise(sentence, lexicon):
            if not is_on_care(page, lexicon):
                return
            of = praised(sentence.text, found.start, found.end, lexicon, is_medical=is_medical(page, lexicon))
            of_others = not is_slogan(sentence.text) and not speaks_of_owner(sentence.text)
            if of is Praised.OTHER or (of_others and reports_study(page, lexicon)):
                continue
            if is_named(running_text(page), sentence.text, found.start, found.end):
                continue
            words = sentence.text[found.start : found.end]
            yield Hit(
                place_in(page, sentence, found.start, found.end),
                f"“{words}” {found.reason}",
                help=found.suggestion,
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                severity=None if found.is_own and of is Praised.CARE and addresses_reader(page) else Severity.WARNING,
                about=f"{words.lower()} in {sentence.text}",
            )
