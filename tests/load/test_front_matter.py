from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.load.front_matter import parse_front_matter
from kap_content.model.finding import Problem
from kap_content.model.page import FrontMatter, Person
from kap_content.model.place import Place


def read(text: str) -> tuple[FrontMatter, tuple[Problem, ...]]:
    return parse_front_matter("pages/a.md", text, 2)


def head(text: str) -> FrontMatter:
    found, problems = read(text)
    assert problems == ()
    return found


def test_every_field_is_read() -> None:
    found = head(
        "title: Ketamine for anxiety\nsubtitle: What is known\ndescription: In short\nlanguage: en-GB\n"
        "author: {name: A. Example, credentials: PhD}\n"
        "reviewer: {name: Dr B. Example, credentials: MD, role: medical, url: https://example.org/b}\n"
        "published: 2026-11-20\nlast_reviewed: 2026-11-21\nnext_review_due: 2028-11-22\n"
        "about: {condition: anxiety disorders, intervention: ketamine}\naudience: Patient\nspecialty: Psychiatric\n"
        "interest: We sell it.\nextra: {campaign: autumn, number: 7}\n"
    )
    assert (found.title, found.subtitle, found.description, found.language) == (
        "Ketamine for anxiety",
        "What is known",
        "In short",
        "en-GB",
    )
    assert found.authors == (Person("A. Example", "PhD"),)
    assert found.reviewers == (Person("Dr B. Example", "MD", "medical", "https://example.org/b"),)
    assert (found.published, found.last_reviewed) == (date(2026, 11, 20), date(2026, 11, 21))
    assert found.next_review_due == date(2028, 11, 22)
    assert (found.condition, found.intervention) == ("anxiety disorders", "ketamine")
    assert (found.audience, found.specialty, found.interest) == ("Patient", "Psychiatric", "We sell it.")
    assert found.extra == {"campaign": "autumn", "number": "7"}


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("A. Example", ["A. Example"]),
        ("{name: A. Example}", ["A. Example"]),
        ("[A. Example, {name: B. Example}]", ["A. Example", "B. Example"]),
        ("\n  - name: A. Example\n  - B. Example", ["A. Example", "B. Example"]),
    ],
)
def test_people_may_be_a_name_a_mapping_or_a_list(written: str, names: list[str]) -> None:
    assert [person.name for person in head(f"author: {written}\n").authors] == names


def test_places_count_from_the_files_first_line() -> None:
    found = head("title: Ketamine\nauthor:\n  name: A. Example\nlast_reviewed: 2026-11-22\n")
    assert found.place == Place("pages/a.md")
    assert found.where("title") == Place("pages/a.md", 2, 8, 2, 16)
    assert found.where("author") == Place("pages/a.md", 3, 1, 3, 7)
    assert found.where("last_reviewed") == Place("pages/a.md", 5, 16, 5, 26)
    assert found.where("next_review_due") == found.place


def test_an_unknown_field_is_met_with_the_nearest() -> None:
    _, (problem,) = read("title: Ketamine\nlast_reviewd: 2026-11-22\n")
    assert (problem.place.line, problem.help) == (3, "Did you mean “last_reviewed”?")


@pytest.mark.parametrize("tag", ["en", "de-AT", "zh-Hant", "no"])
def test_a_language_is_a_tag(tag: str) -> None:
    assert head(f"language: {tag}\n").language == tag


@pytest.mark.parametrize("written", ["German", "de_DE", "d", "1"])
def test_what_is_no_tag_of_a_language_is_a_problem(written: str) -> None:
    found, (problem,) = read(f"language: {written}\n")
    assert found.language == "en"
    assert problem.message.startswith("“language” wants the tag of a language; here is ")
    assert problem.help == "Write the language’s tag: en, en-GB, de, fr."


def test_a_person_without_a_name_is_a_problem() -> None:
    _, (problem,) = read("author: {credentials: MD}\n")
    assert problem.message == "the person has no “name”"


def test_one_broken_line_hides_no_other() -> None:
    found, problems = read("title: Ketamine: what is known\nauthor: A. Example\nlast_reviewed: 2026-11-22\n")
    assert (found.authors, found.last_reviewed) == ((Person("A. Example"),), date(2026, 11, 22))
    assert [(item.place.line, item.place.column) for item in problems] == [(2, 16)]


def test_a_head_that_is_a_list_is_a_problem() -> None:
    _, (problem,) = read("- title\n- author\n")
    assert problem.message == "the page’s head is not a list of fields"


def test_an_empty_head_is_no_problem() -> None:
    assert head("") == FrontMatter(Place("pages/a.md"))
    assert head("# nothing yet\n") == FrontMatter(Place("pages/a.md"))


PIECES = st.sampled_from(
    [
        "title: x",
        "title: a: b",
        "author: A",
        "author: [A, {name: B}]",
        "  name: C",
        "reviewer:",
        "- x",
        "\ty: 1",
        'about: {condition: "',
        "about:",
        "extra: {a: 1}",
        "last_reviewed: 2026-13-01",
        "---",
        "*a",
        "&b",
        "|",
        "\x07",
        "\u2028",
        "",
    ]
)


@given(text=st.lists(PIECES, max_size=8).map("\n".join) | st.text(max_size=60))
@limits(max_examples=150, deadline=None)
def test_whatever_the_text_places_lie_inside_the_file(text: str, inside: Callable[[Place, str], bool]) -> None:
    found, problems = read(text)
    page = "---\n" + text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    for place in (*(item.place for item in problems), *found.places.values()):
        assert inside(place, page), place
