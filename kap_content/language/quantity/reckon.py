"""What follows from the numbers of a text by simple reckoning: the rest of a whole, a sum, sessions of a course."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, pairwise

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.context import RATIOS
from kap_content.language.quantity.implied import doses_a_day
from kap_content.language.quantity.pairs import without_asides
from kap_content.language.quantity.read import Reading
from kap_content.language.quantity.value import Comparator, Direction, Form, Kind, Quantity
from kap_content.startup.regex import regex

_PEOPLE = frozenset({"", "people"})
_NEAR = 60
"""Characters between two counts that make a sum, between how often and how long."""
_SENTENCE = 200
_LEAST_SUM = 20
_SENTENCE_END = regex(r"[.!?;] ")
_NEGATED = regex(
    r"\b(?:not|never|no|none|nobody|nothing|neither|without|the others?|rest|remaining|remainder|miss(?:ed|es)?|fail\w*"
    r"|left out|refus\w+|declin(?:ed|es) to|free of|false|lack\w*|excluded|all but|except\w*"
    r"|un(?!der|it|iv|til|ique|ion|cert)\w{4,}|non-?\w{4,}(?! (?:group|patients|controls|subjects)\b)"
    r"|in(?:complete|correct|adequate|appropriate|sufficient|accurate|eligible|effective)\w*|wrong\w*|dissatisfied"
    r"|disagree\w*)\b|n't\b",
    re.IGNORECASE,
)
_OPPOSITES = tuple(
    (regex(rf"\b(?:{one})\b", re.IGNORECASE), regex(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in (
        (r"wom[ae]n|females?|girls?|mothers?", r"m[ae]n|males?|boys?|fathers?"),
        (
            r"di(?:ed|e|es|ing)|deaths?|dead|mortality|fatal\w*|replaced|revis(?:ed|ions?)|failure",
            r"surviv\w+|alive|living",
        ),
        (
            r"stop\w*|quit\w*|dropp?(?:ed|ing)?[ -]?outs?|withdr\w+|discontinu\w+|attrition|lost|left",
            r"complet\w+|finish\w*|adher\w+|retention|retained|remained|continu(?:ed|ing)|persist\w+",
        ),
        (r"positive|ill|affected", r"specificity|negative|healthy|well"),
        (r"relaps\w+|recur\w*|returned", r"remained well|relapse-free|abstinent|abstinence|in remission"),
        (r"shorter", r"longer"),
        (r"better|improv\w+", r"worse\w*|still|unchanged"),
        (r"side effects?|adverse events?|complications?", r"tolerated|uneventful|uncomplicated"),
    )
)
_TOTAL = regex(r"\b(?:total|in all|altogether|combined|daily dose)\b", re.IGNORECASE)
_TOGETHER = regex(r"\b(?:together|in total|altogether|combined|between them|in all)\b", re.IGNORECASE)
_SUM_LINK = regex(r"(?:[^.;\d]|-\d+)*\b(?:and|plus|versus|vs\.?)\b(?:[^.;\d]|-\d+)*$|[^.;\d]*, [^.;\d]*$")
_SIBLINGS = regex(r"(?: [\w-]+){0,4},? and $")
_FALL = regex(
    r"\b(?:lower\w*|f[ae]ll\w*|reduc\w+|decreas\w+|less|fewer|dropp?\w*|declin\w+|lessen\w*"
    r"|eas(?:e|ed|es|ing)|smaller|shorter|lost|milder|better)\b",
    re.IGNORECASE,
)
_NOTHING = regex(r"\b(?:no|none|nobody|neither|not (?:one|a single)|without any|zero|nor)\b", re.IGNORECASE)
_UNSURE = regex(
    r"\b(?:intervals?|rang(?:e[ds]?|ing)|ran from|anywhere|between|as (?:low|high|little|much|few|many) as"
    r"|(?:may|might|could)(?: \w+)? be)\b",
    re.IGNORECASE,
)
_MEDIAN = regex(r"\bmedian\b", re.IGNORECASE)
_OWN_SHARE = regex(r"[^()\[\].;,]{0,30}[(\[]\d[\d.]*\s?%?[)\]]")
_COURSE = regex(r"[^.;]*$")
_COUNTED_ADVERB = regex(r" (?:[\w-]+ ){0,2}?(daily|weekly|monthly|fortnightly)\b(?! dose)", re.IGNORECASE)
_DAYS = {"daily": Fraction(1), "weekly": Fraction(7), "fortnightly": Fraction(14), "monthly": Fraction(487, 16)}


@dataclass(frozen=True, slots=True)
class Given:
    """A text with what was read of it."""

    text: str
    reading: Reading


def reckoned(claim: Given, quantity: Quantity, evidence: Sequence[Given]) -> bool:
    """Whether a quantity of the claim follows by reckoning from the numbers of one text of the evidence."""
    for given in evidence:
        if _is_rest_of_counts(claim, quantity, given) or _is_spread_over(claim, quantity, given):
            return True
        offers = chain(
            _rests(claim, quantity, given), _sums(given), _courses(given), _totals(claim, given),
            () if quantity.change else _parts(claim, given),
        )  # fmt: skip
        more = chain(_nothing(quantity, given), _mirrored(claim, given), _ends(claim, given), _together(claim, given))
        if any(agree(quantity, offer).agrees for offer in chain(offers, more)):
            return True
    return False


_NATURAL = frozenset({Fraction(10**power) for power in range(1, 7)})


def natural_frequencies(claim: Given, offers: Sequence[Quantity]) -> list[Quantity]:
    """Both numbers of "of 1,000 women, 200" where the evidence has that share in another form."""
    carried: list[Quantity] = []
    for ratio in claim.reading.quantities:
        if ratio.form in (Form.RATIO, Form.PER) and ratio.weak and ratio.denominator in _NATURAL and ratio.denominator:
            rounded = replace(ratio, precision=1 / (2 * ratio.denominator), weak=False)
            if any(offer.kind is Kind.SHARE and agree(rounded, offer).agrees for offer in offers):
                carried += [item for item in claim.reading.quantities if ratio.start <= item.start < ratio.end]
    return carried


def follows_within(quantity: Quantity, carried: Iterable[Quantity], claim: Given) -> bool:
    """Whether it follows from the claim's other numbers, which the evidence carries: "of 310, 266 finished (86 %)"."""
    carried = list(carried)
    others = [item for item in carried if item.kind is Kind.COUNT and not item.is_range and item.value > 0]
    if quantity.kind is Kind.MULTIPLE:
        plain = replace(quantity, precision=Fraction(0), comparator=Comparator.EQUAL)
        return any(agree(quantity, replace(plain, value=ratio)).agrees for ratio in _ratios(carried))
    if quantity.kind is Kind.SHARE and not quantity.is_range:
        slack = max(quantity.precision, quantity.value / 50)
        ratios = (min(a.value, b.value) / max(a.value, b.value) for a, b in _two(others))
        return any(abs(quantity.value - ratio) <= slack for ratio in ratios)
    if quantity.kind is not Kind.COUNT or quantity.is_range or not quantity.value:
        return False
    often = [item for item in carried if item.kind is Kind.FREQUENCY and not item.is_range]
    long = [item for item in carried if item.kind is Kind.DURATION and not item.is_range]
    if any(abs(a.value * b.value - quantity.value) < Fraction(1, 2) for a in often for b in long):
        return True
    sums = {a.value + b.value for a, b in _two(others)} | {sum(item.value for item in others)}
    rests = {abs(a.value - b.value) for a, b in _two(others)} if _NEGATED.search(claim.text) else set()
    products = {a.value * quantity.value for a in others}  # "24 rats in three groups of eight"
    return quantity.value in sums | rests or any(item.value in products for item in others)


