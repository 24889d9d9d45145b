"""What speaks against calling a number without a counterpart wrong, so that a reader has to tell.

Sure is only what the evidence contradicts (the same thing with another number, bound, unit or direction), or what is
nowhere in it. So these are asked for last, each as loosely as at a reader's first glance, and only soften what is said:

- whether two numbers of a sentence, whatever they are numbers of, make it up (their sum, their ratio, the rest of a
  whole);
- whether it may be a rounding of what stands there;
- whether the very number stands in the evidence, as something else or in a form that was not understood;
- whether the claim's own number is one that says little of what it counts ("all four of these").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from kap_content.language.quantity.across import as_multiple
from kap_content.language.quantity.follow import Followed
from kap_content.language.quantity.noise import plain
from kap_content.language.quantity.numbers import atoms
from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.tolerance import last_place
from kap_content.language.quantity.value import Comparator, Difference, Doubt, Form, Kind, Quantity, Unmatched
from kap_content.startup.regex import regex

_FEW, _THOUSAND = 13, 1000
"""Below the one a bare number tells little and is often met by chance."""
_TENTH = 10
_ROUGH, _ROUGHER = Fraction(5, 4), Fraction(3, 2)
"""How far apart an approximate number and the evidence's may lie to be a rounding, if a bold one; and "a month"."""
_THOUSANDS = regex(r"\d{1,3}(?:\.\d{3})+(?![\d.])")
_FIRM = (Difference.UNIT, Difference.COMPARATOR, Difference.DIRECTION)
"""Differences in which the same number stands on both sides."""
_ARTICLE = regex(r"(?:\w+ )*?an? ", re.IGNORECASE)
_OF_TIMES = regex(r"\b(?:minutes?|hours?|days?|weeks?|months?|years?) and .*\b(?:minute|hour|day|week|month|year)s?\b")
_WORD = regex(r"\s*-?(%|[A-Za-z]{2,4})")


_RELATED: dict[Kind, frozenset[Kind]] = {
    Kind.SHARE: frozenset({Kind.SHARE, Kind.POINTS, Kind.MULTIPLE, Kind.EFFECT, Kind.COUNT}),
    Kind.POINTS: frozenset({Kind.SHARE, Kind.POINTS, Kind.MEASURE, Kind.EFFECT}),
    Kind.MULTIPLE: frozenset(set(Kind) - {Kind.P_VALUE, Kind.INTERVAL}),
    Kind.MEASURE: frozenset({Kind.MEASURE, Kind.EFFECT, Kind.COUNT, Kind.SHARE, Kind.POINTS}),
    Kind.DURATION: frozenset({Kind.DURATION, Kind.FREQUENCY, Kind.AGE}),
    Kind.AGE: frozenset({Kind.AGE, Kind.DURATION}),
    Kind.FREQUENCY: frozenset({Kind.FREQUENCY, Kind.DURATION, Kind.COUNT}),
    Kind.COUNT: frozenset({Kind.COUNT, Kind.SHARE}),
    Kind.EFFECT: frozenset({Kind.EFFECT, Kind.MEASURE, Kind.COUNT, Kind.SHARE, Kind.MULTIPLE}),
    Kind.INTERVAL: frozenset({Kind.INTERVAL, Kind.COUNT}),
}
"""The kinds of number in which what one kind says may be said too."""


