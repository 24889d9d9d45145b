"""Reading the quantities of a text: numbers first, then units, then what two numbers make together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from kap_content.language.quantity import patterns, special
from kap_content.language.quantity.context import (
    RATIOS,
    Bound,
    Label,
    bound_after,
    bound_before,
    counted_at,
    direction_of,
    labels,
    tells_of_change,
)
from kap_content.language.quantity.noise import BLANK, masked, plain
from kap_content.language.quantity.numbers import Atom, atoms
from kap_content.language.quantity.pairs import Pair
from kap_content.language.quantity.pairs import pairs as pairs_of
from kap_content.language.quantity.tails import Tail, drop_swallowed, join_times, tail_of
from kap_content.language.quantity.units import YEAR
from kap_content.language.quantity.value import Comparator, Direction, Form, Hedge, Kind, Quantity

_RATE, _SMALL, _OLDEST, _TEN = 100, 20, 120, 10
"""The least denominator of a rate, the greatest of "1 in 20 people", the oldest age, the last small number word."""
_ELIDED = (Kind.MEASURE, Kind.DURATION, Kind.AGE)
_BMI = 10**6
"""Kilograms per square metre in milligrams."""
_FEW = 3
"""Bare number words up to this are hardly ever a claim's figure."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All quantities of a text in order of place, and the pairs among them."""

    quantities: tuple[Quantity, ...] = ()
    pairs: tuple[Pair, ...] = ()


def read(text: str) -> tuple[Quantity, ...]:
    """The quantities that `text` states, in order of place. Names, dates and citation marks are none."""
    return reading(text).quantities


@lru_cache(maxsize=4096)
def reading(text: str) -> Reading:
    """The quantities of `text` and the pairs among them."""
    if not patterns.ANY_NUMBER.search(text):
        return Reading()
    return _Reader(text).reading()