def _ratios(items: Sequence[Quantity]) -> Iterator[Fraction]:
    """How many times as much one is as another of its kind: "half as high, 14 against 27"."""
    for a, b in _two(items):
        if (a.kind, a.unit, a.measure) == (b.kind, b.unit, b.measure) and a.value > 0 and b.value > 0:
            yield a.value / b.value
            yield b.value / a.value


def _two(items: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    for index, one in enumerate(items):
        for other in items[index + 1 :]:
            yield one, other


def _rests(claim: Given, wanted: Quantity, given: Given) -> Iterator[Quantity]:
    """What is left of a whole, where one side speaks of the opposite: "82 % completed" of "18 % stopped"."""
    for quantity in map(_as_share, given.reading.quantities):
        if quantity.kind is not Kind.SHARE or quantity.unit or quantity.is_range or not 0 <= quantity.value <= 1:
            continue
        if quantity.change:
            if wanted.direction and not wanted.change and quantity.direction is wanted.direction:
                yield replace(quantity, value=1 - quantity.value, change=False)  # "fell to 60 % of what it was"
            continue
        if wanted.change:
            if quantity.direction and quantity.direction is wanted.direction:
                yield replace(quantity, value=1 - quantity.value, change=True)  # "fell by 48 %" of "fell to 52 %"
            continue
        is_opposite = _are_opposite(claim.text, _sentence(given.text, quantity))
        if not is_opposite and not _bounds_are_opposite(claim, quantity, given):
            continue
        rest = replace(quantity, value=1 - quantity.value, comparator=_turned(quantity.comparator), weak=True)
        if quantity.form is Form.RATIO and quantity.numerator is not None and quantity.denominator is not None:
            left = quantity.denominator - quantity.numerator
            rest = replace(rest, numerator=left)
            yield replace(rest, kind=Kind.COUNT, value=left, written=left, form=Form.NUMERAL, precision=Fraction(0))
        yield rest


def _as_share(quantity: Quantity) -> Quantity:
    """A bare decimal below 1 as the share that it may be: "sensitivity 0.95"."""
    is_part = 0 < quantity.value < 1 and not quantity.is_range and not quantity.measure and not quantity.counted
    return replace(quantity, kind=Kind.SHARE) if quantity.kind is Kind.COUNT and is_part else quantity


def _turned(comparator: Comparator) -> Comparator:
    turned = {
        Comparator.LESS: Comparator.MORE,
        Comparator.MORE: Comparator.LESS,
        Comparator.AT_MOST: Comparator.AT_LEAST,
        Comparator.AT_LEAST: Comparator.AT_MOST,
    }
    return turned.get(comparator, comparator)


def _are_opposite(claim: str, evidence: str) -> bool:
    if (_NEGATED.search(claim) is None) is not (_NEGATED.search(evidence) is None):
        return True
    for one, other in _OPPOSITES:
        mine = one.search(claim) is not None, other.search(claim) is not None
        theirs = one.search(evidence) is not None, other.search(evidence) is not None
        if (mine[0] and not theirs[0] and theirs[1]) or (mine[1] and not theirs[1] and theirs[0]):
            return True
    return False


def _bounds_are_opposite(claim: Given, quantity: Quantity, given: Given) -> bool:
    """Whether one side speaks of 24 or more, and the other, near the quantity, of less than 24."""
    reading = given.reading
    near = [item for item in reading.quantities if item is not quantity and abs(item.start - quantity.end) <= _NEAR]
    return any(
        mine.value == theirs.value
        and (mine.comparator.is_lower, mine.comparator.is_upper)
        == (theirs.comparator.is_upper, theirs.comparator.is_lower)
        != (False, False)
        for mine in claim.reading.quantities
        for theirs in near
    )


def _sentence(text: str, quantity: Quantity) -> str:
    start = max((match.end() for match in _SENTENCE_END.finditer(text, 0, quantity.start)), default=0)
    end = _SENTENCE_END.search(text, quantity.end)
    return text[start : end.start() if end else len(text)]


def _is_plain_count(quantity: Quantity) -> bool:
    return (
        quantity.kind is Kind.COUNT
        and not quantity.is_range
        and quantity.value.denominator == 1
        and quantity.comparator is Comparator.EQUAL
        and quantity.measure in {"", "n", "k"}
    )


def _sums(given: Given) -> Iterator[Quantity]:
    """The sum of two or three counts that one sentence puts side by side: "134 survivors and 214 controls"."""
    counts = [item for item in given.reading.quantities if _is_plain_count(item)]
    run: list[Quantity] = []
    for one, two in pairwise(counts):
        reach = _SENTENCE if one.counted == two.counted == "people" else _NEAR
        between = without_asides(given.text[one.end : two.start])
        siblings = _SIBLINGS.fullmatch(between) and two.counted
        linked = len(between) <= reach and _SUM_LINK.match(between)
        run = [*(run or [one]), two] if linked else []
        for size in {2, 3, len(run)}:
            parts = run[-size:] if size else []
            value = sum((part.value for part in parts), Fraction(0))
            if parts and len(parts) == size and (value >= _LEAST_SUM or siblings):
                whole = replace(two, value=value, written=value, start=parts[0].start, counted="")
                yield replace(whole, direction=Direction.NONE)


def _together(claim: Given, given: Given) -> Iterator[Quantity]:
    """The sum of two counts, or of two shares of a sentence, where the claim says so: "together they made up 60 %"."""
    if not _TOGETHER.search(claim.text):
        return
    for one, two in _two([item for item in given.reading.quantities if _is_plain_count(item)]):
        if one.counted == two.counted:
            yield replace(two, value=one.value + two.value, written=one.value + two.value)
    shares = [item for item in given.reading.quantities if item.kind is Kind.SHARE and not item.change]
    for one, two in _two([item for item in shares if not item.is_range and not item.unit]):
        if one.value + two.value <= 1 and not _SENTENCE_END.search(given.text, one.end, two.start):
            slack = one.precision + two.precision
            yield replace(two, value=one.value + two.value, precision=slack, form=Form.NUMERAL, numerator=None)


def _courses(given: Given) -> Iterator[Quantity]:
    """Sessions of a course ("twice a week for 6 weeks" are twelve), and how long "twelve weekly sessions" last."""
    for one, two in pairwise(item for item in given.reading.quantities if item.kind in (Kind.FREQUENCY, Kind.DURATION)):
        if one.kind is two.kind or one.is_range or two.is_range or two.start - one.end > _NEAR:
            continue
        value = one.value * two.value
        if abs(value - round(value)) < Fraction(1, 10) and _COURSE.match(given.text[one.end : two.start]):
            times = replace(two, kind=Kind.COUNT, value=Fraction(round(value)), precision=Fraction(0))
            yield replace(times, unit="", counted="", measure="")
    for one, two in pairwise(given.reading.quantities):
        often = one.kind in (Kind.COUNT, Kind.FREQUENCY) and two.kind is Kind.DURATION and not one.is_range
        if often and not two.is_range and given.text[one.end : two.start] in {" ", " × ", " x "}:
            yield replace(two, value=one.written * two.value, precision=Fraction(0))  # "four 2-hour sessions"
    for item in given.reading.quantities:
        match = _COUNTED_ADVERB.match(given.text, item.end) if _is_plain_count(item) else None
        if match is not None:
            days = _DAYS[match[1].lower()]
            yield replace(item, kind=Kind.DURATION, value=item.value * days, unit="d", counted="")


def _parts(claim: Given, given: Given) -> Iterator[Quantity]:
    """The share that one count of people is of another in its sentence, and what is left where the claim denies."""
    counts = [item for item in given.reading.quantities if _is_plain_count(item) and item.value > 1]
    for index, one in enumerate(counts):
        for two in counts[index + 1 : index + 3]:
            small, large = sorted((one.value, two.value))
            if _SENTENCE_END.search(given.text, one.end, two.start) or small == large:
                break
            if one.counted != two.counted and "" not in {one.counted, two.counted}:
                continue
            if all(_OWN_SHARE.match(given.text, each.end) for each in (one, two)):
                continue  # "eight (67 %) and four (33 %)" are parts of one whole, not the one of the other
            if one.measure == two.measure == "n":
                yield from _parts_of_both(one, two)  # "19 improved (n = 19) and 17 did not (n = 17)"
            between = given.text[one.end : two.start]
            if _SIBLINGS.match(between):
                if "," not in between and not given.text.endswith(", ", 0, one.start):
                    yield from _parts_of_both(one, two)  # "46 malignant and 44 benign lesions"
                continue
            base = replace(two, kind=Kind.SHARE, form=Form.RATIO, numerator=small, denominator=large, counted="")
            yield replace(base, value=small / large, precision=Fraction(0))
            if _are_opposite(claim.text, _sentence(given.text, two)):
                yield replace(base, value=1 - small / large, numerator=large - small)


def _parts_of_both(one: Quantity, two: Quantity) -> Iterator[Quantity]:
    whole = one.value + two.value
    for part in (one.value, two.value):
        share = replace(two, kind=Kind.SHARE, form=Form.RATIO, numerator=part, denominator=whole, counted="")
        yield replace(share, value=part / whole, precision=Fraction(0))


def _totals(claim: Given, given: Given) -> Iterator[Quantity]:
    """The dose of a whole day, where the claim says that it means that."""
    if _TOTAL.search(claim.text):
        for _, _, total in doses_a_day(given.text, given.reading.quantities):
            yield replace(total, unit=total.unit.removesuffix("/d"))


def _nothing(quantity: Quantity, given: Given) -> Iterator[Quantity]:
    """No share at all, where the text says that there was none ("no deaths among the 18")."""
    if quantity.kind is Kind.SHARE and quantity.value == 0 and _NOTHING.search(given.text):
        values = {item.value for item in given.reading.quantities}
        if quantity.denominator is None or quantity.denominator in values:
            yield quantity


def _mirrored(claim: Given, given: Given) -> Iterator[Quantity]:
    """Intervals as a claim turns them: "lower by 0.43 (0.24 to 0.61)", "40 % more often (18 % to 67 %)"."""
    if "%" in claim.text:
        for item in given.reading.quantities:
            if item.kind is Kind.INTERVAL and item.high is not None and item.value > 0:
                low, high = sorted((100 * abs(item.value - 1), 100 * abs(item.high - 1)))
                yield replace(item, value=low, high=high, written=low, precision=100 * item.precision)
    if not _FALL.search(claim.text):
        return
    for item in given.reading.quantities:
        if item.high is not None and item.value < 0 and item.kind in (Kind.INTERVAL, Kind.COUNT):
            yield replace(item, value=-item.high, high=-item.value, written=-item.high)


def _ends(claim: Given, given: Given) -> Iterator[Quantity]:
    """The ends of the interval of a ratio as ratios, where the claim tells of a range of what may be."""
    if not _UNSURE.search(claim.text):
        return
    for ratio, interval in pairwise(given.reading.quantities):
        if ratio.measure in RATIOS and interval.kind is Kind.INTERVAL and interval.high is not None:
            yield from (replace(ratio, value=end, written=end) for end in (interval.value, interval.high))


def _is_rest_of_counts(claim: Given, quantity: Quantity, given: Given) -> bool:
    """Whether "44 of the 310 did not" follows from 310 and 266."""
    if quantity.form is not Form.RATIO or quantity.numerator is None or quantity.denominator is None:
        return False
    values = {item.value for item in given.reading.quantities if _is_plain_count(item) and item.counted in _PEOPLE}
    rest = quantity.denominator - quantity.numerator
    return {quantity.denominator, rest} <= values and _NEGATED.search(claim.text) is not None


def _is_spread_over(claim: Given, quantity: Quantity, given: Given) -> bool:
    """Whether "five sessions a week for four weeks" tells of the 20 sessions of the evidence."""
    if quantity.kind is not Kind.FREQUENCY or quantity.is_range:
        return False
    long = [item for item in claim.reading.quantities if item.kind is Kind.DURATION and not item.is_range]
    totals = {round(quantity.value * item.value) for item in long}
    return any(item.value in totals for item in given.reading.quantities if _is_plain_count(item))


def _meets(quantity: Quantity, given: Given) -> bool:
    return any(agree(quantity, item).agrees for item in given.reading.quantities)


def halves_at_the_median(quantities: Sequence[Quantity], claim: Given, evidence: Sequence[Given]) -> list[Quantity]:
    """The quantities of "half were older than 81" that a median of 81 carries."""
    half = [item for item in quantities if item.kind is Kind.SHARE and item.value == Fraction(1, 2)]
    bounds = [item for item in claim.reading.quantities if item.comparator is not Comparator.EQUAL]
    if not half:
        return []
    for given in evidence:
        if _MEDIAN.search(given.text):
            at = [bound for bound in bounds if _meets(replace(bound, comparator=Comparator.EQUAL), given)]
            if at:
                return [*half, *at]
    return []