def doubt_of(item: Unmatched, evidence: Sequence[Given], way: Followed) -> Doubt:
    """What speaks for a number that found no counterpart in the `evidence`."""
    quantity = item.quantity
    if quantity.kind is Kind.MULTIPLE and item.nearest is not None and _OF_TIMES.search(item.nearest.text):
        return Doubt.ANOTHER  # how many times as long one time is as another is no counterpart of "halved"
    if item.difference in _FIRM and not _differs_in_number(item):
        return _doubt_of_firm(item)
    if _is_small_and_bare(quantity):
        return Doubt.BARE
    if item.difference is Difference.MEASURE or any(_stands_in(quantity, given.text) for given in evidence):
        is_other = item.nearest is not None and quantity.kind is not Kind.COUNT and not _stands_bare(quantity, evidence)
        return Doubt.ELSEWHERE if is_other else Doubt.WRITTEN
    if way is Followed.AS_REST:
        return Doubt.REST
    if item.nearest is None and any(given.reading.quantities for given in evidence):
        is_loose = quantity.form is Form.FRACTION or (quantity.form is Form.WORD and quantity.written < _FEW)
        return Doubt.ANOTHER if is_loose or _has_related(quantity, evidence) else Doubt.ABSENT
    return Doubt.ABSENT if _is_of_another_sort(item) else _doubt_of_size(item, way)


def _doubt_of_size(item: Unmatched, way: Followed) -> Doubt:
    """What speaks for a number beside others of its kind: that it is a rounding, or made up of them."""
    quantity = item.quantity
    if _is_compound(quantity):
        return Doubt.READING
    is_rounded = _may_be_rounded(item)
    if is_rounded and (quantity.is_range or (item.nearest is not None and item.nearest.is_range)):
        return Doubt.READING
    if not is_rounded and way is Followed.NOT:
        return Doubt.NONE
    if _is_easily_met(quantity):
        return Doubt.EASY
    return Doubt.NEAR if is_rounded else Doubt.REACH


def _is_easily_met(quantity: Quantity) -> bool:
    """Whether it is a time, or so small a count that others make it up or it is a rounding more often than not."""
    return quantity.kind is Kind.DURATION or (quantity.kind is Kind.COUNT and quantity.value < _FEW)


def _is_small_and_bare(quantity: Quantity) -> bool:
    """Whether it is a small number of what nobody can tell, as in "all four of these goals"."""
    bare = quantity.kind is Kind.COUNT and not quantity.counted and not quantity.is_range
    return bare and quantity.value < _FEW and quantity.value.denominator == 1


def _is_thousandfold(one: Quantity, other: Quantity) -> bool:
    """Whether the units differ by thousands, as grams and milligrams do."""
    if not (one.value and other.value and one.written and other.written):
        return False
    ratio = (one.value / one.written) / (other.value / other.written)
    return max(ratio, 1 / ratio) in (1000, 1000**2, 1000**3)


def _has_related(quantity: Quantity, evidence: Sequence[Given]) -> bool:
    """Whether the evidence has numbers of a kind in which the same thing might be said."""
    related = _RELATED.get(quantity.kind, frozenset())
    return any(
        item.kind in related and not (item.kind is Kind.COUNT and item.counted and quantity.kind is Kind.MEASURE)
        for given in evidence
        for item in given.reading.quantities
    )


def _goes_on(unit: str, other: str) -> bool:
    return other.startswith(f"{unit}/") and not other.startswith((f"{unit}/kg", f"{unit}/m2"))


def _differs_in_number(item: Unmatched) -> bool:
    """Whether a change the other way is of another size, or one side is a level: then little speaks of direction."""
    quantity, nearest = item.quantity, item.nearest
    if item.difference is not Difference.DIRECTION or nearest is None:
        return False
    if nearest.kind is not quantity.kind:
        return nearest.kind is Kind.EFFECT and quantity.kind is Kind.MULTIPLE
    is_near = abs(abs(quantity.value) - abs(nearest.value)) <= max(quantity.precision, abs(quantity.value) / _TENTH)
    return not is_near or (quantity.change is not nearest.change and quantity.kind is not Kind.EFFECT)


