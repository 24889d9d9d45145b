"""What evidence says against a claim although it holds its numbers: a change or a bound the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.context import course_of
from kap_content.language.quantity.read import Reading
from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.value import Comparator, Difference, Direction, Doubt, Kind, Quantity, Unmatched
from kap_content.startup.regex import regex

_BOUNDED = (Kind.COUNT, Kind.EFFECT, Kind.MEASURE, Kind.SHARE, Kind.AGE, Kind.DURATION)
_STOP = regex(r"[.!?;] ")
_COMPLEMENTS = ({Comparator.AT_LEAST, Comparator.LESS}, {Comparator.AT_MOST, Comparator.MORE})
"""What divides everything in two: "24 or more" has "less than 24" beside it."""


def can_be_turned(claim: Reading) -> bool:
    """Whether a claim states any change or bound that evidence could have the other way round."""
    bounded = any(quantity.comparator is not Comparator.EQUAL for quantity in claim.quantities)
    return bounded or any(True for _ in _changes(claim))


def contradictions(claim: Reading, evidence: Sequence[Given]) -> Iterator[Unmatched]:
    """The claim's quantities that the evidence has only the other way round.

    "Rose from 41 to 60" where the evidence fell from 60 to 41, "55 or less" where it has 55 or more; nothing where the
    evidence also says it as the claim does.
    """
    readings = [given.reading for given in evidence]
    yield from _turned_changes(claim, readings, evidence)
    for quantity in claim.quantities:
        if quantity.kind in _BOUNDED and not quantity.is_range and not quantity.weak:
            against = _turned_bound(quantity, readings)
            if against is not None:
                yield against


def _turned_changes(claim: Reading, evidence: Sequence[Reading], texts: Sequence[Given]) -> Iterator[Unmatched]:
    theirs = [(*change, source) for source, given in enumerate(evidence) for change in _changes(given)]
    for before, after in _changes(claim):
        if any(_same(before, one) and _same(after, two) for one, two, _ in theirs):
            continue
        for one, two, source in theirs:
            if _same(before, two) and _same(after, one):
                yield Unmatched(after, one, Difference.DIRECTION, source)
                break
        else:
            yield from _worded_otherwise(before, after, texts)


def _worded_otherwise(before: Quantity, after: Quantity, texts: Sequence[Given]) -> Iterator[Unmatched]:
    """A change of which the evidence has both numbers in a sentence or two that tell of the other direction only."""
    turned = Direction.DOWN if after.value > before.value else Direction.UP
    for source, given in enumerate(texts):
        found = given.reading.quantities
        firsts, lasts = ([item for item in found if _same(side, item)] for side in (before, after))
        at = [(one, two) for one in firsts for two in lasts if one is not two]
        if at and all(course_of(_around(given.text, one, two)) is turned for one, two in at):
            yield Unmatched(after, at[0][1], Difference.DIRECTION, source, Doubt.TURNED)
            return


def _around(text: str, one: Quantity, two: Quantity) -> str:
    """The sentences in which two numbers stand, where they are one or neighbours; nothing where they lie apart."""
    first, last = sorted((one, two), key=lambda item: item.start)
    if len(_STOP.findall(text, first.end, last.start)) > 1:
        return ""
    start = max((found.end() for found in _STOP.finditer(text, 0, first.start)), default=0)
    end = _STOP.search(text, last.end)
    return text[start : end.start() if end else len(text)]


def _changes(given: Reading) -> Iterator[tuple[Quantity, Quantity]]:
    """What something was and what it became: pairs of a change, and ranges that something rose or fell through."""
    for pair in given.pairs:
        if pair.is_change:
            yield given.quantities[pair.first], given.quantities[pair.second]
    for item in given.quantities:
        if item.high is not None and item.direction and item.kind is not Kind.INTERVAL:
            ends = replace(item, high=None), replace(item, high=None, value=item.high)
            yield ends if item.direction is Direction.UP else (ends[1], ends[0])


def _same(one: Quantity, other: Quantity) -> bool:
    one, other = (replace(side, direction=Direction.NONE, change=False) for side in (one, other))
    return one.kind is other.kind and one.value != 0 and agree(one, other).agrees


def _turned_bound(quantity: Quantity, evidence: Sequence[Reading]) -> Unmatched | None:
    mine = quantity.comparator
    if mine is Comparator.EQUAL:
        return None
    found: Unmatched | None = None
    for source, given in enumerate(evidence):
        for item in given.quantities:
            if item.is_range or (item.kind, item.unit, item.value) != (quantity.kind, quantity.unit, quantity.value):
                continue
            if item.comparator is Comparator.EQUAL:
                if item.kind is Kind.DURATION:
                    return None  # "after six months" may be beyond them
                continue
            if item.comparator.is_upper == mine.is_upper or {item.comparator, mine} in _COMPLEMENTS:
                return None
            found = found or Unmatched(quantity, item, Difference.COMPARATOR, source)
    return found
