"""All quantities of a claim against all of its evidence: which have no counterpart, and what comes nearest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.alike import close
from kap_content.language.quantity.context import tells_of_change
from kap_content.language.quantity.contradict import can_be_turned, contradictions
from kap_content.language.quantity.doubt import doubt_of
from kap_content.language.quantity.follow import Followed, followed, nearly_reached
from kap_content.language.quantity.implied import as_needed_to_treat, doses_a_day, implied, yearly
from kap_content.language.quantity.read import Reading, reading
from kap_content.language.quantity.reckon import (
    Given,
    follows_within,
    halves_at_the_median,
    natural_frequencies,
    reckoned,
)
from kap_content.language.quantity.special import DECADE
from kap_content.language.quantity.units import YEAR
from kap_content.language.quantity.value import (
    Comparator,
    Difference,
    Direction,
    Form,
    Kind,
    Quantity,
    Unmatched,
    Verdict,
)
from kap_content.startup.regex import regex

_DIFFERENCE = regex(
    r" (?:early|earlier|late|later|sooner|younger|older|longer|shorter|apart|ahead|behind|more|less|fewer|further)\b"
)
_APART_IN_TIME = regex(r" (?:after|before) ")
_FULL_STOP = regex(r"[.!?] ")
_A_YEAR = regex(r"\b(?:annual|annually|yearly|a year|(?:per|each|every|one) year)\b", re.IGNORECASE)
_OPEN = (Difference.NONE, Difference.NUMBER)
_NAMED = frozenset({"studies", "sessions", "doses", "places", "groups", "animals", "genes"})
_SMALL = 20
"""Counts below this are met by chance: what they count must be the same, where the evidence names it."""
_EXTREME = regex(
    r"\b(?:oldest|youngest|largest|biggest|smallest|longest|shortest|highest|lowest|greatest|least|most|maximum|minimum"
    r"|max|min)\b[^.;,\d]*$",
    re.IGNORECASE,
)
_NEAR = 50
"""Characters before a number in which "the oldest" belongs to it."""
_REFERRED = regex(r"\b(?:one|both|either|each|neither|all|any) of (?:the|these|those) $", re.IGNORECASE)
_FEW = 6
"""What is referred to, as in "one of the two studies", is counted for the reader's ease."""
_FAR = 100.0
"""More than any two numbers lie apart that are compared in earnest."""
_SUBTRACTED = (Kind.SHARE, Kind.COUNT, Kind.MEASURE, Kind.DURATION, Kind.AGE, Kind.FREQUENCY)


def compare(claim_text: str, evidence_texts: Sequence[str]) -> tuple[Unmatched, ...]:
    """The quantities of `claim_text` that none of `evidence_texts` states or yields, in order of place.

    What evidence yields: each quantity in any form, the difference and the ratio of two that it sets against each other
    ("from 24 to 12", "33 % versus 0 %"), and counts that a share of a stated whole comes to.
    """
    open_ = [
        quantity
        for quantity in reading(claim_text).quantities
        if not quantity.weak and not (quantity.value < _FEW and _REFERRED.search(claim_text, 0, quantity.start))
    ]
    offered: list[list[Quantity]] = []
    turnable = can_be_turned(reading(claim_text))
    for text in evidence_texts:
        if not open_ and not turnable:
            return ()
        offers = list(_offers(reading(text)))
        offered.append(offers)
        levels = [offer for offer in offers if not _is_by_ratio(offer)]
        open_ = [
            quantity
            for quantity in open_
            if not _is_carried(quantity, levels if _is_level(claim_text, quantity) else offers)
        ]
    open_ = [item for item in open_ if not any(_from_parts(nearly_reached(item), offers) for offers in offered)]
    open_ = _less_implied(claim_text, open_, evidence_texts, [offer for offers in offered for offer in offers])
    open_ = _less_differences(claim_text, open_, offered, evidence_texts)
    open_ = _less_reckoned(Given(claim_text, reading(claim_text)), open_, evidence_texts)
    ends = [*_ends_of_ranges(open_, offered), *_extremes(claim_text, open_, offered)]
    unmatched = [_nearest(quantity, offered) for quantity in open_ if quantity not in ends]
    evidence = [Given(text, reading(text)) for text in evidence_texts]
    kept = list(_weighed(Given(claim_text, reading(claim_text)), unmatched, evidence))
    told = {item.quantity.start for item in kept if not item.doubt or item.doubt.is_likely_wrong}
    against = [item for item in contradictions(reading(claim_text), evidence) if item.quantity.start not in told]
    turned = {item.quantity.start for item in against}
    kept = [item for item in kept if item.quantity.start not in turned]
    return tuple(sorted([*kept, *against], key=lambda item: item.quantity.start))


