"""What the numbers of one sentence make up together, for each kind of number that may be wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from fractions import Fraction
from itertools import combinations, product

from kap_content.language.quantity.reckon import Given
from kap_content.language.quantity.sentence import Sentence, plain_number
from kap_content.language.quantity.units import YEAR
from kap_content.language.quantity.value import Form, Kind, Quantity


class Way(Enum):
    """How numbers make up another. What follows in one way is weighed by itself."""

    ALL = auto()
    SUM = auto()
    GAP = auto()
    RATIO = auto()
    PART = auto()
    WHOLE = auto()
    DATES = auto()
    LEFT = auto()
    REST = auto()
    MIXED = auto()


Offer = tuple[Way, Quantity]
_BOTH = 2


def _shares(sentence: Sentence, wanted: Quantity) -> Iterator[Offer]:
    if wanted.change:
        yield from _changes(sentence)
        return
    shares = [item for item in sentence.of(Kind.SHARE) if not item.change and not item.unit and 0 < item.value < 1]
    for item in shares:
        yield Way.REST, plain_number(item, value=1 - item.value)
        yield from _lowered(sentence, item)
    near = [item for item in sentence.before if item.kind is Kind.SHARE and not item.change and not item.unit]
    for one, two in (*combinations(shares, 2), *product(near, shares)):
        if one.value + two.value <= 1:
            slack = one.precision + two.precision
            yield Way.MIXED, plain_number(two, value=one.value + two.value, precision=slack, form=Form.NUMERAL)
    yield from _parts_of_all(sentence)
    if wanted.form is Form.RATIO:
        yield from _added_ratios(sentence)
    counts = [item for item in sentence.counts() if item.value > 1 and item.form is not Form.RATIO]
    for one, two in combinations(counts, 2):
        if (_has_own(one, shares) and _has_own(two, shares)) or _are_of_two(one, two, shares):
            continue  # "eight (67 %) and four (33 %)" are parts of one whole, not the one of the other
        small, large = sorted((one.value, two.value))
        base = plain_number(two, kind=Kind.SHARE, form=Form.RATIO, precision=Fraction(0), counted="", measure="")
        if small < large:
            yield Way.PART, replace(base, value=small / large, numerator=small, denominator=large)
            yield Way.REST, replace(base, value=1 - small / large, numerator=large - small, denominator=large)


def _has_own(count: Quantity, shares: Sequence[Quantity]) -> bool:
    """Whether its share follows in brackets: "eight (67 %)"."""
    return any(0 <= share.start - count.end <= len(" (") for share in shares)


def _are_of_two(one: Quantity, two: Quantity, shares: Sequence[Quantity]) -> bool:
    """Whether they belong to two ratios: of "61 of 98, 19 of 30" the 61 and the 30."""
    ratios = [share for share in shares if share.form is Form.RATIO]
    first, second = ([ratio for ratio in ratios if ratio.start <= item.start < ratio.end] for item in (one, two))
    return bool(first and second) and first != second


def left_of_wholes(given: Given, wanted: Quantity) -> Iterator[Quantity]:
    """How many are left of the greatest count of people without each of the others, wherever they stand."""
    counts = [item for item in given.reading.quantities if item.kind is Kind.COUNT and not item.is_range]
    whole = max((item.value for item in counts if item.counted == "people"), default=Fraction(0))
    for item in counts:
        if 1 < item.value < whole and item.counted in {"", "people"} and item.value.denominator == 1:
            yield _count(wanted, whole - item.value)


def of_wholes(given: Given) -> Iterator[Quantity]:
    """What part each count is of the greatest of its sort, wherever they stand: "twelve dogs ... in six dogs"."""
    counts = [
        item for item in given.reading.quantities if item.kind is Kind.COUNT and item.counted and not item.is_range
    ]
    wholes = {name: max(item.value for item in counts if item.counted == name) for name in {c.counted for c in counts}}
    for item in counts:
        whole = wholes[item.counted]
        if 1 < item.value < whole and item.value.denominator == whole.denominator == 1:
            share = plain_number(item, kind=Kind.SHARE, form=Form.RATIO, precision=Fraction(0), counted="", measure="")
            yield replace(share, value=item.value / whole, numerator=item.value, denominator=whole)


def _added_ratios(sentence: Sentence) -> Iterator[Offer]:
    """Both "10 of 12" and "9 of 14" together: 19 of 26."""
    for one, two in combinations([item for item in sentence.of(Kind.SHARE) if item.form is Form.RATIO], 2):
        if one.denominator and two.denominator and one.numerator is not None and two.numerator is not None:
            part, whole = one.numerator + two.numerator, one.denominator + two.denominator
            both = plain_number(two, value=part / whole, precision=Fraction(0), counted="")
            yield Way.SUM, replace(both, written=part, numerator=part, denominator=whole)
    counts = sentence.counts()
    for one, two in combinations(counts, 2):  # "36 of 73" of "19 of the 73 ... and 17 patients"
        for whole in {item.value for item in counts if item.value >= one.value + two.value}:
            part = one.value + two.value
            both = plain_number(two, kind=Kind.SHARE, form=Form.RATIO, precision=Fraction(0), counted="", measure="")
            yield Way.SUM, replace(both, value=part / whole, written=part, numerator=part, denominator=whole)


def _parts_of_all(sentence: Sentence) -> Iterator[Offer]:
    """What part each count is of all that the sentence names: seven of nine, of "n = 7", "n = 1" and "n = 1"."""
    counts = [item for item in sentence.counts() if item.form is not Form.RATIO and item.value > 1]
    named = [item for item in sentence.of(Kind.COUNT) if item.measure == "n" and item.value.denominator == 1]
    wholes = {item.denominator for item in sentence.of(Kind.SHARE)}
    apart = {item.counted for item in counts} <= {"", "people"} and not any(item.value in wholes for item in counts)
    people = counts if apart else []
    for items in (named, people):
        whole = sum((item.value for item in items), Fraction(0))
        is_one_the_whole = len(items) > _BOTH and any(2 * item.value == whole for item in items)
        for item in items if len(items) > 1 and not is_one_the_whole else ():
            share = plain_number(item, kind=Kind.SHARE, form=Form.RATIO, precision=Fraction(0), measure="", counted="")
            part = item.value
            yield Way.ALL, replace(share, value=part / whole, written=part, numerator=part, denominator=whole)


def _lowered(sentence: Sentence, share: Quantity) -> Iterator[Offer]:
    """What is left of a share after the fall that the sentence tells of: "a reduction of 2.5 % from 27.5 %"."""
    for step in sentence.of(Kind.SHARE, Kind.POINTS):
        if (step.change or step.kind is Kind.POINTS) and 0 < step.value < share.value:
            slack = step.precision + share.precision
            yield Way.GAP, plain_number(share, value=share.value - step.value, precision=slack, form=Form.NUMERAL)


def _changes(sentence: Sentence) -> Iterator[Offer]:
    """What two numbers of a kind lie apart, as a share of one of them; what is gone where a share is left."""
    shares = sentence.of(Kind.SHARE)
    for item in shares if len(shares) == 1 else ():
        if not item.change and not item.unit and 0 < item.value < 1:
            yield Way.LEFT, plain_number(item, value=1 - item.value, change=True)
    as_change = {"kind": Kind.SHARE, "unit": "", "change": True, "form": Form.NUMERAL, "measure": "", "counted": ""}
    for one, two in _alike(sentence):
        for top, bottom in ((one, two), (two, one)):
            share = abs(top.value / bottom.value - 1)
            yield Way.RATIO, plain_number(two, value=share, precision=Fraction(1, 200), **as_change)


def _multiples(sentence: Sentence, _: Quantity) -> Iterator[Offer]:
    for one, two in _alike(sentence):
        for top, bottom in ((one, two), (two, one)):
            ratio = top.value / bottom.value
            as_multiple = plain_number(two, kind=Kind.MULTIPLE, unit="", measure="", counted="", form=Form.NUMERAL)
            yield Way.RATIO, replace(as_multiple, value=ratio, precision=ratio / 50)


def _numbers(sentence: Sentence, wanted: Quantity) -> Iterator[Offer]:
    """Counts: sums, differences, and what a share of a whole comes to."""
    counts = sentence.counts()
    for named in ([item for item in counts if item.measure == "n"], counts):
        if len(named) > 1:
            yield Way.ALL, _count(wanted, sum((item.value for item in named), Fraction(0)))
    for size in (2, 3):
        for items in combinations(counts, size):
            yield Way.SUM, _count(wanted, sum((item.value for item in items), Fraction(0)))
    before = [item for item in sentence.before if item.kind is Kind.COUNT]
    for one, two in ((one, two) for one in before for two in counts if one.counted == two.counted):
        yield Way.MIXED, _count(wanted, one.value + two.value)
        yield Way.MIXED, _count(wanted, abs(one.value - two.value))
    for one, two in combinations(counts, 2):
        yield Way.GAP, _count(wanted, abs(one.value - two.value))
        yield Way.MIXED, _count(wanted, one.value * two.value)
        ratio = max(one.value / two.value, two.value / one.value)
        yield Way.MIXED, replace(_count(wanted, ratio), precision=Fraction(1, 10))
    for share in sentence.of(Kind.SHARE):
        for whole in counts if share.form is not Form.RATIO and not share.change else ():
            for value, slack in _parts(share, whole):
                yield Way.PART, replace(_count(wanted, value), precision=slack)


def _parts(share: Quantity, whole: Quantity) -> Iterator[tuple[Fraction, Fraction]]:
    """How many a share of a count is, and how many are left, each with what rounding leaves open.

    In "46 (85 %)" the count is the part: of 54, eight are left.
    """
    part, slack = share.value * whole.value, max(Fraction(1, 2), share.precision * whole.value)
    yield from ((part, slack), (whole.value - part, slack))
    if share.value and 0 <= share.start - whole.end <= len(", or "):
        total = whole.value / share.value
        slack = max(Fraction(1, 2), total * share.precision / share.value)
        yield from ((total, slack), (total - whole.value, slack))


def _count(wanted: Quantity, value: Fraction) -> Quantity:
    exact = {"precision": Fraction(0), "form": Form.NUMERAL, "high": None}
    return plain_number(wanted, value=value, written=value, **exact)


def _gaps(sentence: Sentence, wanted: Quantity) -> Iterator[Offer]:
    """Differences of what has one unit, and sums."""
    kinds = [Kind.SHARE if wanted.kind is Kind.POINTS else wanted.kind]
    kinds += [Kind.AGE] if wanted.kind is Kind.DURATION else []
    kinds += [Kind.COUNT, Kind.EFFECT] if wanted.unit == "point" else []
    for item in sentence.ranges:
        if item.kind is Kind.DURATION is wanted.kind and item.high is not None:  # "10 to 70 minutes after" is an hour
            yield Way.GAP, plain_number(item, value=item.high - item.value, high=None, written=Fraction(0))
    for one, two in _alike(sentence, *kinds):
        factor = YEAR if wanted.kind is Kind.DURATION and one.kind is Kind.AGE else Fraction(1)
        slack = (one.precision + two.precision) * factor
        named = {"kind": wanted.kind, "unit": wanted.unit, "measure": wanted.measure, "counted": ""}
        base = plain_number(two, precision=slack, **named)
        gap, total = abs(one.value - two.value) * factor, (one.value + two.value) * factor
        is_apart = wanted.kind is Kind.POINTS or wanted.change or one.kind is Kind.AGE
        yield Way.GAP if is_apart else Way.MIXED, replace(base, value=gap, written=abs(one.written - two.written))
        if wanted.kind is not Kind.POINTS:
            yield Way.MIXED, replace(base, value=total, written=one.written + two.written)


def _alike(sentence: Sentence, *kinds: Kind) -> Iterator[tuple[Quantity, Quantity]]:
    """Any two numbers above zero of one kind, unit and statistic."""
    for one, two in combinations(sentence.of(*kinds) if kinds else sentence.quantities, 2):
        same = (one.kind, one.unit, one.measure, one.change) == (two.kind, two.unit, two.measure, two.change)
        if same and one.value > 0 and two.value > 0 and one.value != two.value:
            yield one, two


MADE: dict[Kind, Callable[[Sentence, Quantity], Iterator[Offer]]] = {
    Kind.SHARE: _shares,
    Kind.MULTIPLE: _multiples,
    Kind.COUNT: _numbers,
    Kind.POINTS: _gaps,
    Kind.MEASURE: _gaps,
    Kind.DURATION: _gaps,
}
