"""How far two numbers that say the same may lie apart. The tolerances stand here and nowhere else.

Rounding: two numerals agree where they differ by no more than half a unit of the last place of the coarser one
("19 %" and "19.1 %"); for doses and durations no more than 5 % of the value, for effect measures 10 %. Counts
are exact, but for means without their decimals, and rounded thousands, which allow 1 %; words ("half a million") 5 %.
"Doubled", "twofold", "twice" allow 10 %.

Forms: "1 in 5" allows 10 % of its value either way, but never more than half a step of its denominator or five
percentage points (18 to 22 %); "half", "a third" allow 8 % of their value, but never more than 2.5 percentage points
(47.5 to 52.5 %, 30.8 to 35.8 %); "10 of 12" and "12 per 1000" are exact and meet a percentage by that one's rounding,
but for a claim's "seven of eight" and the like, which allow a quarter of a step.

Hedges of the claim: "about" allows 5 %, or half a unit of the last non-zero digit up to 10 %; "nearly" allows the 10 %
below (14 % of a fraction, at most six points: "nearly half" is 44 % and more), "just over" the 10 % above, or a quarter
of a unit of that digit up to 12.5 % ("a little over two": 2.23; a time in words up to 15 %: "a good five weeks" are 40
days); "more than" and "less than" allow what truly lies beyond, up to half as much again ("less than": down to a
third); "within" a time allows three quarters of it. A hedge of the evidence allows no more than rounding does.

Months and years meet weeks and days within 9 %.
"""

from __future__ import annotations

from fractions import Fraction

from kap_content.language.quantity.value import Comparator, Form, Hedge, Kind, Quantity

_ROUNDING_CAP = {Kind.MEASURE: Fraction(1, 20), Kind.DURATION: Fraction(1, 20), Kind.EFFECT: Fraction(1, 10),
                 Kind.FREQUENCY: Fraction(1, 20), Kind.AGE: Fraction(1, 20), Kind.MULTIPLE: Fraction(1, 5),
                 Kind.INTERVAL: Fraction(1, 10)}  # fmt: skip
_NO_DOSES = frozenset({"mmHg", "/min", "point", "kcal", "mm"})
"""Units in which nobody is given anything: their small whole numbers are rounded as others are."""
_CALENDAR_SLACK = Fraction(9, 100)
_SMALL_WHOLES = (3, 4, 5, 10)
"""Of so many something is said as of every so many: "four of ten patients" for 39 %."""
_ODD_WHOLES = (6, 7, 8, 9)
"""The same, but more often of so many indeed: "seven of eight" for 87.7 %."""
_ROUNDED = 1000
"""Counts from here on may be rounded: 850,000 for 851,606."""
_FAR = 3
"""How far below a plain number may lie of which "fewer than" is said: 0.6 % for "fewer than 1 %"."""
_SOON = Fraction(4, 3)
"""How much sooner something may have come that is said to come within a time."""
_A_MONTH = 25
"""Days from which on a duration may have been rounded to months."""
BEYOND = Fraction(3, 2)
"""How much further an open claim ("more than 200") may be exceeded."""


def tolerance(claim: Quantity, evidence: Quantity) -> Fraction:
    """How far the two may lie apart, in their unit."""
    rounded = max(rounding(claim), rounding(evidence), _calendar(claim, evidence), _scores(claim, evidence))
    return max(rounded, _form(claim), _form(evidence), _so_many(claim), _hedge(claim, evidence))


def rounding(quantity: Quantity) -> Fraction:
    """What the written places of a number leave open."""
    cap = _ROUNDING_CAP.get(quantity.kind)
    if quantity.unit in _NO_DOSES:
        cap = Fraction(1, 10)
    precision = quantity.precision
    return precision if cap is None else min(precision, abs(quantity.value) * cap)


def _scores(claim: Quantity, evidence: Quantity) -> Fraction:
    """Slack between 24 and a mean score of 24.1, and between 850,000 and 851,606."""
    if claim.kind is not Kind.COUNT:
        return Fraction(0)
    if claim.value >= _ROUNDED and evidence.value.denominator == 1:
        return min(last_place(claim), claim.value / (100 if claim.form is Form.NUMERAL else 20))
    if claim.counted or evidence.counted:
        return Fraction(0)
    is_mean = claim.value.denominator == 1 and evidence.value.denominator != 1
    return min(Fraction(1, 2), abs(claim.value) / 20) if is_mean else Fraction(0)