def _weighed(claim: Given, unmatched: Sequence[Unmatched], evidence: Sequence[Given]) -> Iterator[Unmatched]:
    """Those that do not follow from several numbers of the evidence, each with what speaks for it all the same."""
    for item in unmatched:
        if item.nearest is None and item.quantity.measure == DECADE:
            continue
        way = Followed.NOT
        is_ratio = item.nearest is not None and (item.quantity.kind, item.nearest.kind) == (Kind.MULTIPLE, Kind.EFFECT)
        is_slight = item.difference is Difference.UNIT and _is_short(item.quantity)
        if item.difference in _OPEN or is_slight or (is_ratio and item.difference is Difference.DIRECTION):
            way = followed(item.quantity, claim.text, evidence)
            if way is Followed.SURELY:
                continue
        yield replace(item, doubt=doubt_of(item, evidence, way))


def _is_short(quantity: Quantity) -> bool:
    """Whether it is a time of few whole units: "three years", beside which "at 3 months" stands by chance."""
    return quantity.kind is Kind.DURATION and quantity.written.denominator == 1 and quantity.written < _FEW


def _is_carried(quantity: Quantity, offers: Sequence[Quantity]) -> bool:
    """Whether any offer carries it. "Nine studies" is no bare nine where the text counts studies otherwise."""
    if quantity.kind is Kind.COUNT and quantity.counted in _NAMED and abs(quantity.value) < _SMALL:
        named = any(offer.counted == quantity.counted and not offer.weak for offer in offers)
        offers = [offer for offer in offers if offer.counted or not named]
    return any(agree(quantity, offer).agrees for offer in offers)


def _is_level(text: str, quantity: Quantity) -> bool:
    """Whether it is a share that is no change: the claim tells of none, or its "less" belongs to the bound."""
    if quantity.kind is not Kind.SHARE or quantity.change:
        return False
    return quantity.comparator is not Comparator.EQUAL or not tells_of_change(text)


def _is_by_ratio(offer: Quantity) -> bool:
    """Whether it is how much one number is of another, or lies above it, which is no plain share."""
    of_shares = offer.kind is Kind.MULTIPLE and "%" in offer.text
    return (offer.kind is Kind.SHARE or of_shares) and offer.change and " and " in offer.text


def _lies_between(offer: Quantity) -> bool:
    """Whether it is the difference or the ratio of two numbers."""
    return offer.change and " and " in offer.text


def _less_differences(
    text: str, quantities: list[Quantity], offered: list[list[Quantity]], evidence_texts: Sequence[str]
) -> list[Quantity]:
    """The quantities less the differences and ratios that any two numbers of one sentence yield."""
    differences = [
        quantity
        for quantity in quantities
        if (quantity.change or quantity.kind in (Kind.POINTS, Kind.MULTIPLE) or _is_difference(text, quantity))
        and _nearest(quantity, offered).difference is not Difference.DIRECTION
    ]
    if not differences:
        return quantities
    offers = [offer for text in evidence_texts for offer in _differences(reading(text), text)]
    return [
        quantity
        for quantity in quantities
        if quantity not in differences
        or not any(agree(replace(quantity, direction=Direction.NONE), offer).agrees for offer in offers)
    ]


def _is_difference(text: str, quantity: Quantity) -> bool:
    """Whether it is said as how far two things lie apart: "5 kg lighter", "five years after"."""
    if quantity.kind is Kind.DURATION and _APART_IN_TIME.match(text, quantity.end):
        return True
    return _DIFFERENCE.match(text, quantity.end) is not None


def _less_reckoned(claim: Given, quantities: list[Quantity], evidence_texts: Sequence[str]) -> list[Quantity]:
    """The quantities less those that follow by reckoning from the evidence, or from others that it carries."""
    if not quantities:
        return quantities
    evidence = [Given(text, reading(text)) for text in evidence_texts]
    offers = [offer for given in evidence for offer in given.reading.quantities]
    settled = halves_at_the_median(quantities, claim, evidence) + natural_frequencies(claim, offers)
    left = [item for item in quantities if item not in settled and not reckoned(claim, nearly_reached(item), evidence)]
    carried = [item for item in claim.reading.quantities if item not in left]
    return [item for item in left if not follows_within(item, carried, claim)]


