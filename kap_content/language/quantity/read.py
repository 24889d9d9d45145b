"""Reading the quantities of a text: numbers first, then units, then what two numbers make together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from kap_content.language.quantity import patterns
from kap_content.language.quantity.context import RATIOS
from kap_content.language.quantity.pairs import Pair
from kap_content.language.quantity.pairs import pairs as pairs_of
from kap_content.language.quantity.prose import Prose, prepared
from kap_content.language.quantity.single import single
from kap_content.language.quantity.together import (
    is_range,
    parts_of_wholes,
    range_of,
    range_of_rate,
    ratio,
    ratio_across,
)
from kap_content.language.quantity.value import Direction, Form, Kind, Quantity

_NEAR = 60
"""Characters between two measures of which the second goes without "per litre"."""

_CLAUSE = 110
"""Characters in which it is said that a number is a risk."""


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
    return _reading(prepared(text))


def _reading(prose: Prose) -> Reading:
    found: list[Quantity] = []
    used: set[int] = set()
    index = 0
    while index < len(prose.atoms):
        taken, quantity = _taken(prose, index, used)
        found.extend([quantity] if quantity is not None else [])
        index += taken
    found.extend(parts_of_wholes(prose))
    found.extend(prose.special)
    found.sort(key=lambda quantity: (quantity.start, quantity.end))
    _name_ratios(prose.text, found)
    _share_rates(prose.text, found)
    _share_denominators(prose.text, found)
    _share_changes(prose.text, found)
    pairs = tuple(pairs_of(prose.text, found))
    for pair in pairs:
        one, two = found[pair.first], found[pair.second]
        if pair.is_change and one.value != two.value:
            direction = Direction.UP if two.value > one.value else Direction.DOWN
            found[pair.second] = replace(two, direction=direction)
    return Reading(tuple(found), pairs)


def _taken(prose: Prose, index: int, used: set[int]) -> tuple[int, Quantity | None]:
    """How many numbers the quantity that begins with number `index` uses up, and it; `used` has those taken before."""
    first = prose.atoms[index]
    interval = prose.intervals.get(first.start)
    if index + 1 < len(prose.atoms):
        between = prose.between(index)
        if interval is not None and patterns.CI_BETWEEN.match(between):
            return 2, range_of(prose, index, Kind.INTERVAL, interval)
        share = ratio(prose, index)
        if share is not None:
            return (3 if share.is_range else 2), share
        if is_range(prose, index):
            rate = range_of_rate(prose, index)
            return (3, rate) if rate is not None else (2, range_of(prose, index))
        if patterns.SD.match(between):
            return 2, single(prose, index)
    if first.start in used:
        return 1, None
    across = ratio_across(prose, index)
    if across is None:
        return 1, single(prose, index)
    used.add(across[1])
    return 1, across[0]


def _name_ratios(text: str, found: list[Quantity]) -> None:
    """Call the second number of "hazard ratio of 0.86 (0.44-1.70) and 1.66 (1.16-2.39)" a hazard ratio too.

    So is the number of "the risk in smokers was 1.82 (95% CI 1.30-2.54)" a relative risk.
    """
    for index in range(len(found) - 1):
        here, then = found[index], found[index + 1]
        bare = here.kind is Kind.COUNT and here.written.denominator != 1 and not here.counted
        if bare and then.is_range and patterns.INTERVAL_OPENS.fullmatch(text, here.end, then.start):
            earlier = next((one for one in reversed(found[:index]) if one.measure in RATIOS), None)
            if earlier is not None and ". " not in text[earlier.end : here.start]:
                found[index] = replace(here, kind=Kind.EFFECT, measure=earlier.measure)
            elif (
                earlier is None
                and then.kind is Kind.INTERVAL
                and patterns.A_RISK.search(text, max(0, here.start - _CLAUSE), here.start)
            ):
                found[index] = replace(here, kind=Kind.EFFECT, measure="RR")


def _share_changes(text: str, found: list[Quantity]) -> None:
    """Read the second of "by a third (35 %)" and of "by 60 % and the other by 15 %" as the change that the first is."""
    for index in range(1, len(found)):
        before, here = found[index - 1], found[index]
        is_share = here.kind is before.kind is Kind.SHARE and before.form is Form.FRACTION and not here.direction
        if (
            is_share
            and before.direction
            and text[before.end : here.start] == " ("
            and text[here.end : here.end + 1] == ")"
        ):
            found[index] = replace(here, direction=before.direction, change=before.change)
        elif before.change and here.kind is before.kind and not here.direction and not here.change:
            between = text[before.end : here.start]
            if patterns.AND_BY.fullmatch(between) and patterns.BY.search(
                text, max(0, before.start - _NEAR), before.start
            ):
                found[index] = replace(here, direction=before.direction, change=True)


def _share_denominators(text: str, found: list[Quantity]) -> None:
    """Read the second of "0.9 g per litre with one and 1.0 g with the other" per litre too."""
    for index in range(1, len(found)):
        before, here = found[index - 1], found[index]
        alike = here.kind is before.kind and patterns.unit_in(here.text) == patterns.unit_in(before.text)
        if alike and here.kind is Kind.MEASURE and before.unit.startswith(f"{here.unit}/") and here.unit:
            between = text[before.end : here.start]
            if len(between) <= _NEAR and patterns.LINKED.search(between) and before.value and before.written:
                factor = (before.value / before.written) * (here.written / here.value if here.value else 1)
                high = here.high * factor if here.high is not None else None
                found[index] = replace(
                    here, value=here.value * factor, high=high, precision=here.precision * factor, unit=before.unit
                )


def _share_rates(text: str, found: list[Quantity]) -> None:
    """Make a rate too of the first number of "104.7 versus 88.1 per 1,000 person-years"."""
    for index in range(len(found) - 1, 0, -1):
        here, rate = found[index - 1], found[index]
        if rate.form is not Form.PER or rate.is_range or rate.denominator is None:
            continue
        alike = here.kind is Kind.COUNT and not here.is_range and here.measure == here.counted == ""
        if alike and patterns.AGAINST.match(text, here.end, rate.start):
            found[index - 1] = replace(
                here,
                kind=rate.kind,
                value=here.value / rate.denominator,
                precision=here.precision / rate.denominator,
                unit=rate.unit,
                form=Form.PER,
                numerator=here.value,
                denominator=rate.denominator,
                counted=rate.counted,
                weak=False,
            )
