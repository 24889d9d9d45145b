"""Whether a quantity of the evidence carries a quantity of a claim. The tolerances stand here and nowhere else.

Rounding: two numerals agree where they differ by no more than half a unit of the last place of the coarser one
("19 %" and "19.1 %"); for doses and durations no more than 5 % of the value, for effect measures 10 %. Counts
are exact.

Forms: "1 in 5" allows 10 % of its value either way, but never more than half a step of its denominator or five
percentage points (18 to 22 %); "half", "a third" allow 5 % of their value (47.5 to 52.5 %); "10 of 12" and
"12 per 1000" are exact and meet a percentage by that one's rounding.

Hedges of the claim: "about" allows 5 %, or half a unit of the last non-zero digit up to 10 %; "nearly" allows the 10 %
below, "just over" the 10 % above; "more than" and "less than" allow what truly lies beyond, up to half as much
again. A hedge of the evidence allows no more than rounding does.

Bounds: p < 0.04 is not p = 0.04; a claim that states plainly what the evidence only bounds differs by its
comparator, except durations ("up to 7 days" and "one week"). Months and years meet weeks and days within 9 %.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.context import RATIOS
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

_ROUNDING_CAP = {Kind.MEASURE: Fraction(1, 20), Kind.DURATION: Fraction(1, 20), Kind.EFFECT: Fraction(1, 10),
                 Kind.FREQUENCY: Fraction(1, 20), Kind.AGE: Fraction(1, 20), Kind.MULTIPLE: Fraction(1, 5),
                 Kind.INTERVAL: Fraction(1, 10)}  # fmt: skip
_CALENDAR_SLACK = Fraction(9, 100)
_A_MONTH = 25
"""Days from which on a duration may have been rounded to months."""
_BEYOND = Fraction(3, 2)


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
    return _numbers(claim, evidence)


def _units(claim: Quantity, evidence: Quantity) -> Agreement:
    """Doses in different units: "20 mg" may leave out "a day"; "20 mg" is never "20 mg/kg"."""
    short, long = sorted((claim, evidence), key=lambda quantity: len(quantity.unit))
    if long.unit == f"{short.unit}/d" and short.unit:
        per_day = replace(claim, unit=evidence.unit)
        verdict = _numbers(per_day, evidence)
        return _DERIVED if verdict.agrees else verdict
    if claim.written == evidence.written:
        return _different(claim, evidence, Difference.UNIT)
    return _APART


def _numbers(claim: Quantity, evidence: Quantity) -> Agreement:
    if claim.is_range or evidence.is_range:
        return _ranges(claim, evidence)
    if _opposed(claim, evidence):
        return _different(claim, evidence, Difference.DIRECTION)
    gap = (
        abs(abs(claim.value) - abs(evidence.value)) if _is_fall(claim, evidence) else abs(claim.value - evidence.value)
    )
    if gap > _tolerance(claim, evidence) and not _is_beyond(claim, evidence):
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


def _tolerance(claim: Quantity, evidence: Quantity) -> Fraction:
    rounding = max(_rounding(claim), _rounding(evidence), _calendar(claim, evidence))
    return max(rounding, _form(claim), _form(evidence), _hedge(claim, evidence))


def _rounding(quantity: Quantity) -> Fraction:
    cap = _ROUNDING_CAP.get(quantity.kind)
    precision = quantity.precision
    return precision if cap is None else min(precision, abs(quantity.value) * cap)


def _form(quantity: Quantity) -> Fraction:
    value = abs(quantity.value)
    if quantity.kind is not Kind.SHARE:
        return Fraction(0)
    if quantity.form is Form.FRACTION:
        return value / 20
    if quantity.form is Form.ONE_IN and quantity.denominator:
        return min(value / 10, 1 / (2 * quantity.denominator), Fraction(1, 20))
    return Fraction(0)


def _hedge(claim: Quantity, evidence: Quantity) -> Fraction:
    value = abs(claim.value)
    if claim.hedge is Hedge.ABOUT:
        return max(value / 20, min(value / 10, _last_place(claim)))
    if claim.hedge is Hedge.NEARLY and evidence.value <= claim.value:
        return value / 10
    if claim.hedge is Hedge.JUST_OVER and evidence.value >= claim.value:
        return value / 10
    return Fraction(0)


def _last_place(quantity: Quantity) -> Fraction:
    """Half a unit of the last digit that is not zero: 5 for 80, 500 for 2000; a tenth for what is no numeral."""
    written = abs(quantity.written)
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
    if claim.kind not in (Kind.DURATION, Kind.AGE):
        return Fraction(0)
    if claim.value * evidence.written == evidence.value * claim.written:
        return Fraction(0)  # one and the same unit
    return abs(claim.value) * (_CALENDAR_SLACK if max(claim.value, evidence.value) >= _A_MONTH else Fraction(1, 50))


def _is_beyond(claim: Quantity, evidence: Quantity) -> bool:
    """Whether an open claim ("more than 200") truly holds of the evidence's plain number."""
    low, high = sorted((abs(claim.value), abs(evidence.value)))
    if claim.kind in (Kind.EFFECT, Kind.INTERVAL) or not low or high / low > _BEYOND:
        return False
    if claim.comparator.is_lower:
        return evidence.value > claim.value and not evidence.comparator.is_upper
    if claim.comparator.is_upper and claim.comparator is Comparator.LESS:
        return evidence.value < claim.value and not evidence.comparator.is_lower
    return False