def _less_implied(
    text: str, quantities: list[Quantity], evidence_texts: Sequence[str], offers: list[Quantity]
) -> list[Quantity]:
    """The quantities less those that say together, or in other words, what is offered or follows from its wording."""
    if not quantities:
        return quantities
    given = [(other, reading(other).quantities) for other in evidence_texts]
    more = [quantity for other, read in given for quantity in implied(other, read)]
    if _A_YEAR.search(text):
        more += [rate for _, read in given for item in read for rate in yearly(item)]
    totals = [total for other, read in given for _, _, total in doses_a_day(other, read)]
    totals += [offer for offer in offers if offer.kind is Kind.MEASURE and offer.unit.endswith("/d")]
    carried: list[Quantity] = []
    for dose, often, total in doses_a_day(text, reading(text).quantities):
        if any(agree(total, offer).agrees for offer in totals if offer.unit == total.unit):
            carried += [dose, often]
    for quantity in quantities:
        treated = as_needed_to_treat(text, quantity)
        said = [*more, *(total for total in totals if total.unit == quantity.unit)]
        if any(agree(quantity, offer).agrees for offer in said) or (
            treated is not None and any(agree(treated, offer).agrees for offer in offers)
        ):
            carried.append(quantity)
            if treated is not None:  # "one extra responder for every three people treated"
                carried += [one for one in quantities if one.kind is Kind.COUNT and one.value == 1]
    return [quantity for quantity in quantities if quantity not in carried]


def _ends_of_ranges(quantities: list[Quantity], offered: list[list[Quantity]]) -> list[Quantity]:
    """Those of a claim's quantities that are both ends of one range of the evidence ("0.5 or 1 mg": "0.5-1 mg")."""
    ends: list[Quantity] = []
    for candidate in (item for items in offered for item in items if item.high is not None):
        sides = [_at_end(quantities, candidate, value) for value in (candidate.value, candidate.high)]
        if all(sides):
            ends.extend(quantity for side in sides for quantity in side)
    return ends


def _extremes(text: str, quantities: list[Quantity], offered: list[list[Quantity]]) -> list[Quantity]:
    """Those that are said to be the greatest or the least, and are an end of a range: "the oldest was 90"."""
    ranges = [item for items in offered for item in items if item.high is not None]
    ends = [
        replace(item, value=end, high=None) for item in ranges for end in (item.value, item.high) if end is not None
    ]
    said = [item for item in quantities if _EXTREME.search(text[max(0, item.start - _NEAR) : item.start])]
    return [item for item in said if any(agree(item, end).agrees or _is_age_of(item, end) for end in ends)]


def _is_age_of(quantity: Quantity, age: Quantity) -> bool:
    """Whether a bare number is an age: "the oldest was 90"."""
    return quantity.kind is Kind.COUNT and not quantity.counted and (age.kind, age.value) == (Kind.AGE, quantity.value)


def _at_end(quantities: list[Quantity], candidate: Quantity, value: Fraction | None) -> list[Quantity]:
    assert value is not None
    end = replace(candidate, high=None, value=value)
    kinds = (candidate.kind, Kind.COUNT, Kind.EFFECT) if candidate.kind is Kind.INTERVAL else (candidate.kind,)
    return [
        quantity
        for quantity in quantities
        if quantity.high is None
        and quantity.kind in kinds
        and (abs(quantity.value - value) <= candidate.precision or (quantity.kind is end.kind and close(quantity, end)))
    ]


def _nearest(quantity: Quantity, offered: list[list[Quantity]]) -> Unmatched:
    best: tuple[float, Unmatched] | None = None
    for source, candidates in enumerate(offered):
        for candidate in candidates:
            is_level = quantity.kind in (Kind.SHARE, Kind.COUNT) and not quantity.change
            if is_level and quantity.kind is Kind.SHARE and _is_by_ratio(candidate):
                continue  # how far two numbers lie apart is no counterpart of a level
            agreement = agree(quantity, candidate)
            if agreement.verdict is not Verdict.DIFFERENT:
                continue
            if agreement.difference is Difference.UNIT:
                rank = 0.0  # the very number, of something else
            else:
                rank = agreement.distance + (0 if agreement.difference is not Difference.NUMBER else 0.01)
            if is_level and _lies_between(candidate):
                rank += _FAR  # a number that stands there tells more
            if best is None or rank < best[0]:
                best = rank, Unmatched(quantity, candidate, agreement.difference, source)
    return best[1] if best is not None else Unmatched(quantity)


