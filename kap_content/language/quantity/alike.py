"""Two quantities of one kind and unit: whether their numbers, bounds, directions and ranges agree."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.tolerance import BEYOND, is_beyond, rounding, tolerance
from kap_content.language.quantity.value import (
    Agreement,
    Comparator,
    Difference,
    Direction,
    Form,
    Hedge,
    Kind,
    Quantity,
    Verdict,
)

SAME = Agreement(Verdict.SAME)
DERIVED = Agreement(Verdict.DERIVED)
APART = Agreement(Verdict.INCOMPARABLE)

_NARROW = Fraction(5, 4)
_SIGNED = (Kind.SHARE, Kind.POINTS, Kind.MEASURE, Kind.COUNT, Kind.DURATION)
"""Kinds of which a negative number is a fall."""


def numbers(claim: Quantity, evidence: Quantity) -> Agreement:
    """Whether two numbers in one unit say the same, bounds, directions and ranges included."""
    if claim.is_range or evidence.is_range:
        return ranges(claim, evidence)
    if opposed(claim, evidence):
        return different(claim, evidence, Difference.DIRECTION)
    gap = (
        abs(abs(claim.value) - abs(evidence.value)) if _is_fall(claim, evidence) else abs(claim.value - evidence.value)
    )
    if gap > tolerance(claim, evidence) and not is_beyond(claim, evidence):
        return different(claim, evidence, _number_or_unit(claim, evidence))
    if not bounds_agree(claim, evidence):
        return different(claim, evidence, Difference.COMPARATOR)
    if claim.change != evidence.change and claim.direction and evidence.direction and claim.kind is Kind.SHARE:
        return different(claim, evidence, Difference.DIRECTION)
    plainly = gap == 0 and claim.form is evidence.form and claim.comparator is evidence.comparator
    return SAME if plainly else DERIVED


def _number_or_unit(claim: Quantity, evidence: Quantity) -> Difference:
    """A written "20" on both sides with another unit is a slip of the unit; "one hour" for "one week" is none."""
    with_units = claim.kind in (Kind.MEASURE, Kind.DURATION, Kind.FREQUENCY)
    is_one = claim.form is Form.WORD and claim.written == 1
    return Difference.UNIT if with_units and claim.written == evidence.written and not is_one else Difference.NUMBER


def bounds_agree(claim: Quantity, evidence: Quantity) -> bool:
    """Whether what bounds the one number is what bounds the other."""
    mine, theirs = claim.comparator, evidence.comparator
    if mine is theirs:
        return True
    soft = claim.kind in (Kind.DURATION, Kind.AGE)
    if theirs is Comparator.EQUAL:
        if mine in (Comparator.AT_MOST, Comparator.AT_LEAST) or is_beyond(claim, evidence):
            return True
        return soft or bool(evidence.hedge)
    if mine is Comparator.EQUAL:
        if claim.hedge is Hedge.JUST_OVER:
            return theirs.is_lower
        if claim.hedge is Hedge.NEARLY:
            return theirs.is_upper
        return soft or claim.hedge is Hedge.ABOUT
    return mine.is_upper == theirs.is_upper


def _is_fall(claim: Quantity, evidence: Quantity) -> bool:
    """Whether one side writes as a negative number what the other calls a fall ("fell by 4 kg", "change -4 kg")."""
    return claim.value * evidence.value < 0 and claim.kind in _SIGNED


def opposed(claim: Quantity, evidence: Quantity) -> bool:
    """Whether the one rose and the other fell."""
    one, two = direction_told(claim), direction_told(evidence)
    if claim.kind in (Kind.EFFECT, Kind.INTERVAL):
        return claim.value * evidence.value < 0 and abs(claim.value + evidence.value) <= rounding(claim)
    return bool(one and two and one is not two)


def direction_told(quantity: Quantity) -> Direction:
    """Which way a quantity went: by its sign, or by what is said of it."""
    if quantity.value < 0 and quantity.kind in _SIGNED:
        return Direction.DOWN
    return quantity.direction


def ranges(claim: Quantity, evidence: Quantity) -> Agreement:
    """Whether two ranges, or a range and a number, say the same."""
    if claim.high is not None and evidence.high is not None:
        low = replace(claim, high=None), replace(evidence, high=None)
        high = (_upper(claim, claim.high), _upper(evidence, evidence.high))
        verdicts = [numbers(*low), numbers(*high)]
        if all(verdict.agrees for verdict in verdicts):
            return SAME if all(verdict is SAME for verdict in verdicts) else DERIVED
        worst = max(verdicts, key=lambda verdict: verdict.distance)
        return Agreement(Verdict.DIFFERENT, worst.difference or Difference.NUMBER, worst.distance)
    if claim.high is not None:
        slack = tolerance(claim, evidence)
        narrow = claim.value > 0 and claim.high / claim.value <= BEYOND
        if narrow and claim.value - slack <= evidence.value <= claim.high + slack:
            return DERIVED
        return different(claim, evidence, Difference.NUMBER)
    assert evidence.high is not None
    single = replace(evidence, high=None)
    top = replace(single, value=evidence.high)
    if claim.comparator.is_upper and numbers(replace(claim, comparator=Comparator.AT_MOST), top).agrees:
        return DERIVED  # "less than a fifth" of "15 to 20 %" too
    below_top = claim.value < evidence.high <= BEYOND * claim.value
    if claim.comparator.is_lower and (below_top or numbers(claim, single).agrees):
        return DERIVED  # "more than seven years" of "2 to 89 months"
    if claim.hedge and evidence.value <= claim.value <= evidence.high and evidence.high <= BEYOND * evidence.value:
        return DERIVED
    if claim.kind is Kind.DURATION and evidence.value <= claim.value <= evidence.high <= _NARROW * evidence.value:
        return DERIVED  # "half a year" of "24 to 28 weeks"
    hedged = claim.hedge or claim.form is not Form.NUMERAL
    if hedged and evidence.high <= _NARROW * evidence.value and (close(claim, single) or close(claim, top)):
        return DERIVED  # "about a month" of "31 to 34 days"
    at_end = close(claim, single) or close(claim, top)
    return different(claim, evidence, Difference.COMPARATOR if at_end else Difference.NUMBER)


def _upper(range_: Quantity, high: Fraction) -> Quantity:
    """The upper end of a range; how it was written is not known."""
    return replace(range_, high=None, value=high, written=high)


def close(claim: Quantity, evidence: Quantity) -> bool:
    """Whether two numbers lie within their tolerance."""
    return abs(claim.value - evidence.value) <= tolerance(claim, evidence)


def different(claim: Quantity, evidence: Quantity, reason: Difference) -> Agreement:
    """The verdict on two comparable quantities that part at `reason`."""
    return Agreement(Verdict.DIFFERENT, reason, distance(claim.value, evidence.value))


def distance(one: Fraction, two: Fraction) -> float:
    """How far two numbers lie apart as a ratio: 0 for equal, 1 for the double."""
    low, high = sorted((abs(one), abs(two)))
    if one * two < 0:
        return 2.0
    return float(high / low - 1) if low else (0.0 if not high else 9.0)
