from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.dates import PartialDate
from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement
from kap_content.works.pages import Pages, compare_issues, compare_pages, compare_volumes, read_pages
from kap_content.works.years import accepted_years, compare_years

SAME, COMPATIBLE, DIFFERENT, UNKNOWN = Agreement.SAME, Agreement.COMPATIBLE, Agreement.DIFFERENT, Agreement.UNKNOWN
SOME = settings(max_examples=150, deadline=None)


def entry(**fields: str) -> Reference:
    return Reference("a", "article", Place("a.bib"), fields)


def record(**fields: object) -> Record:
    return Record("a", State.FOUND, **fields)  # type: ignore[arg-type] # each test gives the right types


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("617-27", Pages("617", "627")),
        ("617--627", Pages("617", "627")),
        ("pp. 617–627", Pages("617", "627")),
        ("1099-105", Pages("1099", "1105")),
        ("E450-454", Pages("e450", "e454")),
        ("S12-S19", Pages("s12", "s19")),
        ("e0211070", Pages("e211070")),
        ("123-126, 130", Pages("123", "126")),
        ("688-688", Pages("688")),
        ("78-90 (or 78-89??)", Pages("78", "90")),
        ("", None),
    ],
)
def test_pages_are_read_as_people_write_them(text: str, pages: Pages | None) -> None:
    assert read_pages(text) == pages


PAGE_PAIRS = {
    "equal": ("617-627", "617-627", SAME),
    "abbreviated": ("617-27", "617-627", SAME),
    "the first page only": ("617", "617-627", COMPATIBLE),
    "a letter after the number": ("621", "621b-621", COMPATIBLE),
    "a letter before the number": ("450-454", "E450-454", COMPATIBLE),
    "the last page one off": ("117-131", "117-132", COMPATIBLE),
    "another last page": ("617-672", "617-627", DIFFERENT),
    "another first page": ("671-679", "617-627", DIFFERENT),
    "digits swapped": ("671-627", "617-627", DIFFERENT),
    "a count of pages against an article number": ("1-15", "e0211070", UNKNOWN),
    "Roman numbers": ("v-vi", "V-VI", SAME),
    "nothing": ("", "617-627", UNKNOWN),
}


@pytest.mark.parametrize("name", PAGE_PAIRS)
def test_pages_agree_as_a_reader_would_say(name: str) -> None:
    ours, theirs, verdict = PAGE_PAIRS[name]
    assert compare_pages(entry(pages=ours), record(pages=theirs)).agreement is verdict


def test_an_article_number_may_stand_in_either_field() -> None:
    assert compare_pages(entry(pages="104436"), record(article_number="104436")).agreement is SAME
    assert compare_pages(entry(eid="e8892"), record(pages="e8892")).agreement is SAME


def test_the_number_that_ends_the_doi_is_the_article_s() -> None:
    found = compare_pages(entry(pages="8871875"), record(pages="1-16", answered="10.1155/2020/8871875"))
    assert found.agreement is COMPATIBLE


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("31", "31", SAME),
        ("IX", "9", SAME),
        ("vol. 31", "31", SAME),
        ("31 Suppl 1", "31", COMPATIBLE),
        ("31(6)", "31", COMPATIBLE),
        ("32", "31", DIFFERENT),
        ("617-627", "31", DIFFERENT),
        ("0", "38", UNKNOWN),
        ("", "38", UNKNOWN),
    ],
)
def test_volumes(ours: str, theirs: str, verdict: Agreement) -> None:
    assert compare_volumes(entry(volume=ours), record(volume=theirs)).agreement is verdict


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ("6", "6", SAME),
        ("5-6", "6", COMPATIBLE),
        ("Suppl 1", "S1", SAME),
        ("June", "6", UNKNOWN),
        ("5", "6", DIFFERENT),
    ],
)
def test_issues(ours: str, theirs: str, verdict: Agreement) -> None:
    assert compare_issues(entry(number=ours), record(issue=theirs)).agreement is verdict


def day(text: str) -> PartialDate | None:
    return PartialDate.parse(text)


AHEAD = record(issued=day("2017-10-05"), print=day("2018-06"), online=day("2017-10-05"))
DECEMBER = record(issued=day("2017-12-01"), print=day("2017-12-01"))
BACK_FILE = record(issued=day("2009-01-29"), online=day("2009-01-29"), answered="10.1111/j.1600-0404.1986.tb03253.x")
YEARS = {
    "printed": (AHEAD, "2018", SAME),
    "put on line": (AHEAD, "2017", SAME),
    "written with a letter": (AHEAD, "2018a", SAME),
    "a date": (AHEAD, "2018-06-01", SAME),
    "the year after a December issue": (DECEMBER, "2018", COMPATIBLE),
    "two years after it": (DECEMBER, "2019", DIFFERENT),
    "one year too early": (AHEAD, "2016", DIFFERENT),
    "an old volume put on line later": (BACK_FILE, "1986", COMPATIBLE),
    "a book put on line later": (record(issued=day("2019"), online=day("2019"), type="book"), "2011", COMPATIBLE),
    "an article on line": (record(issued=day("2019"), online=day("2019"), type="journal-article"), "2016", DIFFERENT),
    "in press": (AHEAD, "in press", UNKNOWN),
    "no date in the registry": (record(), "2018", UNKNOWN),
}


@pytest.mark.parametrize("name", YEARS)
def test_years_agree_as_a_reader_would_say(name: str) -> None:
    theirs, ours, verdict = YEARS[name]
    assert compare_years(entry(year=ours), theirs).agreement is verdict


def test_the_accepted_years_are_those_of_every_date() -> None:
    assert accepted_years(AHEAD) == {2017, 2018}
    assert accepted_years(DECEMBER) == {2017, 2018}


def test_the_dates_explain_the_year() -> None:
    assert str(compare_years(entry(year="2015"), AHEAD)) == (
        "year “2015” in the entry, “2017, 2018” in the registry (print 2018-06, online 2017-10-05)"
    )


@given(st.text(max_size=20), st.text(max_size=20))
@SOME
def test_no_text_breaks_the_comparisons(ours: str, theirs: str) -> None:
    for compare in (compare_pages, compare_volumes, compare_issues):
        compare(entry(pages=ours, volume=ours, number=ours), record(pages=theirs, volume=theirs, issue=theirs))


@given(st.integers(1, 99999), st.integers(0, 400))
@SOME
def test_a_range_abbreviated_is_the_range(first: int, length: int) -> None:
    last = first + length
    whole, short = str(last), str(last)
    if len(str(first)) == len(whole):
        same = next((i for i, (a, b) in enumerate(zip(str(first), whole, strict=True)) if a != b), len(whole) - 1)
        short = whole[same:]
    assert read_pages(f"{first}-{short}") == read_pages(f"{first}–{whole}")