class _Reader:
    """One pass over one text."""

    def __init__(self, original: str) -> None:
        self.original = original
        text = plain(original)
        self.intervals: dict[int, str] = {}
        self.used: set[int] = set()
        text = patterns.CI.sub(self._interval_head, text)
        ages, text = special.take_early(text, original)
        text = masked(text)
        self.special, text = special.take(text, original)
        self.special += ages
        self.text = text
        self.atoms = [atom for atom in atoms(text) if self._is_number(atom)]
        self.changes = tells_of_change(text)
        self.labels: dict[int, Label] = labels(text)
        self.tails = [tail_of(text, atom) for atom in self.atoms]
        loose = [self._is_glued(atom, tail) for atom, tail in zip(self.atoms, self.tails, strict=True)]
        self.atoms = [atom for atom, glued in zip(self.atoms, loose, strict=True) if not glued]
        self.tails = [tail for tail, glued in zip(self.tails, loose, strict=True) if not glued]
        join_times(text, self.atoms, self.tails)
        drop_swallowed(self.atoms, self.tails)
        self.inherited = [False] * len(self.atoms)
        self._inherit()
        self._inherit_forward()

    def reading(self) -> Reading:
        found: list[Quantity] = []
        index = 0
        while index < len(self.atoms):
            taken, quantities = self._take(index)
            found.extend(quantities)
            index += taken
        found.extend(self._parts_of_wholes())
        found.extend(self.special)
        found.sort(key=lambda quantity: (quantity.start, quantity.end))
        self._name_ratios(found)
        pairs = tuple(pairs_of(self.text, found))
        for pair in pairs:
            one, two = found[pair.first], found[pair.second]
            if pair.is_change and one.value != two.value:
                direction = Direction.UP if two.value > one.value else Direction.DOWN
                found[pair.second] = replace(two, direction=direction)
        return Reading(tuple(found), pairs)

    def _name_ratios(self, found: list[Quantity]) -> None:
        """Call the second number of "hazard ratio of 0.86 (0.44-1.70) and 1.66 (1.16-2.39)" a hazard ratio too."""
        for index in range(1, len(found) - 1):
            here, then = found[index], found[index + 1]
            bare = here.kind is Kind.COUNT and here.written.denominator != 1 and not here.counted
            if bare and then.is_range and self.text[here.end : then.start] in {" (", " ["}:
                earlier = next((one for one in reversed(found[:index]) if one.measure in RATIOS), None)
                if earlier is not None and ". " not in self.text[earlier.end : here.start]:
                    found[index] = replace(here, kind=Kind.EFFECT, measure=earlier.measure)

    def _interval_head(self, match: re.Match[str]) -> str:
        if match["bound"]:
            level = match["before"] or match["after"] or "95"
            self.intervals[match.end()] = f"CI{level.partition('.')[0]}"
        return re.sub(r"[\d%]", BLANK, match[0])

    def _is_number(self, atom: Atom) -> bool:
        """Weed out "one" as a pronoun and "a week" where it only closes "twice a week"."""
        written = self.text[atom.start : atom.end].lower()
        if written in {"a", "an"}:
            goes_on = patterns.AND_A_HALF.match(self.text, atom.end) is not None
            return goes_on or patterns.A_UNIT_BEFORE.search(self.text, 0, atom.start) is not None
        return True

    def _is_glued(self, atom: Atom, tail: Tail | None) -> bool:
        """Whether letters that are no unit follow at once ("16S", "1H")."""
        return tail is None and self.text[atom.end : atom.end + 1].isalpha()

    def _inherit_forward(self) -> None:
        """Give its unit to the second number of "121 mmHg in one group and 136 in the other"."""
        for index, other in ((index, index + step) for index in range(len(self.atoms)) for step in (1, 2)):
            if other >= len(self.atoms):
                break
            tail, here, there = self.tails[index], self.atoms[index], self.atoms[other]
            if tail is None or tail.kind not in _ELIDED or self.tails[other] is not None or not here.value:
                continue
            alike = Fraction(1, 5) < there.value / here.value < _FEW + 2
            spelt = there.form is Form.NUMERAL or tail.kind is not Kind.MEASURE
            if alike and spelt and self._label(there) is None:
                between = self.text[tail.end : there.start]
                if patterns.IN_ONE_AND.match(between) and patterns.IN_THE_OTHER.match(self.text, there.end):
                    self.tails[other] = replace(tail, end=there.end)

    def _inherit(self) -> None:
        """Give "1, 3 or 10 mg" its unit to all three."""
        for index in range(len(self.atoms) - 2, -1, -1):
            tail, here, there = self.tails[index + 1], self.atoms[index], self.atoms[index + 1]
            if tail is None or self.tails[index] is not None or here.form is Form.FRACTION:
                continue
            between = self.text[here.end : there.start]
            if not (patterns.LIST.match(between) or patterns.SD.match(between)) or not between.strip():
                continue
            pressure = between.strip() == "/" and tail.unit == "mmHg"
            if between.strip() in {",", ";", "/"} and not (
                self.inherited[index + 1] or tail.kind is Kind.SHARE or pressure
            ):
                continue
            if between.strip() in {",", ";"} and not self.inherited[index + 1]:
                continue
            label = self._label(here)
            if label is not None and label.measure != "BMI":
                continue
            self.tails[index] = replace(tail, end=here.end)
            self.inherited[index] = True

    # What stands before a number.

    def _bound(self, atom: Atom) -> Bound | None:
        start = atom.start
        currency = patterns.CURRENCY.search(self.text, max(0, start - 4), start)
        return bound_before(self.text, currency.start() if currency else start)

    def _label(self, atom: Atom) -> Label | None:
        bound = self._bound(atom)
        start = bound.start if bound else atom.start
        label = self.labels.get(start)
        if label is None and bound is not None:
            label = self.labels.get(atom.start)
        if label is None:
            return None
        return None if label.measure == "p" and not 0 <= atom.value <= 1 else label

    # Putting together.

    def _take(self, index: int) -> tuple[int, list[Quantity]]:
        """The quantities that begin with atom `index`, and how many atoms they use up."""
        first = self.atoms[index]
        second = self.atoms[index + 1] if index + 1 < len(self.atoms) else None
        interval = self.intervals.get(first.start)
        if interval is not None and second is not None and patterns.CI_BETWEEN.match(self._between(index)):
            return 2, [self._range(index, Kind.INTERVAL, interval)]
        if second is not None:
            ratio = self._ratio(index)
            if ratio is not None:
                return 2, [ratio]
            if self._is_range(index):
                rate = self._range_of_rate(index)
                return (3, [rate]) if rate is not None else (2, [self._range(index)])
            if patterns.SD.match(self._between(index)):
                return 2, [self._single(index)]
        if first.start in self.used:
            return 1, []
        across = self._ratio_across(index)
        return 1, [across] if across is not None else [self._single(index)]

    def _between(self, index: int) -> str:
        here, tail = self.atoms[index], self.tails[index]
        return self.text[tail.end if tail and not self.inherited[index] else here.end : self.atoms[index + 1].start]

    def _is_range(self, index: int) -> bool:
        first, second = self.atoms[index], self.atoms[index + 1]
        between = self._between(index)
        before = self.text[max(0, first.start - 40) : first.start]
        if patterns.AND.match(between):
            if not re.search(r"\b[Bb]etween (?:the ages of )?$", before):
                return False
        elif re.match(r" or $", between):
            small = first.form is Form.WORD and second.value == first.value + 1 and self.tails[index] is None
            if not small:
                return False
        elif not patterns.TO.match(between) or self._is_change(index, before):
            return False
        if first.value >= second.value or Form.FRACTION in (first.form, second.form):
            return False
        one, two = self.tails[index], self.tails[index + 1]
        if one is None or two is None:
            return one is None and two is None
        same_time = {one.kind, two.kind} <= {Kind.DURATION, Kind.AGE}
        return (one.kind is two.kind and one.unit == two.unit) or same_time

    def _is_change(self, index: int, before: str) -> bool:
        """Whether "from X to Y" tells of a change rather than a range."""
        if not patterns.CHANGE_FROM.search(before):
            return False
        first, second = self.atoms[index], self.atoms[index + 1]
        went = self.changes and direction_of(self.text, first.start, first.end)[0] is not Direction.NONE
        return went or first.value > second.value or patterns.CHANGED.search(before) is not None

    def _range(self, index: int, kind: Kind | None = None, measure: str = "") -> Quantity:
        low = self._single(index)
        high = self._single(index + 1)
        if low.unit == "mg/m2" and high.kind is Kind.COUNT:
            high = replace(high, value=high.value * _BMI, precision=self.atoms[index + 1].precision * _BMI)
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
            precision=max(self.atoms[index].precision, self.atoms[index + 1].precision)
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
            text=self.original[low.start : high.end],
        )

    def _range_of_rate(self, index: int) -> Quantity | None:
        """A range of rates: "3 to 5 people in 100"."""
        if index + 2 >= len(self.atoms) or any(tail is not None for tail in self.tails[index : index + 3]):
            return None
        last, whole = self.atoms[index + 1], self.atoms[index + 2]
        between = self.text[last.end : whole.start]
        is_rate = whole.value >= _RATE and str(whole.value).rstrip("0") == "1" and patterns.PER_NUMBER.match(between)
        if last.value > whole.value or not (is_rate or patterns.IN.match(between)):
            return None
        found = self._range(index)
        assert found.high is not None
        return replace(
            found,
            kind=Kind.SHARE,
            value=found.value / whole.value,
            high=found.high / whole.value,
            precision=found.precision / whole.value,
            weak=False,
            end=whole.end,
            text=self.original[found.start : whole.end],
        )

    def _ratio(self, index: int) -> Quantity | None:
        first, second = self.atoms[index], self.atoms[index + 1]
        if self.tails[index] is not None or self.tails[index + 1] is not None:
            return None
        between = self.text[first.end : second.start]
        return self._ratio_of(first, second, between)

    def _ratio_across(self, index: int) -> Quantity | None:
        """A ratio with other numbers in brackets between its parts: "119 (16.1%) of 736"."""
        first = self.atoms[index]
        if self.tails[index] is not None or not first.is_integer or not self.text.startswith(" (", first.end):
            return None
        close = self.text.find(") of ", first.end, first.end + 40)
        if close < 0:
            return None
        later = next((atom for atom in self.atoms[index + 1 :] if atom.start >= close), None)
        if later is None or not patterns.OF.match(self.text[first.end : later.start]):
            return None
        self.used.add(later.start)
        return self._ratio_of(first, later, " of ")

    def _parts_of_wholes(self) -> Iterator[Quantity]:
        """The ratio besides its two numbers: "Of 14 trials, 11 were at risk"."""
        for index in range(len(self.atoms) - 1):
            whole, part = self.atoms[index], self.atoms[index + 1]
            if self.tails[index] is None and self.tails[index + 1] is None and whole.value >= part.value:
                before = self.text[max(0, whole.start - 20) : whole.start]
                if patterns.OUT_OF.search(before) and patterns.OF_WHICH.match(self.text[whole.end : part.start]):
                    ratio = self._ratio_of(part, whole, "/")
                    if ratio is not None:
                        start, end = whole.start, part.end
                        yield replace(ratio, start=start, end=end, text=self.original[start:end], weak=True)

    def _ratio_of(self, first: Atom, second: Atom, between: str) -> Quantity | None:
        if not second.is_integer or second.value <= 1 or first.value < 0 or self._label(first) is not None:
            return None
        rate = second.value >= _RATE and str(second.value).rstrip("0") == "1"
        kind = Kind.SHARE
        if rate and (patterns.PER_NUMBER.match(between) or (patterns.IN.match(between) and not first.is_integer)):
            form = Form.PER
            kind = Kind.POINTS if patterns.FEWER.match(between) else Kind.SHARE
        elif not first.is_integer or first.value > second.value or Form.FRACTION in (first.form, second.form):
            return None
        elif patterns.IN.match(between) or self._is_one_in(first, second, between):
            form = Form.ONE_IN if "out of" not in between else Form.RATIO
        elif between.strip() == "/" or patterns.OF.match(between):
            form = Form.RATIO
        else:
            return None
        base = self._described(first, kind, second.end)
        suffix = patterns.RATE_OF.match(self.text, second.end) if form is Form.PER else None
        return replace(
            base,
            value=first.value / second.value,
            written=first.value,
            precision=first.precision / second.value if form is Form.PER else Fraction(0),
            form=form,
            unit="%" if kind is Kind.POINTS else suffix[0].strip(" -").rstrip("s").replace(" ", "-") if suffix else "",
            numerator=first.value,
            denominator=second.value,
            counted=counted_at(self.text, second.end),
            weak=False,
        )

    def _is_one_in(self, first: Atom, second: Atom, between: str) -> bool:
        """Whether it reads "two people in five", or "one older patient in ten"."""
        if patterns.IN_WITH_NOUN.match(between):
            return second.value <= _SMALL
        if patterns.ONE_IN_PLACES.match(self.text, second.end):
            return False
        pattern = patterns.ONE_IN if first.value == 1 else patterns.FEW_IN
        return pattern.match(between) is not None

    def _single(self, index: int) -> Quantity:
        atom, tail = self.atoms[index], self.tails[index]
        if tail is None:
            return self._plain(atom)
        quantity = self._described(atom, tail.kind, max(tail.end, atom.end))
        quantity = replace(
            quantity,
            value=atom.value * tail.factor,
            precision=atom.precision * tail.factor,
            unit=tail.unit if tail.kind is not Kind.SHARE else "",
            weak=False,
        )
        if tail.kind is Kind.EFFECT:
            return replace(quantity, unit="", measure=tail.unit)
        if tail.kind is Kind.SHARE and patterns.ABSOLUTE.search(self.text, max(0, atom.start - 40), atom.start):
            return replace(quantity, kind=Kind.POINTS, unit="%")
        if tail.word in {"pound", "pounds"} and patterns.ABOUT_MONEY.search(self.text):
            return replace(quantity, unit="£", value=atom.value, precision=atom.precision)
        if tail.kind is Kind.DURATION:
            return self._duration(quantity, atom)
        if tail.kind is Kind.MULTIPLE and quantity.direction is Direction.DOWN and atom.value > 1:
            return replace(quantity, value=1 / atom.value, precision=Fraction(0))
        return quantity

    def _duration(self, quantity: Quantity, atom: Atom) -> Quantity:
        text = self.text
        bound = self._bound(atom)
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

    def _plain(self, atom: Atom) -> Quantity:
        """A number without a unit: a fraction, a statistic, an age, or a count."""
        if atom.form is Form.FRACTION:
            quantity = self._described(atom, Kind.SHARE, atom.end)
            return replace(quantity, weak=False)
        label = self._label(atom)
        measure = label.measure if label else ""
        if measure == "p":
            return self._described(atom, Kind.P_VALUE, atom.end)
        if measure == "BMI":
            index = self._described(atom, Kind.MEASURE, atom.end)
            value, precision = atom.value * _BMI, atom.precision * _BMI
            return replace(index, value=value, precision=precision, unit="mg/m2", measure="", weak=False)
        if measure and measure not in {"n", "k"}:
            return self._described(atom, Kind.EFFECT, atom.end)
        before = self.text[max(0, atom.start - 60) : atom.start]
        bound = self._bound(atom)
        after = bound_after(self.text, atom.end)
        is_age = bound is not None and bound.word in {"older than", "younger than"}
        is_age = is_age or (after is not None and self.text[: after[2]].endswith(("older", "younger")))
        if is_age and 0 < atom.value < _OLDEST:
            return replace(self._described(atom, Kind.AGE, atom.end), unit="y", weak=False)
        if (patterns.AGE_BEFORE.search(before) or patterns.PERSON_BEFORE.search(before)) and 0 < atom.value < _OLDEST:
            return replace(self._described(atom, Kind.AGE, atom.end), unit="y", weak=False)
        counted = {"k": "studies", "n": ""}.get(measure, counted_at(self.text, atom.end))
        if counted in {"doses", "sessions"}:
            days = special.period_after(self.text, atom.end)
            if days is not None:
                frequency = self._described(atom, Kind.FREQUENCY, atom.end)
                return replace(frequency, value=atom.value / days, precision=Fraction(0), unit="/d")
        small_word = atom.form is Form.WORD and atom.value <= _TEN
        quantity = self._described(atom, Kind.COUNT, atom.end)
        weak = small_word and (
            counted in {"items", "groups"}
            or (not counted and atom.value <= _FEW)
            or (atom.value == 1 and counted not in {"people", "studies"})
        )
        return replace(quantity, counted=counted, weak=weak)

    def _described(self, atom: Atom, kind: Kind, end: int) -> Quantity:
        bound, label = self._bound(atom), self._label(atom)
        comparator, hedge = (bound.comparator, bound.hedge) if bound else (Comparator.EQUAL, Hedge.NONE)
        after = bound_after(self.text, end)
        if after is not None:
            comparator, hedge, end = (after[0], after[1] or hedge, after[2])
        direction, change = (
            (Direction.NONE, False)
            if kind in (Kind.P_VALUE, Kind.AGE) or not self.changes
            else direction_of(self.text, bound.start if bound else atom.start, end)
        )
        if bound is not None and direction and change and bound.word.startswith(("less", "fewer", "more", "greater")):
            change = change and direction_of(self.text, bound.start, end)[1]
        start = min([atom.start, *([bound.start] if bound else []), *([label.start] if label else [])])
        return Quantity(
            kind=kind,
            value=atom.value,
            text=self.original[start:end],
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


__all__ = ["RATIOS", "Pair", "Reading", "read", "reading"]
