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


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] == "agrees"], ids=lambda pair: pair[1])
def test_a_claim_that_agrees_is_not_flagged(pair: tuple[str, str, str]) -> None:
    assert compare(pair[1], [pair[2]]) == ()


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair[0] != "agrees"], ids=lambda pair: pair[1])
def test_a_claim_that_differs_is_flagged(pair: tuple[str, str, str]) -> None:
    assert compare(pair[1], [pair[2]])
