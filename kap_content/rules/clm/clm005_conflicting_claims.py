"""CLM005: two claims that give different numbers for one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import takewhile

from kap_content.model.claim import Claim, Quantity
from kap_content.model.finding import Related, Severity
from kap_content.model.project import ClaimGroups, Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.startup.regex import regex

_UNITS = {"%": "percent", "per cent": "percent", "pct": "percent", "μg": "mcg", "µg": "mcg", "ug": "mcg"}
_NUMBER = r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?"
_COMPARED = 100
"""A claim is compared with so many of those on the same, so that thousands of them stay quick."""
_RANGE = regex(rf"({_NUMBER})\s*%?(?:\s*(?:-|–|—|to)\s*({_NUMBER})\s*%?)?")


@claim_rule("CLM005", "conflicting-claims", Severity.WARNING)
def conflicting_claims(claim: Claim, context: Context) -> Iterator[Hit]:
    """Two claims name the same outcome, population and timepoint and state different quantities.

    Why: readers of two pages should not learn two numbers for one thing. What is stated on one side only counts as
    different; intervention, route, comparator, jurisdiction and the last year of the data set claims apart where both
    state them. Claims that were withdrawn or have expired are let alone.

    Fix: find out which number holds, or state what sets the claims apart (another population, another timepoint).

    Example:
        - id: ANX-PREV-01
          outcome: 12-month prevalence of anxiety disorders
          population: US adults
          quantity: {value: 19.1, unit: percent}
        - id: ANX-PREV-02
          outcome: 12-month prevalence of anxiety disorders
          population: US adults
          quantity: {value: 18.1, unit: percent}

        claim ANX-PREV-02 says 18.1 percent, claim ANX-PREV-01 says 19.1 percent, both for 12-month prevalence of
        anxiety disorders in US adults
    """
    about = _about(claim)
    if not about or not _counts(claim, context):
        return
    before = takewhile(lambda other: other is not claim, context.index(_quantified)[about][:_COMPARED])
    other = next((other for other in before if _conflict(claim, other) and _counts(other, context)), None)
    if other is not None:
        yield _hit(claim, other, context)


@ClaimGroups
def _quantified(claim: Claim) -> Iterable[tuple[str, Claim]]:
    """By what it is about, each claim that states a quantity."""
    about = _about(claim)
    return [(about, claim)] if about else []


def _about(claim: Claim) -> str:
    """What the quantity of a claim is about; empty where it states none, or not of what."""
    if claim.quantity is None or not claim.pico.outcome:
        return ""
    return "\0".join(map(_folded, (claim.pico.outcome, claim.pico.population, claim.pico.timepoint)))


def _counts(claim: Claim, context: Context) -> bool:
    return context.claims[claim.id] is claim and not context.is_retired(claim)


def _hit(claim: Claim, other: Claim, context: Context) -> Hit:
    about = claim.pico.outcome + (f" in {claim.pico.population}" if claim.pico.population else "")
    about += f" at {claim.pico.timepoint}" if claim.pico.timepoint else ""
    ours, theirs = _shown(claim.quantity), _shown(other.quantity)
    return Hit(
        claim.where("quantity"),
        f"claim {claim.id} says {ours}, claim {other.id} says {theirs}, both for {about}",
        help="Find out which number holds, or state what sets the two claims apart.",
        claim=claim.id,
        related=(Related(other.where("quantity"), f"claim {other.id}: {theirs}"), *context.shows(claim.id)),
        about=f"{other.id} {ours} {theirs}",
    )


def _conflict(claim: Claim, other: Claim) -> bool:
    if claim.quantity is None or other.quantity is None:
        return False
    if _unit(claim.quantity) != _unit(other.quantity):
        return False
    apart = (
        (claim.pico.intervention, other.pico.intervention),
        (claim.pico.route, other.pico.route),
        (claim.pico.comparator, other.pico.comparator),
        (claim.jurisdiction, other.jurisdiction),
        (str(claim.data_end or ""), str(other.data_end or "")),
    )
    if any(ours and theirs and _folded(ours) != _folded(theirs) for ours, theirs in apart):
        return False
    ours, theirs = _bounds(claim.quantity), _bounds(other.quantity)
    if ours is None or theirs is None:
        return False
    is_range = ours[0] != ours[1], theirs[0] != theirs[1]
    if is_range[0] != is_range[1]:  # a number inside the other's range does not contradict it
        return ours[1] < theirs[0] or theirs[1] < ours[0]
    return ours != theirs


def _bounds(quantity: Quantity) -> tuple[Decimal, Decimal] | None:
    """The number twice, or the two of a range; None for what is no number."""
    match = _RANGE.fullmatch(quantity.value.strip())
    if match is None:
        return None
    try:
        low, high = (Decimal(text.replace(",", "").replace("−", "-")) for text in (match[1], match[2] or match[1]))
    except InvalidOperation:
        return None
    return low, high


def _unit(quantity: Quantity) -> str:
    unit = _folded(quantity.unit) or ("percent" if quantity.value.rstrip().endswith("%") else "")
    return _UNITS.get(unit, unit)


def _shown(quantity: Quantity | None) -> str:
    return f"{quantity.value} {quantity.unit}".strip() if quantity is not None else ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