def _form(quantity: Quantity) -> Fraction:
    value = abs(quantity.value)
    if quantity.kind is Kind.EFFECT and quantity.form is Form.FRACTION:
        return value / 20
    if quantity.kind is Kind.MULTIPLE and quantity.form is Form.WORD:
        return value / 10
    if quantity.kind is not Kind.SHARE:
        return Fraction(0)
    if quantity.form is Form.FRACTION:
        return min(value * 2 / 25, Fraction(1, 40))
    one_of = quantity.form is Form.RATIO and (quantity.numerator == 1 or quantity.denominator in _SMALL_WHOLES)
    if (quantity.form is Form.ONE_IN or one_of) and quantity.denominator:
        return min(value / 10, 1 / (2 * quantity.denominator), Fraction(1, 20))
    return Fraction(0)


def _so_many(claim: Quantity) -> Fraction:
    is_odd = claim.form is Form.RATIO and claim.denominator in _ODD_WHOLES
    return 1 / (4 * claim.denominator) if is_odd and claim.denominator else Fraction(0)


def _hedge(claim: Quantity, evidence: Quantity) -> Fraction:
    value = abs(claim.value)
    if claim.hedge is Hedge.ABOUT:
        return max(value / 20, min(value / 10, last_place(claim)))
    if claim.hedge is Hedge.NEARLY and evidence.value <= claim.value:
        if claim.form is Form.FRACTION:
            return min(value * 7 / 50, Fraction(3, 50))
        return max(value / 10, min(value / 8, last_place(claim) / 2))
    if claim.hedge is Hedge.JUST_OVER and evidence.value >= claim.value:
        if claim.form is Form.WORD and claim.kind is Kind.DURATION:
            return max(value / 10, min(value * 3 / 20, 2 * last_place(claim)))
        return max(value / 10, min(value / 8, last_place(claim) / 2))
    return Fraction(0)


def last_place(quantity: Quantity) -> Fraction:
    """Half a unit of the last digit that is not zero: 5 for 80, 500 for 2000; a tenth for what is no numeral.

    What counts halves in words ("a day and a half") is as coarse as they are.
    """
    written = abs(quantity.written)
    if quantity.form is Form.WORD and written % 1 == Fraction(1, 2):
        return Fraction(1, 4) * (quantity.value / quantity.written)
    if quantity.form not in (Form.NUMERAL, Form.WORD) or not written:
        return abs(quantity.value) / 10
    place = Fraction(1)
    while written % (place * 10) == 0:
        place *= 10
    while written % place:
        place /= 10
        if place < Fraction(1, 10**6):
            break
    return place / 2 * (quantity.value / quantity.written)


def _calendar(claim: Quantity, evidence: Quantity) -> Fraction:
    """Slack between months or years on one side and weeks or days on the other."""
    if claim.kind is Kind.FREQUENCY and max(claim.value, evidence.value) <= 1 / _A_MONTH:
        return claim.value * _CALENDAR_SLACK
    if claim.kind not in (Kind.DURATION, Kind.AGE):
        return Fraction(0)
    if claim.value * evidence.written == evidence.value * claim.written:
        return Fraction(0)  # one and the same unit
    return abs(claim.value) * (_CALENDAR_SLACK if max(claim.value, evidence.value) >= _A_MONTH else Fraction(1, 50))


def is_beyond(claim: Quantity, evidence: Quantity) -> bool:
    """Whether an open claim ("more than 200") truly holds of the evidence's plain number."""
    low, high = sorted((abs(claim.value), abs(evidence.value)))
    if (
        claim.kind in (Kind.EFFECT, Kind.INTERVAL)
        or not low
        or high / low > (_FAR if claim.comparator is Comparator.LESS else BEYOND)
    ):
        return False
    if claim.kind is Kind.AGE and evidence.comparator is not Comparator.EQUAL:
        return False  # "over 50" is not "over 70"
    if claim.comparator.is_lower:
        return evidence.value > claim.value and not evidence.comparator.is_upper
    if claim.comparator is Comparator.AT_MOST and claim.kind is Kind.DURATION and high / low <= _SOON:
        return evidence.value < claim.value and not evidence.comparator.is_lower  # "within two weeks": 12.5 days
    if claim.comparator.is_upper and claim.comparator is Comparator.LESS:
        return evidence.value < claim.value and not evidence.comparator.is_lower
    return False
