"""The categories that an import guesses for a person to confirm."""

from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.imports.guessing import guess_category
from kap_content.load.lexicon import read_lexicon
from kap_content.model.settings import Settings


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Exercise reduces pain in adults with low back pain.", "efficacy"),
        ("Sertraline was more effective than placebo.", "comparative"),
        ("Pain that has lasted for more than 12 weeks", "statistic"),
        ("Some people feel sick after a dose, which is a side effect.", "safety"),
        ("The FDA approved it in 2019.", "regulatory"),
        ("Our team meets on Mondays.", None),
        ("Loneliness has been increasing over the past decade.", "statistic"),
        ("Shift work leads to poor sleep.", None),
        ("The tablets lead to deeper sleep.", "efficacy"),
        ("Many patients leave the course feeling lighter.", "outcome"),
        ("You will wake up rested every morning.", "outcome"),
    ],
)
def test_a_category_is_guessed_from_the_words_or_not_at_all(text: str, category: str | None) -> None:
    assert guess_category(text, read_lexicon(Settings(), Path())) == category
