"""Whether a claim's number follows from several numbers of its evidence, and whether that tells anything.

Of many numbers some two make up almost any other, so that a number is within reach says little by itself. It counts for
a claim only where a slipped figure would not have come out as well: the figure is slipped to some others of its size
(a half, two thirds, half as much again ...), and where several of those follow in the same way, nothing is learnt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.make import MADE, Way, left_of_wholes, of_wholes
from kap_content.language.quantity.periods import spans
from kap_content.language.quantity.reach import reach_of, within_reach
from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.sentence import sentences
from kap_content.language.quantity.value import Comparator, Direction, Hedge, Kind, Quantity
from kap_content.startup.regex import regex

_PLAIN = frozenset(Way) - {Way.REST, Way.MIXED}
"""Ways that are meant more often than not; sums of shares and products are rather met by chance."""
_SUBJECT = regex(r"(?<![^\W_])[^\W\d_]{5}")
_OF_ANYTHING = frozenset({
    "patie", "parti", "peopl", "women", "child", "resid", "adult", "stude", "subje", "indiv", "perso", "respo", "cases",
    "group", "study", "studi", "years", "weeks", "month", "hours", "about", "other", "their", "there", "these", "those",
    "which", "where", "after", "befor", "among", "three", "seven", "eight", "third", "quart", "fifth", "least", "nearl",
    "almos", "fewer", "every", "withi", "found", "would", "could", "shoul",
})  # fmt: skip
"""How words begin that stand in sentences on anything."""
_SLIPS = tuple(
    Fraction(*parts) for parts in ((1, 2), (3, 5), (2, 3), (3, 4), (5, 6), (6, 5), (4, 3), (3, 2), (5, 3), (2, 1))
)
"""What a figure is multiplied by to see whether another would follow as well."""
_CHANCE = Fraction(1, 5)
"""The share of slipped figures that may follow too."""


class Followed(Enum):
    """How a number follows from others of the evidence."""

    SURELY = auto()
    """As no slip of it would."""
    AS_REST = auto()
    """As what is left of a whole, which is right where the claim says the opposite, in whatever words."""
    PERHAPS = auto()
    """As others of its size would."""
    NOT = auto()


def followed(quantity: Quantity, claim: str, evidence: Sequence[Given]) -> Followed:
    """How `quantity` is made up by numbers of one sentence of the evidence, and whether its slips would be too."""
    ways = _offers(quantity, claim, evidence)
    if any(_meets(quantity, offers) and _is_telling(quantity, offers) for way, offers in ways.items() if way in _PLAIN):
        return Followed.SURELY
    if _meets(quantity, ways[Way.REST]):
        return Followed.AS_REST
    made = list(reach_of(quantity, evidence))
    is_within = any(_meets(quantity, offers) for offers in ways.values()) or within_reach(quantity, made)
    return Followed.PERHAPS if is_within else Followed.NOT


def _offers(wanted: Quantity, claim: str, evidence: Sequence[Given]) -> dict[Way, list[Quantity]]:
    offers: defaultdict[Way, list[Quantity]] = defaultdict(list)
    subjects = _subjects(claim)
    made = MADE.get(wanted.kind)
    for given in evidence if made is not None else ():
        for sentence in sentences(given):
            for way, offer in made(sentence, wanted) if made is not None else ():
                is_of_same = way is Way.REST and not subjects.isdisjoint(_subjects(sentence.text))
                offers[Way.MIXED if is_of_same else way].append(offer)
        if wanted.kind is Kind.DURATION:
            offers[Way.DATES] += spans(given.text)
        if wanted.kind is Kind.SHARE and not wanted.change:
            offers[Way.WHOLE] += of_wholes(given)
        if wanted.kind is Kind.COUNT and wanted.counted in {"", "people"}:
            offers[Way.WHOLE] += left_of_wholes(given, wanted)
    return offers


def _subjects(text: str) -> frozenset[str]:
    """How the words begin that tell what `text` is about."""
    return frozenset(match[0].lower() for match in _SUBJECT.finditer(text)) - _OF_ANYTHING


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
