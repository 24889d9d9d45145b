"""Comparing wordings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.wording import comparable_wording, nearest, nearest_few, normalise_wording, word_difference


def test_typography_is_no_wording() -> None:
    assert normalise_wording(" “It’s”  5–10\u00a0mg… a\u00admong ") == '"It\'s" 5-10 mg... among'


def test_case_is_wording() -> None:
    assert normalise_wording("Safe") != normalise_wording("safe")


def test_a_difference_shows_the_words_that_changed_and_a_few_around_them() -> None:
    old = "In this small study anxiety ratings fell by about half within an hour of a single dose given at night."
    new = "In this small study anxiety ratings fell by about a third within an hour of a dose given at night today."
    assert word_difference(old, new) == (
        "... fell by about [half → a third] within an hour of a [single →] dose given at [night. → night today.]"
    )


def test_equal_wordings_have_no_difference() -> None:
    assert word_difference("a “b” c", 'a "b"  c') == ""


def test_white_space_before_a_percent_sign_and_around_a_dash_is_no_wording() -> None:
    assert normalise_wording("in 30 – 40 % of adults — usually") == normalise_wording("in 30-40% of adults—usually")


def test_white_space_before_a_minus_stays() -> None:
    assert normalise_wording("a change of −5 points") == "a change of -5 points"


def test_a_final_full_stop_is_no_part_of_a_difference() -> None:
    assert word_difference("flushes fell by half", "flushes fell by a third.") == "flushes fell by [half → a third]"


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_difference_is_empty_exactly_where_the_wording_is_the_same(old: str, new: str) -> None:
    assert (word_difference(old, new) == "") == (comparable_wording(old) == comparable_wording(new))


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_wording(normalise_wording(text)) == normalise_wording(text)


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    assert nearest("KET-MIANT-01", ["KET-DOSE-01", "KET-MAINT-01", "X"]) == "KET-MAINT-01"
    assert nearest("Glue2018", ["glue2017", "glue2018"]) == "glue2018"
    assert nearest("nothing", ["glue2017"]) is None
    assert nearest_few("glue2019", ["glue2017", "glue2018", "dore"], count=2) == ("glue2018", "glue2017")


def test_the_nearest_name_is_found_among_very_many() -> None:
    names = [f"CLAIM-{number:05d}" for number in range(5000)] + ["KET-MAINT-01"]
    assert nearest("KET-MIANT-01", names) == "KET-MAINT-01"