def _doubt_of_firm(item: Unmatched) -> Doubt:
    """What speaks for a number that has another unit, bound or direction than the same number of the evidence.

    A unit that goes on ("mg/kg" and "mg/kg/min") may not have been read to its end; a bound is contradicted by another
    bound, not by a plain number.
    """
    quantity, nearest = item.quantity, item.nearest
    if nearest is None or quantity.kind is Kind.P_VALUE:
        return Doubt.NONE
    if item.difference is Difference.UNIT:
        goes_on = _goes_on(quantity.unit, nearest.unit) or _goes_on(nearest.unit, quantity.unit)
        return Doubt.READING if goes_on and not _is_thousandfold(quantity, nearest) else Doubt.NONE
    if item.difference is Difference.COMPARATOR:
        if quantity.is_range or nearest.is_range:
            return Doubt.READING
        return Doubt.BOUND if Comparator.EQUAL in (quantity.comparator, nearest.comparator) else Doubt.NONE
    return Doubt.NONE


def _is_of_another_sort(item: Unmatched) -> bool:
    """Whether a share is held against no share of that sort: a change against a level, a share against a count."""
    quantity, nearest = item.quantity, item.nearest
    if nearest is None or quantity.kind is not Kind.SHARE or nearest.kind in (Kind.EFFECT, Kind.POINTS):
        return False
    return nearest.kind is not Kind.SHARE or nearest.change is not quantity.change


def _is_compound(quantity: Quantity) -> bool:
    """Whether it was put together from several numbers in words."""
    if quantity.is_range or quantity.form is not Form.WORD:
        return False
    return sum(quantity.text[atom.start : atom.end].lower() not in {"a", "an"} for atom in atoms(quantity.text)) > 1


def _may_be_rounded(item: Unmatched) -> bool:
    """Whether an approximate number lies near what the evidence has, or a round one within its last digit."""
    quantity, nearest = item.quantity, item.nearest
    if nearest is not None and quantity.kind is Kind.SHARE and nearest.kind is Kind.EFFECT:
        mine, theirs = as_multiple(quantity), as_multiple(nearest)  # "80 % more" of "RR 1.82"
        return mine is not None and theirs is not None and abs(mine - theirs) <= last_place(quantity)
    if nearest is None or nearest.kind is not quantity.kind:
        return False
    if not quantity.hedge and quantity.form is Form.NUMERAL:
        ends = [(quantity.value, nearest.value)]
        if quantity.high is not None and nearest.high is not None:
            ends.append((quantity.high, nearest.high))
        return all(abs(abs(one) - abs(other)) <= last_place(quantity) for one, other in ends)
    low, high = sorted((abs(quantity.value), abs(nearest.value)))
    is_one = quantity.kind is Kind.DURATION and _ARTICLE.match(quantity.text)
    return high <= low * (_ROUGHER if is_one else _ROUGH)


def _stands_in(quantity: Quantity, text: str) -> bool:
    """Whether the number as it is written stands in `text`, if only in a name or a date; small ones with their unit."""
    text = plain(text)
    if quantity.value >= _THOUSAND:
        for match in _THOUSANDS.finditer(text):  # "2.000" for two thousand
            if Fraction(match[0].replace(".", "")) == quantity.value:
                return True
    if quantity.is_range or quantity.form not in (Form.NUMERAL, Form.WORD):
        return False
    small = quantity.written < _FEW and quantity.written.denominator == 1
    unit = _unit_word(quantity.text)
    for atom in atoms(text):
        if abs(atom.value) == abs(quantity.written):
            if not small:
                return True
            after = _WORD.match(text, atom.end)
            if unit and after is not None and after[1].lower() == unit:
                return True
    return False


def _stands_bare(quantity: Quantity, evidence: Sequence[Given]) -> bool:
    """Whether a share's number stands there without any sign, which a table or a heading may have given it."""
    return quantity.kind is Kind.SHARE and any(
        item.kind is Kind.COUNT and not item.counted and item.value == quantity.written
        for given in evidence
        for item in given.reading.quantities
    )


def _unit_word(text: str) -> str:
    """How the word begins that follows the number in the text of a quantity; empty where none does."""
    match = next((_WORD.match(text, atom.end) for atom in atoms(text)), None)
    return match[1].lower() if match is not None else ""
