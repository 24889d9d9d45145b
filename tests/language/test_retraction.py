from __future__ import annotations

import pytest

from kap_content.language.retraction import says_retraction


@pytest.mark.parametrize(
    "text",
    [
        "The report that began the fear was retracted in 2010.",
        "The journal retracted it after twelve years [@wakefield1998].",
        "It has since been retracted.",
        "A retracted paper claimed benefit.",
        "A 1998 study (retracted) claimed benefit.",
        "The trial, which was not blinded, was retracted.",
        "The editors withdrew the article.",
        "The retraction of the article came late.",
        "The withdrawal of the paper came late.",
        "The study was withdrawn by its authors.",
        "Wakefield et al. was later retracted.",
    ],
)
def test_prose_says_that_a_work_was_retracted(text: str) -> None:
    assert says_retraction(text)


@pytest.mark.parametrize(
    "text",
    [
        "A trial that was never retracted claimed benefit.",
        "The clinic retracted its offer; a trial shows benefit.",
        "The clinic retracted its offer, and a trial shows benefit.",
        "The study has not been retracted.",
        "The paper wasn’t retracted.",
        "Twelve patients withdrew from the trial.",
        "The drug was withdrawn from the market after a trial.",
        "Opioid withdrawal was measured in the trial.",
        "A trial shows benefit.",
    ],
)
def test_prose_does_not_say_that_a_work_was_retracted(text: str) -> None:
    assert not says_retraction(text)
