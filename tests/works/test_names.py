from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.reference import Name, Reference
from kap_content.works.agreement import Agreement
from kap_content.works.names import compare_authors, entry_authors, same_family, same_name

SAME, COMPATIBLE, DIFFERENT, UNKNOWN = Agreement.SAME, Agreement.COMPATIBLE, Agreement.DIFFERENT, Agreement.UNKNOWN
NAMES = st.builds(
    Name, st.text(max_size=12), st.text(max_size=8), st.text(max_size=4), st.text(max_size=3), st.just("")
)
SOME = settings(max_examples=150, deadline=None)

FAMILIES = {
    "case": ("GLUE", "Glue"),
    "an umlaut and its transliteration": ("Müller", "Mueller"),
    "an umlaut without its dots": ("Müller", "Muller"),
    "a slashed o": ("Sørensen", "Soerensen"),
    "sharp s": ("Weiß", "Weiss"),
    "a Hungarian double acute": ("Erdős", "Erdos"),
    "a unicode hyphen": ("Anderson‐Fahey", "Anderson-Fahey"),
    "a hyphen or a space": ("Saint-Exupéry", "Saint Exupery"),
    "a Dutch particle": ("van der Kolk", "Kolk"),
    "a Portuguese particle": ("de Oliveira", "Oliveira"),
    "an Arabic article": ("Al-Rashid", "Rashid"),
    "an apostrophe": ("O’Brien", "OBrien"),
    "a suffix": ("Hodge Jr.", "Hodge"),
    "one of two surnames": ("García Márquez", "García"),
    "an inner surname": ("Smith Jones", "Jones"),
    "a misprint": ("Wakefeild", "Wakefield"),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_one_family_name_in_two_spellings(name: str) -> None:
    one, other = FAMILIES[name]
    assert same_family(one, other)
    assert same_family(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Li", "Lu"), ("Khan", "Kahn"), ("Glue", "Feifel"), ("Do", "De"), ("Ng", "Ngo")]
)
def test_two_family_names_stay_two(one: str, other: str) -> None:
    assert not same_family(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Name("P", "Glue"), Name("Glue", "Paul")),
        (Name("Paul", "Glue"), Name("Glue", "P.")),
        (Name("Zhang", "Wei"), Name("Wei", "Zhang")),
        (Name("Kolk BA", "", "van der"), Name("van der Kolk", "Bessel A.")),
        (Name("Almeida MC", "Ferreira", "de"), Name("Ferreira de Almeida", "Maria")),
        (Name(literal="Paul Glue"), Name("Glue", "Paul")),
        (Name("Research and Practice", "Gastroenterology"), Name("Research and Practice", "Gastroenterology")),
        (
            Name(literal="GBD 2019 Mental Disorders Collaborators"),
            Name(literal="the GBD 2019 mental disorders collaborators"),
        ),
        (Name(literal="WHO"), Name(literal="World Health Organization")),
    ],
)
def test_one_author_however_the_name_was_typed(one: Name, other: Name) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


def test_capital_letters_are_not_initials() -> None:
    assert same_name(Name("KIM", "J. S."), Name("Kim", "Jihn Sang"))


def entry(*authors: Name, and_others: bool = False, **fields: str) -> Reference:
    return Reference("a", "article", Place("a.bib"), fields, authors=authors, and_others=and_others)


def record(*authors: Name) -> Record:
    return Record("a", State.FOUND, authors=authors)


GLUE, NEEHOFF, GRAY = Name("Glue", "Paul"), Name("Neehoff", "Shona"), Name("Gray", "Andrew")
LISTS = {
    "equal": (entry(GLUE, NEEHOFF), record(GLUE, NEEHOFF), SAME, SAME),
    "initials": (entry(Name("Glue", "P"), Name("Neehoff", "S")), record(GLUE, NEEHOFF), SAME, SAME),
    "and others": (entry(GLUE, and_others=True), record(GLUE, NEEHOFF, GRAY), SAME, COMPATIBLE),
    "another order": (entry(NEEHOFF, GLUE), record(GLUE, NEEHOFF), COMPATIBLE, SAME),
    "the registry knows the first only": (entry(GLUE, NEEHOFF, GRAY), record(GLUE), SAME, COMPATIBLE),
    "a wrong first author": (entry(Name("Feifel", "David"), NEEHOFF), record(GLUE, NEEHOFF), DIFFERENT, COMPATIBLE),
    "invented co-authors": (
        entry(GLUE, Name("Hansen"), Name("Petrov"), Name("Castillo")),
        record(GLUE, NEEHOFF, GRAY, Name("Kibby")),
        SAME,
        DIFFERENT,
    ),
    "a group against persons": (entry(Name(literal="WHO")), record(GLUE), UNKNOWN, UNKNOWN),
    "persons against an institution": (entry(GLUE), record(Name(literal="University of Otago")), UNKNOWN, UNKNOWN),
    "another script": (entry(Name("Туберозова", "Марина")), record(GLUE), UNKNOWN, UNKNOWN),
    "nobody in the registry": (entry(GLUE), record(), UNKNOWN, UNKNOWN),
    "anonymous": (entry(Name(literal="Anonymous")), record(GLUE), UNKNOWN, UNKNOWN),
}


@pytest.mark.parametrize("name", LISTS)
def test_author_lists_agree_as_a_reader_would_say(name: str) -> None:
    ours, theirs, first, whole = LISTS[name]
    found = compare_authors(ours, theirs)
    assert (found[0].agreement, found[1].agreement) == (first, whole)


def test_a_vancouver_list_is_read_as_it_was_meant() -> None:
    names, more = entry_authors(entry(Name("Glue P"), author="Glue P, Medlicott NJ, Harland S, et al"))
    assert [(name.family, name.given) for name in names] == [("Glue", "P"), ("Medlicott", "NJ"), ("Harland", "S")]
    assert more


def test_an_ordinary_list_is_left_alone() -> None:
    assert entry_authors(entry(GLUE, author="Glue, Paul")) == ((GLUE,), False)


def test_a_thousand_authors_take_no_time() -> None:
    ours = tuple(Name(f"Ours{number:04}x{number:04}") for number in range(1000))
    theirs = tuple(Name(f"Theirs{number:04}y{number:04}") for number in range(1000))
    assert compare_authors(entry(*ours), record(*theirs))[0].agreement is DIFFERENT


@given(NAMES, NAMES)
@SOME
def test_names_compare_the_same_both_ways(one: Name, other: Name) -> None:
    assert same_name(one, other) == same_name(other, one)


@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4), st.text(max_size=20))
@SOME
def test_no_list_breaks_the_comparison(ours: list[Name], theirs: list[Name], text: str) -> None:
    compare_authors(entry(*ours, author=text), record(*theirs))
