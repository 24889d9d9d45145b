"""Whether a quantity of the evidence carries a quantity of a claim; `tolerance` says how far numbers may lie apart.

Bounds: p < 0.04 is not p = 0.04; a claim that states plainly what the evidence only bounds differs by its
comparator, except durations ("up to 7 days" and "one week").
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.context import RATIOS
from kap_content.language.quantity.tolerance import BEYOND, is_beyond, rounding, tolerance
from kap_content.language.quantity.units import YEAR
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

_SAME = Agreement(Verdict.SAME)
_DERIVED = Agreement(Verdict.DERIVED)
_APART = Agreement(Verdict.INCOMPARABLE)

_NARROW = Fraction(5, 4)
_SCALE_ENDS = (Fraction(10), Fraction(100))
_TWO_DIGITS = 10
_TELLING = 100
"""Whole numbers from here on are hardly ever equal by chance."""


def agree(claim: Quantity, evidence: Quantity) -> Agreement:
    """Whether `evidence` carries `claim`: the same, the same in another form, different, or nothing to compare."""
    if claim.kind is evidence.kind:
        return _same_kind(claim, evidence)
    return _across_kinds(claim, evidence)


def _same_kind(claim: Quantity, evidence: Quantity) -> Agreement:
    kind = claim.kind
    if kind is Kind.P_VALUE:
        return _p_values(claim, evidence)
    if kind is Kind.COUNT and claim.counted and evidence.counted and claim.counted != evidence.counted:
        return _different(claim, evidence, Difference.MEASURE) if claim.value == evidence.value else _APART
    if kind is Kind.COUNT and "SD" in (claim.measure, evidence.measure) and claim.measure != evidence.measure:
        return _APART
    if kind is Kind.EFFECT and claim.measure != evidence.measure:
        verdict = _numbers(claim, evidence)
        return _different(claim, evidence, Difference.MEASURE) if verdict.agrees else _APART
    if kind is Kind.SHARE and claim.unit != evidence.unit:
        alike = claim.written == evidence.written or _numbers(claim, evidence).agrees
        return _different(claim, evidence, Difference.UNIT) if alike else _APART
    if kind is Kind.MEASURE and claim.unit != evidence.unit:
        return _units(claim, evidence)
    if kind is Kind.DURATION and claim.measure and evidence.measure and claim.measure != evidence.measure:
        return _times_a_period(claim, evidence)
    if kind is Kind.EFFECT and (claim.form is Form.FRACTION or "eviation" in claim.text):
        if claim.direction is (Direction.UP if evidence.value < 0 else Direction.DOWN):
            return _different(claim, evidence, Difference.DIRECTION)
        claim, evidence = (replace(side, value=abs(side.value)) for side in (claim, evidence))
    return _numbers(claim, evidence)


def _units(claim: Quantity, evidence: Quantity) -> Agreement:
    """Doses in different units: "20 mg" may leave out "a day"; "20 mg" is never "20 mg/kg"."""
    if {claim.unit, evidence.unit} <= _DEGREES:
        return _temperatures(claim, evidence)
    short, long = sorted((claim, evidence), key=lambda quantity: len(quantity.unit))
    if long.unit == f"{short.unit}/d" and short.unit:
        per_day = replace(claim, unit=evidence.unit)
        verdict = _numbers(per_day, evidence)
        return _DERIVED if verdict.agrees else verdict
    if claim.written == evidence.written:
        return _different(claim, evidence, Difference.UNIT)
    return _APART


_DEGREES = {"°C", "°F", "degree"}
_PERIODS: dict[str, int | Fraction] = {"per day": 1, "per week": 7, "per month": Fraction(487, 16)}


def _times_a_period(claim: Quantity, evidence: Quantity) -> Agreement:
    """Times of a period, each as a part of it: "150 minutes a week" and "two hours a day"."""
    mine, theirs = claim.value / _PERIODS[claim.measure], evidence.value / _PERIODS[evidence.measure]
    if abs(mine - theirs) <= mine / 20:
        return _DERIVED
    return _different(claim, evidence, Difference.UNIT if claim.value == evidence.value else Difference.NUMBER)


def _temperatures(claim: Quantity, evidence: Quantity) -> Agreement:
    """Degrees with and without their scale; Fahrenheit is turned into Celsius."""
    if "degree" in (claim.unit, evidence.unit):
        scale = evidence.unit if claim.unit == "degree" else claim.unit
        return _numbers(replace(claim, unit=scale), replace(evidence, unit=scale))
    sides = [
        replace(side, unit="°C", value=(side.value - 32) * 5 / 9, precision=side.precision * 5 / 9)
        if side.unit == "°F"
        else side
        for side in (claim, evidence)
    ]
    return _numbers(sides[0], sides[1])


def _numbers(claim: Quantity, evidence: Quantity) -> Agreement:
    if claim.is_range or evidence.is_range:
        return _ranges(claim, evidence)
    if _opposed(claim, evidence):
        return _different(claim, evidence, Difference.DIRECTION)
    gap = (
        abs(abs(claim.value) - abs(evidence.value)) if _is_fall(claim, evidence) else abs(claim.value - evidence.value)
    )
    if gap > tolerance(claim, evidence) and not is_beyond(claim, evidence):
        return _different(claim, evidence, _number_or_unit(claim, evidence))
    if not _bounds_agree(claim, evidence):
        return _different(claim, evidence, Difference.COMPARATOR)
    if claim.change != evidence.change and claim.direction and evidence.direction and claim.kind is Kind.SHARE:
        return _different(claim, evidence, Difference.DIRECTION)
    plainly = gap == 0 and claim.form is evidence.form and claim.comparator is evidence.comparator
    return _SAME if plainly else _DERIVED


def _number_or_unit(claim: Quantity, evidence: Quantity) -> Difference:
    """A written "20" on both sides with another size of unit is a slip of the unit."""
    if claim.kind in (Kind.MEASURE, Kind.DURATION, Kind.FREQUENCY) and claim.written == evidence.written:
        return Difference.UNIT
    return Difference.NUMBER


def _bounds_agree(claim: Quantity, evidence: Quantity) -> bool:
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
    return claim.value * evidence.value < 0 and claim.kind in (Kind.SHARE, Kind.POINTS, Kind.MEASURE, Kind.COUNT)


def _opposed(claim: Quantity, evidence: Quantity) -> bool:
    one, two = _direction(claim), _direction(evidence)
    if claim.kind in (Kind.EFFECT, Kind.INTERVAL):
        return claim.value * evidence.value < 0 and abs(claim.value + evidence.value) <= rounding(claim)
    return bool(one and two and one is not two)


def _direction(quantity: Quantity) -> Direction:
    if quantity.value < 0 and quantity.kind in (Kind.SHARE, Kind.POINTS, Kind.MEASURE, Kind.COUNT):
        return Direction.DOWN
    return quantity.direction


def _p_values(claim: Quantity, evidence: Quantity) -> Agreement:
    gap = abs(claim.value - evidence.value)
    if claim.comparator.is_upper:
        threshold = claim.value in (Fraction(1, 20), Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10))
        if evidence.comparator.is_upper and evidence.value <= claim.value and (gap == 0 or threshold):
            return _SAME if gap == 0 else _DERIVED
        if evidence.comparator is Comparator.EQUAL and evidence.value < claim.value and threshold:
            return _DERIVED
    elif claim.comparator.is_lower:
        threshold = claim.value in (Fraction(1, 20), Fraction(1, 100), Fraction(1, 10))
        if evidence.comparator.is_lower and gap == 0:
            return _SAME
        if evidence.comparator is Comparator.EQUAL and evidence.value > claim.value and threshold:
            return _DERIVED
    elif evidence.comparator is Comparator.EQUAL and gap <= max(claim.precision, evidence.precision):
        return _SAME if gap == 0 else _DERIVED
    reason = Difference.COMPARATOR if gap == 0 else Difference.NUMBER
    return _different(claim, evidence, reason)


def _ranges(claim: Quantity, evidence: Quantity) -> Agreement:
    if claim.high is not None and evidence.high is not None:
        low = replace(claim, high=None), replace(evidence, high=None)
        high = replace(claim, high=None, value=claim.high), replace(evidence, high=None, value=evidence.high)
        verdicts = [_numbers(*low), _numbers(*high)]
        if all(verdict.agrees for verdict in verdicts):
            return _SAME if all(verdict is _SAME for verdict in verdicts) else _DERIVED
        worst = max(verdicts, key=lambda verdict: verdict.distance)
        return Agreement(Verdict.DIFFERENT, worst.difference or Difference.NUMBER, worst.distance)
    if claim.high is not None:
        slack = tolerance(claim, evidence)
        narrow = claim.value > 0 and claim.high / claim.value <= BEYOND
        if narrow and claim.value - slack <= evidence.value <= claim.high + slack:
            return _DERIVED
        return _different(claim, evidence, Difference.NUMBER)
    assert evidence.high is not None
    single = replace(evidence, high=None)
    top = replace(single, value=evidence.high)
    if claim.comparator.is_upper and _numbers(claim, top).agrees:
        return _DERIVED
    below_top = claim.value < evidence.high <= BEYOND * claim.value
    if claim.comparator.is_lower and (below_top or _numbers(claim, single).agrees):
        return _DERIVED  # "more than seven years" of "2 to 89 months"
    if claim.hedge and evidence.value <= claim.value <= evidence.high and evidence.high <= BEYOND * evidence.value:
        return _DERIVED
    if claim.kind is Kind.DURATION and evidence.value <= claim.value <= evidence.high <= _NARROW * evidence.value:
        return _DERIVED  # "half a year" of "24 to 28 weeks"
    at_end = _close(claim, single) or _close(claim, top)
    return _different(claim, evidence, Difference.COMPARATOR if at_end else Difference.NUMBER)


def _close(claim: Quantity, evidence: Quantity) -> bool:
    return abs(claim.value - evidence.value) <= tolerance(claim, evidence)


def _across_kinds(claim: Quantity, evidence: Quantity) -> Agreement:
    kinds = {claim.kind, evidence.kind}
    if kinds == {Kind.COUNT, Kind.SHARE}:
        return _count_and_share(claim, evidence)
    if kinds == {Kind.SHARE, Kind.POINTS}:
        return _different(claim, evidence, Difference.UNIT) if _numbers(claim, evidence).agrees else _APART
    if kinds == {Kind.MEASURE, Kind.POINTS} and "point" in (claim.unit, evidence.unit):
        return _points_in_words(claim, evidence)
    if kinds == {Kind.DURATION, Kind.AGE}:
        return _durations_and_ages(claim, evidence)
    if Kind.INTERVAL in kinds:
        if not (claim.is_range and evidence.is_range):
            return _APART
        return _ranges(_as_written(claim), _as_written(evidence))
    if kinds == {Kind.MEASURE, Kind.EFFECT} and "MD" in (claim.measure, evidence.measure):
        return _points_and_difference(claim, evidence)
    mine, theirs = _as_multiple(claim), _as_multiple(evidence)
    if mine is not None and theirs is not None:
        return _multiples(claim, evidence, mine, theirs)
    if Kind.COUNT in kinds:
        return _bare(claim, evidence)
    return _APART


def _as_written(range_: Quantity) -> Quantity:
    """A range of shares with the ends of its percentages, as intervals have them."""
    if range_.kind is not Kind.SHARE or range_.high is None:
        return range_
    return replace(range_, value=range_.value * 100, high=range_.high * 100, precision=range_.precision * 100)


def _count_and_share(claim: Quantity, evidence: Quantity) -> Agreement:
    count, share = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if count.written.denominator != 1 and 0 < count.value < 1 and not count.counted and not count.is_range:
        return _DERIVED if _close(replace(claim, kind=Kind.SHARE), replace(evidence, kind=Kind.SHARE)) else _APART
    if share.form is not Form.RATIO or count.is_range:
        return _APART
    if claim is not count:
        is_score = share.denominator in _SCALE_ENDS and not count.counted
        return _DERIVED if is_score and _close(replace(share, kind=Kind.COUNT, value=share.written), count) else _APART
    if count.value in (share.numerator, share.denominator) and count.comparator is Comparator.EQUAL:
        return _APART if count.counted and share.counted and count.counted != share.counted else _DERIVED
    whole = replace(share, kind=Kind.COUNT, value=share.denominator or Fraction(0), precision=Fraction(0))
    return _DERIVED if count.hedge and _numbers(count, whole).agrees else _APART


def _durations_and_ages(claim: Quantity, evidence: Quantity) -> Agreement:
    """Numbers such as "67 years" where the context did not say whether it is an age."""

    def years(quantity: Quantity) -> Quantity:
        if quantity.kind is Kind.AGE:
            return quantity
        high = quantity.high / YEAR if quantity.high is not None else None
        return replace(
            quantity, kind=Kind.AGE, value=quantity.value / YEAR, high=high, precision=quantity.precision / YEAR
        )

    return _DERIVED if _numbers(years(claim), years(evidence)).agrees else _APART


def _points_in_words(claim: Quantity, evidence: Quantity) -> Agreement:
    """Percentage points that one side just calls points: "from 8.4 % to 7.2 %, a fall of 1.2 points"."""
    share, points = (claim, evidence) if claim.kind is Kind.POINTS else (evidence, claim)
    if share.is_range or points.is_range or _opposed(claim, evidence):
        return _APART
    gap = abs(abs(share.value) * 100 - abs(points.value))
    return _DERIVED if gap <= max(share.precision * 100, points.precision) else _APART


def _points_and_difference(claim: Quantity, evidence: Quantity) -> Agreement:
    """A change in points against a mean difference: "dropped 3.2 points" and "mean difference -3.2"."""
    points, difference = (claim, evidence) if claim.kind is Kind.MEASURE else (evidence, claim)
    if points.unit != "point" or points.is_range or difference.is_range:
        return _APART
    if points.direction is Direction.UP and difference.value < 0:
        return _APART
    gap = abs(abs(points.value) - abs(difference.value))
    return _DERIVED if gap <= max(rounding(points), rounding(difference)) else _APART


def _as_multiple(quantity: Quantity) -> Fraction | None:
    """A change as the factor it multiplies by: "-25 %" is 0.75, "doubled" is 2, "RR 0.75" is 0.75."""
    if quantity.is_range:
        return None
    if quantity.kind is Kind.MULTIPLE:
        return quantity.value
    if quantity.kind is Kind.EFFECT and quantity.measure in RATIOS:
        return quantity.value
    if quantity.kind is Kind.SHARE:
        direction = _direction(quantity)
        if direction is Direction.UP and quantity.change:
            return 1 + abs(quantity.value)
        if direction is Direction.DOWN and quantity.change:
            return 1 - abs(quantity.value)
        if quantity.form is Form.FRACTION:
            return quantity.value
    return None


def _multiples(claim: Quantity, evidence: Quantity, mine: Fraction, theirs: Fraction) -> Agreement:
    if mine <= 0 or theirs <= 0:
        return _APART
    slack = max(_multiple_slack(claim), _multiple_slack(evidence))
    if abs(mine - theirs) <= slack or _is_further(claim, mine, theirs):
        return _DERIVED
    if min(abs(1 / mine - theirs), abs(2 - mine - theirs)) <= slack and abs(mine - 1) > slack:
        return _different(claim, evidence, Difference.DIRECTION)
    if Kind.EFFECT in (claim.kind, evidence.kind):
        return _APART
    return Agreement(Verdict.DIFFERENT, Difference.NUMBER, _apart(mine, theirs))


def _is_further(claim: Quantity, mine: Fraction, theirs: Fraction) -> bool:
    """Whether an open claim ("more than tripled", "cut by more than a fifth") truly holds of a plain factor."""
    if not (claim.comparator.is_lower or claim.comparator is Comparator.LESS) or mine == 1:
        return False
    mine, theirs = (mine - 1, theirs - 1) if claim.kind is Kind.SHARE else (mine, theirs)
    if mine * theirs <= 0:
        return False
    ratio = abs(theirs / mine) if claim.kind is Kind.SHARE or mine > 1 else mine / theirs
    return 1 < ratio <= BEYOND if claim.comparator.is_lower else 1 / BEYOND <= ratio < 1


def _multiple_slack(quantity: Quantity) -> Fraction:
    value = abs(quantity.value)
    if quantity.hedge:
        return value / 10
    if quantity.form in (Form.WORD, Form.FRACTION):
        return value / (10 if quantity.kind is Kind.MULTIPLE else 20)
    return min(quantity.precision, value / 10)


def _bare(claim: Quantity, evidence: Quantity) -> Agreement:
    """A number whose unit the reader could not see: it meets an equal one if it is no mere small integer."""
    bare, other = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if other.kind is Kind.FREQUENCY and bare.written == other.written >= _TELLING and not bare.is_range:
        return _DERIVED  # "2000 steps daily" and "2000 per day"
    if bare.is_range and other.is_range and not bare.counted:
        return _bare_ranges(bare, other)
    if bare.counted or bare.is_range or other.is_range:
        return _APART
    if other.unit == "point" and claim.change and _opposed(claim, evidence):
        return _different(claim, evidence, Difference.DIRECTION)
    telling = bare.written.denominator != 1 or other.unit == "point" or other.measure in {"MD", "SMD", "SD"}
    opposed = (bare.comparator.is_lower and other.comparator.is_upper) or (
        bare.comparator.is_upper and other.comparator.is_lower
    )
    is_age = other.kind is Kind.AGE and bare.written >= _TWO_DIGITS and not opposed
    telling = telling or bare.written >= _TELLING or is_age
    if other.unit == "point" and bare.written.denominator != 1:
        one, two = replace(claim, value=abs(claim.value)), replace(evidence, value=abs(evidence.value))
        if _close(one, two) and not _opposed(claim, evidence):
            return _DERIVED  # "26 points" for "26.4"
    if telling and other.kind not in (Kind.P_VALUE, Kind.SHARE, Kind.INTERVAL) and bare.written == other.written:
        return _DERIVED
    return _APART


def _bare_ranges(bare: Quantity, other: Quantity) -> Agreement:
    """A range whose unit the reader could not see: "people of 35 to 75" and "aged 35-75"."""
    factor = other.value / other.written if other.written else Fraction(1)
    same = bare.written == other.written and bare.high == (other.high or 0) / factor
    return _DERIVED if same and bare.written >= _TWO_DIGITS else _APART


def _different(claim: Quantity, evidence: Quantity, reason: Difference) -> Agreement:
    return Agreement(Verdict.DIFFERENT, reason, _apart(claim.value, evidence.value))


def _apart(one: Fraction, two: Fraction) -> float:
    """How far two numbers lie apart as a ratio: 0 for equal, 1 for the double."""
    low, high = sorted((abs(one), abs(two)))
    if one * two < 0:
        return 2.0
    return float(high / low - 1) if low else (0.0 if not high else 9.0)
