"""What falls due, and when: reviews, registries' answers, suppressions, sources and data that grow old. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kap_content.checking.engine import found_by, selected
from kap_content.checking.gate import uses_of
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Rule, all_rules

REVIEW, UNCHECKED, EXPIRED = "CUR001", "DOI004", "SUP002"
_BY_YEAR = ("CUR002", "CUR003")
"""Rules that compare years: what they will find can change on the first of January only."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that holds up to and with the day `on`. From the next day on the rule `code` finds it."""

    on: date
    code: str
    place: Place
    message: str
    claim: str = ""
    reference: str = ""


def falling_due(context: Context, until: date, pages: Iterable[Page] | None = None) -> tuple[Due, ...]:
    """What falls due from the context's day up to `until`, both included, the soonest first.

    With `pages`, only what concerns them. What rules that do not run would find is left out.
    """
    found = [item for item in _dated(context) if context.as_of <= item.on <= until]
    found += _by_year(context, until)
    if pages is not None:
        found = _concerning(found, tuple(pages), context)
    return tuple(sorted(found, key=lambda item: (item.on, item.code, item.place, item.claim, item.reference)))


def next_due(context: Context, pages: Iterable[Page] | None = None) -> date | None:
    """The earliest day, today included, on which anything falls due; None where nothing ever does.

    What is overdue already is a finding and no longer due.
    """
    chosen = None if pages is None else tuple(pages)
    dated = [item for item in _dated(context) if item.on >= context.as_of]
    if chosen is not None:
        dated = _concerning(dated, chosen, context)
    earliest = min((item.on for item in dated), default=None)
    settings = context.settings
    last = context.as_of.year + max(settings.source_max_age_years, settings.data_max_age_years) + 1
    for year in range(context.as_of.year, min(last, 9998) + 1):
        end = date(year, 12, 31)
        if earliest is not None and end >= earliest:
            break
        by_year = _at_the_end_of(year, context)
        if _concerning(by_year, chosen, context) if chosen is not None else by_year:
            return end
    return earliest


def after(day: date, span: str) -> date | None:
    """The day a span (`90d`, `12w`, `3m`, `1y`, or a plain number of days) after `day`; None for anything else."""
    number, unit = (span[:-1], span[-1]) if span[-1:].isalpha() else (span, "d")
    if not number.isdecimal() or not number.isascii() or len(number) > 6:  # noqa: PLR2004 - dates end with year 9999
        return None
    count = int(number)
    try:
        match unit.lower():
            case "d":
                return day + timedelta(days=count)
            case "w":
                return day + timedelta(weeks=count)
            case "m":
                return _months_after(day, count)
            case "y":
                return _months_after(day, 12 * count)
    except (OverflowError, ValueError):
        return date.max
    return None


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 - December, counted from 0
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _dated(context: Context) -> Iterator[Due]:
    """What has a day of its own, past ones included."""
    ran = {rule.code for rule in _running(context)}
    if REVIEW in ran:
        yield from _reviews(context)
    if UNCHECKED in ran:
        yield from _answers(context)
    if EXPIRED in ran:
        for page in context.project.pages:
            for item in page.suppressions:
                if item.until is not None:
                    message = f"the suppression of {', '.join(item.codes)} ends: {item.reason}"
                    yield Due(item.until, EXPIRED, item.place, message)


def _reviews(context: Context) -> Iterator[Due]:
    for claim in context.project.claims:
        if claim.next_review_due is not None and not context.is_retired(claim):
            place = claim.where("next_review_due")
            yield Due(claim.next_review_due, REVIEW, place, f"the review of claim {claim.id}", claim=claim.id)
    for page in context.project.pages:
        if page.meta.next_review_due is not None:
            name = f"“{page.meta.title}”" if page.meta.title else "this page"
            place = page.meta.where("next_review_due")
            yield Due(page.meta.next_review_due, REVIEW, place, f"the review of {name}")


def _answers(context: Context) -> Iterator[Due]:
    """Answers of registries; one that was never given by a registry is unchecked already."""
    for key, record in context.project.records.items():
        reference = context.references.get(key)
        if reference is None or record.checked_on is None or record.is_transcribed:
            continue
        if not reference.get("doi", "pmid"):
            continue
        try:
            last = record.checked_on + timedelta(days=context.settings.max_age_days)
        except OverflowError:
            continue
        message = f"the answer of {record.sources[0].name} on {key}, of {record.checked_on}: run `kap lock`"
        yield Due(last, UNCHECKED, reference.where("doi", "pmid"), message, reference=key)


def _by_year(context: Context, until: date) -> list[Due]:
    found: list[Due] = []
    for year in range(context.as_of.year, min(until.year, 9998) + 1):
        if date(year, 12, 31) <= until:
            found += _at_the_end_of(year, context, seen={(item.code, item.claim) for item in found})
    return found


def _at_the_end_of(year: int, context: Context, seen: Iterable[tuple[str, str]] = ()) -> list[Due]:
    """What the rules that compare years will find from the next year's first day on, and do not find now."""
    told = set(seen)
    later = replace(context, as_of=date(year + 1, 1, 1))
    found = []
    for rule in _running(context):
        if rule.code not in _BY_YEAR:
            continue
        now = {hit.claim for hit in found_by(rule, context)}
        for hit in found_by(rule, later):
            if hit.claim not in now and (rule.code, hit.claim) not in told:
                message = f"{hit.message} (on {later.as_of})"
                found.append(Due(date(year, 12, 31), rule.code, hit.place, message, hit.claim, hit.reference))
    return found


def _running(context: Context) -> tuple[Rule, ...]:
    return selected(all_rules(), context.settings.rules)


def _concerning(found: Iterable[Due], pages: tuple[Page, ...], context: Context) -> list[Due]:
    paths = {page.path for page in pages}
    claims: set[str] = set()
    keys: set[str] = set()
    for page in pages:
        used, cited = uses_of(page, context)
        claims |= used
        keys |= cited
    return [item for item in found if item.place.path in paths or item.claim in claims or item.reference in keys]
