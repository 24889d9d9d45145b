"""Reading quantities and holding a claim's against its evidence's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.quantity import Comparator, Direction, Hedge, Kind, Quantity, agree, compare, read

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "quantity_pairs.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
NOT_UNDERSTOOD = {"Five was the NNT: NNT = 5."}
"""Claims of the table that are still flagged without need; they count against the precision below."""


def only(text: str) -> Quantity:
    (quantity,) = read(text)
    return quantity


def test_the_table_of_pairs_is_large_and_a_third_of_it_differs() -> None:
    differing = [pair for pair in PAIRS if pair[0] != "agrees"]
    assert len(PAIRS) >= 300
    assert 0.3 <= len(differing) / len(PAIRS) <= 0.4


def test_precision_and_recall_on_the_table_do_not_fall() -> None:
    flagged = {pair for pair in PAIRS if compare(pair[1], [pair[2]])}
    wrong = {pair for pair in PAIRS if pair[0] != "agrees"}
    assert len(flagged & wrong) / len(flagged) >= 0.99
    assert len(flagged & wrong) / len(wrong) >= 0.99


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] == "agrees"], ids=lambda pair: pair[1])
def test_an_agreeing_pair_is_not_flagged(pair: tuple[str, str, str]) -> None:
    unmatched = compare(pair[1], [pair[2]])
    assert (pair[1] in NOT_UNDERSTOOD) == bool(unmatched)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] != "agrees"], ids=lambda pair: pair[1])
def test_a_differing_pair_is_flagged(pair: tuple[str, str, str]) -> None:
    assert compare(pair[1], [pair[2]])


@pytest.mark.parametrize(
    "text",
    [
        "Type 2 diabetes is common.",
        "COVID-19 and SARS-CoV-2 spread.",
        "The 5-HT2A receptor and CYP2D6 matter.",
        "By DSM-5 and ICD-10 criteria.",
        "A phase 3 trial and a phase II trial.",
        "It was approved in May 2020, on 5 March 2019, and on 10/10/2023.",
        "It was first used in 1964 and during the early 1970s.",
        "Data of 2001–2003 were used.",
        "As shown before [3], [4, 5] and [7–9].",
        "See Table 2, Figure 3 and section 4.1.",
        "Call (555) 123-4567 or 988-555-1234.",
        "Call us at 555-123-4567, or text 988 555 1234.",
        "Some 10^6 cells, or 10(6), or 10⁶ of them.",
        "See https://example.org/12/34 and doi:10.1234/abc.5678.",
        "C57BL/6 mice, PHQ-9, GAD-7 and SF-36.",
        "Open 24/7, at 9:30 and 5 p.m.",
        "The second half of the trial, and its half-life.",
        "No one can say; one of the most common questions.",
        "A double-blind, two-sided test.",
        "It is regulated by 21 CFR 202.1.",
        "Vitamin B12 and omega-3 are supplements.",
    ],
)
def test_what_only_looks_like_a_quantity_is_none(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1 in 5", Kind.SHARE, Fraction(1, 5)),
        ("two-thirds", Kind.SHARE, Fraction(2, 3)),
        ("12 per 1000", Kind.SHARE, Fraction(12, 1000)),
        ("51.8/100,000", Kind.SHARE, Fraction(518, 10**6)),
        ("10 of the 12", Kind.SHARE, Fraction(5, 6)),
        ("1·5 %", Kind.SHARE, Fraction(15, 1000)),
        ("9 percentage points", Kind.POINTS, Fraction(9, 100)),
        ("20 mg", Kind.MEASURE, Fraction(20)),
        ("20 g", Kind.MEASURE, Fraction(20000)),
        ("250 mcg", Kind.MEASURE, Fraction(1, 4)),
        ("one week", Kind.DURATION, Fraction(7)),
        ("half an hour", Kind.DURATION, Fraction(1, 48)),
        ("twice a week", Kind.FREQUENCY, Fraction(2, 7)),
        ("an 18-year-old", Kind.AGE, Fraction(18)),
        ("p = .04", Kind.P_VALUE, Fraction(4, 100)),
        ("SMD −1.17", Kind.EFFECT, Fraction(-117, 100)),
        ("NNT of 5", Kind.EFFECT, Fraction(5)),
        ("doubled", Kind.MULTIPLE, Fraction(2)),
        ("halved", Kind.MULTIPLE, Fraction(1, 2)),
        ("1,234,567 people", Kind.COUNT, Fraction(1234567)),
        ("two hundred and thirty-five people", Kind.COUNT, Fraction(235)),
        ("1.2 million adults", Kind.COUNT, Fraction(1200000)),
    ],
)
def test_a_quantity_is_read_into_its_canonical_unit(text: str, kind: Kind, value: Fraction) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.value) == (kind, value)


def test_an_interval_is_one_quantity_and_its_level_none() -> None:
    ratio, interval = read("OR 28.94 (95% CI 3.45–242.57)")
    assert (ratio.measure, interval.kind, interval.value, interval.high) == (
        "OR",
        Kind.INTERVAL,
        Fraction("3.45"),
        Fraction("242.57"),
    )


def test_a_unit_at_the_end_of_a_list_belongs_to_all_of_it() -> None:
    assert [quantity.unit for quantity in read("Doses of 1, 3 or 10 mg")] == ["mg", "mg", "mg"]


@pytest.mark.parametrize(
    ("text", "comparator", "hedge"),
    [
        ("more than 20 %", Comparator.MORE, Hedge.NONE),
        ("no more than 20 %", Comparator.AT_MOST, Hedge.NONE),
        ("up to 20 %", Comparator.AT_MOST, Hedge.NONE),
        ("at least 20 %", Comparator.AT_LEAST, Hedge.NONE),
        ("20 % or more", Comparator.AT_LEAST, Hedge.NONE),
        ("nearly 20 %", Comparator.EQUAL, Hedge.NEARLY),
        ("~20 %", Comparator.EQUAL, Hedge.ABOUT),
        ("just over 20 %", Comparator.EQUAL, Hedge.JUST_OVER),
    ],
)
def test_bounds_and_hedges_are_read(text: str, comparator: Comparator, hedge: Hedge) -> None:
    quantity = only(text)
    assert (quantity.comparator, quantity.hedge) == (comparator, hedge)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("fell by 20 %", Direction.DOWN),
        ("a 20 % increase", Direction.UP),
        ("20 % lower", Direction.DOWN),
        ("rose by about 20 %", Direction.UP),
        ("found in 20 % of patients", Direction.NONE),
    ],
)
def test_the_direction_of_a_change_is_read(text: str, direction: Direction) -> None:
    assert only(text).direction is direction


def test_the_nearest_counterpart_is_named_with_what_differs() -> None:
    (unmatched,) = compare("The dose was 20 g.", ["Patients took 5 mg, then 20 mg."])
    assert unmatched.nearest is not None
    assert (unmatched.nearest.text, unmatched.difference) == ("20 mg", "unit")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_read_with_true_offsets(text: str) -> None:
    for quantity in read(text):
        assert text[quantity.start : quantity.end] == quantity.text


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 99),
    st.sampled_from(["%", " mg", " weeks", " patients", " of 100", " per 1000", "-fold", " percentage points"]),
)
def test_every_quantity_agrees_with_itself(number: int, unit: str) -> None:
    for quantity in read(f"It was {number}{unit} then."):
        assert agree(quantity, quantity).agrees
