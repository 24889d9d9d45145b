"""Lines of a large text are those that it would be taken apart into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.load import lines
from kap_content.load.lines import LinesOf


@given(st.text("ab\n", max_size=20), st.integers(-3, 22), st.integers(-3, 22), st.integers(1, 9))
def test_lines_are_those_of_the_text(text: str, low: int, high: int, stretch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_STRETCH", stretch)
        found, expected = LinesOf(text), text.split("\n")
        assert list(found) == expected
        assert len(found) == len(expected)
        assert found[low:high] == expected[low:high]
        assert found[::-1] == expected[::-1]
        for number in range(-len(expected), len(expected)):
            assert found[number] == expected[number]
        with pytest.raises(IndexError):
            found[len(expected)]
