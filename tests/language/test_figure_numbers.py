"""Which numbers of a figure's data its evidence states or yields."""

from __future__ import annotations

import pytest

from kap_content.language.figure_numbers import unsupported
from kap_content.load.figure.table import read_table


def absent(columns: str, row: str, *texts: str) -> list[str]:
    names = tuple(columns.split(","))
    table = read_table("a.csv", f"{columns}\n{row}\n".encode(), names, ())
    return [column for _, column in unsupported(table, texts)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-1.17", "SMD −1.17"),
        ("1.2", "SMD 1.17"),
        ("83.3", "10 of 12 responded"),
        ("50", "ratings about 50 % lower"),
        ("1247", "1,247 people"),
        ("12", "twelve people"),
        ("7.0", "over 7-14 days"),
        ("14", "over 7-14 days"),
    ],
)
def test_a_number_is_found_in_other_forms(value: str, text: str) -> None:
    assert absent("label,value", f"x,{value}", text) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.71", "SMD −1.17"), ("11", "10 of 12 responded"), ("1.17", "SMD 1.2"), ("2017", "no number at all")],
)
def test_a_slipped_number_is_not_found(value: str, text: str) -> None:
    assert absent("label,value", f"x,{value}", text) == ["value"]


def test_each_column_is_looked_at_by_itself() -> None:
    assert absent("label,value,low,high", "x,5,3,9", "5 (3 to 8)") == ["high"]


def test_empty_cells_and_words_are_no_numbers() -> None:
    assert absent("label,value,low,n", "x,5,,about ten", "5") == []
