"""Sources that nobody can look up: "studies show", "scientists have found", "according to experts"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, list_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_BETWEEN = regex(
    r"\s+(?:(?:has|have|had|now|also|all|both|again|since|already|repeatedly|consistently|clearly|widely|generally"
    r"|long|largely|increasingly|often|always|even|further|strongly|so far|recently|in (?:recent|the past)[\w ]{3,20}"
    r"|to date)\s+)*",
    re.IGNORECASE,
)
"""What may stand between a source and what it is said to have found."""
_NAMED = regex(
    r"(?:\b(?:these|those|this|the|that|our|his|her|their|your|both|such|each|two|three|four|five|six|seven|eight|nine|ten|\d+|\w+['’]s)"
    r"\s+(?:[\w-]+\s+){0,2}"
    r"|\b(?:of|and|or|by|for|with|to|in|on|from|no|not|any|if|vivo|vitro|molecular|toxicological|laboratory|imaging|genetic|present|included|previous|kinetic|network"
    r"|collective|local|ask|tell)\s+)$",
    re.IGNORECASE,
)
"""What stands before the word where a certain source is meant, or where it is no subject."""


def unnamed_sources(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str, str]]:
    """Where `text` leans on a source that it does not name: start, end, what is wrong, and what to do."""
    taken: list[tuple[int, int]] = []
    for found in find(text, lexicon.terms("weasel-sources")):
        taken.append((found.start, found.end))
        yield found.start, found.end, found.term.reason, found.term.suggestion
    verbs = list_pattern(lexicon.terms("weasel-verbs"))
    for who in find(text, lexicon.terms("weasel-who")):
        between = _BETWEEN.match(text, who.end)
        said = verbs.match(text, between.end()) if between else None
        if said is None or any(start < said.end() and who.start < end for start, end in taken):
            continue
        if _NAMED.search(text[: who.start]):
            continue
        yield who.start, said.end(), who.term.reason, who.term.suggestion
