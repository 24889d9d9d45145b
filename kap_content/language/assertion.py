"""Whether a sentence asserts something outright, or only supposes, seeks, softens or reports it.

"The laser is safe" asserts; "may be safe", "until it is safe", "find a safe drug", "generally considered safe" and
"no harm was reported" do not, each in its way. The words are lists: `suppositions`, `seeking`, `softeners`,
`harm-reports`, `treatments`.
"""

from __future__ import annotations

import re

from kap_content.language.phrases import list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

_BREAK = regex(r"[;:.!?]\s|…|\bbut\b")
"""Where a new statement begins; a comma does not end a condition."""
_BY_ENDING = regex(
    r"\b\w+(?:therap(?:y|ies)|plast(?:y|ies)|ectom(?:y|ies)|otom(?:y|ies)|oscop(?:y|ies))\b",
    re.IGNORECASE,
)
"""Treatments by their endings, whether the tables have them or not: "cryotherapy"."""
_NEAR = 60
"""Characters behind a stretch in which "was reported" belongs to it."""
_OURS_AFTER_COMMA = regex(r",\s+(?:our|we|this|these)\b[^,]*$", re.IGNORECASE)
"""A main clause of the page's owner behind a condition: "If you are anxious, our sedation is safe"."""


def statement_start(text: str, at: int) -> int:
    """Where the statement begins in which the character `at` stands."""
    start = 0
    for found in _BREAK.finditer(text, 0, at):
        start = found.end()
    return start


def is_supposed(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether what begins at `at` is only possible, wished, required, or holds on a condition told before it."""
    start = statement_start(text, at)
    return any(
        start <= found.start()
        and found.end() <= at
        and not text.endswith(_AS, start, found.start())
        and _OURS_AFTER_COMMA.search(text[found.end() : at]) is None
        for found in list_pattern(lexicon.terms("suppositions")).finditer(text)
    )


_AS = " as "
"""Before "possible", what supposes nothing: "as gently as possible"."""


def is_sought(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether what begins at `at` is looked for, chosen, judged or asked about."""
    return list_pattern(lexicon.terms("seeking")).search(text, statement_start(text, at), at) is not None


def is_softened(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether words beside the stretch soften it ("generally", "when used as directed")."""
    pattern = list_pattern(lexicon.terms("softeners"))
    before = statement_start(text, start)
    return pattern.search(text, before, start) is not None or pattern.search(text, end, len(text)) is not None


def is_reported(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the stretch is what a study found or somebody reported."""
    pattern = list_pattern(lexicon.terms("harm-reports"))
    return pattern.search(text, statement_start(text, start), start) is not None or (
        pattern.search(text, end, min(len(text), end + _NEAR)) is not None
    )


def names_treatment(text: str, lexicon: Lexicon, low: int = 0, high: int | None = None) -> bool:
    """Whether these words name a treatment, by a noun of `treatments` or by its name."""
    end = len(text) if high is None else high
    if list_pattern(lexicon.terms("treatments")).search(text, low, end) is not None or _BY_ENDING.search(
        text, low, end
    ):
        return True
    return bool(subjects_of(lexicon).mentions(text[low:high], SubjectKind.INTERVENTION))
