"""Whether a quantity of the evidence carries a quantity of a claim; `tolerance` says how far numbers may lie apart.

Bounds: p < 0.04 is not p = 0.04; a claim that states plainly what the evidence only bounds differs by its
comparator, except durations ("up to 7 days" and "one week").
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.across import across_kinds
from kap_content.language.quantity.alike import APART, DERIVED, SAME, different, numbers
from kap_content.language.quantity.value import Agreement, Comparator, Difference, Direction, Form, Kind, Quantity


def agree(claim: Quantity, evidence: Quantity) -> Agreement:
    """Whether `evidence` carries `claim`: the same, the same in another form, different, or nothing to compare."""
    if claim.kind is evidence.kind:
        return _same_kind(claim, evidence)
    return across_kinds(claim, evidence)


def _same_kind(claim: Quantity, evidence: Quantity) -> Agreement:
    kind = claim.kind
    if kind is Kind.P_VALUE:
        return _p_values(claim, evidence)
    if kind is Kind.COUNT and claim.counted and evidence.counted and claim.counted != evidence.counted:
        return different(claim, evidence, Difference.MEASURE) if claim.value == evidence.value else APART
    if kind is Kind.COUNT and "SD" in (claim.measure, evidence.measure) and claim.measure != evidence.measure:
        return APART
    if kind is Kind.EFFECT and claim.measure != evidence.measure:
        verdict = numbers(claim, evidence)
        return different(claim, evidence, Difference.MEASURE) if verdict.agrees else APART
    if kind is Kind.SHARE:
        return _shares(claim, evidence)
    if kind is Kind.MEASURE and claim.unit != evidence.unit:
        return _units(claim, evidence)
    if kind is Kind.DURATION and claim.measure and evidence.measure and claim.measure != evidence.measure:
        return _times_a_period(claim, evidence)
    if kind is Kind.EFFECT and (claim.form is Form.FRACTION or "eviation" in claim.text or "SD" in claim.text):
        if claim.direction is (Direction.UP if evidence.value < 0 else Direction.DOWN):
            return different(claim, evidence, Difference.DIRECTION)
        claim, evidence = (replace(side, value=abs(side.value)) for side in (claim, evidence))
    return numbers(claim, evidence)


def _shares(claim: Quantity, evidence: Quantity) -> Agreement:
    """Shares of the same, or of what differs: per person-year or not, "a week" and "a month"."""
    verdict = numbers(claim, evidence)
    if claim.unit != evidence.unit:
        alike = claim.written == evidence.written or verdict.agrees
    elif claim.measure and evidence.measure and claim.measure != evidence.measure:
        alike = verdict.agrees
    else:
        return verdict
    return different(claim, evidence, Difference.UNIT) if alike else APART


def _units(claim: Quantity, evidence: Quantity) -> Agreement:
    """Doses in different units: "20 mg" may leave out "a day"; "20 mg" is never "20 mg/kg"."""
    if {claim.unit, evidence.unit} <= _DEGREES:
        return _temperatures(claim, evidence)
    short, long = sorted((claim, evidence), key=lambda quantity: len(quantity.unit))
    if long.unit == f"{short.unit}/d" and short.unit:
        per_day = replace(claim, unit=evidence.unit)
        verdict = numbers(per_day, evidence)
        return DERIVED if verdict.agrees else verdict
    if claim.written == evidence.written:
        return different(claim, evidence, Difference.UNIT)
    return APART


_DEGREES = {"°C", "°F", "degree"}
_PERIODS: dict[str, int | Fraction] = {
    "per day": 1, "per week": 7, "per month": Fraction(487, 16), "per year": Fraction(1461, 4),
}  # fmt: skip


def _times_a_period(claim: Quantity, evidence: Quantity) -> Agreement:
    """Times of a period, each as a part of it: "150 minutes a week" and "two hours a day"."""
    mine, theirs = claim.value / _PERIODS[claim.measure], evidence.value / _PERIODS[evidence.measure]
    if abs(mine - theirs) <= mine / 20:
        return DERIVED
    return different(claim, evidence, Difference.UNIT if claim.value == evidence.value else Difference.NUMBER)


def _temperatures(claim: Quantity, evidence: Quantity) -> Agreement:
    """Degrees with and without their scale; Fahrenheit is turned into Celsius."""
    if "degree" in (claim.unit, evidence.unit):
        scale = evidence.unit if claim.unit == "degree" else claim.unit
        return numbers(replace(claim, unit=scale), replace(evidence, unit=scale))
    sides = [
        replace(side, unit="°C", value=(side.value - 32) * 5 / 9, precision=side.precision * 5 / 9)
        if side.unit == "°F"
        else side
        for side in (claim, evidence)
    ]
    return numbers(sides[0], sides[1])


def _p_values(claim: Quantity, evidence: Quantity) -> Agreement:
    gap = abs(claim.value - evidence.value)
    if claim.comparator.is_upper:
        threshold = claim.value in (Fraction(1, 20), Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10))
        if evidence.comparator.is_upper and evidence.value <= claim.value and (gap == 0 or threshold):
            return SAME if gap == 0 else DERIVED
        if evidence.comparator is Comparator.EQUAL and evidence.value < claim.value and threshold:
            return DERIVED
    elif claim.comparator.is_lower:
        threshold = claim.value in (Fraction(1, 20), Fraction(1, 100), Fraction(1, 10))
        if evidence.comparator.is_lower and gap == 0:
            return SAME
        if evidence.comparator is Comparator.EQUAL and evidence.value > claim.value and threshold:
            return DERIVED
    elif evidence.comparator is Comparator.EQUAL and gap <= max(claim.precision, evidence.precision):
        return SAME if gap == 0 else DERIVED
    reason = Difference.COMPARATOR if gap == 0 else Difference.NUMBER
    return different(claim, evidence, reason)
