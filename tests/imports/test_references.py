"""References as people write them, into typed entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.imports.references.entry import entry_key, entry_text, find_twin
from kap_content.imports.references.parsed import iso_date
from kap_content.imports.references.read import read_reference
from kap_content.load.bib import parse_bib
from tests.effort import little_work

AMA = (
    "1. Smith AB, van der Berg C-D, Ng K, et al. Light in the evening: a trial. J Sleep Res. 2017;31(10):1302-1305. "
    "doi:10.1000/xyz.123"
)
VANCOUVER = "[2] Hamilton J. Rumination and the brain. Biological Psychiatry. 2015 Aug 15;78(4):224-30."
APA = (
    "Smith, A. B., van der Berg, C.-D., & Ng, K. (2018). Safety of light: A review. Journal of Sleep Research, 32(6), "
    "663–667. https://doi.org/10.1000/abc"
)
MIXED = "3. Jane Dore et al. Light Assisted Sleep, Journal of Sleeping Persons, 51:2, 189-198, DOI: 10.1000/0279."
MLA = 'Taylor, Jane H., et al. "Light for Sleep: A Trial." Sleep Letters 43, no. 2 (2018): 325–333.'
REPORT = (
    "Clark P, Roe M. Light among adults, 2019 and 2022. National Health Statistics Reports; no 213. Hyattsville, "
    "MD: National Center for Health Statistics. 2024."
)
WEB = (
    "US Food and Drug Administration. Lamps are not approved. October 10, 2023. https://www.fda.gov/lamps. "
    "Accessed November 22, 2026."
)
HARVARD = "Hart H, Mah K (2023) A review of lamps. J Lamps 37(8): 764–774. PMID 37005739"


@pytest.mark.parametrize(
    ("text", "kind", "families", "others", "fields"),
    [
        (
            AMA,
            "article",
            ["Smith", "Berg", "Ng"],
            True,
            {
                "title": "Light in the evening: a trial",
                "journal": "J Sleep Res",
                "year": "2017",
                "volume": "31",
                "number": "10",
                "pages": "1302-1305",
                "doi": "10.1000/xyz.123",
            },
        ),
        (
            VANCOUVER,
            "article",
            ["Hamilton"],
            False,
            {"journal": "Biological Psychiatry", "year": "2015", "volume": "78"},
        ),
        (APA, "article", ["Smith", "Berg", "Ng"], False, {"title": "Safety of light: A review", "doi": "10.1000/abc"}),
        (
            MIXED,
            "article",
            ["Dore"],
            True,
            {"journal": "Journal of Sleeping Persons", "number": "2", "doi": "10.1000/0279"},
        ),
        (
            MLA,
            "article",
            ["Taylor"],
            True,
            {"title": "Light for Sleep: A Trial", "journal": "Sleep Letters", "year": "2018"},
        ),
        (HARVARD, "article", ["Hart", "Mah"], False, {"year": "2023", "volume": "37", "pmid": "37005739"}),
        (
            REPORT,
            "techreport",
            ["Clark", "Roe"],
            False,
            {"institution": "National Center for Health Statistics", "number": "213", "year": "2024"},
        ),
        (
            WEB,
            "online",
            [""],
            False,
            {"title": "Lamps are not approved", "date": "2023-10-10", "urldate": "2026-11-22", "year": "2023"},
        ),
        (
            "Roe R. The Lamp Book. 2nd ed. New York: Lamp Press; 2010.",
            "book",
            ["Roe"],
            False,
            {"title": "The Lamp Book", "publisher": "Lamp Press", "year": "2010", "edition": "2nd"},
        ),
        (
            "Roe R. On wicks. In: Doe J, ed. The Lamp Book. New York: Lamp Press; 2010:12-34.",
            "incollection",
            ["Roe"],
            False,
            {"title": "On wicks", "booktitle": "The Lamp Book", "pages": "12-34", "editors": "Doe J"},
        ),
        (
            "Roe R. On wicks [dissertation]. Leiden: Leiden University; 2012.",
            "phdthesis",
            ["Roe"],
            False,
            {"title": "On wicks", "school": "Leiden University", "year": "2012"},
        ),
    ],
)
def test_styles_and_kinds_are_told_apart(
    text: str, kind: str, families: list[str], others: bool, fields: dict[str, str]
) -> None:
    parsed = read_reference(text)
    assert parsed.type == kind
    assert [name.family for name in parsed.authors] == families
    assert parsed.others is others
    assert {name: parsed.fields.get(name) for name in fields} == fields


def test_an_authority_is_a_group_and_gives_its_initials_to_the_key() -> None:
    parsed = read_reference("National Institute of Lamps. Lamps. https://lamps.example/a/b. Accessed May 4, 2025.")
    assert parsed.authors[0].literal == "National Institute of Lamps"
    assert entry_key(parsed, []) == "nil"


def test_a_key_that_is_taken_gets_a_letter() -> None:
    assert entry_key(read_reference(VANCOUVER), ["Hamilton2015"]) == "hamilton2015a"


def test_a_date_on_both_sides_of_the_atlantic_is_left_as_written() -> None:
    parsed = read_reference("WHO. Lamps. https://who.example/lamps. Accessed 03/04/2020.")
    assert "urldate" not in parsed.fields
    assert "03/04/2020" in parsed.fields["note"]


def test_what_is_no_reference_is_said_to_be_unreadable() -> None:
    assert not read_reference("see the leaflet").is_readable


def test_the_original_string_stays_in_the_entry() -> None:
    parsed = read_reference(APA)
    entry = parse_bib("r.bib", entry_text(parsed, "smith2018"))[0][0]
    assert entry.get("original") == APA
    assert entry.get("pages") == "663-667"
    assert [name.family for name in entry.authors] == ["Smith", "Berg", "Ng"]


def test_et_al_becomes_and_others() -> None:
    assert "and others" in entry_text(read_reference(AMA), "k")
    assert parse_bib("r.bib", entry_text(read_reference(AMA), "k"))[0][0].and_others


def test_the_same_work_in_another_style_is_found_in_the_bibliography() -> None:
    ours = parse_bib("r.bib", "@article{x, title={Light in the evening: A trial}, year={2017}, doi={10.1000/XYZ.123}}")[
        0
    ]
    assert find_twin(read_reference(AMA), ours) is ours[0]
    assert find_twin(read_reference(VANCOUVER), ours) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("October 10, 2023", "2023-10-10"),
        ("10 Oct 2023", "2023-10-10"),
        ("2015 Aug 15", "2015-08-15"),
        ("May 2019", "2019-05"),
        ("2019", "2019"),
        ("2020-02-03", "2020-02-03"),
        ("yesterday", ""),
    ],
)
def test_dates_keep_the_precision_they_have(text: str, day: str) -> None:
    assert iso_date(text) == day


@pytest.mark.parametrize(
    "piece", ["Smith A, ", "Ab Cd, ", "Aa-", "Smith, A. B., & ", "A B ", "Vol. 3 ", "“a ", "12-34 "]
)
def test_long_lists_of_anything_are_read_at_once(piece: str) -> None:
    with little_work():
        read_reference((piece * 3000)[:4990])


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    "Smith AB",
                    ", ",
                    "et al",
                    ". ",
                    "2019",
                    "(2019)",
                    ";",
                    ":",
                    "12",
                    "34-56",
                    "doi:10.1/",
                    "In:",
                    "http://a.b/c",
                    "“",
                    "”",
                    "J Psychiatry",
                    "Press",
                    "Vol. 3",
                    "&",
                    "{",
                    "}",
                    "\\",
                    "%",
                    "Title of it",
                ]
            ),
            max_size=20,
        ).map(" ".join),
    )
)
def test_any_string_becomes_an_entry_that_keeps_it(text: str) -> None:
    parsed = read_reference(text)
    written = entry_text(parsed, "k1")
    entries, problems = parse_bib("r.bib", written)
    assert [entry.key for entry in entries] == ["k1"]
    assert not [problem for problem in problems if problem.place.line > 1 and "original" in problem.message]
