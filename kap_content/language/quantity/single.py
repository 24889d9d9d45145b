"""One number with what stands around it as a quantity: a measure, a time, an age, a statistic, a count."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity import patterns, special
from kap_content.language.quantity.context import bound_after, counted_at, direction_of
from kap_content.language.quantity.numbers import Atom
from kap_content.language.quantity.prose import Prose
from kap_content.language.quantity.units import YEAR
from kap_content.language.quantity.value import Comparator, Direction, Form, Hedge, Kind, Quantity

_OLDEST, _TEN = 120, 10
"""The oldest age, the last small number word."""
_FEW = 3
"""Bare number words up to this are hardly ever a claim's figure."""
BMI = 10**6
"""Kilograms per square metre in milligrams."""


def single(prose: Prose, index: int) -> Quantity:
    """The quantity of number `index`, with its tail or without one."""
    atom, tail = prose.atoms[index], prose.tails[index]
    if tail is None:
        return _plain(prose, atom)
    quantity = described(prose, atom, tail.kind, max(tail.end, atom.end))
    quantity = replace(
        quantity,
        value=atom.value * tail.factor,
        precision=atom.precision * tail.factor,
        unit=tail.unit if tail.kind is not Kind.SHARE else "",
        weak=False,
    )
    if tail.kind is Kind.EFFECT:
        return replace(quantity, unit="", measure=tail.unit)
    is_start = tail.kind is Kind.MEASURE and patterns.FROM_HERE.search(prose.text, 0, atom.start)
    if is_start and patterns.UNTIL.match(prose.text, quantity.end) is None:  # "From 100 mg a day all were taken"
        return replace(quantity, comparator=Comparator.AT_LEAST)
    is_absolute = patterns.ABSOLUTE.search(prose.text, max(0, atom.start - 40), atom.start) or quantity.measure == "MD"
    if tail.kind is Kind.SHARE and is_absolute:
        return replace(quantity, kind=Kind.POINTS, unit="%")
    if tail.word in {"pound", "pounds"} and patterns.ABOUT_MONEY.search(prose.text):
        return replace(quantity, unit="£", value=atom.value, precision=atom.precision)
    if tail.kind is Kind.SHARE and "%" in quantity.text:
        per = patterns.PER_PERIOD.match(prose.text, quantity.end)
        return replace(quantity, measure=f"per {patterns.period_of(per)}") if per else quantity
    if tail.kind is Kind.DURATION:
        return _duration(prose, quantity, atom)
    if tail.kind is Kind.MULTIPLE and quantity.direction is Direction.DOWN and atom.value > 1:
        return replace(quantity, value=1 / atom.value, precision=Fraction(0))
    return quantity


def _duration(prose: Prose, quantity: Quantity, atom: Atom) -> Quantity:
    text = prose.text
    bound = prose.bound(atom)
    if bound is not None and bound.word in {"over", "over the", "over a"}:
        quantity = replace(quantity, comparator=Comparator.EQUAL)
    start = bound.start if bound else atom.start
    before = text[max(0, start - 60) : start]
    if re.search(r"\bevery $", before):
        return replace(
            quantity, kind=Kind.FREQUENCY, value=1 / quantity.value if quantity.value else quantity.value, unit="/d"
        )
    if patterns.AGE_WORDS.search(quantity.text) or (
        patterns.AGE_BEFORE.search(text[max(0, atom.start - 60) : atom.start])
        and re.search(r"\b(?:years?|yrs?|y|months?)\b", quantity.text + text[atom.end : atom.end + 30])
    ):
        return replace(
            quantity, kind=Kind.AGE, value=quantity.value / YEAR, precision=quantity.precision / YEAR, unit="y"
        )
    per = patterns.PER_PERIOD.match(text, quantity.end)
    return replace(quantity, measure=f"per {patterns.period_of(per)}") if per else quantity


