"""What the loaders' tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kap_content.model.place import Place


def _is_inside(place: Place, source: str) -> bool:
    lines = source.split("\n")
    if not 1 <= place.line <= place.end_line <= len(lines):
        return False
    starts = 1 <= place.column <= len(lines[place.line - 1]) + 1
    ends = 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1
    return starts and ends and (place.line, place.column) <= (place.end_line, place.end_column)


@pytest.fixture(scope="session")
def inside() -> Callable[[Place, str], bool]:
    """Tell whether a place lies inside a text."""
    return _is_inside
