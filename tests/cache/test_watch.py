"""What rules look at is noted, and what is noted says for how long what they found holds."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.cache.facts import Facts, Texts
from kap_content.cache.watch import LooksFurther, Watch
from kap_content.model.claim import Claim
from kap_content.model.place import Place
from kap_content.model.project import Context, Index, Project
from kap_content.model.settings import Settings

TODAY = date(2026, 11, 22)
NEAR = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))
COMPARISONS: tuple[Callable[[date, date], bool], ...] = (operator.lt, operator.le, operator.gt, operator.ge)


def watch_of(*claims: Claim, as_of: date = TODAY) -> Watch:
    return Watch(Context.of(Project(Settings(), claims=claims), as_of), whole=True)


@given(st.lists(st.tuples(st.sampled_from(COMPARISONS), NEAR, st.booleans()), max_size=4), NEAR)
def test_on_all_days_that_are_noted_comparisons_come_out_the_same(
    asked: list[tuple[Callable[[date, date], bool], date, bool]], other_day: date
) -> None:
    watch = watch_of()
    day = watch.context.as_of

    def answers(day: date) -> list[bool]:
        return [compare(day, other) if first else compare(other, day) for compare, other, first in asked]

    assert answers(day) == answers(TODAY)
    assert watch.noted.since <= TODAY <= watch.noted.until
    if watch.noted.since <= other_day <= watch.noted.until:
        assert answers(other_day) == answers(TODAY)


@pytest.mark.parametrize(
    "look",
    [
        lambda day: day.month,
        lambda day: day.day,
        lambda day: (day - date(2026, 1, 1)).days,
        lambda day: (date(2027, 1, 1) - day).days,
        lambda day: day == TODAY,
        lambda day: day != date(2020, 1, 1),
        lambda day: f"{day}",
        lambda day: day.isoformat(),
        lambda day: day.toordinal(),
        lambda day: day.weekday(),
        lambda day: day.replace(year=2027),
        hash,
        lambda day: f"{day:%d}",
    ],
)
def test_who_looks_at_the_day_itself_finds_what_holds_on_it_only(look: Callable[[date], object]) -> None:
    watch = watch_of()
    assert look(watch.context.as_of) == look(TODAY)
    assert (watch.noted.since, watch.noted.until) == (TODAY, TODAY)


def test_the_year_is_the_same_from_its_first_day_to_its_last() -> None:
    watch = watch_of()
    assert watch.context.as_of.year == 2026
    assert (watch.noted.since, watch.noted.until) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    "look",
    [
        lambda context: list(context.uses),
        lambda context: len(context.mentions),
        lambda context: list(context.project.abstracts.items()),
        lambda context: context.project.pages,
        lambda context: context.project.problems,
        lambda context: list(context.index(wordings)),
    ],
)
def test_what_cannot_be_noted_is_too_far(look: Callable[[Context], object]) -> None:
    with pytest.raises(LooksFurther):
        look(watch_of().context)


@Index
def wordings(context: Context) -> dict[str, str]:
    return {claim.match_text: claim.id for claim in context.project.claims}


def test_names_and_entries_of_indexes_are_noted_whether_they_are_there_or_not() -> None:
    watch = watch_of(Claim("A", Place("claims.yaml"), match_text="It helps."))
    assert watch.context.claims.get("B") is None
    assert "r" not in watch.context.references
    assert watch.context.index(wordings).get("It helps.") == "A"
    assert watch.context.is_retired(watch.context.claims["A"]) is False
    kind = f"index {__name__}:wordings"
    assert watch.noted.notes == [("claim", "A"), ("claim", "B"), (kind, "It helps."), ("reference", "r")]


def test_of_an_index_without_pages_who_looks_for_pages_looks_too_far() -> None:
    @Index
    def titles(context: Context) -> dict[str, str]:
        return {page.path: page.meta.title for page in context.project.pages}

    watch = Watch(Context.of(Project(Settings()), TODAY), whole=False)
    with pytest.raises(LooksFurther):
        watch.context.index(titles)


@pytest.mark.parametrize(
    "kind", ["index antigravity:fly", "index kap_content.cli:main", "index kap_content.gone:x", "?"]
)
def test_a_row_can_name_nothing_but_an_index_of_the_package(kind: str) -> None:
    facts = Facts(Context.of(Project(Settings()), TODAY), Texts({}, {}))
    assert not facts.holds(f'[["{kind}","x"]]', "")
    assert "antigravity" not in sys.modules
