"""Listed phrases in sentences: negation, quotation, harmless uses, and the quick look beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.advertising import promotion
from kap_content.language.advertising.hearsay import unnamed_sources
from kap_content.language.advertising.testimony import speaks_for_patients, story
from kap_content.language.identity import mistaken_identities
from kap_content.language.phrases import find, is_dated, is_negated, is_quoted, may_hold, words_of
from kap_content.load.lexicon import read_lexicon
from kap_content.model.lexicon import Term
from kap_content.model.settings import Settings

LEXICON = read_lexicon(Settings(), Path())
ALWAYS = (Term("always", unless=("almost always",)), Term("NICE"), Term("reduc*"))


def found(text: str) -> list[str]:
    return [match.text for match in find(text, ALWAYS)]


def test_a_phrase_is_found_as_a_whole_word() -> None:
    assert found("It always reduces sideways") == ["always", "reduces"]


def test_a_harmless_use_is_not_found() -> None:
    assert found("It is almost always so") == []


def test_an_acronym_counts_in_capitals_only() -> None:
    assert found("a nice NICE guideline") == ["NICE"]


@pytest.mark.parametrize(
    "text",
    ["It is not safe", "Nobody can say that it is safe", "It is unknown, whether this is safe", "It isn’t always safe"],
)
def test_denial_and_doubt_are_seen(text: str) -> None:
    assert is_negated(text, text.index("safe"))


@pytest.mark.parametrize("text", ["It is safe", "Not cheap, but safe", "Not only fast but also safe"])
def test_a_negation_of_something_else_is_none(text: str) -> None:
    assert not is_negated(text, text.index("safe"))


def test_a_quotation_is_seen() -> None:
    text = "They call it “always safe” there"
    assert is_quoted(text, text.index("always"), text.index("always") + 6)


@pytest.mark.parametrize(("text", "dated"), [("in 2019", True), ("on 5 March", True), ("in 20 patients", False)])
def test_a_date_is_seen(text: str, *, dated: bool) -> None:
    assert is_dated(text) is dated


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(["always", "almost", "nice", "NICE", "reduce", "reduction", "it", "is", "so", "."])))
def test_the_quick_look_never_denies_what_is_there(parts: list[str]) -> None:
    text = " ".join(parts)
    assert may_hold(words_of(text), ALWAYS) or not found(text)


@pytest.mark.parametrize("name", sorted(LEXICON.lists))
def test_the_quick_look_passes_every_listed_phrase(name: str) -> None:
    terms = LEXICON.terms(name)
    for term in terms:
        assert may_hold(words_of(term.phrase.replace("*", "")), terms)


@pytest.mark.parametrize(
    "text",
    [
        "You will sleep through the night.",
        "You’ll finally feel calmer.",
        "Your pain will disappear.",
        "Imagine your life.",
    ],
)
def test_a_promise_is_one(text: str) -> None:
    assert list(promotion.promises(text, LEXICON))


@pytest.mark.parametrize(
    "text",
    ["You will be weighed.", "You may sleep better.", "If you sleep better, tell us.", "You will not sleep better.",
     "Imagine a coin that is tossed."],
)  # fmt: skip
def test_what_happens_in_a_clinic_is_no_promise(text: str) -> None:
    assert not list(promotion.promises(text, LEXICON))


def test_praise_of_the_outcome_makes_a_testimonial() -> None:
    assert list(speaks_for_patients("Many patients leave our program feeling calmer.", LEXICON))


def test_a_report_of_harm_is_no_testimonial() -> None:
    assert not list(speaks_for_patients("Patients often report nausea.", LEXICON))


@pytest.mark.parametrize(
    "text",
    ["Spravato is ketamine.", "Ketamine (Spravato) is sprayed.", "Spravato, a brand name of ketamine, is sprayed.",
     "Ketamine is sold as Spravato.", "Liothyronine is a form of levothyroxine."],
)  # fmt: skip
def test_drugs_taken_for_each_other_are_named(text: str) -> None:
    assert list(mistaken_identities(text, LEXICON))


@pytest.mark.parametrize(
    "text",
    ["Esketamine (Spravato) is sprayed.", "Spravato is not ketamine.", "Esketamine was compared with ketamine.",
     "Ketamine holds esketamine and arketamine."],
)  # fmt: skip
def test_right_names_are_let_alone(text: str) -> None:
    assert not list(mistaken_identities(text, LEXICON))


@pytest.mark.parametrize(
    "text",
    [
        "“It gave me my life back,” says Ann, 52.",
        "★★★★★ Would come again.",
        "Rated 4.8 out of 5 stars by our happy clients.",
        '"I slept like a baby after one week" – Maria, Leeds',
    ],
)
def test_a_happy_story_is_a_testimonial(text: str) -> None:
    assert list(story(text, LEXICON))


@pytest.mark.parametrize("text", ["“I worry all the time,” said one woman.", "Some readers ask: “Will I sleep?”"])
def test_a_tale_of_illness_is_no_testimonial(text: str) -> None:
    assert not list(story(text, LEXICON))


@pytest.mark.parametrize(
    "text",
    ["Scientists have found that it helps.", "Clinical trials have proved it.", "According to experts, it is best."],
)
def test_a_source_without_a_name_is_found(text: str) -> None:
    assert list(unnamed_sources(text, LEXICON))


@pytest.mark.parametrize("text", ["These studies show a gain.", "Each of the eight trials found less pain."])
def test_certain_studies_are_no_unnamed_source(text: str) -> None:
    assert not list(unnamed_sources(text, LEXICON))
