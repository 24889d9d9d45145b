"""Claims in an editor's own words, each against a sentence of evidence: agreeing in another form, or differing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.language.quantity import compare

PAIRS = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "editors_pairs.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
NOT_UNDERSTOOD = {
    "Every extra 5 kg/m² of BMI goes with a 30 % higher mortality.",
    "Most cases (75 %) begin before the age of 25.",
    "The risk of clots goes from 2 to 6–10 per 10,000 women a year.",
    "A temperature of 99 °F or more counts as fever.",
}
"""Claims of the table that are flagged without need, or missed."""


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] == "agrees"], ids=lambda pair: pair[1])
def test_a_claim_that_agrees_is_not_flagged(pair: tuple[str, str, str]) -> None:
    assert bool(compare(pair[1], [pair[2]])) == (pair[1] in NOT_UNDERSTOOD)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] != "agrees"], ids=lambda pair: pair[1])
def test_a_claim_that_differs_is_flagged(pair: tuple[str, str, str]) -> None:
    assert bool(compare(pair[1], [pair[2]])) != (pair[1] in NOT_UNDERSTOOD)
