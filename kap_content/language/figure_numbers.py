"""Numbers of a figure's data held against what its evidence says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from kap_content.language.quantity import Kind, read
from kap_content.model.figure_data import DataTable, Row
from kap_content.startup.regex import regex

_COLUMNS = ("count", "value", "estimate", "low", "high", "y", "n")
_WRITTEN = regex(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


def unsupported(table: DataTable, texts: Iterable[str]) -> Iterator[tuple[Row, str]]:
    """The rows and columns whose number stands in none of the texts, whatever its sign, nor follows from them.

    What follows: the same number rounded, a share of a stated "10 of 12" in per cent, and how many remain of a whole
    (2 of 12, where 10 of 12 is stated).
    """
    known = _known(texts)
    whole = _whole(table)
    for row in table.rows:
        for column in _COLUMNS:
            value = _value(row.text(column))
            if value is None or _is_known(value, known):
                continue
            if column == "count" and whole in known and _is_known((whole - value[0], Fraction(0)), known):
                continue
            yield row, column


def _known(texts: Iterable[str]) -> frozenset[Fraction]:
    found: set[Fraction] = set()
    for text in texts:
        found.update(Fraction(number.replace(",", "").rstrip(".")) for number in _WRITTEN.findall(text))
        for quantity in read(text):
            factor = 100 if quantity.kind is Kind.SHARE else 1
            found.update(abs(value) * factor for value in (quantity.value, quantity.high) if value is not None)
    return frozenset(found)


def _is_known(value: tuple[Fraction, Fraction], known: frozenset[Fraction]) -> bool:
    number, precision = value
    return number in known or (precision > 0 and any(abs(other - number) <= precision for other in known))


def _value(text: str) -> tuple[Fraction, Fraction] | None:
    """The number without its sign, and half a unit of its last decimal (0 for a whole number); None for no number."""
    try:
        number = Decimal(text.replace("\u2212", "-"))
    except ArithmeticError:
        return None
    places = number.as_tuple().exponent
    fine = isinstance(places, int) and places < 0
    return abs(Fraction(number)), Fraction(1, 2 * 10 ** -int(places)) if fine else Fraction(0)


def _whole(table: DataTable) -> Fraction:
    """How many all counts of the data come to; 0 where it counts nothing."""
    counts = [_value(row.text("count")) for row in table.rows]
    return sum((value[0] for value in counts if value is not None), Fraction(0))
