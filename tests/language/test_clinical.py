"""Clinical sentences, and how check-worthy they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.clinical import Form, clinical_sentences
from kap_content.language.measures import first_measure
from kap_content.language.worthiness import Worthiness
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.model.settings import Settings

WORTHINESS = Worthiness.of(read_lexicon(Settings(), Path()))


def found(source: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(s.text, s.claims, s.keys) for s in clinical_sentences(parse_page("p.md", source))]


def test_each_sentence_has_the_claims_and_citations_that_stand_over_it() -> None:
    source = (
        "[It fell.]{claim=A} It rose.[@x] It stayed [@y]. @z said so. Nothing here.\n\n"
        "::: {.figure claim=B}\nA caption.\n:::\n"
    )
    assert found(source) == [
        ("It fell.", ("A",), ()),
        ("It rose.", (), ("x",)),
        ("It stayed.", (), ("y",)),
        ("@z said so.", (), ("z",)),
        ("Nothing here.", (), ()),
        ("A caption.", ("B",), ()),
    ]


def test_an_empty_span_stands_for_itself_and_not_for_its_neighbours() -> None:
    assert found("It fell. []{claim=A} It rose.") == [("It fell.", (), ()), ("It rose.", (), ())]


def test_a_citation_in_a_footnote_counts_where_its_mark_stands() -> None:
    assert found("It fell.[^1] It rose.^[See [@b].] It stayed.\n\n[^1]: See @a.\n") == [
        ("It fell.", (), ("a",)),
        ("It rose.", (), ("b",)),
        ("It stayed.", (), ()),
        ("See.", (), ("b",)),
        ("See @a.", (), ("a",)),
    ]


def test_rows_count_as_one_and_share_the_sources_of_head_and_caption() -> None:
    source = "| a | b [@h] |\n|---|---|\n| It fell. | By half. [@r] |\n| c | d |\n\nTable: All [@c].\n"
    assert found(source) == [
        ("It fell. | By half.", (), ("r", "h", "c")),
        ("c | d", (), ("h", "c")),
        ("Table: All.", (), ("c", "h", "r")),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "# Ketamine cures 9 in 10",
        "Does it cure 9 in 10?",
        "> I felt better after 2 weeks.",
        "“My pain was 9 out of 10.”",
        "    placebo = 3",
        "[Our 3 treatments](a.md)",
        "[We have 3 rooms.]{.nonclaim reason=rooms}",
        "::: {.nonclaim reason=rooms}\nWe have 3 rooms.\n:::",
        "## References\n\n1. Glue P. Effects in 12 patients. 2017.",
        "References:\n\n1. Glue P. Effects in 12 patients. 2017.",
        "Glue P, Medlicott NJ, et al. Effects on anxiety. J Psychopharmacol. 2017;31(10):1302-1305.",
        "Monday to Friday: 9:00-17:00.",
        "We are open daily from 8 am to 6 pm.",
        "12 Harbour Street, 3rd floor",
        "Call us at 555-010-0199.",
        "Write to info@example.org.",
    ],
)
def test_what_states_nothing_clinical_is_left_out(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "> Ketamine halves anxiety.",
        "An open-label trial gave 10-20 mg on day 1.",
        "Researchers call this effect, seen in 100 patients, a rebound.",
        "In a Lancet paper from May 2019 the drug was on a long way.",
        "<div>Ketamine halves anxiety.</div>",
    ],
)
def test_what_states_something_stays(source: str) -> None:
    assert len(found(source)) == 1


def test_the_form_of_a_sentence_is_known() -> None:
    source = "It fell.\n\nAsk your doctor.\n\nThese help:\n\n- less anxiety\n- It fell fast.\n"
    assert [s.form for s in clinical_sentences(parse_page("p.md", source))] == [
        Form.STATEMENT,
        Form.REQUEST,
        Form.STEM,
        Form.FRAGMENT,
        Form.STATEMENT,
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("About 60% felt calmer.", "gives numbers"),
        ("Ten of twelve people responded.", "gives numbers"),
        ("Half of them relapsed.", "gives numbers"),
        ("It lasts for two weeks.", "gives numbers"),
        ("It is effective.", "says what a treatment achieves"),
        ("It is safe.", "speaks of harm or safety"),
        ("It works faster than tablets and is more effective than talking.", "says what a treatment achieves"),
        ("It is no better than talking.", "compares"),
        ("It blocks the NMDA receptor.", "says how something works in the body"),
        ("The FDA has not approved it.", "says what a regulator or guideline decided"),
        ("Stress causes tension.", "states a cause or an association"),
        ("We take time to listen.", None),
        ("See Figure 2 and Section 4.1.", None),
        ("One of the rooms is blue.", None),
        ("It was shown by Glue et al. (2017).", None),
        ("Type 2 and COVID-19 are names.", None),
    ],
)
def test_check_worthy_sentences_are_told_from_others(text: str, reason: str | None) -> None:
    assert WORTHINESS.reason(text) == reason


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Ten of 12 responded", "Ten of 12"),
        ("a fall of 2.5 points", "2.5"),
        ("p < 0.05", "< 0.05"),
        ("18.2% of adults", "18.2%"),
        ("1 in 5 adults", "1 in 5"),
        ("In 2017 it began", None),
        ("since March 2021", None),
        ("on 5 March 2019", None),
        ("see Table 3", None),
        ("1. First", None),
        ("SARS-CoV-2", None),
    ],
)
def test_measures_are_told_from_dates_and_labels(text: str, measure: str | None) -> None:
    span = first_measure(text)
    assert (text[slice(*span)] if span else None) == measure


@given(st.text(alphabet='aB1 .?!"”()[]{}@=\n#|-:>*', max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_page_gives_sentences_inside_its_blocks(source: str) -> None:
    page = parse_page("p.md", source)
    for sentence in clinical_sentences(page):
        assert page.blocks[sentence.block].text[sentence.start : sentence.end] == sentence.text
