from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kap_content.language.vocabulary import PhrasePattern, alternatives

WORDS = st.sampled_from(
    ["not", "safe", "Safe", "side", "effects", "reduce", "reduced", "reduc*", "100", "%", "isn't", "isn’t", ","]
)
GAPS = st.sampled_from([" ", "-", "  ", "–", "\n", ""])
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def longest_at_each_place(phrases: list[str], text: str) -> list[tuple[int, int]]:
    """What the tree stands for, phrase by phrase: the longest at each place, as whole words, none over another."""
    each = [re.compile(rf"(?<!\w){alternatives([phrase])}(?!\w)", re.IGNORECASE) for phrase in phrases]
    found: list[tuple[int, int]] = []
    for start in range(len(text)):
        ends = [match.end() for pattern in each if (match := pattern.match(text, start)) is not None]
        if ends and (not found or found[-1][1] <= start):
            found.append((start, max(ends)))
    return found


@given(st.lists(PHRASES, min_size=1, max_size=6), st.lists(st.tuples(WORDS, GAPS), max_size=12))
@example(["reduce not", "reduc*"], [("reduce", " "), ("not", " ")])
def test_the_tree_finds_the_longest_phrase_at_each_place(phrases: list[str], pieces: list[tuple[str, str]]) -> None:
    text = "".join(word.rstrip("*") + gap for word, gap in pieces)
    found = [match.span() for match in PhrasePattern(phrases).finditer(text)]
    assert found == longest_at_each_place(phrases, text)


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=40))
def test_no_phrase_and_no_text_breaks_it(phrases: list[str], text: str) -> None:
    for match in PhrasePattern(phrases).finditer(text):
        assert 0 <= match.start() < match.end() <= len(text)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("side effect*", "No side-effects were seen.", ["side-effects"]),
        ("cure", "It is secure and obscure.", []),
        ("cure", "A CURE, they say.", ["CURE"]),
        ("100% effective", "It is 100% effective.", ["100% effective"]),
        ("isn't safe", "It isn’t safe.", ["isn’t safe"]),
        ("never", "never-ever", ["never"]),
    ],
)
def test_phrases_are_found_as_whole_words_whatever_their_case(phrase: str, text: str, found: list[str]) -> None:
    assert [match[0] for match in PhrasePattern([phrase]).finditer(text)] == found
