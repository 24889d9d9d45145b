"""Whether a number may follow from the bare numbers of evidence, whatever they are numbers of.

A last question before a number is called unsupported: what two numbers of one sentence make together (a sum, a
difference, a ratio, a product, the rest of a whole), or what stands there in a form that was not understood. The answer
is as loose as a reader's first glance, and only softens what is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from kap_content.language.quantity.noise import masked, plain
from kap_content.language.quantity.numbers import atoms
from kap_content.language.quantity.value import Form, Kind, Quantity
from kap_content.startup.regex import regex

_SENTENCE_END = regex(r"(?<=[.!?;]) +(?=[A-Z(\[])")
_MANY = 16
"""Numbers of a sentence from which on any number follows from some two of them."""
_HUNDRED = 100
_LOOSE, _TIGHT = Fraction(8, 100), Fraction(1, 100)


def within_reach(quantity: Quantity, texts: Sequence[str]) -> bool:
    """Whether `quantity` may follow from the numbers of one sentence of `texts`."""
    made = _MADE.get(quantity.kind)
    if made is None:
        return False
    ends = [end for end in (quantity.value, quantity.high) if end is not None]
    for text in texts:
        for sentence in _SENTENCE_END.split(masked(plain(text))):
            values = [abs(atom.value) for atom in atoms(sentence) if atom.value]
            offered = list(made(values))
            if all(any(_near(quantity, abs(end), value) for value in offered) for end in ends):
                return True
    return False


def _near(quantity: Quantity, wanted: Fraction, value: Fraction) -> bool:
    loose = bool(quantity.hedge) or quantity.form is not Form.NUMERAL
    return abs(value - wanted) <= max(quantity.precision, wanted * (_LOOSE if loose else _TIGHT))


def _pairs(values: Sequence[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """Two numbers each, the smaller first."""
    if len(values) <= _MANY:
        yield from combinations(sorted(values), 2)


def _shares(values: Sequence[Fraction]) -> Iterator[Fraction]:
    for value in values:
        part = value if value < 1 else value / _HUNDRED
        if part < 1:
            yield from (part, 1 - part) if value < 1 else (1 - part,)
        if value <= 2:  # noqa: PLR2004 - a ratio such as 0.84 or 1.35, as a change
            yield abs(value - 1)
    for small, large in _pairs(values):
        yield from (small / large, small / (small + large), large / (small + large), 1 - small / large)
        yield large / small - 1


def _multiples(values: Sequence[Fraction]) -> Iterator[Fraction]:
    yield from values
    for small, large in _pairs(values):
        yield from (large / small, small / large)


def _counts(values: Sequence[Fraction]) -> Iterator[Fraction]:
    yield from values
    for small, large in _pairs(values):
        yield from (large + small, large - small, large * small)
    if len(values) <= _MANY:
        yield from (sum(three, Fraction(0)) for three in combinations(values, 3))


_MADE: dict[Kind, Callable[[Sequence[Fraction]], Iterator[Fraction]]] = {
    Kind.SHARE: _shares,
    Kind.MULTIPLE: _multiples,
    Kind.COUNT: _counts,
    Kind.EFFECT: iter,
    Kind.INTERVAL: iter,
}
"""What the numbers of a sentence make for each kind; doses and times have units, which tell them apart."""
