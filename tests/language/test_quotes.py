from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.language.quotes import contains, locate, nearest_passage, quote_hash
from kap_content.language.wording import word_difference

TYPESET = (
    "Patients had signiﬁcant anxiety, re-\nported daily. The glu-\ntamate system, well-\nknown for its part in"
    " COVID-\n19, fell by 3.50 % in 110 mg\nand not −0.5. It was ineffective; non-effective too (n = 12)."
)


@pytest.mark.parametrize(
    "quote",
    [
        "significant anxiety, reported daily",
        "The glutamate system, well-known for its part in COVID-19",
        "fell by 3.50% in 110 mg and not -0.5",
        "“significant anxiety”",
        "It was ineffective; non-effective too (n=12)",
        "PATIENTS HAD SIGNIFICANT ANXIETY",
        "Patients had … The glutamate system [...] fell by 3.50 %",
        "significant anxiety . . . ineffective",
        "anxiety, reported daily.",
    ],
)
def test_what_typesetting_changes_hides_no_quotation(quote: str) -> None:
    assert contains(TYPESET, quote)


@pytest.mark.parametrize(
    "quote",
    [
        "10 mg",
        "50 %",
        "fell by 3.5",
        "effective; non-effective",
        "effective too",
        "significant anxiet",
        "not 0.5 mg",
        "ineffective ... significant anxiety",
        "the glutamate systems",
        "...",
        "",
    ],
)
def test_words_and_numbers_are_not_cut_in_two_nor_the_order_changed(quote: str) -> None:
    assert not contains(TYPESET, quote)


def test_hyphens_between_figures_count() -> None:
    assert contains("a range of 5–10 mg", "5-10 mg")
    assert not contains("a dose of 510 mg", "5-10 mg")


def test_letters_set_apart_by_a_ligature_are_one_word() -> None:
    assert contains("a signifi cant fall in ef fects", "a significant fall in effects")


PAGES = (
    "An earlier page.\fRatings fell by about\nJ Example 2023; 1: 665\f"
    "Hazel and others 666\nhalf within an hour of dosing. More."
)


def test_a_passage_may_run_on_to_the_next_page() -> None:
    assert contains(PAGES, "Ratings fell by about half within an hour")
    assert not contains(PAGES, "Ratings fell by about a half within an hour")
    assert not contains(PAGES.replace("\f", "\n"), "Ratings fell by about half within an hour")


def test_the_nearest_passage_is_cut_to_the_quotation() -> None:
    source = "Twelve took part. In all, anxiety ratings fell by 50% within one hour of dosing, and rose later. No more."
    nearest = nearest_passage(source, "anxiety ratings fell by 60% within one hour of dosing")
    assert nearest is not None
    assert nearest.text == "anxiety ratings fell by 50% within one hour of dosing"
    assert word_difference("anxiety ratings fell by 60% within one hour of dosing", nearest.text) == (
        "... ratings fell by [60% → 50%] within one hour ..."
    )


def test_nothing_near_is_none() -> None:
    assert nearest_passage("Twelve took part.", "Blood pressure rose in a quarter of the men over sixty") is None
    assert nearest_passage("", "Blood pressure rose") is None


def test_the_hash_is_of_the_words_not_of_their_setting() -> None:
    assert quote_hash("“Ratings  fell by 50 %”") == quote_hash("ratings fell by 50%")
    assert quote_hash("ratings fell by 50%") != quote_hash("ratings fell by 60%")


WORDS = st.lists(
    st.sampled_from(["ratings", "fell", "half", "50", "12.5", "%", "n", "=", "12", "re-test", "«x»", "−3"]), min_size=1
)


@given(WORDS, WORDS, WORDS)
@limits(max_examples=100, deadline=None)
def test_what_was_copied_is_found(before: list[str], quoted: list[str], after: list[str]) -> None:
    quote = " ".join(["Anxiety", *quoted, "scores"])
    assert contains("\n".join([*before, quote.replace(" ", "\n"), *after]), quote)


@given(st.text(max_size=40), st.text(max_size=20))
@limits(max_examples=150, deadline=None)
def test_any_text_may_be_compared(source: str, quote: str) -> None:
    contains(source, quote)
    nearest = nearest_passage(source, quote)
    assert nearest is None or 0 < nearest.likeness <= 1


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("effect was fine", ["effect was ﬁne"]),
        ("in 10 of 12 (83%) patients responded", ["in 10 of 12 (83 %) pa-\ntients responded"]),
        ("effect was fine ... results were “good”", ["effect was ﬁne", "Results were «good"]),
        ("nobody responded", []),
    ],
)
def test_a_quotation_is_located_in_the_text_as_it_stands(quote: str, found: list[str]) -> None:
    source = "Ketamine’s effect was ﬁne: in 10 of 12 (83 %) pa-\ntients responded. Results were «good»."
    assert [source[start:end] for start, end in locate(source, quote)] == found


@given(st.text(max_size=60), st.text(max_size=20))
def test_what_is_located_lies_inside_the_text_in_order(source: str, quote: str) -> None:
    places = [place for pair in locate(source, quote) for place in pair]
    assert places == sorted(places)
    assert all(0 <= place <= len(source) for place in places)


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        ("rates of 64% and 28%,12 respectively", "rates of 64% and 28%, respectively"),
        ("It worked in depression.12,13 Later it did not.", "It worked in depression. Later it did not."),
        ("as was shown [3,4] in rats", "as was shown in rats"),
        ("It lasted (P<.05).23 Then it went.", "It lasted (P<.05). Then it went."),
    ],
)
def test_the_numbers_of_references_may_be_left_out_of_a_quotation(source: str, quote: str) -> None:
    assert contains(source, quote)


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        ("a dose of 0.5,12 mg", "a dose of 0.5, mg"),
        ("it fell by 50 points", "it fell by points"),
        ("P<.05) was", "P<.) was"),
    ],
)
def test_other_numbers_may_not_be_left_out_of_a_quotation(source: str, quote: str) -> None:
    assert not contains(source, quote)