def _offers(given: Reading) -> Iterator[Quantity]:
    yield from given.quantities
    for pair in given.pairs:
        yield from _of_pair(given.quantities[pair.first], given.quantities[pair.second], is_change=pair.is_change)


def _differences(given: Reading, text: str) -> Iterator[Quantity]:
    """Differences and ratios of any two quantities of one kind and unit in a sentence, for a claim that states one."""
    for index, one in enumerate(given.quantities):
        for two in given.quantities[index + 1 :]:
            if _FULL_STOP.search(text, one.end, two.start):
                break
            alike = one.kind is two.kind and one.unit == two.unit and one.measure == two.measure
            if alike and not one.is_range and not two.is_range and one.counted == two.counted:
                yield from _of_pair(one, two, is_change=False)


def _of_pair(one: Quantity, two: Quantity, *, is_change: bool) -> Iterator[Quantity]:
    """The difference and the ratio of two quantities that the text sets against each other."""
    if not one.value or one.kind not in _SUBTRACTED:
        return
    direction = Direction.UP if two.value > one.value else Direction.DOWN
    base = replace(
        two,
        text=f"{one.text} and {two.text}",
        start=one.start,
        form=Form.NUMERAL,
        comparator=Comparator.EQUAL,
        direction=direction if is_change else Direction.NONE,
        change=True,
        numerator=None,
        denominator=None,
    )
    gap = abs(two.value - one.value)
    precision = one.precision + two.precision
    if one.kind is Kind.SHARE:
        yield replace(base, kind=Kind.POINTS, value=gap, precision=precision, unit="%", written=gap * 100)
        if gap:
            treated = 1 / gap
            slack = treated * min(precision / gap, Fraction(1, 10))
            yield replace(base, kind=Kind.EFFECT, measure="NNT", value=treated, precision=max(slack, Fraction(1, 2)))
    elif one.kind is Kind.AGE:
        yield replace(base, kind=Kind.DURATION, unit="d", value=gap * YEAR, precision=precision * YEAR, written=gap)
    else:
        yield replace(base, value=gap, precision=precision, written=abs(two.written - one.written))
    if two.value * one.value > 0:
        ratio = two.value / one.value
        slack = ratio / 50
        yield replace(base, kind=Kind.MULTIPLE, value=ratio, precision=slack, unit="")
        yield replace(
            base, kind=Kind.SHARE, value=abs(ratio - 1), precision=Fraction(1, 100), unit="", direction=direction
        )
        if not is_change:
            yield replace(base, kind=Kind.MULTIPLE, value=1 / ratio, precision=slack, unit="", direction=Direction.NONE)


def _from_parts(quantity: Quantity, offered: list[Quantity]) -> bool:
    """Whether it follows from several quantities of one text: ends of a range, parts of a ratio, a share of a whole."""
    if quantity.high is not None and quantity.kind is not Kind.INTERVAL:
        ends = replace(quantity, high=None), replace(quantity, high=None, value=quantity.high)
        return all(any(agree(end, candidate).agrees for candidate in offered) for end in ends)
    singles = [item for item in offered if item.kind is Kind.COUNT and not item.is_range]
    counts = [item for item in singles if item.counted in {"", "people", quantity.counted}]
    if quantity.form is Form.RATIO and quantity.numerator is not None and quantity.denominator is not None:
        values = {item.value for item in counts}
        values.update(item.denominator for item in offered if item.denominator is not None)
        values.update(item.numerator for item in offered if item.numerator is not None)
        values.add(Fraction(1))  # "one of 14 patients"
        return {quantity.numerator, quantity.denominator} <= values
    wholes = {item.value for item in counts if item.measure == "n" or item.counted == "people"}
    shares = [item for item in offered if item.kind is Kind.SHARE and not item.is_range and 0 < item.value < 1]
    if not wholes:
        return False
    whole = max(wholes)
    if quantity.kind is Kind.COUNT and quantity.counted in {"", "people"}:
        return any(
            abs(item.value * whole - quantity.value) <= max(Fraction(1, 2), item.precision * whole) / 2
            for item in shares
        )
    if quantity.kind is Kind.SHARE and not quantity.is_range and whole:
        parts = (item.value for item in counts if item.value < whole)
        slack = quantity.precision or quantity.value / 20
        return any(abs(part / whole - quantity.value) <= slack for part in parts)
    return False
