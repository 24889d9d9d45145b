"""Reading BibTeX: entries, fields, places, names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.bib import parse_bib
from kap_content.model.reference import Name, Reference

GLUE = """@article{glue2017,
  author  = {Glue, Paul and Medlicott, Natalie J. and others},
  title   = {Ketamine's dose-related effects on {GAD} \\& anxiety},
  journal = "J Psychopharmacol",
  year    = 2017,
  pages   = {1302--1305},
  doi     = {10.1177/0269881117705089},
}
"""


def one(source: str) -> Reference:
    references, problems = parse_bib("references.bib", source)
    assert problems == ()
    assert len(references) == 1
    return references[0]


def test_an_entry_has_its_fields_decoded_and_as_written() -> None:
    entry = one(GLUE)
    assert (entry.key, entry.type) == ("glue2017", "article")
    assert dict(entry.fields) == {
        "author": "Glue, Paul and Medlicott, Natalie J. and others",
        "title": "Ketamine's dose-related effects on GAD & anxiety",
        "journal": "J Psychopharmacol",
        "year": "2017",
        "pages": "1302-1305",
        "doi": "10.1177/0269881117705089",
    }
    assert entry.raw["title"] == "Ketamine's dose-related effects on {GAD} \\& anxiety"
    assert entry.raw["pages"] == "1302--1305"


def test_the_place_of_an_entry_is_its_key_and_that_of_a_field_its_name() -> None:
    entry = one("\n\n" + GLUE)
    assert (entry.place.line, entry.place.column, entry.place.end_column) == (3, 10, 18)
    pages = entry.where("pages")
    assert (pages.path, pages.line, pages.column, pages.end_line, pages.end_column) == ("references.bib", 8, 3, 8, 8)
    assert entry.where("volume") == entry.place


@pytest.mark.parametrize("source", ["\ufeff" + GLUE, GLUE.replace("\n", "\r\n"), GLUE.replace("\n", "\r")])
def test_a_byte_order_mark_and_other_line_ends_move_nothing(source: str) -> None:
    assert one(source) == one(GLUE)


def test_an_empty_file_has_no_entries() -> None:
    assert parse_bib("references.bib", "") == ((), ())
    assert parse_bib("references.bib", "  just some notes, me@example.org\n") == ((), ())


def test_names_are_split_before_they_are_decoded() -> None:
    entry = one(
        '@book{k, author = {van der {Berg}, Jan and {World Health Organization} and M{\\"u}ller, Jr., J.~R. and '
        "Carlos de la {\\'A}lvarez and {\\'E}mile and others}, editor = {Knuth, D. and {AT{\\&}T {Labs}}}}"
    )
    assert entry.authors == (
        Name(family="Berg", given="Jan", particle="van der"),
        Name(literal="World Health Organization"),
        Name(family="Müller", given="J. R.", suffix="Jr."),
        Name(family="Álvarez", given="Carlos", particle="de la"),
        Name(family="Émile"),
    )
    assert entry.and_others
    assert entry.editors == (Name(family="Knuth", given="D."), Name(literal="AT&T Labs"))


@pytest.mark.parametrize("written", ["Glue, Paul and others", "Glue, Paul et al.", "Glue, Paul and et al"])
def test_a_shortened_list_of_authors_names_nobody_others(written: str) -> None:
    entry = one(f"@misc{{k, author = {{{written}}}}}")
    assert entry.authors == (Name(family="Glue", given="Paul"),)
    assert entry.and_others


def test_macros_are_expanded_and_joined() -> None:
    references, problems = parse_bib(
        "references.bib",
        '@string{JAMA = "JAMA"}\n@STRING(psy = jama # { Psychiatry})\n'
        "@article{a, journal = Psy, month = oct # { 5}, year = 20 # {17}}",
    )
    assert problems == ()
    assert dict(references[0].fields) == {"journal": "JAMA Psychiatry", "month": "October 5", "year": "2017"}


def test_parentheses_may_stand_around_an_entry() -> None:
    assert dict(one("@article(a, title = {x (y)}, year = 2017)").fields) == {"title": "x (y)", "year": "2017"}


@pytest.mark.parametrize(
    "source", ["% @article{a, title={x}}", "@comment{@article{a, title={x}}}", "@comment{jabref @article{a, title={x}}"]
)
def test_an_entry_in_a_comment_is_live_as_it_is_to_bibtex(source: str) -> None:
    assert one(source).key == "a"


def test_a_value_may_hold_what_looks_like_an_entry() -> None:
    references, problems = parse_bib(
        "references.bib", "@misc{a, note = {\n@article{b, c = {d}}\n}, title = {x}}\n@misc{e,}"
    )
    assert problems == ()
    assert [reference.key for reference in references] == ["a", "e"]
    assert references[0].get("title") == "x"


def test_keys_and_fields_may_hold_any_letters() -> None:
    assert one("@article{Müller:2017+a/b, title = {Ångström 字}}").key == "Müller:2017+a/b"


def test_a_child_takes_over_what_it_lacks_from_its_parent() -> None:
    references, problems = parse_bib(
        "references.bib",
        "@incollection{k, crossref = {BOOK}, author = {Kid, A.}, title = {Chapter}, pages = {1--2}}\n"
        "@book{book, editor = {Ed, B.}, title = {The Book}, publisher = {P}, year = 2017, doi = {10.1000/book}, "
        "pages = {900}}",
    )
    assert problems == ()
    child = references[0]
    assert (child.get("booktitle"), child.get("publisher"), child.get("year")) == ("The Book", "P", "2017")
    assert (child.get("title"), child.get("pages"), child.get("doi")) == ("Chapter", "1-2", "")
    assert child.editors == (Name(family="Ed", given="B."),)
    assert child.where("publisher") == child.place


def test_entries_that_cross_refer_in_a_circle_are_read() -> None:
    references, _ = parse_bib("references.bib", "@misc{a, crossref = {b}, x = 1}\n@misc{b, crossref = {a}, y = 2}")
    assert [(reference.get("x"), reference.get("y")) for reference in references] == [("1", "2"), ("1", "2")]


SAFE = st.text(
    st.characters(codec="utf-8", exclude_characters="{}\"\\$~`'-@#%,=\r", exclude_categories=["Cc", "Cs", "Z"]),
    min_size=1,
)
WORDS = st.lists(SAFE, min_size=1, max_size=4).map(" ".join)
KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9:_.+/-]{0,12}", fullmatch=True)
FIELDS = st.dictionaries(st.sampled_from(["title", "journal", "note", "x-y", "abstract"]), WORDS, max_size=5)


@given(
    st.dictionaries(KEYS.map(str.lower), FIELDS, max_size=5),
    st.sampled_from(["{}", '""']),
    st.sampled_from(["\n", " "]),
)
@settings(deadline=None, max_examples=150)
def test_what_was_written_is_what_is_read(entries: dict[str, dict[str, str]], quotes: str, gap: str) -> None:
    source = "\n".join(
        f"@misc{{{key},{gap}"
        + f",{gap}".join(f"{name} = {quotes[0]}{value}{quotes[1]}" for name, value in fields.items())
        + "}"
        for key, fields in entries.items()
    )
    references, problems = parse_bib("references.bib", source)
    assert problems == ()
    assert {reference.key: dict(reference.fields) for reference in references} == entries
    lines = source.split("\n")
    for reference in references:
        for name, place in reference.places.items():
            assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == name
        place = reference.place
        assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == reference.key
