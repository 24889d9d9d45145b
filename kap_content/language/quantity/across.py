"""Two quantities of different kinds that may still say the same: "10 of 12" and 83 %, RR 0.75 and a quarter less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.alike import (
    APART,
    DERIVED,
    bounds_agree,
    close,
    different,
    direction_told,
    distance,
    numbers,
    opposed,
    ranges,
)
from kap_content.language.quantity.context import RATIOS
from kap_content.language.quantity.tolerance import BEYOND, rounding, tolerance
from kap_content.language.quantity.units import YEAR, time_unit
from kap_content.language.quantity.value import (
    Agreement,
    Comparator,
    Difference,
    Direction,
    Form,
    Kind,
    Quantity,
    Verdict,
)

_WITH_UNITS = frozenset({Kind.DURATION, Kind.AGE, Kind.MEASURE, Kind.FREQUENCY})
"""Kinds whose ranges no bare interval contradicts: it is one of something else."""
_SCALE_ENDS = (Fraction(10), Fraction(100))
_TWO_DIGITS = 10
_A_FORTNIGHT = 14
_HUNDREDTH = Fraction(1, 100)
_TELLING = 100
"""Whole numbers from here on are hardly ever equal by chance."""


def across_kinds(claim: Quantity, evidence: Quantity) -> Agreement:
    """Whether a quantity carries one of another kind: a count a share, a ratio a percentage, a time an age."""
    kinds = frozenset({claim.kind, evidence.kind})
    if kinds in _OF_TWO_KINDS:
        return _OF_TWO_KINDS[kinds](claim, evidence)
    if kinds == {Kind.MEASURE, Kind.POINTS} and "point" in (claim.unit, evidence.unit):
        return _points_in_words(claim, evidence)
    if Kind.INTERVAL in kinds:
        if not (claim.is_range and evidence.is_range):
            return APART
        verdict = ranges(_as_written(claim), _as_written(evidence))
        return APART if kinds & _WITH_UNITS and not verdict.agrees else verdict
    if kinds == {Kind.MEASURE, Kind.EFFECT} and "MD" in (claim.measure, evidence.measure):
        return _points_and_difference(claim, evidence)
    if kinds == {Kind.DURATION, Kind.EFFECT} and "MD" in (claim.measure, evidence.measure):
        return _time_and_difference(claim, evidence)
    if kinds == {Kind.MEASURE, Kind.EFFECT} and "point" in (claim.unit, evidence.unit):
        telling = not (claim.is_range or evidence.is_range) and claim.written.denominator != 1
        return DERIVED if telling and abs(claim.written) == abs(evidence.written) else APART
    mine, theirs = as_multiple(claim), as_multiple(evidence)
    if mine is not None and theirs is not None:
        return _multiples(claim, evidence, mine, theirs)
    if Kind.COUNT in kinds:
        return _bare(claim, evidence)
    return APART


def _as_written(range_: Quantity) -> Quantity:
    """A range of shares with the ends of its percentages, as intervals have them."""
    if range_.kind is not Kind.SHARE or range_.high is None:
        return range_
    return replace(range_, value=range_.value * 100, high=range_.high * 100, precision=range_.precision * 100)


def _count_and_share(claim: Quantity, evidence: Quantity) -> Agreement:
    count, share = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if count.written.denominator != 1 and 0 < count.value < 1 and not count.counted and not count.is_range:
        sides = replace(claim, kind=Kind.SHARE), replace(evidence, kind=Kind.SHARE)
        if close(*sides):
            return DERIVED
        is_rate = count is evidence and count.precision <= _HUNDREDTH and not count.measure
        return different(*sides, Difference.NUMBER) if is_rate else APART  # "sensitivity 0.947"
    if share.form is not Form.RATIO or count.is_range:
        return APART
    if claim is not count:
        is_score = share.denominator in _SCALE_ENDS and not count.counted
        return DERIVED if is_score and close(replace(share, kind=Kind.COUNT, value=share.written), count) else APART
    if count.value in (share.numerator, share.denominator) and count.comparator in (Comparator.EQUAL, share.comparator):
        return APART if count.counted and share.counted and count.counted != share.counted else DERIVED
    whole = replace(share, kind=Kind.COUNT, value=share.denominator or Fraction(0), precision=Fraction(0))
    return DERIVED if count.hedge and numbers(count, whole).agrees else APART


def _shares_and_points(claim: Quantity, evidence: Quantity) -> Agreement:
    """Per cent is not percentage points, unless an absolute change in per cent is meant on both sides."""
    share, points = (claim, evidence) if claim.kind is Kind.SHARE else (evidence, claim)
    is_stated = "point" not in points.text and " and " not in points.text  # and not what two shares lie apart
    if share.change and is_stated and numbers(claim, evidence).agrees:
        return DERIVED  # "29 % fewer" of "an absolute risk difference of 29 %"
    verdict = numbers(claim, evidence)
    if verdict.difference is Difference.DIRECTION:
        return verdict
    return different(claim, evidence, Difference.UNIT) if verdict.agrees else APART


def _durations_and_ages(claim: Quantity, evidence: Quantity) -> Agreement:
    """Numbers such as "67 years" where the context did not say whether it is an age."""

    def years(quantity: Quantity) -> Quantity:
        if quantity.kind is Kind.AGE:
            return quantity
        high = quantity.high / YEAR if quantity.high is not None else None
        return replace(
            quantity, kind=Kind.AGE, value=quantity.value / YEAR, high=high, precision=quantity.precision / YEAR
        )

    return DERIVED if numbers(years(claim), years(evidence)).agrees else APART


def _intervals_of_time(claim: Quantity, evidence: Quantity) -> Agreement:
    """How often against how far apart: "every three months" and "at 3-month intervals"."""
    often, apart = (claim, evidence) if claim.kind is Kind.FREQUENCY else (evidence, claim)
    if often.is_range or apart.is_range or not often.value or 1 / often.value < _A_FORTNIGHT:
        return APART
    return DERIVED if abs(1 / often.value - apart.value) <= apart.value / 20 else APART


def _points_in_words(claim: Quantity, evidence: Quantity) -> Agreement:
    """Percentage points that one side just calls points: "from 8.4 % to 7.2 %, a fall of 1.2 points"."""
    share, points = (claim, evidence) if claim.kind is Kind.POINTS else (evidence, claim)
    gap = abs(abs(share.value) * 100 - abs(points.value))
    if share.is_range or points.is_range or gap > max(share.precision * 100, points.precision):
        return APART
    return Agreement(Verdict.DIFFERENT, Difference.DIRECTION) if opposed(claim, evidence) else DERIVED


def _points_and_difference(claim: Quantity, evidence: Quantity) -> Agreement:
    """A change in points against a mean difference: "dropped 3.2 points" and "mean difference -3.2"."""
    points, difference = (claim, evidence) if claim.kind is Kind.MEASURE else (evidence, claim)
    if points.unit != "point" or points.is_range or difference.is_range:
        return APART
    gap = abs(abs(points.value) - abs(difference.value))
    if gap > max(rounding(points), rounding(difference)):
        return different(claim, evidence, Difference.NUMBER) if points.change else APART
    is_turned = points.direction is Direction.UP and difference.value < 0
    return different(claim, evidence, Difference.DIRECTION) if is_turned else DERIVED


def _time_and_difference(claim: Quantity, evidence: Quantity) -> Agreement:
    """A time against a mean difference without its unit: "four weeks longer" and "mean difference 27.47"."""
    turned = Direction.UP if evidence.value < 0 else Direction.DOWN
    if claim.kind is not Kind.DURATION or claim.is_range or evidence.is_range or claim.direction is turned:
        return APART
    names = ("minute", "hour", "day", "week", "month", "year")
    sizes = [abs(evidence.value) * time_unit(name) for name in names]
    times = [replace(claim, value=size, precision=Fraction(0), direction=Direction.NONE) for size in sizes]
    return DERIVED if any(close(claim, time) for time in times) else APART


def as_multiple(quantity: Quantity) -> Fraction | None:
    """A change as the factor it multiplies by: "-25 %" is 0.75, "doubled" is 2, "RR 0.75" is 0.75."""
    if quantity.is_range:
        return None
    if quantity.kind is Kind.MULTIPLE:
        return quantity.value
    if quantity.kind is Kind.EFFECT and quantity.measure in RATIOS:
        return quantity.value
    if quantity.kind is Kind.SHARE:
        direction = direction_told(quantity)
        if direction is Direction.UP and quantity.change:
            return 1 + abs(quantity.value)
        if direction is Direction.DOWN and quantity.change:
            return 1 - abs(quantity.value)
        if quantity.form is Form.FRACTION and not quantity.counted:
            return quantity.value  # "a third of the risk", not "a third of the women"
    return None


def _multiples(claim: Quantity, evidence: Quantity, mine: Fraction, theirs: Fraction) -> Agreement:
    if mine <= 0 or theirs <= 0:
        return APART
    written = min(evidence.precision, theirs / 20)
    slack = max(_multiple_slack(claim) + written, _multiple_slack(evidence), claim.precision + evidence.precision)
    if abs(mine - theirs) <= slack or _is_further(claim, mine, theirs):
        return DERIVED
    is_turned = abs(1 / mine - theirs) <= slack * theirs / mine or abs(2 - mine - theirs) <= slack
    if is_turned and abs(mine - 1) > slack:
        return Agreement(Verdict.DIFFERENT, Difference.DIRECTION)
    if Kind.EFFECT in (claim.kind, evidence.kind) and not claim.change and claim.kind is not Kind.MULTIPLE:
        return APART
    return Agreement(Verdict.DIFFERENT, Difference.NUMBER, distance(mine, theirs))


def _is_further(claim: Quantity, mine: Fraction, theirs: Fraction) -> bool:
    """Whether an open claim ("more than tripled", "cut by more than a fifth") truly holds of a plain factor."""
    if not (claim.comparator.is_lower or claim.comparator is Comparator.LESS) or mine == 1:
        return False
    is_level = not claim.change and claim.comparator is Comparator.LESS  # "less than a quarter of the odds"
    by_change = claim.kind is Kind.SHARE and not is_level
    mine, theirs = (mine - 1, theirs - 1) if by_change else (mine, theirs)
    if mine * theirs <= 0:
        return False
    as_stated = claim.kind is Kind.SHARE or mine > 1 or claim.text == "half"  # "less than half as likely"
    ratio = abs(theirs / mine) if as_stated else mine / theirs
    return 1 < ratio <= BEYOND if claim.comparator.is_lower else 1 / BEYOND <= ratio < 1


def _multiple_slack(quantity: Quantity) -> Fraction:
    value = abs(quantity.value)
    if quantity.hedge:
        return value / 10
    if quantity.form is Form.FRACTION and quantity.kind is Kind.SHARE:
        return tolerance(quantity, quantity)
    if quantity.form in (Form.WORD, Form.FRACTION):
        return value / (10 if quantity.kind is Kind.MULTIPLE else 20)
    return min(quantity.precision, value / 10)


def _bare(claim: Quantity, evidence: Quantity) -> Agreement:
    """A number whose unit the reader could not see: it meets an equal one if it is no mere small integer."""
    bare, other = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if other.kind is Kind.FREQUENCY and bare.written == other.written >= _TELLING and not bare.is_range:
        return DERIVED  # "2000 steps daily" and "2000 per day"
    if bare.is_range and other.is_range and not bare.counted:
        return _bare_ranges(bare, other)
    if other.kind is Kind.FREQUENCY and bare.counted == "doses" and not other.is_range:
        return DERIVED if bare.value == other.written else APART  # "three doses" and "t.d.s."
    if bare.counted or bare.is_range or other.is_range:
        return APART
    if other.unit == "point" and claim.change and opposed(claim, evidence):
        return different(claim, evidence, Difference.DIRECTION)
    telling = bare.written.denominator != 1 or other.unit == "point" or other.measure in {"MD", "SMD", "SD"}
    turned = (bare.comparator.is_lower and other.comparator.is_upper) or (
        bare.comparator.is_upper and other.comparator.is_lower
    )
    is_age = other.kind is Kind.AGE and bare.written >= _TWO_DIGITS and not turned
    telling = telling or bare.written >= _TELLING or is_age
    if other.unit == "point" and bare.written.denominator != 1:
        one, two = replace(claim, value=abs(claim.value)), replace(evidence, value=abs(evidence.value))
        if close(one, two) and not opposed(claim, evidence):
            return DERIVED  # "26 points" for "26.4"
    is_mean = other.kind is Kind.AGE and min(bare.written, other.written) >= _TWO_DIGITS and not turned
    if is_mean and claim.written.denominator == 1 and abs(bare.written - other.written) <= Fraction(1, 2):
        return DERIVED  # "16 on average" of 16.4 years
    if telling and other.kind not in (Kind.P_VALUE, Kind.SHARE, Kind.INTERVAL) and _same_written(bare, other):
        return DERIVED if bounds_agree(claim, evidence) else different(claim, evidence, Difference.COMPARATOR)
    return APART


def _same_written(bare: Quantity, other: Quantity) -> bool:
    """Whether the same number is written, but for the rounding of statistics: "-93.2" and "β = -93.21"."""
    rounds = other.kind is Kind.EFFECT and bare.written.denominator != 1
    slack = max(bare.precision, other.precision) if rounds else Fraction(0)
    return abs(bare.written - other.written) <= slack


def _bare_ranges(bare: Quantity, other: Quantity) -> Agreement:
    """A range whose unit the reader could not see: "people of 35 to 75" and "aged 35-75"."""
    factor = other.value / other.written if other.written else Fraction(1)
    same = bare.written == other.written and bare.high == (other.high or 0) / factor
    return DERIVED if same and (bare.high or 0) >= _TWO_DIGITS else APART


_OF_TWO_KINDS: dict[frozenset[Kind], Callable[[Quantity, Quantity], Agreement]] = {
    frozenset({Kind.COUNT, Kind.SHARE}): _count_and_share,
    frozenset({Kind.SHARE, Kind.POINTS}): _shares_and_points,
    frozenset({Kind.DURATION, Kind.FREQUENCY}): _intervals_of_time,
    frozenset({Kind.DURATION, Kind.AGE}): _durations_and_ages,
}
