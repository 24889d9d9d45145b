"""The sentences of a text as far as their numbers can be reckoned with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.value import Comparator, Direction, Form, Hedge, Kind, Quantity
from kap_content.startup.regex import regex

_MANY = 16
"""Quantities of a sentence from which on nothing is made of them."""
_SENTENCE_END = regex(r"[.!?;] +(?=[A-Z(\[\d])")
_TESTS = (Kind.P_VALUE, Kind.INTERVAL)
_COUNTS = frozenset({"", "n", "k"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """The quantities of one sentence that can be reckoned with: single numbers, no statistics of tests.

    `ranges` are those with two ends, `before` the single numbers of the sentence before.
    """

    text: str
    quantities: tuple[Quantity, ...]
    ranges: tuple[Quantity, ...]
    before: tuple[Quantity, ...]

    def of(self, *kinds: Kind) -> list[Quantity]:
        """Those of some kinds."""
        return [item for item in self.quantities if item.kind in kinds]

    def counts(self) -> list[Quantity]:
        """Whole numbers of what is counted, those of "10 of 12" among them."""
        found = [item for item in self.of(Kind.COUNT) if item.value.denominator == 1 and item.value >= 1]
        for item in self.of(Kind.SHARE):
            for part in (item.numerator, item.denominator) if item.form is Form.RATIO else ():
                if part is not None and part >= 1:
                    count = plain_number(item, kind=Kind.COUNT, value=part, written=part, precision=Fraction(0))
                    found += [count]
        return [item for item in found if item.measure in _COUNTS]


def sentences(given: Given) -> Iterator[Sentence]:
    """The sentences of a text that hold few enough numbers to reckon with."""
    before: tuple[Quantity, ...] = ()
    ends = [match.end() for match in _SENTENCE_END.finditer(given.text)]
    for start, end in zip([0, *ends], [*ends, len(given.text) + 1], strict=True):
        items = [
            item
            for item in given.reading.quantities
            if start <= item.start < end and item.kind not in _TESTS and item.measure != "SD"
        ]
        if 1 <= len(items) <= _MANY:
            single = tuple(item for item in items if not item.is_range)
            ranges = tuple(item for item in items if item.is_range)
            yield Sentence(given.text[start:end], single, ranges, before)
            before = single


def plain_number(item: Quantity, **changes: object) -> Quantity:
    """`item` as a plain number, without what stood around it, but for `changes`."""
    bare = {
        "direction": Direction.NONE, "hedge": Hedge.NONE, "comparator": Comparator.EQUAL, "change": False,
        "numerator": None, "denominator": None, "weak": False,
    }  # fmt: skip
    return replace(item, **{**bare, **changes})  # type: ignore[arg-type]  # the names are fields, each of its type
