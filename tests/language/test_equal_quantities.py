"""Equal quantities in other words, and unequal ones that look alike."""

from __future__ import annotations

import pytest

from kap_content.language.quantity import compare


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("1 woman in 8 is affected", "12.5 % of women"),
        ("1 man in 8 is affected", "13 % of men"),
        ("3 to 5 people in 100", "3-5%"),
        ("One in eight women", "a ratio of 1:8"),
        ("Half a million people", "500,000 people"),
        ("One and a half million people", "1.5 million people"),
        ("given once a week", "given weekly"),
        ("taken once a day", "taken daily"),
        ("500 mg twice a day", "1000 mg/day"),
        ("two 500 mg tablets a day", "1000 mg a day"),
        ("1000 mg a day", "500 mg twice a day"),
        ("Seven people need to be treated for one to benefit", "The NNT was 7"),
        ("Scores dropped 3.2 points", "mean difference −3.2"),
        ("Scores fell from 26 to 14 points", "from 26.4 to 13.9"),
        ("No one among 40 people", "40 people took part; none had it"),
    ],
)
def test_the_same_in_other_words_is_carried(claim: str, evidence: str) -> None:
    assert compare(claim, [evidence]) == ()


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("1 woman in 8 is affected", "20 % of women"),
        ("3 to 5 people in 100", "6-9%"),
        ("Half a million people", "5 million people"),
        ("given once a week", "given daily"),
        ("500 mg twice a day", "500 mg/day"),
        ("40 mg twice a day", "20 mg twice a day"),
        ("Seven people need to be treated for one to benefit", "The NNT was 9"),
        ("Scores dropped 3.2 points", "mean difference −5.1"),
        ("Scores fell from 26 to 14 points", "from 29.4 to 13.9"),
    ],
)
def test_another_quantity_is_not_carried(claim: str, evidence: str) -> None:
    assert compare(claim, [evidence])
