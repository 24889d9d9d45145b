from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.bib import parse_bib
from kap_content.model.dates import PartialDate
from kap_content.model.record import Record, State
from kap_content.model.reference import Name
from kap_content.works.bibtex import bibtex_entry, bibtex_key

GLUE = Record(
    key="",
    state=State.FOUND,
    answered="10.1177/0269881118762073",
    pmid="29441866",
    title="Safety and efficacy of maintenance ketamine treatment",
    authors=(
        Name(family="Glue", given="Paul"),
        Name(family="Neehoff", given="Shona M."),
        Name(literal="The KET Group"),
    ),
    containers=("Journal of Psychopharmacology", "J Psychopharmacol"),
    type="journal-article",
    issued=PartialDate(2018, 3, 22),
    print=PartialDate(2018, 6),
    volume="32",
    issue="6",
    pages="663-7",
)


def test_an_article_has_the_fields_that_ama_prints() -> None:
    assert bibtex_entry(GLUE, "glue2018") == (
        "@article{glue2018,\n"
        "  author       = {Glue, Paul and Neehoff, Shona M. and {The KET Group}},\n"
        "  title        = {Safety and efficacy of maintenance ketamine treatment},\n"
        "  journal      = {Journal of Psychopharmacology},\n"
        "  shortjournal = {J Psychopharmacol},\n"
        "  year         = {2018},\n"
        "  volume       = {32},\n"
        "  number       = {6},\n"
        "  pages        = {663--667},\n"
        "  doi          = {10.1177/0269881118762073},\n"
        "  pmid         = {29441866},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("names", "key"),
    [
        ((Name(family="Glue"),), "glue2018"),
        ((Name(family="Schiöth"),), "schioth2018"),
        ((Name(family="Sørensen-Łuk"),), "sorensenluk2018"),
        ((Name(family="de la Cruz"),), "delacruz2018"),
        ((Name(literal="The Cochrane Group"),), "cochrane2018"),
        ((), "safety2018"),
        ((Name(family="王"),), "work2018"),
    ],
)
def test_keys_are_readable(names: tuple[Name, ...], key: str) -> None:
    assert bibtex_key(replace(GLUE, authors=names)) == key


def test_a_taken_key_gets_a_letter() -> None:
    assert bibtex_key(GLUE, {"GLUE2018", "glue2018a"}) == "glue2018b"


def test_the_preprint_server_stands_for_the_journal() -> None:
    record = replace(GLUE, type="posted-content", containers=(), volume="", answered="10.1101/2021.04.29.21256344")
    assert "journal = {medRxiv}" in " ".join(bibtex_entry(record, "k").split())


def test_a_book_names_its_publisher() -> None:
    entry = bibtex_entry(replace(GLUE, type="book", containers=(), publisher="Oxford & Sons"), "k")
    assert entry.startswith("@book{k,")
    assert r"{Oxford \& Sons}" in entry


def test_capitals_that_carry_meaning_are_protected() -> None:
    entry = bibtex_entry(replace(GLUE, title="The NMDA receptor, mRNA and COVID-19: A review"), "k")
    assert "{The {NMDA} receptor, {mRNA} and {COVID-19}: A review}" in entry


@pytest.mark.parametrize(
    "title", ["100% of _all_ R&D #1 costs $5", "Braces {here} and there", "A \\ back~slash", "Ünïcödé ≥ 5 µg"]
)
def test_an_entry_reads_back_as_it_was(title: str) -> None:
    (reference,), problems = parse_bib("r.bib", bibtex_entry(replace(GLUE, title=title), "k"))
    assert not problems
    assert reference.fields["title"] == title


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"])))
def test_no_title_breaks_an_entry(title: str) -> None:
    references, _ = parse_bib("r.bib", bibtex_entry(replace(GLUE, title=title), "k"))
    assert [reference.key for reference in references] == ["k"]
    assert references[0].fields["doi"] == GLUE.answered