def _plain(prose: Prose, atom: Atom) -> Quantity:
    """A number without a unit: a fraction, a statistic, an age, or a count."""
    if atom.form is Form.FRACTION:
        share = described(prose, atom, Kind.SHARE, atom.end)
        of_a_number = patterns.OF_A_NUMBER.match(prose.text, atom.end)
        counted = "people" if of_a_number else counted_at(prose.text, atom.end)
        return replace(share, counted=counted, weak=False)
    label = prose.label(atom)
    measure = label.measure if label else ""
    if measure == "p":
        return described(prose, atom, Kind.P_VALUE, atom.end)
    if measure == "BMI":
        index = described(prose, atom, Kind.MEASURE, atom.end)
        value, precision = atom.value * BMI, atom.precision * BMI
        return replace(index, value=value, precision=precision, unit="mg/m2", measure="", weak=False)
    if measure and measure not in {"n", "k"}:
        return described(prose, atom, Kind.EFFECT, atom.end)
    before = prose.text[max(0, atom.start - 60) : atom.start]
    bound = prose.bound(atom)
    after = bound_after(prose.text, atom.end)
    is_age = bound is not None and bound.word in {"older than", "younger than"}
    is_age = is_age or (after is not None and prose.text[: after[2]].endswith(("older", "younger")))
    if is_age and 0 < atom.value < _OLDEST:
        return replace(described(prose, atom, Kind.AGE, atom.end), unit="y", weak=False)
    of_age = patterns.AGE_BEFORE.search(before) or (
        patterns.PERSON_BEFORE.search(before) and not patterns.THINGS_AFTER.match(prose.text, atom.end)
    )
    if of_age and 0 < atom.value < _OLDEST:
        return replace(described(prose, atom, Kind.AGE, atom.end), unit="y", weak=False)
    counted = {"k": "studies", "n": ""}.get(measure, counted_at(prose.text, atom.end))
    if counted in {"doses", "sessions"}:
        days = special.period_after(prose.text, atom.end)
        if days is not None:
            frequency = described(prose, atom, Kind.FREQUENCY, atom.end)
            return replace(frequency, value=atom.value / days, precision=Fraction(0), unit="/d")
    small_word = atom.form is Form.WORD and atom.value <= _TEN
    quantity = described(prose, atom, Kind.COUNT, atom.end)
    if bound is not None and bound.word == "within":  # "treated within six clinics"
        quantity = replace(quantity, comparator=Comparator.EQUAL)
    weak = small_word and (counted in {"items", "groups"} or (not counted and atom.value <= _FEW) or atom.value == 1)
    perhaps_year = patterns.IN_A_YEAR.search(before) and patterns.YEAR.fullmatch(prose.text, atom.start, atom.end)
    is_mark = prose.text[atom.start - 1 : atom.start] == "(" and prose.text[atom.end : atom.end + 1] == ")"
    is_mark = is_mark and atom.is_integer and atom.form is Form.NUMERAL and not counted
    return replace(quantity, counted=counted, weak=weak or perhaps_year is not None or is_mark)


def described(prose: Prose, atom: Atom, kind: Kind, end: int) -> Quantity:
    """The quantity of a number of a known kind that ends at `end`, with all that is said around it."""
    bound, label = prose.bound(atom), prose.label(atom)
    comparator, hedge = (bound.comparator, bound.hedge) if bound else (Comparator.EQUAL, Hedge.NONE)
    after = bound_after(prose.text, end)
    if after is not None:
        comparator, hedge, end = (after[0], after[1] or hedge, after[2])
    direction, change = (
        (Direction.NONE, False)
        if kind in (Kind.P_VALUE, Kind.AGE) or not prose.changes
        else direction_of(prose.text, bound.start if bound else atom.start, end)
    )
    if bound is not None and direction and change and bound.word.startswith(("less", "fewer", "more", "greater")):
        change = change and direction_of(prose.text, bound.start, end)[1]
    start = min([atom.start, *([bound.start] if bound else []), *([label.start] if label else [])])
    return Quantity(
        kind=kind,
        value=atom.value,
        text=prose.original[start:end],
        start=start,
        end=end,
        written=atom.value,
        precision=atom.precision
        if kind is not Kind.COUNT or not atom.is_integer or atom.precision > 1
        else Fraction(0),
        form=atom.form,
        comparator=comparator,
        hedge=hedge,
        direction=direction,
        change=change,
        measure=label.measure if label else "",
    )