def _bounds_agree(claim: Quantity, evidence: Quantity) -> bool:
    mine, theirs = claim.comparator, evidence.comparator
    if mine is theirs:
        return True
    soft = claim.kind in (Kind.DURATION, Kind.AGE)
    if theirs is Comparator.EQUAL:
        if mine in (Comparator.AT_MOST, Comparator.AT_LEAST) or _is_beyond(claim, evidence):
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
        return claim.value * evidence.value < 0 and abs(claim.value + evidence.value) <= _rounding(claim)
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
        slack = _tolerance(claim, evidence)
        narrow = claim.value > 0 and claim.high / claim.value <= _BEYOND
        if narrow and claim.value - slack <= evidence.value <= claim.high + slack:
            return _DERIVED
        return _different(claim, evidence, Difference.NUMBER)
    assert evidence.high is not None
    single = replace(evidence, high=None)
    top = replace(single, value=evidence.high)
    if claim.comparator.is_upper and _numbers(claim, top).agrees:
        return _DERIVED
    if claim.comparator.is_lower and _numbers(claim, single).agrees:
        return _DERIVED
    if claim.hedge and evidence.value <= claim.value <= evidence.high and evidence.high <= _BEYOND * evidence.value:
        return _DERIVED
    at_end = _close(claim, single) or _close(claim, top)
    return _different(claim, evidence, Difference.COMPARATOR if at_end else Difference.NUMBER)


def _close(claim: Quantity, evidence: Quantity) -> bool:
    return abs(claim.value - evidence.value) <= _tolerance(claim, evidence)


def _across_kinds(claim: Quantity, evidence: Quantity) -> Agreement:
    kinds = {claim.kind, evidence.kind}
    if kinds == {Kind.COUNT, Kind.SHARE}:
        return _count_and_share(claim, evidence)
    if kinds == {Kind.SHARE, Kind.POINTS}:
        return _different(claim, evidence, Difference.UNIT) if _numbers(claim, evidence).agrees else _APART
    if kinds == {Kind.DURATION, Kind.AGE}:
        return _durations_and_ages(claim, evidence)
    if Kind.INTERVAL in kinds:
        return _ranges(claim, evidence) if claim.is_range and evidence.is_range else _APART
    if kinds == {Kind.MEASURE, Kind.EFFECT} and "MD" in (claim.measure, evidence.measure):
        return _points_and_difference(claim, evidence)
    mine, theirs = _as_multiple(claim), _as_multiple(evidence)
    if mine is not None and theirs is not None:
        return _multiples(claim, evidence, mine, theirs)
    if Kind.COUNT in kinds:
        return _bare(claim, evidence)
    return _APART


def _count_and_share(claim: Quantity, evidence: Quantity) -> Agreement:
    count, share = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if count.written.denominator != 1 and 0 < count.value < 1 and not count.counted and not count.is_range:
        return _DERIVED if _close(replace(claim, kind=Kind.SHARE), replace(evidence, kind=Kind.SHARE)) else _APART
    if claim is not count or share.form is not Form.RATIO or count.is_range:
        return _APART
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


def _points_and_difference(claim: Quantity, evidence: Quantity) -> Agreement:
    """A change in points against a mean difference: "dropped 3.2 points" and "mean difference -3.2"."""
    points, difference = (claim, evidence) if claim.kind is Kind.MEASURE else (evidence, claim)
    if points.unit != "point" or points.is_range or difference.is_range:
        return _APART
    if points.direction is Direction.UP and difference.value < 0:
        return _APART
    gap = abs(abs(points.value) - abs(difference.value))
    return _DERIVED if gap <= max(_rounding(points), _rounding(difference)) else _APART


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
    if abs(mine - theirs) <= slack:
        return _DERIVED
    if min(abs(1 / mine - theirs), abs(2 - mine - theirs)) <= slack and abs(mine - 1) > slack:
        return _different(claim, evidence, Difference.DIRECTION)
    if Kind.EFFECT in (claim.kind, evidence.kind):
        return _APART
    return Agreement(Verdict.DIFFERENT, Difference.NUMBER, _apart(mine, theirs))


def _multiple_slack(quantity: Quantity) -> Fraction:
    value = abs(quantity.value)
    if quantity.hedge:
        return value / 10
    if quantity.form in (Form.WORD, Form.FRACTION):
        return value / 20
    return min(quantity.precision, value / 10)


def _bare(claim: Quantity, evidence: Quantity) -> Agreement:
    """A number whose unit the reader could not see: it meets an equal one if it is no mere small integer."""
    bare, other = (claim, evidence) if claim.kind is Kind.COUNT else (evidence, claim)
    if bare.counted or bare.is_range or other.is_range:
        return _APART
    telling = bare.written.denominator != 1 or other.unit == "point" or other.measure in {"MD", "SMD", "SD"}
    if other.unit == "point" and bare.written.denominator != 1 and _close(claim, evidence):
        return _DERIVED  # "26 points" for "26.4"
    if telling and other.kind not in (Kind.P_VALUE, Kind.SHARE, Kind.INTERVAL) and bare.written == other.written:
        return _DERIVED
    return _APART


def _different(claim: Quantity, evidence: Quantity, reason: Difference) -> Agreement:
    return Agreement(Verdict.DIFFERENT, reason, _apart(claim.value, evidence.value))


def _apart(one: Fraction, two: Fraction) -> float:
    """How far two numbers lie apart as a ratio: 0 for equal, 1 for the double."""
    low, high = sorted((abs(one), abs(two)))
    if one * two < 0:
        return 2.0
    return float(high / low - 1) if low else (0.0 if not high else 9.0)
