"""The ages of those whom a text speaks of, as spans of years: "adults aged 18 to 64", "people over 70", "infants"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kap_content.language.quantity import Kind, Quantity, read
from kap_content.language.quantity.units import YEAR
from kap_content.startup.regex import regex

_OLDEST = 130.0
_NAMED: tuple[tuple[str, tuple[float, float]], ...] = (
    (r"newborns?|neonates?|neonatal", (0, 1 / 12)),
    (r"infants?|infancy|babies|baby", (0, 2)),
    (r"toddlers?", (1, 4)),
    (r"pre-?school(?:ers?| children)?", (2, 6)),
    (r"school[- ](?:age(?:d)?|children)|pupils", (5, 18)),
    (r"child(?:ren|hood)?|p(?:a)?ediatric|boys?|girls?", (0, 18)),
    (r"adolescen(?:ts?|ce)|teen(?:ager)?s?", (10, 18)),
    (r"young(?:er)? (?:people|persons?|adults?|women|men)|youths?", (10, 40)),
    (r"middle[- ]aged?", (40, 65)),
    (r"(?:older|elderly|old) (?:adults?|people|patients?|persons?|(?:wo)?men)", (65, _OLDEST)),
    (r"elderly|geriatric|late[- ]life|old age|seniors", (65, _OLDEST)),
    (r"adults?|(?:wo)?m[ae]n|grown-ups", (18, _OLDEST)),
)
"""Groups by name; what two of them share but as a limit (adults and children at 18) they do not share."""
_ANY_NAMED = regex(
    r"\b(?:" + "|".join(f"(?P<g{at}>{words})" for at, (words, _) in enumerate(_NAMED)) + r")\b", re.IGNORECASE
)
_WHO = regex(
    r"(?:^|\b(?:adults?|children|people|persons|patients|participants|women|men|boys|girls|adolescents|infants|students|pupils"
    r"|teenagers|youths|elderly|seniors|those|inpatients|outpatients|residents|volunteers|subjects|individuals|females|males))"
    r"[ ,(]*(?:(?:of|aged|ages|between|from) ?)*$",
    re.IGNORECASE,
)
"""What stands before numbers that are ages without saying so: "adults (18 to 65 years)"."""
_LOOK_BACK = 40


@dataclass(frozen=True, slots=True)
class Ages:
    """From `low` to `high` years."""

    low: float
    high: float

    def meets(self, other: Ages) -> bool:
        """Whether both hold some age, more than a common limit."""
        return self.low < other.high and other.low < self.high


@lru_cache(maxsize=4096)
def ages_in_numbers(text: str) -> tuple[Ages, ...]:
    """The ages that a description of people gives in numbers."""
    return tuple(_spans(text, bare=True))


@lru_cache(maxsize=4096)
def ages_in_prose(text: str) -> tuple[Ages, ...]:
    """The ages that running text gives in numbers: only those said to be ages, since it has other ranges too."""
    return tuple(_spans(text, bare=False))


@lru_cache(maxsize=4096)
def ages_by_name(text: str) -> tuple[Ages, ...]:
    """The ages of the groups that `text` names: children, adults, older adults."""
    return tuple(Ages(*_NAMED[int((match.lastgroup or "g0")[1:])][1]) for match in _ANY_NAMED.finditer(text))


def _spans(text: str, *, bare: bool) -> Iterator[Ages]:
    for quantity in read(text):
        is_bounded = quantity.is_range or quantity.comparator.is_lower or quantity.comparator.is_upper
        if not is_bounded or not (quantity.kind is Kind.AGE or (bare and _is_bare_age(text, quantity))):
            continue
        years = float(YEAR) if quantity.kind is Kind.DURATION else 1.0
        low = float(quantity.value) / years
        if quantity.high is not None:
            high = float(quantity.high) / years
        else:
            low, high = (low, _OLDEST) if quantity.comparator.is_lower else (0.0, low)
        if 0 <= low < high <= _OLDEST:
            yield Ages(low, high)


def _is_bare_age(text: str, quantity: Quantity) -> bool:
    plain = quantity.kind is Kind.DURATION or (quantity.kind is Kind.COUNT and not quantity.counted)
    return plain and _WHO.search(text[max(0, quantity.start - _LOOK_BACK) : quantity.start]) is not None
