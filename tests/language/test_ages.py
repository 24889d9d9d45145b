"""The ages that descriptions of people give, in numbers and by name."""

from __future__ import annotations

import pytest

from kap_content.language.ages import ages_by_name, ages_in_numbers, ages_in_prose

OLDEST = 130.0


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("adults aged 18 to 64 years", 18, 64),
        ("18 to 65", 18, 65),
        ("adults (18 to 65 years)", 18, 65),
        ("people over 70", 70, OLDEST),
        ("60+ years", 60, OLDEST),
        ("aged 60 years or over", 60, OLDEST),
        ("children under 5", 0, 5),
        ("children 6-12 years", 6, 12),
        ("infants of 6 to 24 months", 0.5, 2),
    ],
)
def test_ages_are_read_from_numbers(text: str, low: float, high: float) -> None:
    (span,) = ages_in_numbers(text)
    assert (span.low, span.high) == (low, high)


@pytest.mark.parametrize("text", ["adults with 5 years of illness", "mean age 45 years", "120 adults", "adults"])
def test_other_numbers_are_no_ages(text: str) -> None:
    assert not ages_in_numbers(text)


def test_running_text_gives_only_what_is_said_to_be_an_age() -> None:
    assert not ages_in_prose("Patients were followed for 2 to 5 years.")
    assert ages_in_prose("Patients aged 18 to 75 years were followed.")


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("adults", "children", False),
        ("older adults", "adults", True),
        ("newborns", "infants", True),
        ("adolescents", "older women", False),
        ("young people", "adolescents", True),
    ],
)
def test_groups_share_more_than_a_limit(one: str, other: str, *, meets: bool) -> None:
    assert any(a.meets(b) for a in ages_by_name(one) for b in ages_by_name(other)) is meets
