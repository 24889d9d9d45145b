"""What a text says besides the quantities that stand in it: doses a day, "weekly" as once a week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from kap_content.language.quantity.periods import periods
from kap_content.language.quantity.units import time_unit
from kap_content.language.quantity.value import Form, Kind, Quantity
from kap_content.startup.regex import regex

_PERIODS = {
    "daily": "day", "nightly": "day", "weekly": "week", "fortnightly": "fortnight", "monthly": "month",
    "quarterly": "quarter", "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
_ADVERB = regex(
    r"(?<!once )(?<!twice )(?<!times )(?<!thrice )"
    r"\b(?P<adverb>daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annual(?:ly)?)\b"
    r"|\b(?:every|each) (?P<period>day|night|week|month|year)\b",
    re.IGNORECASE,
)
_ONE_TO = regex(r"(?<![\d:.])1 ?: ?(?P<whole>\d{1,3}(?:[.,]\d{3})+|\d+)(?![\d:]|\.\d)")
_TREATED = regex(
    r"\s*(?:more |extra )?(?:(?:people|patients|persons|adults|women|men|children) )?"
    r"(?:(?:would )?need(?:s|ed)? to|must|ha(?:ve|d) to) (?:be treated|take|have|receive)\b",
    re.IGNORECASE,
)
_FOR_EVERY = regex(r"\b(?:for every|per|for each|in every|out of every) $", re.IGNORECASE)
_HELPED = regex(r"\b(?:avoid|prevent|benefi|help|sav|spar|avert|treated)\w*\b", re.IGNORECASE)
_TRIMESTER = regex(r"\btrimesters?\b", re.IGNORECASE)
_HALVED = regex(
    r"\b(?:equally|evenly)(?: and)? (?:random\w+ )?(?:divided|split|allocated|assigned|randomi[sz]ed|distributed)\b"
    r"|\b(?:divided|split|allocated|assigned|randomi[sz]ed) (?:equally|evenly|in half|1 ?: ?1)\b"
    r"|\b1 ?: ?1 (?:ratio|random\w+)\b"
)
_GAP = 25
"""Characters between a dose and how often it is taken."""


def implied(text: str, quantities: tuple[Quantity, ...]) -> Iterator[Quantity]:
    """Quantities that follow from the wording of `text`, of which `quantities` are those that stand there."""
    for match in _ADVERB.finditer(text):
        period = _PERIODS.get((match["adverb"] or "").lower()) or match["period"].lower()
        value = 1 / (3 * time_unit("month") if period == "quarter" else time_unit(period))
        yield Quantity(
            Kind.FREQUENCY, value, match[0], *match.span(), unit="/d", written=Fraction(1), form=Form.WORD, weak=True
        )
        if period == "year":  # "the annual cost" is that of one year
            yield Quantity(
                Kind.DURATION, time_unit(period), match[0], *match.span(), unit="d", form=Form.WORD, weak=True
            )
    for match in _ONE_TO.finditer(text):
        whole = Fraction(match["whole"].replace(",", "").replace(".", ""))
        if whole > 1:
            yield Quantity(
                Kind.SHARE,
                1 / whole,
                match[0],
                *match.span(),
                form=Form.ONE_IN,
                numerator=Fraction(1),
                denominator=whole,
                weak=True,
            )
    for match in _TRIMESTER.finditer(text):
        place = match[0], *match.span()
        yield Quantity(Kind.DURATION, 3 * time_unit("month"), *place, unit="d", written=Fraction(3), weak=True)
    yield from periods(text)
    yield from _halves(text, quantities)
    for quantity in quantities:
        treated = as_needed_to_treat(text, quantity)
        if treated is not None:
            yield treated


def _halves(text: str, quantities: tuple[Quantity, ...]) -> Iterator[Quantity]:
    """A half, and half of those counted before: "sixty people were equally divided into two groups"."""
    match = _HALVED.search(text)
    if match is None:
        return
    place = match[0], *match.span()
    yield Quantity(Kind.SHARE, Fraction(1, 2), *place, form=Form.FRACTION, weak=True)
    for whole in quantities:
        if whole.kind is Kind.COUNT and not whole.is_range and whole.end <= match.start() and not whole.value % 2:
            yield replace(whole, value=whole.value / 2, written=whole.written / 2, weak=True)


def doses_a_day(text: str, quantities: tuple[Quantity, ...]) -> Iterator[tuple[Quantity, Quantity, Quantity]]:
    """A dose and how often it is taken, with what they make a day: "500 mg twice a day", "two 500 mg tablets a day"."""
    for one, two in pairwise(quantities):
        dose, often = (one, two) if one.kind is Kind.MEASURE else (two, one)
        if dose.kind is not Kind.MEASURE or often.kind is not Kind.FREQUENCY or dose.is_range or often.is_range:
            continue
        between = text[one.end : two.start]
        near = len(between) <= _GAP and not re.search(r"[.;]", between) if dose is one else not between.strip()
        if near and dose.unit in {"mg", "g", "ml", "mL", "IU", "µg"}:
            value = dose.value * often.value
            start, end = one.start, two.end
            total = replace(
                dose, value=value, written=value, unit=f"{dose.unit}/d", start=start, end=end, text=text[start:end]
            )
            yield dose, often, total


def as_needed_to_treat(text: str, quantity: Quantity) -> Quantity | None:
    """The number needed to treat of "seven people need to be treated for one to benefit"; None for other counts."""
    if quantity.kind is not Kind.COUNT or quantity.is_range:
        return None
    for_every = _FOR_EVERY.search(text[: quantity.start]) and _HELPED.search(text)
    if not for_every and not _TREATED.match(text, quantity.end):
        return None
    return replace(quantity, kind=Kind.EFFECT, measure="NNT", counted="", precision=Fraction(1, 2))


def yearly(rate: Quantity) -> Iterator[Quantity]:
    """What a rate per person-years says of a year: its share, and the year itself."""
    if rate.form is Form.PER and rate.unit == "person-year":
        yield replace(rate, unit="")
        days = time_unit("year")
        yield replace(
            rate, kind=Kind.DURATION, value=days, precision=Fraction(0), unit="d", written=Fraction(1), numerator=None
        )
