"""Citations in pandoc's syntax: `[see @a, p. 3; -@b]` and `@a` in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.startup.regex import regex

_KEY = r"@(?:\{(?P<braced>[^{}\s]+)\}|(?P<key>\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*))"
_ITEM = regex(rf"(?P<prefix>.*?)(?<![\w/@\\])(?P<sign>-?){_KEY}(?P<rest>.*)", re.DOTALL)
_FOLD = regex(r"\s+")

IN_TEXT = regex(rf"-?{_KEY}")
"""A key in running text; what stands before it is the caller's to judge."""

LOCATOR_AFTER = regex(
    r"\s\[((?:pp?|pages?|chap(?:ter|s)?|ch|sec(?:tion|s)?|figs?|figure|tables?|tab|vol(?:ume)?|para(?:graph)?|"
    r"lines?|notes?|app(?:endix)?|eq|suppl?)\b[^\[\]@]{0,200})\](?![({])",
    re.IGNORECASE,
)
"""A locator in brackets behind a key in running text: `@a [p. 3]`."""


@dataclass(frozen=True, slots=True)
class CitedKey:
    """One key of a citation. `at` and `end` are offsets of the key, its `@` included."""

    key: str
    at: int
    end: int
    prefix: str = ""
    locator: str = ""
    suppress_author: bool = False


def read_group(text: str, start: int, end: int, *, locator: str = "") -> tuple[CitedKey, ...]:
    """The keys cited between two offsets of `text`; none where it holds no citation.

    A part between semicolons without a key belongs to the key before it (`[@a, p. 3; also the appendix]`) or,
    at the beginning, to the key that follows.
    """
    items: list[CitedKey] = []
    waiting = ""
    position = start
    for part in text[start:end].split(";"):
        match = _ITEM.fullmatch(part)
        if match is None:
            if not items:
                waiting += part + ";"
            else:
                last = items[-1]
                joined = _clean(f"{last.locator}; {part}")
                items[-1] = CitedKey(last.key, last.at, last.end, last.prefix, joined, last.suppress_author)
        else:
            at = position + match.end("sign")
            items.append(
                CitedKey(
                    key=match["braced"] or match["key"],
                    at=at,
                    end=position + match.start("rest"),
                    prefix=_clean(waiting + match["prefix"]),
                    locator=_clean(locator or match["rest"].lstrip().removeprefix(",")),
                    suppress_author=bool(match["sign"]),
                )
            )
            waiting = ""
        position += len(part) + 1
    return tuple(items)


def _clean(text: str) -> str:
    return _FOLD.sub(" ", text).strip()
