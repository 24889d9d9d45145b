"""A bibliography with faults: each is told where it is, and no entry is lost to another's."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kap_content.load.bib import parse_bib
from kap_content.model.finding import Problem
from kap_content.model.reference import Reference
from tests.effort import little_work

AFTER = "\n@article{after, title = {Read all the same}}\n"


def read(source: str) -> tuple[dict[str, Reference], tuple[Problem, ...]]:
    references, problems = parse_bib("references.bib", source)
    return {reference.key: reference for reference in references}, problems


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("@article{a,\n  title = {Foo,\n  year = {2017}\n}", "1:10", "not closed"),
        ("@article{a,\n  title = {{{Foo},\n  year = {2017}\n}", "1:10", "not closed"),
        ("@article{a,\n  title = {Foo}", "1:10", "not closed"),
        ('@article{a,\n  title = "Foo,\n  year = {2017}\n}', "2:3", "unclosed quotation mark"),
        ("@article{a,\n  title = {Foo}\n  year = {2017}\n}", "2:3", "a comma is missing after the field “title”"),
        ("@article{a,\n  title = {Foo},\n  year = 20x7\n}", "3:3", "“x7” cannot be read"),
        ("@article{a,\n  title = ,\n  year = {2017}\n}", "2:3", "“title” has no value"),
        ("@article{a,\n  title {Foo},\n  year = {2017}\n}", "2:3", "“title” has no “=”"),
        ("@article{a,\n  journal = jama,\n  year = {2017}\n}", "2:13", "uses “jama”, which no @string defines"),
        ("@article{a,\n  year = 1,\n  year = 2017\n}", "3:3", "gives “year” twice: “1” and “2017”"),
        ("@article{a,\n  author = {A, B, C, D, E}\n}", "2:3", "run together"),
        ("@article{a,\n  author = {Glue P, Medlicott NJ}\n}", "2:3", "run together"),
        ("@article{a,\n  title = " + "{" * 10_000 + "}" * 10_000 + "\n}", "2:3", "more than 100 braces"),
    ],
)
def test_a_fault_is_told_at_its_place_and_keeps_both_entries(source: str, place: str, words: str) -> None:
    references, problems = read(source + AFTER)
    assert references.keys() == {"a", "after"}
    assert references["after"].get("title") == "Read all the same"
    assert [f"{problem.place.line}:{problem.place.column}" for problem in problems] == [place]
    assert words in problems[0].message
    assert (problems[0].code, problems[0].reference) == ("REF011", "a")


@pytest.mark.parametrize(
    "lines", [("  title = {{Foo},",), ("  title = {Foo}",), ("  title = ,",), ("  title = 20x7,",)]
)
def test_the_fields_behind_a_fault_are_read(lines: tuple[str, ...]) -> None:
    references, problems = read(
        "\n".join(["@article{a,", *lines, "  year = {2017},", "  doi = {10.1000/x}", "}"]) + AFTER
    )
    assert len(problems) == 1
    assert (references["a"].get("year"), references["a"].get("doi")) == ("2017", "10.1000/x")


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("@article{, title = {Foo}}", "1:1", "has no key"),
        ("@article{title = {Foo},\n year = 2017}", "1:1", "has no key"),
        ("@article glue2017, title = {Foo}", "1:1", "no opening brace"),
        ('@string{jama = "JAMA"', "1:1", "@string is not closed"),
        ("@preamble{ {x}", "1:1", "@preamble is not closed"),
    ],
)
def test_a_fault_that_leaves_no_entry_is_told(source: str, place: str, words: str) -> None:
    references, problems = read(source + AFTER)
    assert references.keys() == {"after"}
    assert [f"{problem.place.line}:{problem.place.column}" for problem in problems] == [place]
    assert words in problems[0].message


def test_entries_on_one_line_are_not_lost_either() -> None:
    references, problems = read("@article{a, title = } @article{b, title = {y}} @book{c, title = {z}}")
    assert references.keys() == {"a", "b", "c"}
    assert len(problems) == 1


def test_a_repeated_key_keeps_both_entries_and_names_both_places() -> None:
    references, problems = parse_bib(
        "references.bib", "@misc{a, title = {x}}\n@misc{b,}\n@misc{a, title = {y}}\n@misc{A,}"
    )
    assert [reference.key for reference in references] == ["a", "b", "a", "A"]
    assert [(problem.place.line, problem.related[0].place.line) for problem in problems] == [(3, 1), (4, 1)]
    assert "only in upper and lower case" in problems[1].message


@pytest.mark.parametrize(
    "text",
    [
        "mail me@example.org (or call)",
        "@ home",
        "me@x{y",
        "% @article entries follow",
        "@someone wrote this",
        "a @@ b",
        "@",
    ],
)
def test_an_at_sign_in_the_text_between_entries_is_no_fault(text: str) -> None:
    references, problems = read(text + AFTER)
    assert references.keys() == {"after"}
    assert problems == ()


@pytest.mark.parametrize("field", ["keywords", "note", "file"])
def test_a_repeated_field_that_no_citation_needs_is_no_fault(field: str) -> None:
    assert read(f"@misc{{a, {field} = {{x}}, {field} = {{y}}}}")[1] == ()


def test_a_field_repeated_with_the_same_value_is_no_fault() -> None:
    assert read("@misc{a, year = 2017, year = {2017}}")[1] == ()


SNIPPETS = st.sampled_from(
    [
        *(
            "@article{a,",
            "@book(b,",
            "@string{s = ",
            "@comment{",
            "@preamble{",
            "@misc{",
            "title = ",
            "{",
            "}",
            '"',
            ",",
            "=",
        ),
        *(
            "\n",
            " ",
            "#",
            "20x7",
            "s",
            "author = {A and {B",
            "\\",
            "@",
            "@@",
            "(",
            ")",
            "%",
            "{\\'e}",
            "\r\n",
            "é",
            "@misc{k}",
        ),
    ]
)


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(SNIPPETS, max_size=25).map("".join),
        st.binary(max_size=60).map(lambda b: b.decode("latin-1")),
    )
)
@example("@\n:{")
@example("@ARTICLE\n{")
@settings(deadline=None, max_examples=500)
def test_anything_can_be_read_and_every_place_lies_in_the_file(source: str) -> None:
    references, problems = parse_bib("references.bib", source)
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    places = [place for reference in references for place in (reference.place, *reference.places.values())]
    places += [place for problem in problems for place in (problem.place, *(other.place for other in problem.related))]
    for place in places:
        assert place.path == "references.bib"
        assert 1 <= place.line <= place.end_line <= len(lines)
        assert 1 <= place.column <= place.end_column <= len(lines[place.end_line - 1]) + 1
    for reference in references:
        assert len(dict(reference.fields)) == len(reference.raw)
        assert str(reference)


@pytest.mark.parametrize(
    "source",
    [
        "@article{a, title = {" * 2_000,
        "@article{a, title = {x \n" * 4_000,
        "@" * 200_000,
        "{" * 200_000,
        "@article(a, title = {x}) " * 4_000,
        "@article{a, title = {" + "x" * 2_000_000 + "}}",
        "@article{a, title = {" + "\\'e $x$ {" * 20_000 + "}" * 20_000 + "}}",
        "@article{a, author = {" + "{" * 90 + "A" + "}" * 90 + "}}",
        "@article{a, author = {" + " and ".join(["Glue, Paul"] * 20_000) + "}}",
        "@a{" * 50_000,
        "".join(f"@article{{a{n}, title={{x, year=3 " for n in range(8_000)),
        "".join(f"@foo(a{n}, title={{x}} year=3) " for n in range(8_000)),
        "@article{a, x = " + '"' * 100_000,
    ],
    ids=range(13),
)
def test_hostile_files_are_read_in_little_time(source: str) -> None:
    with little_work():
        references, _ = parse_bib("references.bib", source)
        for reference in references:
            dict(reference.fields)
