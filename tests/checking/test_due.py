from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.checking.due import after, falling_due, next_due
from kap_content.model.claim import Category, Claim, Evidence, Status
from kap_content.model.page import ClaimMark, FrontMatter, Page, Suppression
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Reference
from kap_content.model.settings import RuleSettings, Settings

TODAY = date(2026, 11, 22)
HERE = Place("claims.yaml")
CLAIM = Claim("A-1", HERE, category=Category.EFFICACY, status=Status.APPROVED)


def context(**parts: object) -> Context:
    return Context.of(Project(Settings(), **parts), TODAY)  # type: ignore[arg-type] # fields by name


def codes(found: Context, until: date) -> list[tuple[str, date]]:
    return [(item.code, item.on) for item in falling_due(found, until)]


def test_nothing_is_ever_due_in_an_empty_project() -> None:
    assert next_due(context()) is None
    assert falling_due(context(), date.max) == ()


def test_a_review_is_due_on_its_day_and_no_longer_once_it_is_overdue() -> None:
    due = context(claims=(replace(CLAIM, next_review_due=TODAY),))
    assert next_due(due) == TODAY
    assert codes(due, TODAY) == [("CUR001", TODAY)]
    overdue = context(claims=(replace(CLAIM, next_review_due=date(2026, 11, 21)),))
    assert next_due(overdue) is None


def test_a_retired_claim_is_never_due() -> None:
    retired = replace(CLAIM, status=Status.WITHDRAWN, next_review_due=date(2027, 1, 1))
    assert next_due(context(claims=(retired,))) is None


def test_pages_and_suppressions_fall_due() -> None:
    page = Page(
        "pages/a.md",
        "",
        FrontMatter(Place("pages/a.md"), title="A", next_review_due=date(2027, 5, 1)),
        suppressions=(Suppression(("WRD001",), Place("pages/a.md", 9), None, "a quote", date(2027, 2, 1)),),
    )
    found = context(pages=(page,))
    assert codes(found, date(2027, 12, 1)) == [("SUP002", date(2027, 2, 1)), ("CUR001", date(2027, 5, 1))]
    assert next_due(found) == date(2027, 2, 1)


def test_an_answer_of_a_registry_ages_and_one_that_was_typed_never_counted() -> None:
    reference = Reference("a", "article", Place("r.bib"), fields={"doi": "10.1000/x"})
    record = Record("a", State.FOUND, sources=(Source("crossref", date(2026, 11, 20)),))
    assert next_due(context(references=(reference,), records={"a": record})) == date(2026, 12, 20)
    typed = replace(record, sources=(Source("transcribed", date(2026, 11, 20)),))
    assert next_due(context(references=(reference,), records={"a": typed})) is None


def test_sources_and_data_grow_old_at_the_end_of_a_year() -> None:
    source = Reference("a", "article", Place("r.bib"), fields={"year": "2022"})
    claim = replace(CLAIM, evidence=(Evidence("a", HERE),), data_end=2017)
    found = context(claims=(claim,), references=(source,))
    assert next_due(found) == date(2027, 12, 31)
    assert codes(found, date(2027, 12, 30)) == []
    assert codes(found, date(2029, 1, 1)) == [("CUR002", date(2027, 12, 31)), ("CUR003", date(2027, 12, 31))]


def test_what_no_running_rule_would_find_is_not_due() -> None:
    silent = Settings(rules=RuleSettings(ignore=("CUR001",)))
    project = Project(silent, claims=(replace(CLAIM, next_review_due=date(2027, 1, 1)),))
    assert next_due(Context.of(project, TODAY)) is None


def test_pages_limit_what_is_listed_to_what_they_use() -> None:
    other = replace(CLAIM, id="A-2", next_review_due=date(2027, 1, 1))
    mine = replace(CLAIM, next_review_due=date(2027, 2, 1))
    page = Page("pages/a.md", "", FrontMatter(Place("pages/a.md")), marks=(ClaimMark("A-1", "", HERE),))
    found = context(claims=(other, mine), pages=(page,))
    assert [item.claim for item in falling_due(found, date(2028, 1, 1), (page,))] == ["A-1"]
    assert next_due(found, (page,)) == date(2027, 2, 1)
    assert next_due(found) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("90d", date(2027, 2, 20)),
        ("90", date(2027, 2, 20)),
        ("0d", TODAY),
        ("12w", date(2027, 2, 14)),
        ("3m", date(2027, 2, 22)),
        ("1Y", date(2027, 11, 22)),
        ("999999y", date.max),
        ("999999d", date(4764, 10, 18)),
    ],
)
def test_spans(span: str, day: date) -> None:
    assert after(TODAY, span) == day


@pytest.mark.parametrize("span", ["", "d", "soon", "-3d", "1.5d", "3x", "٣d", "1234567d"])
def test_what_is_no_span(span: str) -> None:
    assert after(TODAY, span) is None


@given(st.dates(date(1900, 1, 1), date(2900, 1, 1)), st.integers(0, 5000))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    later = after(day, f"{months}m")
    assert later is not None
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or later.day < day.day


def test_the_end_of_a_month_stays_its_end() -> None:
    assert after(date(2027, 1, 31), "1m") == date(2027, 2, 28)
