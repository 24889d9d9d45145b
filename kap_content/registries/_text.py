"""Plain values out of payloads that hold anything: markup, nulls, wrong types, entities escaped twice."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import date

from kap_content.model.dates import PartialDate
from kap_content.startup.regex import regex

_INLINE = (
    "i|b|u|tt|em|strong|emph|italic|bold|roman|sans-serif|monospace|sub|sup|sc|scp|small|big|span|font|a|xref|ext-link"
    "|named-content|styled-content|inline-formula|alternatives|underline|overline|strike|inf|formula|state|it|strut"
)
_BLOCK = "p|br|title|subtitle|sec|div|list|list-item|li|ul|ol|h[1-6]|label|abstract|break|disp-formula|AbstractText"
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s<>"']+))*\s*/?"""
_DROPPED = regex(
    r"<(?P<name>(?:jats:)?tex-math|(?:mml:)?annotation(?:-xml)?|script|style)\b[^<>]*>.*?</(?P=name)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = regex(r"<!--.*?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_MATH = (
    "math|mi|mn|mo|ms|mrow|msub|msup|msubsup|mover|munder|munderover|mfrac|msqrt|mroot|mtext|mspace|mstyle|mtable|mtr|mtd"
    "|mfenced|mpadded|mphantom|menclose|mmultiscripts|mprescripts|none|semantics"
)
_INLINE_TAG = regex(rf"</?(?:jats:|mml:)?(?:{_INLINE}|{_MATH}){_ATTRIBUTES}>", re.IGNORECASE)
_BLOCK_TAG = regex(rf"</?(?:jats:)?(?:{_BLOCK}){_ATTRIBUTES}>", re.IGNORECASE)
_ANY_JATS = regex(r"</?jats:[\w-]+(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SPLIT_POINT = regex(r"[ \t]*\n\s*(?=[.,;:!?)\]])")
_CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]")

_EARLIEST, _LATEST = 1000, 2999


def plain_text(markup: object) -> str:
    """Unicode text on one line: tags gone, entities resolved (up to three times over), white space single.

    Only known tags are taken for tags, so that "P<0.05 and n>20" stays what it is.
    """
    if not isinstance(markup, str) or not markup:
        return ""
    text = markup
    if "<" in text or "&" in text:
        for _ in range(3):
            text = _COMMENT.sub("", _DROPPED.sub("", text))
            text = _ANY_JATS.sub("", _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", text)))
            resolved = html.unescape(text)
            if resolved == text:
                break
            text = resolved
    text = _SPLIT_POINT.sub("", text)
    return " ".join(_CONTROL.sub(" ", text).split())


def strings(value: object) -> tuple[str, ...]:
    """The texts of a list (or of one text), cleaned, without blanks and repeats."""
    items = value if isinstance(value, list | tuple) else [value]
    found = (plain_text(item) for item in items)
    return tuple(dict.fromkeys(text for text in found if text))


def text_of(value: object) -> str:
    """One text, cleaned; a number is taken as its digits, anything else as nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain_text(value)


def mappings(value: object) -> tuple[Mapping[str, object], ...]:
    """The mappings of a list; whatever else is in it is passed over."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(item for item in items if isinstance(item, dict))


def mapping(value: object) -> Mapping[str, object]:
    """The mapping itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def date_of_parts(value: object) -> PartialDate | None:
    """`{"date-parts": [[2017, 10, 5]]}` as a date; None where there is no plausible year."""
    parts = mapping(value).get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else None
    return make_date(*first[:3]) if isinstance(first, list) and first else None


def make_date(year: object, month: object = 0, day: object = 0) -> PartialDate | None:
    """A date from numbers or digits, to the precision that makes sense; None without a plausible year."""
    years, months, days = _number(year), _number(month), _number(day)
    if not _EARLIEST <= years <= _LATEST:
        return None
    if not 1 <= months <= 12:  # noqa: PLR2004 - months of a year
        return PartialDate(years)
    try:
        date(years, months, days)
    except ValueError:
        return PartialDate(years, months)
    return PartialDate(years, months, days)


def date_of_text(value: object) -> PartialDate | None:
    """The date at the head of `2020-05-28T06:00:00Z` and the like."""
    if not isinstance(value, str):
        return make_date(value)
    match = re.match(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value)
    return make_date(*match.groups()) if match else None


def _number(value: object) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value.strip()[:6])
    return 0


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Without blanks and repeats, in order."""
    return tuple(dict.fromkeys(item for item in items if item))
