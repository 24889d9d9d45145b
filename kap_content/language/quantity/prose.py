"""Prose with its numbers found and given their units, before they are put together as quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kap_content.language.quantity import patterns, special
from kap_content.language.quantity.context import Bound, Label, bound_before, labels, tells_of_change
from kap_content.language.quantity.noise import BLANK, masked, plain
from kap_content.language.quantity.numbers import Atom, atoms
from kap_content.language.quantity.pairs import without_asides
from kap_content.language.quantity.tails import Tail, drop_swallowed, join_times, tail_of
from kap_content.language.quantity.value import Form, Kind, Quantity

_ELIDED = (Kind.MEASURE, Kind.DURATION, Kind.AGE)
_SPREAD = 12
"""Characters that the name of a spread may take, with its bracket."""
_ALIKE = (Fraction(1, 5), 5)
"""How much smaller or greater a number may be than the one before it to go without its unit."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A text ready to be read.

    `text` is `original` with what is no quantity blanked out, as long as before. `atoms` are its numbers, `tails` what
    each is a number of, `inherited` whether the tail stands behind a later number ("1, 3 or 10 mg"). `intervals` has
    the name of an interval by the place of its first number, `labels` the statistics by where their names end,
    `special` the quantities that are single words. `changes` says whether anything rises or falls.
    """

    original: str
    text: str
    atoms: tuple[Atom, ...]
    tails: tuple[Tail | None, ...]
    inherited: tuple[bool, ...]
    intervals: dict[int, str]
    labels: dict[int, Label]
    special: tuple[Quantity, ...]
    changes: bool

    def bound(self, atom: Atom) -> Bound | None:
        """The bound or hedge before a number."""
        start = atom.start
        currency = patterns.CURRENCY.search(self.text, max(0, start - 4), start)
        return bound_before(self.text, currency.start() if currency else start)

    def label(self, atom: Atom) -> Label | None:
        """The statistic that a number is a value of."""
        bound = self.bound(atom)
        start = bound.start if bound else atom.start
        label = self.labels.get(start)
        if label is None and bound is not None:
            label = self.labels.get(atom.start)
        if label is None:
            return None
        return None if label.measure == "p" and not 0 <= atom.value <= 1 else label

    def between(self, index: int) -> str:
        """What stands between a number with its unit and the next."""
        here, tail = self.atoms[index], self.tails[index]
        return self.text[tail.end if tail and not self.inherited[index] else here.end : self.atoms[index + 1].start]


def prepared(original: str) -> Prose:
    """`original` with its numbers, each with its unit."""
    intervals: dict[int, str] = {}
    text = patterns.CI.sub(lambda match: _interval_head(match, intervals), plain(original))
    early, text = special.take_early(text, original)
    phrases, text = special.take(masked(text), original)
    numbers = [atom for atom in atoms(text) if _is_number(text, atom)]
    tails = [tail_of(text, atom) for atom in numbers]
    loose = [_is_glued(text, atom, tail) for atom, tail in zip(numbers, tails, strict=True)]
    numbers = [atom for atom, glued in zip(numbers, loose, strict=True) if not glued]
    tails = [tail for tail, glued in zip(tails, loose, strict=True) if not glued]
    join_times(text, numbers, tails)
    drop_swallowed(numbers, tails)
    bare = Prose(
        original,
        text,
        tuple(numbers),
        tuple(tails),
        (False,) * len(numbers),
        intervals,
        labels(text),
        (*phrases, *early),
        tells_of_change(text),
    )
    return _inherit_in_brackets(_inherit_forward(_inherit(bare)))


def _interval_head(match: re.Match[str], intervals: dict[int, str]) -> str:
    if match["bound"]:
        level = match["before"] or match["after"] or "95"
        intervals[match.end()] = f"CI{level.partition('.')[0]}"
    return re.sub(r"[\d%]", BLANK, match[0])


def _is_number(text: str, atom: Atom) -> bool:
    """Weed out "one" as a pronoun and "a week" where it only closes "twice a week"."""
    written = text[atom.start : atom.end].lower()
    if written in {"a", "an"}:
        goes_on = patterns.AND_A_HALF.match(text, atom.end) is not None
        return goes_on or patterns.A_UNIT_BEFORE.search(text, 0, atom.start) is not None
    return True


def _is_glued(text: str, atom: Atom, tail: Tail | None) -> bool:
    """Whether letters that are no unit follow at once ("16S", "1H")."""
    glued = tail is None and text[atom.end : atom.end + 1].isalpha()
    return glued and patterns.RATE_OF.match(text, atom.end) is None


def _inherit(prose: Prose) -> Prose:
    """Give "1, 3 or 10 mg" its unit to all three, and to both numbers of "26 [SE = 2] vs 23 [SE = 1] min"."""
    tails = list(prose.tails)
    inherited = list(prose.inherited)
    for index in range(len(prose.atoms) - 2, -1, -1):
        here, other = prose.atoms[index], _after_spread(prose, index + 1)
        tail, there = tails[other], prose.atoms[other]
        if tail is None or tails[index] is not None or here.form is Form.FRACTION:
            continue
        between = prose.text[here.end : there.start]
        between = without_asides(between) if other > index + 1 else between
        if not (patterns.LIST.match(between) or patterns.SD.match(between)) or not between.strip():
            continue
        pressure = between.strip() == "/" and tail.unit == "mmHg"
        if between.strip() in {",", ";", "/"} and not (inherited[other] or tail.kind is Kind.SHARE or pressure):
            continue
        if between.strip() in {",", ";"} and not inherited[other]:
            continue
        label = prose.label(here)
        if label is not None and label.measure != "BMI":
            continue
        tails[index] = replace(tail, end=here.end)
        inherited[index] = True
    return replace(prose, tails=tuple(tails), inherited=tuple(inherited))


def _after_spread(prose: Prose, index: int) -> int:
    """The number at `index`, or the one behind it where that is a spread in brackets."""
    start = prose.atoms[index].start
    is_spread = patterns.SPREAD_BEGINS.search(prose.text, max(0, start - _SPREAD), start) is not None
    return index + 1 if is_spread and index + 1 < len(prose.atoms) else index


def _inherit_forward(prose: Prose) -> Prose:
    """Give its unit to the second number of "121 mmHg in one group and 136 in the other"."""
    tails = list(prose.tails)
    for index, other in ((index, index + step) for index in range(len(prose.atoms)) for step in (1, 2)):
        if other >= len(prose.atoms):
            break
        tail, here, there = tails[index], prose.atoms[index], prose.atoms[other]
        if tail is None or tail.kind not in _ELIDED or tails[other] is not None or not here.value:
            continue
        alike = _ALIKE[0] < there.value / here.value < _ALIKE[1]
        spelt = there.form is Form.NUMERAL or tail.kind is not Kind.MEASURE
        if alike and spelt and prose.label(there) is None:
            between = prose.text[tail.end : there.start]
            if patterns.IN_ONE_AND.match(between) and patterns.IN_THE_OTHER.match(prose.text, there.end):
                tails[other] = replace(tail, end=there.end)
    return replace(prose, tails=tuple(tails))


def _inherit_in_brackets(prose: Prose) -> Prose:
    """Give its unit to the range of "40 days (30-60)"."""
    tails = list(prose.tails)
    for index in range(len(prose.atoms) - 2):
        tail, here, low, high = tails[index], *prose.atoms[index : index + 3]
        bare = tails[index + 1] is None and tails[index + 2] is None
        if tail is None or tail.kind not in _ELIDED or not bare or not low.value <= here.value <= high.value:
            continue
        opened = patterns.SPREAD_OPENS.fullmatch(prose.text, tail.end, low.start)
        between = prose.text[low.end : high.start]
        closed = prose.text[high.end : high.end + 1] in {")", "]"}
        if opened and closed and (patterns.TO.match(between) or patterns.COMMA.match(between)):
            tails[index + 1], tails[index + 2] = replace(tail, end=low.end), replace(tail, end=high.end)
    return replace(prose, tails=tuple(tails))
