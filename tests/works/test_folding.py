from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.works.folding import edits, fold, plain, script, squashed, words

TEXT = st.text(max_size=60)
SOME = settings(max_examples=150, deadline=None)


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<i>Exiguobacterium</i> str. N139", "Exiguobacterium str. N139"),
        ("H<sub>2</sub>O and CO<SUB>2</SUB>", "H2O and CO2"),
        ("<jats:title>A</jats:title> <jats:italic>b</jats:italic>", "A b"),
        ('<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi></mml:math> rises', "x rises"),
        ("Science &amp;amp; Medicine", "Science & Medicine"),
        ("&amp;lt;i&amp;gt;In vivo&amp;lt;/i&amp;gt;", "In vivo"),
        ("P < 0.05 and n > 20", "P < 0.05 and n > 20"),
        ("p<0.05 in the ketamine group", "p<0.05 in the ketamine group"),
        (r"the $\beta$-blocker {P}ropranolol", "the beta-blocker Propranolol"),
        ("two\n   lines", "two lines"),
    ],
)
def test_markup_is_taken_out_and_comparisons_stay(markup: str, seen: str) -> None:
    assert plain(markup).replace("beta -", "beta-") == seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasiewicz", "lukasiewicz"),
        ("Sørensen", "sorensen"),
        ("Straße", "strasse"),
        ("Erdős", "erdos"),
        ("Þórðarson", "thordarson"),
        ("Maxwell‐Smith", "maxwell-smith"),
        ("“so‑called”", '"so-called"'),
        ("Parkinson’s", "parkinson's"),
        ("ﬁndings", "findings"),
        ("CO₂", "co2"),
        ("TNFα", "tnf alpha"),
        ("Smith & Jones", "smith and jones"),
    ],
)
def test_spellings_of_one_word_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == other


def test_apostrophes_and_initialisms_join_and_other_marks_part() -> None:
    assert words("The U.S. view: Parkinson's self-rating") == ("the", "us", "view", "parkinsons", "self", "rating")


@pytest.mark.parametrize(
    ("text", "writing"),
    [("Glue", "latin"), ("Туберозова", "other"), ("조혜린", "other"), ("β-catenin", "latin"), ("12", "")],
)
def test_the_script_is_told(text: str, writing: str) -> None:
    assert script(text) == writing


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("glue", "glue", 0), ("glue", "gule", 1), ("glue", "blue", 1), ("glue", "glues", 1), ("ab", "xyz", 3)],
)
def test_edits_count_a_swap_as_one_and_stop_at_the_limit(one: str, other: str, count: int) -> None:
    assert edits(one, other, 2) == count


@given(TEXT)
@SOME
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="<>&;ltgamp/ib \\{}$x", max_size=30))
@SOME
def test_taking_markup_out_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(TEXT)
@SOME
def test_squashed_text_holds_letters_and_digits_only(text: str) -> None:
    assert squashed(text) == squashed(squashed(text))
    assert all(letter.isalnum() for letter in squashed(text))


@given(TEXT, TEXT)
@SOME
def test_edits_are_the_same_both_ways(one: str, other: str) -> None:
    assert edits(one, other, 3) == edits(other, one, 3)
