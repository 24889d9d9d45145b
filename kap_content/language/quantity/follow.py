"""Whether a claim's number follows from several numbers of its evidence, and whether that tells anything.

Of many numbers some two make up almost any other, so that a number is within reach says little by itself. It counts for
a claim only where a slipped figure would not have come out as well: the figure is slipped to some others of its size
(a half, two thirds, half as much again ...), and where several of those follow in the same way, nothing is learnt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.make import MADE, Way, left_of_wholes, of_wholes
from kap_content.language.quantity.periods import spans
from kap_content.language.quantity.reach import reach_of, within_reach
from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.sentence import sentences
from kap_content.language.quantity.value import Comparator, Direction, Hedge, Kind, Quantity

_PLAIN = frozenset(Way) - {Way.MIXED}
"""Ways that are meant more often than not; the rest of a share, sums of shares, products are rather met by chance."""
_SLIPS = tuple(
    Fraction(*parts) for parts in ((1, 2), (3, 5), (2, 3), (3, 4), (5, 6), (6, 5), (4, 3), (3, 2), (5, 3), (2, 1))
)
"""What a figure is multiplied by to see whether another would follow as well."""
_CHANCE = Fraction(1, 5)
"""The share of slipped figures that may follow too."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How a number follows from several of the evidence: as no slip of it would, or perhaps by chance, or not."""

    is_telling: bool
    is_within: bool


def followed(quantity: Quantity, evidence: Sequence[Given]) -> Followed:
    """Whether `quantity` is made up by numbers of one sentence of the evidence, and its slips are not."""
    ways = _offers(quantity, evidence)
    if any(_meets(quantity, offers) and _is_telling(quantity, offers) for way, offers in ways.items() if way in _PLAIN):
        return Followed(is_telling=True, is_within=True)
    made = list(reach_of(quantity, evidence))
    is_within = any(_meets(quantity, offers) for offers in ways.values()) or within_reach(quantity, made)
    return Followed(is_telling=False, is_within=is_within)


def _offers(wanted: Quantity, evidence: Sequence[Given]) -> dict[Way, list[Quantity]]:
    offers: defaultdict[Way, list[Quantity]] = defaultdict(list)
    made = MADE.get(wanted.kind)
    for given in evidence if made is not None else ():
        for sentence in sentences(given):
            for way, offer in made(sentence, wanted) if made is not None else ():
                offers[way].append(offer)
        if wanted.kind is Kind.DURATION:
            offers[Way.DATES] += spans(given.text)
        if wanted.kind is Kind.SHARE and not wanted.change:
            offers[Way.WHOLE] += of_wholes(given)
        if wanted.kind is Kind.COUNT and wanted.counted in {"", "people"}:
            offers[Way.WHOLE] += left_of_wholes(given, wanted)
    return offers


def _meets(quantity: Quantity, offers: Sequence[Quantity]) -> bool:
    """Whether any offer carries it; an open bound must be nearly reached, since all that lies beyond were too much."""
    near = quantity if quantity.kind is Kind.MULTIPLE else nearly_reached(quantity)
    wanted = replace(near, direction=Direction.NONE)
    bounds = [offer for offer in offers if _is_inside(quantity, offer)]
    return any(agree(wanted, offer).agrees for offer in bounds)


def nearly_reached(quantity: Quantity) -> Quantity:
    """`quantity` with a bound ("more than 200") as a hedge ("just over 200")."""
    if quantity.comparator is Comparator.EQUAL:
        return quantity
    hedge = Hedge.JUST_OVER if quantity.comparator.is_lower else Hedge.NEARLY
    return replace(quantity, comparator=Comparator.EQUAL, hedge=hedge)


def _is_inside(quantity: Quantity, offer: Quantity) -> bool:
    if quantity.comparator.is_lower:
        return offer.value >= quantity.value
    return offer.value <= quantity.value or not quantity.comparator.is_upper


def _is_telling(quantity: Quantity, offers: Sequence[Quantity]) -> bool:
    """Whether few figures of the size of `quantity` are carried too."""
    slips = list(_slipped(quantity))
    return sum(_meets(slip, offers) for slip in slips) <= len(slips) * _CHANCE


def _slipped(quantity: Quantity) -> Iterator[Quantity]:
    """Other figures of the size of `quantity`, written as finely."""
    step = 2 * quantity.precision or (Fraction(1) if quantity.value.denominator == 1 else Fraction(0))
    seen = {quantity.value, Fraction(0)}
    for factor in _SLIPS if quantity.value else ():
        value = quantity.value * factor
        value = round(value / step) * step if step else value
        if value not in seen:
            seen.add(value)
            times = value / quantity.value
            high = quantity.high * times if quantity.high is not None else None
            yield replace(quantity, value=value, high=high, written=quantity.written * times)
