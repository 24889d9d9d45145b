"""EVD004: claim and evidence name different routes, populations, comparators, outcomes or times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass

from kap_content.language.ages import Ages, ages_by_name, ages_in_numbers, ages_in_prose
from kap_content.language.attributes import (
    age_groups,
    comparators,
    countries,
    courses,
    outcomes_beyond_doubt,
    routes,
    sexes,
    specific_outcomes,
    telling_words,
    without_excluded,
)
from kap_content.language.quantity import Kind, Quantity, agree, read
from kap_content.language.sources import source_text
from kap_content.language.subject import subjects_of
from kap_content.model.claim import Category, Claim, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.lexicon import SubjectKind
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of

_SHOWN = 80
_TIMES = (Kind.DURATION, Kind.AGE)


@dataclass(frozen=True, slots=True)
class _Other:
    """What the evidence says of an attribute, and where."""

    text: str
    place: Place
    part: str


@claim_rule("EVD004", "attribute-mismatch", Severity.ERROR)
def attribute_mismatch(claim: Claim, context: Context) -> Iterator[Hit]:
    """Claim and evidence both state a route, population, comparator, outcome or timepoint, and these are unequal.

    The other side is the evidence item's own field of that name, else its `finding`, else (for routes and age groups)
    the source's title, abstract and MeSH terms. Only what both sides state is compared, and any overlap is agreement;
    ages in numbers count ("older adults", from 65 on, share no age with "18 to 65 years").
    Where one supporting source agrees, the others may differ.

    Why: an infusion is not a lozenge, and a week is not a year; a result holds for what was studied.

    Fix: correct the claim's field and wording, or cite a source that studied what the claim says.

    Example:
        route: intravenous
        evidence:
          - ref: glue2018
            route: subcutaneous

        claim KET-MAINT-01 says route “intravenous”, glue2018 says “subcutaneous”
    """
    if claim.category is Category.SERVICE or context.is_retired(claim):
        return
    for name, stated in _stated(claim):
        found = [_compared(name, stated, item, context) for item in claim.supporting]
        if any(verdict is True for verdict, _ in found):
            continue
        for item, (verdict, other) in zip(claim.supporting, found, strict=True):
            if verdict is False and other is not None:
                yield _hit(claim, name, stated, item, other, context)


def _stated(claim: Claim) -> Iterator[tuple[str, str]]:
    for name in ("route", "population", "comparator", "outcome", "timepoint"):
        stated = getattr(claim.pico, name)
        if stated:
            yield name, stated


def _compared(name: str, stated: str, item: Evidence, context: Context) -> tuple[bool | None, _Other | None]:
    """Whether the item agrees; None where it says nothing to compare."""
    own: str = getattr(item.pico, name)
    if own:
        return _fields_agree(name, stated, own, context), _Other(own, item.where(name), name)
    others = [_Other(item.finding, item.where("finding"), "finding")]
    if name in ("route", "population"):
        source = source_text(item.ref, context)
        reference = context.references.get(item.ref)
        place = reference.place if reference is not None else item.place
        others += [
            _Other(source.title, place, "title"),
            _Other(f"{source.abstract}\n{source.index}", place, "abstract"),
        ]
    for other in others:
        verdict = _text_agrees(name, stated, other.text)
        if verdict is not None:
            return verdict, other
    return None, None


def _fields_agree(name: str, stated: str, own: str, context: Context) -> bool | None:
    """Two fields of one name: by vocabulary where both are known, else by whether they share any telling word."""
    if stated.casefold().strip(" .") == own.casefold().strip(" ."):
        return True
    if name == "timepoint":
        return _times_agree(stated, own)
    if name == "population":
        return _populations_agree(stated, own, context)
    if name == "comparator" and (verdict := _treatments_agree(stated, own, context)) is not None:
        return verdict
    if name == "outcome" and courses(stated) and courses(own) and not courses(stated) & courses(own):
        return False
    vocabularies: dict[str, Callable[[str], Set[str]]] = {
        "route": routes,
        "comparator": comparators,
        "outcome": specific_outcomes,
    }
    known = vocabularies[name]
    mine, theirs = known(stated), known(own)
    if mine and theirs:
        return bool(mine & theirs) or bool(telling_words(stated) & telling_words(own))
    shared = telling_words(stated) & telling_words(own)
    if shared:
        return True
    if name == "comparator" and (mine == {"none"} or theirs == {"none"}):
        return False
    if name == "comparator" and (mine or theirs) and telling_words(stated) and telling_words(own):
        return False
    return None


_KINDS = frozenset({"active drug", "antidepressant", "psychotherapy"})
"""Kinds of comparison of which there are several: sertraline is not escitalopram."""


def _treatments_agree(stated: str, own: str, context: Context) -> bool | None:
    """Two comparators that both name treatments of the tables; None where either names none."""
    subjects = subjects_of(context.lexicon)
    mine, theirs = (subjects.named(text, SubjectKind.INTERVENTION) - {"placebo"} for text in (stated, own))
    if not mine or not theirs:
        return None
    return subjects.meet(mine, theirs) or bool(comparators(stated) & comparators(own) - _KINDS)


def _populations_agree(stated: str, own: str, context: Context) -> bool | None:
    subjects = subjects_of(context.lexicon)
    ages = age_groups(stated), age_groups(own)
    same_age = _ages_meet(stated, own)
    conditions = subjects.named(stated, SubjectKind.CONDITION), subjects.named(own, SubjectKind.CONDITION)
    if same_age is False or (same_age is None and ages[0] and ages[1] and not ages[0] & ages[1]):
        return False
    if sexes(stated) and sexes(own) and not sexes(stated) & sexes(own):
        return False
    if countries(stated) and countries(own) and not countries(stated) & countries(own):
        return False
    if conditions[0] and conditions[1]:
        return subjects.meet(*conditions)
    return True if same_age or ages[0] & ages[1] else None


def _ages_meet(stated: str, own: str) -> bool | None:
    """Whether two descriptions of people share any age, where at least one gives it in numbers; None where not."""
    numbers = ages_in_numbers(stated), ages_in_numbers(own)
    if not any(numbers):
        return None
    mine, theirs = numbers[0] or ages_by_name(stated), numbers[1] or ages_by_name(own)
    return _any_meet(mine, theirs) if mine and theirs else None


def _any_meet(mine: tuple[Ages, ...], theirs: tuple[Ages, ...]) -> bool:
    return any(one.meets(other) for one in mine for other in theirs)


def _text_agrees(name: str, stated: str, text: str) -> bool | None:
    """A field of the claim against running text: only where the text can say but one thing of it."""
    if not text:
        return None
    if name == "timepoint":
        times = [quantity for quantity in read(text) if quantity.kind in _TIMES]
        mine = _times(stated)
        if len(times) != 1 or len(mine) != 1 or mine[0].kind is not times[0].kind:
            return None
        return agree(mine[0], times[0]).agrees
    known: dict[str, Callable[[str], Set[str]]] = {
        "route": routes,
        "population": age_groups,
        "comparator": comparators,
        "outcome": specific_outcomes,
    }
    if name == "population":
        text = without_excluded(text)
        if (spans := ages_in_prose(text)) and _any_meet(ages_in_numbers(stated) or ages_by_name(stated), spans):
            return True
    mine_known, theirs = known[name](stated), known[name](text)
    if not mine_known or not theirs:
        return None
    if name == "comparator" and (len(theirs) > 1 or "none" in mine_known | theirs):
        # "No comparison" and "placebo" can stand in one sentence about two things.
        return True if mine_known & theirs else (False if len(theirs) == 1 else None)
    if name == "outcome" and not mine_known & theirs and not outcomes_beyond_doubt(text):
        return None
    return bool(mine_known & theirs)


def _times(text: str) -> list[Quantity]:
    return [quantity for quantity in read(text) if quantity.kind in _TIMES]


def _times_agree(stated: str, own: str) -> bool | None:
    mine, theirs = _times(stated), _times(own)
    if not mine or not theirs:
        return True if telling_words(stated) & telling_words(own) else None
    return any(
        agree(one, other).agrees or agree(other, one).agrees or _within(one, other) for one in mine for other in theirs
    )


def _within(one: Quantity, other: Quantity) -> bool:
    """Whether one is a range that holds the other."""
    for wide, narrow in ((one, other), (other, one)):
        if wide.high is not None and narrow.high is None and wide.value <= narrow.value <= wide.high:
            return True
    return False


def _hit(claim: Claim, name: str, stated: str, item: Evidence, other: _Other, context: Context) -> Hit:
    said = other.text if len(other.text) <= _SHOWN else other.text[: _SHOWN - 1].rsplit(" ", 1)[0] + "…"
    where = "" if other.part == name else f" in its {other.part}"
    return Hit(
        claim.where(name),
        f"claim {claim.id} says {name} “{stated}”, {item.ref} says{where} “{' '.join(said.split())}”",
        help=f"Correct the claim’s {name} and wording, or cite a source that studied it.",
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(other.place, f"{item.ref}: {name}"),
            *(entry for entry in entry_of(item.ref, context) if entry.place != other.place),
            *context.shows(claim.id),
        ),
        about=f"{name} {item.ref}",
    )
