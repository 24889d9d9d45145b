"""What follows a number and says what it is a number of; times that are said in two parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kap_content.language.quantity import patterns, special
from kap_content.language.quantity.numbers import Atom
from kap_content.language.quantity.units import YEAR, unit_at
from kap_content.language.quantity.value import Form, Kind
from kap_content.startup.regex import regex

_FINEST = Fraction(1, 61)
"""How much smaller a unit of time may be than the one it is added to."""
_BOUNDED_UNIT = regex(r" or (?:more|less|fewer|longer)(?= )")
_PART_OF_TIME = regex(r" of an?(?= )")


@dataclass(frozen=True, slots=True)
class Tail:
    """What the number is a number of, as its right-hand side says; `end` is where that ends."""

    kind: Kind
    end: int
    unit: str = ""
    factor: Fraction = Fraction(1)
    word: str = ""


def tail_of(text: str, atom: Atom) -> Tail | None:
    """What the number `atom` of `text` is a number of; None where nothing tells."""
    end = atom.end
    points = patterns.POINTS.match(text, end)
    if points:
        return Tail(Kind.POINTS, points.end(), "%", Fraction(1, 100))
    percent = patterns.PERCENT.match(text, end)
    if percent:
        return Tail(Kind.SHARE, percent.end(), "", Fraction(1, 100))
    part = patterns.PART_OF_PERCENT.match(text, end) if atom.form is Form.FRACTION else None
    if part:
        return Tail(
            Kind.POINTS if part["points"] else Kind.SHARE, part.end(), "%" if part["points"] else "", Fraction(1, 100)
        )
    deviations = patterns.DEVIATIONS.match(text, end)
    if deviations:
        return Tail(Kind.EFFECT, deviations.end(), "SMD")
    return _times_tail(text, atom) or _unit_tail(text, atom)


def _times_tail(text: str, atom: Atom) -> Tail | None:
    """What "times" makes of a number: "3 times a week", "3 times as many", "threefold"."""
    end = atom.end
    frequency = special.frequency_at(text, end)
    if frequency:
        return Tail(Kind.FREQUENCY, frequency[1], "/d", 1 / frequency[0])
    if patterns.MULTIPLIED.match(text, end):
        return Tail(Kind.MULTIPLE, end + len(" times"))
    times = patterns.TIMES.match(text, end)
    grown = times is not None and patterns.GROWN.search(text, max(0, atom.start - 40), atom.start)
    if times and ("times" not in times[0] or not atom.is_integer or grown):
        return Tail(Kind.MULTIPLE, times.end())
    return None


def _unit_tail(text: str, atom: Atom) -> Tail | None:
    end = atom.end
    part = _PART_OF_TIME.match(text, end) if atom.form is Form.FRACTION else None
    if part is not None:
        unit = unit_at(text, part.end(), numeral=False)
        is_time = unit is not None and unit.name == "d" and text[unit.end : unit.end + 1] != "'"  # "of a month's pay"
        return Tail(Kind.DURATION, unit.end, "d", unit.factor, unit.word) if unit and is_time else None
    if atom.form is Form.FRACTION and not (text[end : end + 1] in {" ", "-"} and atom.value == Fraction(1, 2)):
        return None
    unit = unit_at(text, end, numeral=atom.form is Form.NUMERAL)
    if unit is None and atom.form is Form.NUMERAL:
        spread = patterns.SPREAD.match(text, end)
        behind = unit_at(text, spread.end()) if spread is not None else None
        if behind is not None:  # "8.8 (SD = 4.4) days": the brackets keep their own numbers
            kind = Kind.DURATION if behind.name == "d" else Kind.MEASURE
            return Tail(kind, end, behind.name, behind.factor, behind.word)
    if unit is None:
        bounded = _BOUNDED_UNIT.match(text, end)
        behind = unit_at(text, bounded.end()) if bounded is not None else None
        if behind is not None:  # "4 or more hours": the bound is read by itself
            kind = Kind.DURATION if behind.name == "d" else Kind.MEASURE
            return Tail(kind, end, behind.name, behind.factor, behind.word)
        currency = patterns.CURRENCY.search(text, max(0, atom.start - 4), atom.start)
        return Tail(Kind.MEASURE, end, currency[1]) if currency else None
    if unit.name == "d":
        old = patterns.OLD.match(text, unit.end)
        if old:
            return Tail(Kind.AGE, old.end(), "y", unit.factor / YEAR, unit.word)
        return Tail(Kind.DURATION, unit.end, "d", unit.factor, unit.word)
    return Tail(Kind.MEASURE, unit.end, unit.name, unit.factor, unit.word)


def join_times(text: str, atoms: list[Atom], tails: list[Tail | None]) -> None:
    """Make one number, in place, of "four years and two months" and of "a day and a half"."""
    index = 0
    while index < len(atoms) - 1:
        atom, tail, then = atoms[index], tails[index], atoms[index + 1]
        more = None
        if tail is not None and tail.kind in (Kind.DURATION, Kind.AGE):
            more = _more_time(text, tail, then, tails[index + 1])
        if tail is None or more is None:
            index += 1
            continue
        end, added, precision = more
        atoms[index] = replace(atom, value=atom.value + added, precision=precision)
        tails[index] = replace(tail, end=end)
        del atoms[index + 1], tails[index + 1]


def drop_swallowed(atoms: list[Atom], tails: list[Tail | None]) -> None:
    """Drop, in place, the numbers that belong to the unit before them: "4 g in 24 hours"."""
    for index in range(len(atoms) - 1, 0, -1):
        before = tails[index - 1]
        if before is not None and before.end > atoms[index].start:
            del atoms[index], tails[index]


def _more_time(text: str, tail: Tail, then: Atom, next_tail: Tail | None) -> tuple[int, Fraction, Fraction] | None:
    """Where a time goes on with a smaller unit or "and a half": its end, and in the first unit what it adds."""
    between = text[tail.end : then.start]
    if next_tail is None and then.form is Form.FRACTION and re.match(r" and (?:a |one )?$", between):
        return then.end, then.value, Fraction(0)
    smaller = next_tail is not None and next_tail.kind in (tail.kind, Kind.DURATION)
    if smaller and next_tail is not None and re.match(r"(?:,? and |, | )$", between):
        share = next_tail.factor / tail.factor
        if next_tail.kind is not tail.kind:
            share /= YEAR
        if share < _FINEST:
            return None  # "for a month, three hours a day"
        if share < 1 and then.value * share < 1:
            return next_tail.end, then.value * share, then.precision * share
    return None
