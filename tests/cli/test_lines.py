"""The lines that findings are shown with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.cli import lines
from kap_content.cli.lines import LinesOf


@pytest.mark.parametrize("stretch", [1, 2, 3, 1 << 14])
def test_lines_that_are_counted_are_those_that_are_taken_apart(monkeypatch: pytest.MonkeyPatch, stretch: int) -> None:
    monkeypatch.setattr(lines, "_STRETCH", stretch)

    @given(st.text("ab\n", max_size=12))
    def check(text: str) -> None:
        expected, found = text.split("\n"), LinesOf(text)
        assert (len(found), list(found), found[:2]) == (len(expected), expected, expected[:2])
        for number in range(-len(expected), len(expected)):
            assert found[number] == expected[number]
        with pytest.raises(IndexError):
            found[len(expected)]

    check()
