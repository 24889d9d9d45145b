"""Whether a number may follow from the bare numbers of evidence, whatever they are numbers of.

What two numbers of one sentence make together (a sum, a difference, a ratio, a product, the rest of a whole), or what
stands there in a form that was not understood. The answer is as loose as a reader's first glance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from kap_content.language.quantity.noise import masked, plain
from kap_content.language.quantity.numbers import atoms
from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.units import YEAR, time_unit
from kap_content.language.quantity.value import Form, Kind, Quantity
from kap_content.startup.regex import regex

_SENTENCE_END = regex(r"(?<=[.!?;]) +(?=[A-Z(\[])")
_MANY = 16
"""Numbers of a sentence beyond which any number follows from some two of them."""
_HUNDRED = 100
_OF_TIME = (Kind.DURATION, Kind.AGE)
_LOOSE, _TIGHT = Fraction(8, 100), Fraction(1, 100)


def reach_of(quantity: Quantity, evidence: Sequence[Given]) -> Iterator[list[Fraction] | None]:
    """What the numbers of each sentence make that `quantity` might be; None where they are too many."""
    if quantity.kind is Kind.DURATION:
        yield from (_times(given) for given in evidence)
        return
    made = _shares if quantity.kind is Kind.SHARE and not quantity.change else _MADE.get(quantity.kind)
    for given in evidence if made is not None else ():
        for sentence in _SENTENCE_END.split(masked(plain(given.text))):
            values = [abs(atom.value) for atom in atoms(sentence) if atom.value]
            yield None if len(values) > _MANY or made is None else list(made(values))


def _times(given: Given) -> list[Fraction]:
    """How far apart any two times or ages lie, and what numbers would be as times of which nobody can tell the sort."""
    bare = [item for item in given.reading.quantities if item.kind is Kind.COUNT and not item.counted]
    ends = [end for item in bare for end in (item.value, item.high) if end is not None and end > 1]
    times = [
        item.value * (YEAR if item.kind is Kind.AGE else 1)
        for item in given.reading.quantities
        if item.kind in _OF_TIME
    ]
    apart = [abs(one - two) for one, two in combinations(times[:_MANY], 2)]
    units = ("minute", "hour", "day", "week", "month", "year")
    return [*apart, *(end * time_unit(unit) for end in ends for unit in units)]


def within_reach(quantity: Quantity, made: Sequence[list[Fraction] | None]) -> bool:
    """Whether `quantity` may follow from the numbers of one sentence, of which `made` says what they make."""
    ends = [abs(end) for end in (quantity.value, quantity.high) if end is not None]
    return any(
        values is None or all(any(_near(quantity, end, value) for value in values) for end in ends) for values in made
    )


def _near(quantity: Quantity, wanted: Fraction, value: Fraction) -> bool:
    loose = bool(quantity.hedge) or quantity.form is not Form.NUMERAL
    return abs(value - wanted) <= max(quantity.precision, wanted * (_LOOSE if loose else _TIGHT))


def _pairs(values: Sequence[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """Two numbers each, the smaller first."""
    yield from combinations(sorted(values), 2)


def _shares(values: Sequence[Fraction]) -> Iterator[Fraction]:
    for value in values:
        if value < 1:
            yield value
        if value > 1:
            yield 1 / value
    for small, large in _pairs(values):
        yield from (small / large, small / (small + large), large / (small + large))
        yield from (abs(large - small) / _HUNDRED, (large + small) / _HUNDRED)


def _changes(values: Sequence[Fraction]) -> Iterator[Fraction]:
    for value in values:
        yield 1 - (value if value < 1 else value / _HUNDRED)
        if value <= 2:  # noqa: PLR2004 - a ratio such as 0.84 or 1.35, as a change
            yield abs(value - 1)
    for small, large in _pairs(values):
        yield from (1 - small / large, large / small - 1, (large - small) / _HUNDRED)


def _multiples(values: Sequence[Fraction]) -> Iterator[Fraction]:
    yield from values
    for small, large in _pairs(values):
        yield from (large / small, small / large)


def _counts(values: Sequence[Fraction]) -> Iterator[Fraction]:
    yield from values
    for small, large in _pairs(values):
        yield from (large + small, large - small, large * small, large / small)
    yield from (sum(three, Fraction(0)) for three in combinations(values, 3))


_MADE: dict[Kind, Callable[[Sequence[Fraction]], Iterator[Fraction]]] = {
    Kind.SHARE: _changes,
    Kind.MULTIPLE: _multiples,
    Kind.COUNT: _counts,
    Kind.EFFECT: iter,
    Kind.INTERVAL: iter,
    Kind.MEASURE: _counts,
    Kind.POINTS: _changes,
}
"""What the numbers of a sentence make for each kind; doses and times have units, which tell them apart."""
