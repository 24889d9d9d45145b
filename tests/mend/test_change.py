"""Changes are made whole, in order, and touch nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.mend.change import Change, Lines, Mend, apply, compatible
from kap_content.model.place import Place

TEXTS = st.text(alphabet="ab \n\r\ufeffé", max_size=60)


@st.composite
def changed_texts(draw: st.DrawFn) -> tuple[str, list[Change]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Change("a", start, end, draw(st.text(max_size=4))) for start, end in pairs]


@given(changed_texts())
def test_what_lies_between_changes_stays(case: tuple[str, list[Change]]) -> None:
    text, changes = case
    expected, position = "", 0
    for change in changes:
        expected += text[position : change.start] + change.replacement
        position = change.end
    assert apply(text, reversed(changes)) == expected + text[position:]


@pytest.mark.parametrize("spans", [[(0, 2), (1, 3)], [(2, 9)], [(3, 2)]])
def test_changes_that_overlap_or_reach_beyond_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply("abcd", [Change("a", start, end, "") for start, end in spans])


@given(TEXTS)
def test_lines_and_columns_lead_to_the_character(text: str) -> None:
    unified = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = Lines(text)
    for number, line in enumerate(unified.split("\n"), start=1):
        for column, character in enumerate(line, start=1):
            assert text[lines.offset(number, column)] == character


def test_of_two_mends_of_one_place_the_first_counts() -> None:
    one, other, third = (
        Mend(Place("a"), name, (Change("a", start, start + 2, ""),)) for name, start in (("x", 0), ("y", 1), ("z", 2))
    )
    assert compatible([one, other, third]) == (one, third)
