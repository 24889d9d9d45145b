"""Two or three numbers that make one quantity: ranges, intervals, "10 of 12", "1 in 5", rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity import patterns
from kap_content.language.quantity.context import counted_at, direction_of
from kap_content.language.quantity.numbers import Atom
from kap_content.language.quantity.prose import Prose
from kap_content.language.quantity.single import BMI, described, single
from kap_content.language.quantity.units import YEAR
from kap_content.language.quantity.value import Comparator, Direction, Form, Kind, Quantity

_RATE, _SMALL, _RARE = 100, 20, 1000
"""The least denominator of a rate, the greatest of "3 people in 20" and of "one patient in 40"."""


def is_range(prose: Prose, index: int) -> bool:
    """Whether number `index` and the next are the ends of a range."""
    first, second = prose.atoms[index], prose.atoms[index + 1]
    between = prose.between(index)
    before = prose.text[max(0, first.start - 40) : first.start]
    if patterns.AND.match(between):
        if not re.search(r"\b[Bb]etween (?:the ages of |about |around |roughly |approximately )?[$£€]?$", before):
            return False
    elif re.match(r" or $", between):
        small = first.form is Form.WORD and second.value == first.value + 1 and prose.tails[index] is None
        if not small:
            return False
    elif patterns.COMMA.match(between):
        if not _is_bracketed(prose, index):
            return False
    elif not patterns.TO.match(between) or _is_change(prose, index, before):
        return False
    if first.value >= second.value or (first.form is Form.FRACTION) is not (second.form is Form.FRACTION):
        return False
    one, two = prose.tails[index], prose.tails[index + 1]
    if one is None or two is None:
        return one is None and two is None
    same_time = {one.kind, two.kind} <= {Kind.DURATION, Kind.AGE}
    return (one.kind is two.kind and one.unit == two.unit) or same_time


def _is_bracketed(prose: Prose, index: int) -> bool:
    """Whether two numbers are an interval without its name: "-0.15 [-0.29, -0.02]"."""
    first, second = prose.atoms[index], prose.atoms[index + 1]
    telling = first.value < 0 or not (first.is_integer and second.is_integer)
    opened = patterns.OPENED.search(prose.text, max(0, first.start - len("0% [")), first.start)
    return telling and opened is not None and prose.text[second.end : second.end + 1] in {")", "]"}


def _is_change(prose: Prose, index: int, before: str) -> bool:
    """Whether "from X to Y" tells of a change rather than a range."""
    if not patterns.CHANGE_FROM.search(before):
        return False
    first, second = prose.atoms[index], prose.atoms[index + 1]
    went = prose.changes and direction_of(prose.text, first.start, first.end)[0] is not Direction.NONE
    return went or first.value > second.value or patterns.CHANGED.search(before) is not None


def range_of(prose: Prose, index: int, kind: Kind | None = None, measure: str = "") -> Quantity:
    """The range of number `index` and the next; `kind` and `measure` where it is an interval."""
    low = single(prose, index)
    high = single(prose, index + 1)
    if low.unit == "mg/m2" and high.kind is Kind.COUNT:
        high = replace(high, value=high.value * BMI, precision=prose.atoms[index + 1].precision * BMI)
    if low.kind is Kind.COUNT and high.kind is Kind.FREQUENCY and high.written:  # "one to two doses a week"
        low = replace(low, kind=high.kind, value=low.value * high.value / high.written)
    chosen = high if high.kind in (Kind.AGE, Kind.FREQUENCY) or low.kind is Kind.COUNT else low
    if low.kind is Kind.DURATION and high.kind is Kind.AGE:
        low = replace(low, value=low.value / YEAR, precision=low.precision / YEAR)
    if low.kind is Kind.AGE and high.kind is not Kind.AGE:
        high = replace(high, value=high.value / YEAR) if high.kind is Kind.DURATION else high
        chosen = low
    as_written = kind is Kind.INTERVAL  # the ends of "12 to 15 %" and "12 % to 15 %" are the same
    return replace(
        chosen,
        kind=kind or chosen.kind,
        value=low.written if as_written else low.value,
        high=high.written if as_written else high.value,
        written=low.written,
        precision=max(prose.atoms[index].precision, prose.atoms[index + 1].precision)
        if as_written
        else max(low.precision, high.precision),
        unit="" if as_written else chosen.unit,
        measure=measure or low.measure,
        counted=low.counted or high.counted,
        comparator=Comparator.EQUAL,
        hedge=low.hedge,
        direction=low.direction or high.direction,
        change=low.change or high.change,
        weak=low.weak and high.weak,
        start=low.start,
        end=high.end,
        text=prose.original[low.start : high.end],
    )


def range_of_rate(prose: Prose, index: int) -> Quantity | None:
    """A range of rates: "3 to 5 people in 100"."""
    if index + 2 >= len(prose.atoms) or any(tail is not None for tail in prose.tails[index : index + 3]):
        return None
    last, whole = prose.atoms[index + 1], prose.atoms[index + 2]
    between = prose.text[last.end : whole.start]
    is_rate = whole.value >= _RATE and str(whole.value).rstrip("0") == "1" and patterns.PER_NUMBER.match(between)
    if last.value > whole.value or not (is_rate or patterns.IN.match(between)):
        return None
    found = range_of(prose, index)
    assert found.high is not None
    return replace(
        found,
        kind=Kind.SHARE,
        value=found.value / whole.value,
        high=found.high / whole.value,
        precision=found.precision / whole.value,
        unit=patterns.exposure_of(patterns.RATE_OF.match(prose.text, whole.end)),
        weak=False,
        end=whole.end,
        text=prose.original[found.start : whole.end],
    )


def ratio(prose: Prose, index: int) -> Quantity | None:
    """The share that number `index` makes with the next: "10 of 12", "1 in 5", "12 per 1000"."""
    first, second = prose.atoms[index], prose.atoms[index + 1]
    if prose.tails[index] is not None or prose.tails[index + 1] is not None:
        return None
    between = prose.text[first.end : second.start]
    found = _ratio_of(prose, first, second, between)
    return _one_in_either(prose, index, found) if found is not None and found.form is Form.ONE_IN else found


def _one_in_either(prose: Prose, index: int, share: Quantity) -> Quantity:
    """`share`, or the range that "one in seven or eight" is."""
    whole, other = prose.atoms[index + 1], next(iter(prose.atoms[index + 2 :]), None)
    if other is None or other.value != whole.value + 1 or prose.text[whole.end : other.start] not in {" or ", " to "}:
        return share
    low = share.value * whole.value / other.value
    return replace(share, value=low, high=share.value, end=other.end, text=prose.original[share.start : other.end])


def ratio_across(prose: Prose, index: int) -> tuple[Quantity, int] | None:
    """A ratio with other numbers in brackets between its parts, and where its whole begins: "119 (16.1%) of 736"."""
    first = prose.atoms[index]
    if prose.tails[index] is not None or not first.is_integer or not prose.text.startswith(" (", first.end):
        return None
    close = prose.text.find(") of ", first.end, first.end + 40)
    if close < 0:
        return None
    later = next((atom for atom in prose.atoms[index + 1 :] if atom.start >= close), None)
    if later is None or not patterns.OF.match(prose.text[first.end : later.start]):
        return None
    found = _ratio_of(prose, first, later, " of ")
    return None if found is None else (found, later.start)


def parts_of_wholes(prose: Prose) -> Iterator[Quantity]:
    """The ratio besides its two numbers: "Of 14 trials, 11 were at risk"."""
    for index in range(len(prose.atoms) - 1):
        whole, part = prose.atoms[index], prose.atoms[index + 1]
        if prose.tails[index] is None and prose.tails[index + 1] is None and whole.value >= part.value:
            before = prose.text[max(0, whole.start - 20) : whole.start]
            if patterns.OUT_OF.search(before) and patterns.OF_WHICH.match(prose.text[whole.end : part.start]):
                ratio = _ratio_of(prose, part, whole, "/")
                if ratio is not None:
                    start, end = whole.start, part.end
                    yield replace(ratio, start=start, end=end, text=prose.original[start:end], weak=True)


def _ratio_of(prose: Prose, first: Atom, second: Atom, between: str) -> Quantity | None:
    if not second.is_integer or second.value <= 1 or first.value < 0 or prose.label(first) is not None:
        return None
    rate = second.value >= _RATE and str(second.value).rstrip("0") == "1"
    kind = Kind.SHARE
    if rate and (patterns.PER_NUMBER.match(between) or (patterns.IN.match(between) and not first.is_integer)):
        form = Form.PER
        kind = Kind.POINTS if patterns.FEWER.match(between) else Kind.SHARE
    elif not first.is_integer or first.value > second.value or Form.FRACTION in (first.form, second.form):
        return None
    elif patterns.IN.match(between) or _is_one_in(prose, first, second, between):
        form = Form.ONE_IN if "out of" not in between else Form.RATIO
    elif between.strip() == "/" or patterns.OF.match(between):
        form = Form.RATIO
    else:
        return None
    base = described(prose, first, kind, second.end)
    if form is Form.RATIO and prose.text.endswith("all but ", 0, base.start):
        return _all_but(prose, base, first, second)
    suffix = patterns.RATE_OF.match(prose.text, second.end) if form is Form.PER else None
    return replace(
        base,
        value=first.value / second.value,
        written=first.value,
        precision=first.precision / second.value if form is Form.PER else Fraction(0),
        form=form,
        unit="%" if kind is Kind.POINTS else patterns.exposure_of(suffix),
        numerator=first.value,
        denominator=second.value,
        counted=counted_at(prose.text, second.end),
        weak=False,
    )


def _all_but(prose: Prose, base: Quantity, first: Atom, second: Atom) -> Quantity:
    """The share that "all but three of 36" is."""
    rest = second.value - first.value
    start = base.start - len("all but ")
    return replace(
        base,
        value=rest / second.value,
        written=rest,
        precision=Fraction(0),
        form=Form.RATIO,
        numerator=rest,
        denominator=second.value,
        counted=counted_at(prose.text, second.end),
        weak=False,
        start=start,
        text=prose.original[start : base.end],
    )


def _is_one_in(prose: Prose, first: Atom, second: Atom, between: str) -> bool:
    """Whether it reads "two people in five", or "one older patient in ten"."""
    if patterns.IN_WITH_NOUN.match(between) and not patterns.OF_A_NUMBER.match(prose.text, second.end):
        return second.value <= (_RARE if first.value == 1 else _SMALL)
    if patterns.ONE_IN_PLACES.match(prose.text, second.end) or patterns.OF_A_NUMBER.match(prose.text, second.end):
        return False
    pattern = patterns.ONE_IN if first.value == 1 else patterns.FEW_IN
    return pattern.match(between) is not None
