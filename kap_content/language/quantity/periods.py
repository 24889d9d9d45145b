"""How long lies between two dates that a text names: "from 20 March to 15 May 2020" are eight weeks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, pairwise

from kap_content.language.quantity.noise import plain
from kap_content.language.quantity.units import time_unit
from kap_content.language.quantity.value import Form, Kind, Quantity
from kap_content.startup.regex import regex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE = regex(
    rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<month>{_MONTH})\b\.?"
    r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?\b)?"
    r"(?:(?:,|')? ?(?P<year>(?:1[5-9]|20)\d\d))?\b|\b(?P<alone>(?:1[5-9]|20)\d\d)\b"
)
_LINK = regex(r"(?:,? (?:to|and|through|until|till)(?: the end of)? | ?[–-] ?)$")
_TWELVE = 12
_DATES = 8
"""Dates of a text that are set against each other."""


def periods(text: str) -> Iterator[Quantity]:
    """The durations between two dates that `text` sets one after the other, up to the last and with it."""
    text = plain(text)
    for first, second in pairwise(_DATE.finditer(text)):
        year = second["year"] or second["alone"]
        if year is None or not _LINK.match(text, first.end(), second.start()):
            continue
        since = first["year"] or first["alone"] or year
        span = _between(first, int(since), second, int(year))
        if span is None:
            continue
        place = text[first.start() : second.end()], first.start(), second.end()
        for days in span:
            yield Quantity(Kind.DURATION, days, *place, unit="d", form=Form.WORD, weak=True)


def spans(text: str) -> Iterator[Quantity]:
    """The durations between any two dates of `text` that name their year, wherever they stand."""
    text = plain(text)
    dates = [match for match in _DATE.finditer(text) if match["year"] or match["alone"]]
    for first, second in combinations(dates[:_DATES], 2):
        place = text[first.start() : second.end()], first.start(), second.end()
        since, until = (int(match["year"] or match["alone"]) for match in (first, second))
        span = _between(first, since, second, until) or _between(second, until, first, since)
        for days in span or ():
            yield Quantity(Kind.DURATION, days, *place, unit="d", form=Form.WORD, weak=True)


def _between(first: re.Match[str], since: int, second: re.Match[str], until: int) -> tuple[Fraction, Fraction] | None:
    """The least and the most days between two dates; None where the second is not the later one."""
    days = _day(first), _day(second)
    if first["month"] and second["month"] and all(days):
        try:
            gap = (date(until, _month(second), days[1] or 1) - date(since, _month(first), days[0] or 1)).days
        except ValueError:  # 31 June
            return None
        return (Fraction(gap), Fraction(gap + 1)) if gap > 0 else None
    if first["month"] and second["month"]:
        months = (until - since) * _TWELVE + _month(second) - _month(first)
        return (months * time_unit("month"), (months + 1) * time_unit("month")) if months > 0 else None
    years = until - since
    return (years * time_unit("year"), (years + 1) * time_unit("year")) if years > 0 else None


def _day(match: re.Match[str]) -> int | None:
    day = match["before"] or match["after"]
    return int(day) if day else None


def _month(match: re.Match[str]) -> int:
    return _MONTHS.index(match["month"][:3].lower()) + 1
