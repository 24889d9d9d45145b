"""Quantities that a text sets against each other: before and after a change, one group and another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kap_content.language.quantity import patterns
from kap_content.language.quantity.value import Kind, Quantity
from kap_content.startup.regex import regex

_NEIGHBOURS = 80
"""Characters between two quantities that are set against each other, what stands in brackets not counted."""
_REACH = 4
"""Quantities after one among which its counterpart is looked for: spreads and intervals may stand between."""
_ASIDE = regex(r" ?[(\[][^()\[\]]*[)\]]| ?(?:±|\+/?-) ?[\d.]+")
_FULL_STOP = regex(r"(?<!\bvs)(?<!\bv)\. ")
_TO = regex(
    r"\bto (?:(?:a|an|the|mean|median|score|level|of|about|only|just|nearly|around|approximately) )*(?:[=<>~] ?)?$"
)
_AT_START = regex(
    r"\s*(?:at (?:baseline|entry|intake|admission|inclusion|the start)|before\b|pre-?\w+ly\b"
    r"|initially\b)"
)
_GROUP = regex(r" (?:with|in|for|on|among|under|after|per)\b")
_AND = regex(r"\band (?:(?:only|just|about) )?$")
_BOTH = (0, 1)
_GROUPED = (Kind.COUNT, Kind.MEASURE, Kind.FREQUENCY)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two quantities (by index) set against each other: before and after a change, or two groups."""

    first: int
    second: int
    is_change: bool


def pairs(text: str, found: Sequence[Quantity]) -> list[Pair]:
    """The pairs of quantities in `text`: "from 24 to 12", "33 % versus 0 %", "0.18 with A and 0.36 with B"."""
    result = _respective(text, found)
    taken = {(pair.first, pair.second) for pair in result}
    for index, one in enumerate(found):
        if one.is_range:
            continue
        for other in range(index + 1, min(index + 1 + _REACH, len(found))):
            two = found[other]
            if two.is_range or one.kind is not two.kind or one.unit != two.unit or two.measure == "SD":
                continue
            between = _between(text, one, two)
            if between is None:
                break
            pair = _pair(text, index, other, one, two, between)
            if pair is not None and (index, other) not in taken:
                result.append(pair)
                break
            if any(not _is_aside(text, one, found[mid]) for mid in range(index + 1, other + 1)):
                break  # only spreads and what stands in brackets may be passed over
    return result


def _between(text: str, one: Quantity, two: Quantity) -> str | None:
    """What stands between two quantities less its brackets; None where they are too far apart to be a pair."""
    raw = text[one.end : two.start]
    if _FULL_STOP.search(raw):
        return None
    bare = without_asides(raw)
    return bare if len(bare) <= _NEIGHBOURS else None


def without_asides(text: str) -> str:
    """`text` less what stands in brackets, and less spreads."""
    while True:
        shorter = _ASIDE.sub("", text)
        if shorter == text:
            return text
        text = shorter


def _is_aside(text: str, one: Quantity, mid: Quantity) -> bool:
    """Whether `mid` stands in brackets that open after `one`, or is its spread."""
    raw = text[one.end : mid.start]
    is_open = raw.count("(") > raw.count(")") or raw.count("[") > raw.count("]")
    return is_open or raw.rstrip().endswith(("±", "+/-", "+-"))


def _pair(text: str, index: int, other: int, one: Quantity, two: Quantity, between: str) -> Pair | None:
    before = text[max(0, one.start - 60) : one.start]
    if _TO.search(between) and patterns.CHANGE_FROM.search(before):
        return Pair(index, other, is_change=True)
    if between.strip(" $£€") == "of" and one.kind is Kind.MEASURE and one.value < two.value:
        return Pair(index, other, is_change=False)
    if _AT_START.match(between):
        return Pair(index, other, is_change=True)
    if patterns.VERSUS.search(between) or (one.kind is Kind.SHARE and re.search(r"\b(?:and|in)\b", between)):
        return Pair(index, other, is_change=False)
    grouped = one.kind in _GROUPED and one.counted == two.counted and _GROUP.match(text, two.end)
    if grouped and _GROUP.match(between) and _AND.search(between):
        return Pair(index, other, is_change=False)
    return None


def _respective(text: str, found: Sequence[Quantity]) -> list[Pair]:
    """The two changes of "from 12 and 17 to 5 and 7"."""
    result = []
    for index, first in enumerate(found):
        if not patterns.CHANGE_FROM.search(text[max(0, first.start - 60) : first.start]):
            continue
        run = [index]
        for other in range(index + 1, len(found)):
            near = found[other]
            if near.kind is first.kind and near.unit == first.unit and not near.is_range:
                between = _between(text, found[run[-1]], near)
                wanted = _TO if len(run) == len(_BOTH) else _AND
                if between is None or not wanted.search(between):
                    break
                run.append(other)
            if len(run) == 2 * len(_BOTH):
                result += [Pair(run[at], run[at + 2], is_change=True) for at in _BOTH]
                break
    return result
