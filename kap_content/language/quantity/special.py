"""Quantities that are single words or fixed phrases: "doubled", "twofold", "twice a week", "b.i.d."."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from kap_content.language.quantity.context import bound_before, direction_of
from kap_content.language.quantity.noise import BLANK
from kap_content.language.quantity.units import time_unit
from kap_content.language.quantity.value import Direction, Form, Kind, Quantity
from kap_content.startup.regex import regex

_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "nightly": "day", "hourly": "hour"}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_FOLDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "twenty": 20, "hundred": 100,
}  # fmt: skip
_PERIOD = (
    r"(?:[ -](?P<adverb>daily|weekly|monthly|yearly|nightly)\b|(?:[ -](?:a|per|each|every|in a|in one)[ -]| ?/ ?)"
    r"(?P<period>day|week|month|year|night|hour|wk|d|h)\b)"
)
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_NOT_AFTER = "".join(rf"(?<!\b{word} )" for word in _NUMBERS)
"""Before "eight weeks 556 calls" stands how many weeks, not which."""
_TIME_POINTS = regex(
    r"\b(?P<unit>day|week|month|year|hour)s (?P<numbers>\d{1,3}(?:(?:, (?:and )?| and |/)\d{1,3}\b)+)(?! ?%|[.,]\d)",
    re.IGNORECASE,
)
_FREQUENCY = regex(
    rf"\b(?P<low>once|twice|thrice)(?:(?: or | to |-|, or )(?P<high>twice|thrice))?{_PERIOD}", re.IGNORECASE
)
_TIMES_PERIOD = regex(r"(?: times|x)?" + _PERIOD)
_LATIN = regex(
    r"\b(?:at )?half-year(?:ly|(?= intervals?\b))"
    r"|\b(?P<latin>[btq]\.?i\.?d|[bo]\.d|[tq]\.?d\.?s|(?<=mg )[bo]d|(?<=g )qd)\b\.?"
    r"|\bevery (?:other|second) (?P<other>day|week)\b",
    re.IGNORECASE,
)
_LATIN_TIMES = {"bid": 2, "tid": 3, "qid": 4, "od": 1, "qd": 1, "bd": 2, "tds": 3, "qds": 4}
_MULTIPLE = regex(
    r"\b(?:(?P<double>doubl(?:e the|e that|ed|es|ing)(?! (?:blind|dummy))|double(?= (?:the|that|their|his|her)\b)"
    r"|(?:(?<=nearly )|(?<=almost )|(?<=about )|(?<=was )|(?<=were )|(?<=is )|(?<=are ))double"
    r"(?= (?:in|among|with|without|for|after|during|at)\b))"
    r"|(?P<triple>tripl(?:ed|es|ing)|trebl(?:ed|es|ing))|(?P<quadruple>quadrupl(?:ed|es|ing))|(?P<halve>halv(?:ed|es|ing))"
    r"|(?P<fold>two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred)-?fold"
    r"|(?P<again>half as [a-z]+ again)\b"
    r"|(?P<twice>twice)(?= (?:as|the|more|that|higher)\b)|(?P<half>half)(?= (?:as (?!a\b|an\b|the\b|if\b|well\b)[a-z]+"
    r"|the (?:risk|rate|odds|dose|number))\b))",
    re.IGNORECASE,
)
_TIME_POINT = regex(
    rf"(?<!\d )(?<!\d-)(?<!\ba )(?<!\bper ){_NOT_AFTER}\b(?P<unit>day|week|month|year|hour)"
    r"(?:(?:s (?=\d+(?: ?[–/-]| to | through | and )"
    rf"|(?:{'|'.join(_NUMBERS)})(?:,| \(| and \w+\b(?! \w)| or | to )))? ?(?<= )|-(?=\d))"
    rf"(?P<number>\d{{1,3}}|(?:{'|'.join(_NUMBERS)})\b)"
    r"(?:(?: to | ?[–-] ?| through )(?:(?P=unit)s? )?(?P<until>\d{1,3}))?"
    r"(?![\d.,]*\d| ?%|[ -](?:mg|ml|patients|of|in|out)\b)",
    re.IGNORECASE,
)
_EVERY_NTH = regex(
    r"\bevery (?P<nth>second|third|fourth|fifth|sixth|seventh|eighth|tenth)\b"
    r"(?! (?:day|week|month|year|hour|night|time|minute|morning|evening|dose|visit|session)s?\b)",
    re.IGNORECASE,
)
_NTHS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_NONE_OF = regex(r"\bnone(?= of\b)", re.IGNORECASE)
_ANY = regex(
    r"(?<!\w)(?=[a-zA-Z])(?:every (?:second|third|fourth|fifth|sixth|seventh|eighth|tenth)"
    r"|once|twice|thrice|none|every other|every second|[btq]\.?i\.?d|[bo]\.?d\b|[tq]\.?d\.?s|qd\b|half-year"
    r"|\w+fold|\w+-fold|doubl|tripl|trebl"
    r"|quadrupl|halv|half"
    rf"|(?:day|week|month|year|hour)s?[ -](?:\d|(?:{'|'.join(_NUMBERS)})\b))",
    re.IGNORECASE,
)
DECADE = "decade"
"""The measure of ages such as "in their sixties", which no source need state."""
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_NTH = {
    "first": Fraction(1), "second": Fraction(2), "third": Fraction(3), "fourth": Fraction(4), "fifth": Fraction(5),
    "sixth": Fraction(6), "seventh": Fraction(7), "eighth": Fraction(8), "ninth": Fraction(9), "tenth": Fraction(10),
    "eleventh": Fraction(11), "twelfth": Fraction(12),
}  # fmt: skip
_ORDINAL = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(_NTH)})"
_ORDINALS = regex(
    rf"\b(?P<numbers>{_ORDINAL}(?:(?:,? and |,? or | to |, |[–-]){_ORDINAL})*),? (?:(?:postoperative|treatment) )?"
    r"(?P<unit>day|week|month|year|hour)s?\b",
    re.IGNORECASE,
)
_ORDINAL_NUMBER = regex(rf"\d+|{'|'.join(_NTH)}", re.IGNORECASE)
_EVERY_HOURS = regex(r"\bq ?([1-9]\d?) ?h\b")
_DECADE = regex(
    rf"\bin (?:their|his|her|one's) (?:(?P<part>early|mid|middle|late)[ -])?(?P<decade>[2-9]0'?s"
    rf"|{'|'.join(_DECADES)})\b",
    re.IGNORECASE,
)
_PARTS_OF_DECADE = {"": (0, 10), "early": (0, 4), "mid": (3, 7), "middle": (3, 7), "late": (6, 10)}
_FACTORS = {"double": 2, "triple": 3, "quadruple": 4, "twice": 2}


def frequency_at(text: str, end: int) -> tuple[Fraction, int] | None:
    """Where "times a week" follows a number that ends at `end`: the days of its period, and where it ends."""
    match = _TIMES_PERIOD.match(text, end)
    if match is None or not re.match(r" times|x", text[end:]):
        return None
    return time_unit(_ADVERBS.get(match["adverb"] or "", match["period"] or "")), match.end()


_DOSES_PER = regex(
    r"(?: (?:or|to|and) \w+|–\d+|-\d+)? (?:[\w-]+ ){0,3}?(?:doses?|infusions?|injections?|sessions?|treatments?"
    r"|tablets?|capsules?)(?: of \w+(?: \w+)?)?" + _PERIOD
)


def period_after(text: str, end: int) -> Fraction | None:
    """The days of the period where "doses of ketamine per week" follows a number that ends at `end`."""
    match = _DOSES_PER.match(text, end)
    return time_unit(_ADVERBS.get(match["adverb"] or "", match["period"] or "")) if match else None


def take_early(text: str, original: str) -> tuple[list[Quantity], str]:
    """The ages of "in their sixties" and the intervals of "q8h" in plain `text`, and the text with them blanked out.

    They look like eras and names with a digit, which are masked next.
    """
    found: list[Quantity] = []
    for match in _EVERY_HOURS.finditer(text):
        often = _quantity(match, original, Kind.FREQUENCY, Fraction(24, int(match[1])), unit="/d")
        found.append(replace(often, written=Fraction(match[1])))
    for match in _DECADE.finditer(text):
        word = match["decade"].lower()
        base = _DECADES.get(word) or int(word[:2])
        low, high = _PARTS_OF_DECADE[(match["part"] or "").lower()]
        age = _quantity(match, original, Kind.AGE, Fraction(base + low), high=Fraction(base + high) - Fraction(1, 100))
        found.append(replace(age, unit="y", measure=DECADE))
    found.extend(_ordinals(text, original))
    for pattern in (_DECADE, _EVERY_HOURS) if found else ():
        text = pattern.sub(lambda match: BLANK * len(match[0]), text)
    return found, text


def _ordinals(text: str, original: str) -> Iterator[Quantity]:
    """The points in time of "the 5th, 10th and 15th day"; a claim may say them without a source."""
    for match in _ORDINALS.finditer(text):
        for number in _ORDINAL_NUMBER.finditer(match["numbers"]):
            count = _NTH.get(number[0].lower()) or Fraction(number[0])
            point = _quantity(match, original, Kind.DURATION, count * time_unit(match["unit"].lower()), unit="d")
            yield replace(point, written=count, weak=True)


def take(text: str, original: str) -> tuple[list[Quantity], str]:
    """The fixed phrases of masked `text`, and the text with them blanked out."""
    if not _ANY.search(text):
        return [], text
    found: list[Quantity] = []
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, str], Quantity]], ...] = (
        (_TIME_POINT, _time_point),
        (_FREQUENCY, _frequency),
        (_LATIN, _latin),
        (_EVERY_NTH, _every_nth),
    )
    text = _time_points(text, original, found)
    for pattern, reader in readers:
        text = _taken(pattern, reader, text, original, found)
    # "None of 12" is "zero of 12", and as long.
    text = _NONE_OF.sub("zero", text)
    return found, _taken(_MULTIPLE, _multiple, text, original, found)


def _taken(
    pattern: re.Pattern[str],
    reader: Callable[[re.Match[str], str, str], Quantity],
    text: str,
    original: str,
    found: list[Quantity],
) -> str:
    """`text` with what `pattern` finds blanked out, each read into `found`."""
    matches = list(pattern.finditer(text))
    found.extend(reader(match, text, original) for match in matches)
    return pattern.sub(lambda match: BLANK * len(match[0]), text) if matches else text


def _time_points(text: str, original: str, found: list[Quantity]) -> str:
    """Each of "weeks 0, 4, 8 and 12" into `found`; the text with them blanked out."""
    for match in _TIME_POINTS.finditer(text):
        days = time_unit(match["unit"].lower())
        for number in re.finditer(r"\d+", match["numbers"]):
            value = int(number[0]) * days
            point = _quantity(match, original, Kind.DURATION, Fraction(value), unit="d")
            found.append(replace(point, written=Fraction(number[0])))
    return _TIME_POINTS.sub(lambda match: BLANK * len(match[0]), text)


def _time_point(match: re.Match[str], _: str, original: str) -> Quantity:
    days = time_unit(match["unit"].lower())
    high = int(match["until"]) * days if match["until"] else None
    number = Fraction(_NUMBERS.get(match["number"].lower()) or match["number"])
    quantity = _quantity(match, original, Kind.DURATION, number * days, high=high, unit="d")
    return replace(quantity, written=number)


def _frequency(match: re.Match[str], _: str, original: str) -> Quantity:
    days = time_unit(_ADVERBS.get((match["adverb"] or "").lower(), (match["period"] or "").lower() or "day"))
    low = Fraction(_TIMES[match["low"].lower()]) / days
    high = Fraction(_TIMES[match["high"].lower()]) / days if match["high"] else None
    return replace(_quantity(match, original, Kind.FREQUENCY, low, high=high, unit="/d"), written=low * days)


def _latin(match: re.Match[str], _: str, original: str) -> Quantity:
    if match[0].lower().endswith(("half-year", "half-yearly")):
        value = 2 / time_unit("year")
    elif match["latin"]:
        value = Fraction(_LATIN_TIMES[match["latin"].replace(".", "").lower()])
    else:
        value = 1 / (2 * time_unit(match["other"].lower()))
    return _quantity(match, original, Kind.FREQUENCY, value, unit="/d")


def _every_nth(match: re.Match[str], _: str, original: str) -> Quantity:
    whole = Fraction(_NTHS[match["nth"].lower()])
    share = _quantity(match, original, Kind.SHARE, 1 / whole)
    return replace(share, form=Form.ONE_IN, numerator=Fraction(1), denominator=whole)


def _multiple(match: re.Match[str], text: str, original: str) -> Quantity:
    name = match.lastgroup or ""
    direction, change = Direction.NONE, True
    if name == "fold":
        value = Fraction(_FOLDS[match["fold"].lower()])
        direction, change = direction_of(text, match.start(), match.end())
        if direction is Direction.DOWN:
            value = 1 / value
    elif name == "again":
        value, direction = Fraction(3, 2), Direction.UP
    elif name in {"halve", "half"}:
        value, direction = Fraction(1, 2), Direction.DOWN
    else:
        value, direction = Fraction(_FACTORS[name]), Direction.UP
    bound = bound_before(text, match.start())
    quantity = _quantity(match, original, Kind.MULTIPLE, value, direction=direction, change=change)
    return replace(quantity, comparator=bound.comparator, hedge=bound.hedge) if bound is not None else quantity


def _quantity(
    match: re.Match[str],
    original: str,
    kind: Kind,
    value: Fraction,
    *,
    high: Fraction | None = None,
    unit: str = "",
    direction: Direction = Direction.NONE,
    change: bool = False,
) -> Quantity:
    start, end = match.span()
    return Quantity(
        kind=kind,
        value=value,
        text=original[start:end],
        start=start,
        end=end,
        high=high,
        unit=unit,
        written=value,
        form=Form.WORD,
        direction=direction,
        change=change,
    )
