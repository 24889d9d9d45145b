"""What a claims file says, as it is read."""

from __future__ import annotations

from datetime import date

import pytest

from kap_content.model.claim import (
    Anchor,
    Category,
    Certainty,
    CitationRelation,
    Design,
    Direction,
    Pico,
    Quantity,
    Status,
    Verdict,
)
from kap_content.model.place import Place
from tests.load.claims.reading import FULL, claims, read


def test_every_field_is_read() -> None:
    (claim,) = claims(FULL)
    assert claim.id == "KET-MAINT-01"
    assert claim.match_text == "Anxiety ratings fell by about half within an hour of a dose."
    assert claim.variations == ("Within an hour, ratings fell by about half.",)
    assert (claim.category, claim.status, claim.certainty) == (Category.EFFICACY, Status.APPROVED, Certainty.VERY_LOW)
    assert claim.next_review_due == date(2028, 11, 22)
    assert claim.pico == Pico(
        "adults with treatment-refractory GAD or SAD", "ketamine", "subcutaneous", "none", "HAM-A", "1 h"
    )
    assert (claim.jurisdiction, claim.quantity, claim.data_end) == ("US", Quantity("50", "percent"), 2016)
    assert claim.note == "ask the statistician"


def test_every_field_of_the_evidence_is_read() -> None:
    (item,) = claims(FULL)[0].evidence
    assert (item.ref, item.relation) == ("glue2018", CitationRelation.OBTAINS_SUPPORT_FROM)
    assert (item.direction, item.design) == (Direction.SUPPORTS, Design.OPEN_LABEL)
    assert (item.verdict, item.checked_by, item.checked_on) == (
        Verdict.SUBSTANTIATED,
        "A. Example",
        date(2026, 11, 22),
    )
    assert item.anchor == Anchor("fell by half", "may", ".", "665", "2", "1b", "Results")
    assert item.pico == Pico(population="adults", timepoint="60 min")
    assert item.finding == "ratings about 50 % lower one hour after dosing, n = 20"
    assert item.seminal == "the only trial of its kind"


def test_places_are_those_of_the_values_and_of_the_names_of_lists() -> None:
    (claim,) = claims(FULL)
    assert claim.place == Place("claims.yaml", 4, 9, 4, 21)
    assert claim.where("status") == Place("claims.yaml", 8, 13, 8, 21)
    assert claim.where("variations") == Place("claims.yaml", 6, 5, 6, 15)
    assert claim.where("evidence") == Place("claims.yaml", 21, 5, 21, 13)
    assert claim.evidence[0].place == Place("claims.yaml", 22, 14, 22, 22)
    assert claim.evidence[0].where("verdict") == Place("claims.yaml", 28, 18, 28, 31)


def test_claims_may_stand_in_a_mapping_by_their_ids() -> None:
    found = claims("""
        version: 1
        claims:
          KET-01: {match_text: Nausea was common., evidence: glue2018}
          KET-02:
            match_text: Dizziness was common.
    """)
    assert [claim.id for claim in found] == ["KET-01", "KET-02"]
    assert found[0].place == Place("claims.yaml", 3, 3, 3, 9)


@pytest.mark.parametrize("evidence", ["glue2018", "[glue2018]", "{ref: glue2018}", "[{ref: glue2018}]"])
def test_evidence_has_short_forms(evidence: str) -> None:
    (claim,) = claims(f"claims:\n- {{id: A, match_text: Nausea was common., evidence: {evidence}}}\n")
    assert [item.ref for item in claim.evidence] == ["glue2018"]


def test_short_and_long_evidence_may_be_mixed() -> None:
    (claim,) = claims("claims:\n- {id: A, match_text: x, evidence: [a, {ref: b, direction: disputes}]}\n")
    assert [(item.ref, item.direction) for item in claim.evidence] == [
        ("a", Direction.SUPPORTS),
        ("b", Direction.DISPUTES),
    ]


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "1e3", "0o17", "12:30:45", "2026-11-22", "1_000", "'Null'", ".inf", "0x1F"]
)
def test_a_word_is_that_word(word: str) -> None:
    (claim,) = claims(f"claims:\n- id: {word}\n  match_text: {word}\n  comparator: {word}\n")
    assert (claim.id, claim.match_text, claim.pico.comparator) == (word.strip("'"),) * 3


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_a_text_that_yaml_calls_nothing_is_not_given(nothing: str) -> None:
    (claim,) = claims(f"claims:\n- id: A\n  match_text: x\n  comparator: {nothing}\n  note: '{nothing}'\n")
    assert (claim.pico.comparator, claim.note) == ("", nothing)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "19.1",
            "-0.40",
            "−1.17",
            ".05",
            "19·1",
            "12,500",
            "3-7",
            "3 to 7",
            "12–15 %",
            "18 of 20",
            "1 in 5",
            "<0.001",
        ),
        *("≥ 50", "about 40", "more than 300", "1.2 ± 0.3", "1.2 (0.8 to 1.9)", "1.2 [95% CI 0.8-1.9]", "1e-4"),
    ],
)
def test_a_quantity_is_a_number_as_prose_gives_it(value: str) -> None:
    (claim,) = claims(f'claims: [{{id: A, match_text: x, quantity: {{value: "{value}", unit: percent}}}}]')
    assert claim.quantity == Quantity(value, "percent")


@pytest.mark.parametrize("value", ["abc", "many", "19,1", "12 mg", "1.2.3", "-", "12 apples of 20"])
def test_a_quantity_that_is_no_number_is_reported(value: str) -> None:
    found, (problem,) = read(f'claims:\n- id: A\n  match_text: x\n  quantity: {{value: "{value}", unit: percent}}\n')
    assert found[0].quantity is None
    assert (problem.place.line, problem.place.column) == (4, 21)
    assert problem.message == f"“value” wants a number; here is “{value}”"


def test_a_field_left_empty_is_not_given() -> None:
    (claim,) = claims("""
        claims:
          - id: A
            match_text: Nausea was common.
            category:
            next_review_due: ~
            quantity: null
            variations:
            evidence:
    """)
    assert (claim.category, claim.next_review_due, claim.quantity, claim.variations, claim.evidence) == (
        None,
        None,
        None,
        (),
        (),
    )


def test_folded_text_is_one_line() -> None:
    (claim,) = claims("claims:\n- id: A\n  match_text: >\n    Nausea was\n    common.\n  status: draft\n")
    assert claim.match_text == "Nausea was common."


def test_a_file_without_claims_is_fine() -> None:
    assert claims("version: 1\nclaims: []\n") == ()
    assert claims("version: 1\nclaims:\n") == ()
