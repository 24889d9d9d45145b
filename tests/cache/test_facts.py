"""Lines of data files are compared without being taken apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kap_content.cache.facts import Lines


@given(st.text("ab\n", max_size=12), st.integers(-3, 14), st.integers(-3, 14))
def test_lines_are_those_of_the_text(text: str, low: int, high: int) -> None:
    expected = text.split("\n")
    lines = Lines(text)
    assert list(lines) == expected
    assert len(lines) == len(expected)
    assert lines[low:high] == expected[low:high]
    assert lines[-1] == expected[-1]
