"""Figures drawn from CSV files."""

from __future__ import annotations

import re
from html import unescape

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.figure.data import read_figure_data
from kap_content.load.page import parse_page
from kap_content.load.text import Text
from kap_content.model.errors import KapError
from kap_content.model.place import Place
from kap_content.rendering.figures.draw import KINDS, Drawing, draw
from kap_content.rendering.figures.svg import log_ticks, nice_ticks
from kap_content.rendering.html import render_page
from kap_content.rendering.style import Style
from tests.rendering.screen import Make

HERE = Place("pages/a.md", 7)
GOOD = {
    "waffle": "label,count\nResponded,10\nDid not respond,2\n",
    "bars": "label,value,low,high,n\nKetamine,33,10,60,18\nPlacebo,0,,,18\n",
    "forest": "label,estimate,low,high\nUnder 12 h,-1.17,-1.89,-0.44\nDay 7,-0.40,-0.63,-0.17\n",
    "line": "x,y,series\n0,20,Ketamine\n7,12.5,Ketamine\n0,21,Midazolam\n7,19,Midazolam\n",
}


def drawn(kind: str, data: str | bytes, **options: str) -> Drawing:
    raw = data.encode() if isinstance(data, str) else data
    return draw(kind, "pages/a.csv", raw, "figure-1", "A title", options, HERE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_named_described_and_valid(kind: str) -> None:
    figure = drawn(kind, GOOD[kind])
    assert 'role="img"' in figure.svg
    assert 'aria-labelledby="figure-1-title figure-1-desc"' in figure.svg
    assert '<title id="figure-1-title">A title</title>' in figure.svg
    assert figure.description in unescape(figure.svg)
    html5lib.HTMLParser(strict=True).parse(f"<!doctype html><title>x</title>{figure.svg}")


def test_a_waffle_draws_one_person_for_each() -> None:
    figure = drawn("waffle", GOOD["waffle"])
    assert len(re.findall(r'class="fig-person fig-group-0"', figure.svg)) == 10 + 1
    assert len(re.findall(r'class="fig-person fig-group-1"', figure.svg)) == 2 + 1
    assert figure.description == ("A pictogram of 12 persons. 10 of 12: Responded; 2 of 12: Did not respond.")


def test_a_forest_plot_tells_its_numbers_with_true_minus_signs() -> None:
    figure = drawn("forest", GOOD["forest"], measure="Standardised mean difference", left="favours ketamine")
    assert "Under 12 h: −1.17 (95% CI −1.89 to −0.44)" in figure.description
    assert "favours ketamine" in figure.svg
    assert figure.columns == ("", "Standardised mean difference", "From", "To")


def test_a_forest_plot_on_a_log_scale_has_its_line_at_one() -> None:
    figure = drawn("forest", "label,estimate,low,high\nSAD,28.94,3.45,242.57\nPTSD,2.03,0.67,6.15\n", scale="log")
    assert "no difference lies at 1" in figure.description
    assert ">100</text>" in figure.svg


def test_per_cents_are_drawn_against_the_whole() -> None:
    assert ">100%</text>" in drawn("bars", GOOD["bars"], unit="%").svg


def test_series_are_told_apart_by_more_than_colour() -> None:
    svg = drawn("line", GOOD["line"]).svg
    assert svg.count("<circle") == 3
    assert len(re.findall(r'class="fig-dot fig-group-1"', svg)) == 3


BAD = {
    "unknown kind": ("pie", "a,b\n1,2\n", "no figure kind “pie”", 7),
    "empty file": ("waffle", "", "is empty", 1),
    "no rows": ("waffle", "label,count\n", "no row", 1),
    "missing column": ("waffle", "label\nx\n", "lacks the column “count”", 1),
    "unknown column": ("waffle", "label,count,colour\nx,1,red\n", "column “colour”", 1),
    "column twice": ("waffle", "label,count,count\nx,1,2\n", "twice", 1),
    "too many cells": ("waffle", "label,count\nx,1\ny,2,3\n", "3 cells", 3),
    "no number": ("waffle", "label,count\nx,ten\n", "“ten”", 2),
    "no whole number": ("waffle", "label,count\nx,1.5\n", "number of persons", 2),
    "too many persons": ("waffle", "label,count\nx,401\n", "1 to 400", 2),
    "not a number": ("bars", "label,value\nx,nan\n", "“nan”", 2),
    "negative bar": ("bars", "label,value\nx,-1\n", "negative", 2),
    "empty cell": ("bars", "label,value\nx,\n", "empty", 2),
    "interval upside down": ("forest", "label,estimate,low,high\nx,1,2,0\n", "above its high end", 2),
    "half an interval": ("forest", "label,estimate,low,high\nx,1,2,\n", "both ends", 2),
    "too many series": ("line", "x,y,series\n1,1,a\n1,1,b\n1,1,c\n1,1,d\n1,1,e\n", "at most 4", 2),
    "unclosed quotation": ("waffle", 'label,count\n"x,1\n', "as CSV", 2),
    "not UTF-8": ("waffle", b"label,count\nna\xefve,1\n", "UTF-8", 2),
}


@pytest.mark.parametrize(("kind", "data", "words", "line"), BAD.values(), ids=BAD.keys())
def test_data_that_does_not_fit_is_an_error_at_its_line(kind: str, data: str | bytes, words: str, line: int) -> None:
    with pytest.raises(KapError) as caught:
        drawn(kind, data)
    assert words in caught.value.message
    assert caught.value.place is not None
    assert caught.value.place.line == line


@pytest.mark.parametrize("options", [{"min": "x"}, {"min": "5", "max": "1"}, {"max": "inf"}])
def test_an_axis_that_cannot_be_is_an_error(options: dict[str, str]) -> None:
    with pytest.raises(KapError):
        drawn("forest", GOOD["forest"], **options)


def test_a_log_scale_refuses_zero() -> None:
    with pytest.raises(KapError, match="log scale"):
        drawn("forest", GOOD["forest"], scale="log")


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    plain = drawn("waffle", GOOD["waffle"])
    assert drawn("waffle", b"\xef\xbb\xbf" + GOOD["waffle"].replace("\n", "\r\n").encode()) == plain


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.tuples(st.text(max_size=12), st.floats(), st.floats(), st.floats()), max_size=6),
)
def test_any_data_is_drawn_or_refused_with_a_place(kind: str, rows: list[tuple[str, float, float, float]]) -> None:
    head = {"waffle": "label,count", "bars": "label,value,low,high", "line": "series,x,y,low"}.get(
        kind, "label,estimate,low,high"
    )
    lines = [
        ",".join(f'"{cell}"' for cell in (str(row[0]).replace('"', ""), *row[1 : head.count(",") + 1])) for row in rows
    ]
    try:
        svg = drawn(kind, "\n".join([head, *lines])).svg
    except KapError as error:
        assert error.place is not None  # noqa: PT017 - either outcome is fine, if it is a clean one
    else:
        assert not re.search(r'="[^"]*\b(nan|inf)\b', svg)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_are_few_and_enclose_the_data(low: float, width: float) -> None:
    ticks = nice_ticks(low, low + width)
    assert 2 <= len(ticks) <= 8
    assert ticks[0] <= low + 1e-6 * max(1, abs(low), width)
    assert ticks[-1] >= low + width - 1e-6 * max(1, abs(low), width)


def test_log_ticks_enclose_the_data() -> None:
    assert log_ticks(0.67, 242.57) == [0.1, 1, 10, 100, 1000]
    assert log_ticks(0.67, 6.15) == [0.5, 1, 2, 5, 10]


def test_a_figure_without_its_data_is_an_error_on_the_page(make: Make, style: Style) -> None:
    with pytest.raises(KapError, match=r"pages/small.md:\d+:1: .*pages/none.csv does not exist"):
        render_page(make('::: {.figure kind=bars src="none.csv"}\nText.\n:::\n'), style)


def test_data_outside_the_project_is_refused(make: Make, style: Style) -> None:
    with pytest.raises(KapError, match="outside the project"):
        render_page(make('::: {.figure kind=bars src="../../x.csv"}\nText.\n:::\n'), style)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("waffle", "label,count\nA,300\nB,200\n", "add up to 500"),
        ("waffle", "label,count\nA,1.5\n", "not a number of persons"),
        ("bars", "label,value\nA,-3\n", "negative value"),
        ("bars", "label,value,low,high\nA,3,4,2\n", "above its high end"),
        ("forest", "label,estimate,low,high\nA,1,0.5,\n", "both ends"),
        ("line", "x,y,series\n" + "".join(f"1,2,s{number}\n" for number in range(5)), "at most 4 series"),
    ],
)
def test_what_cannot_be_drawn_is_a_problem_of_the_page_before_it_is_rendered(kind: str, data: str, words: str) -> None:
    page = parse_page("pages/a.md", f'# A\n\n::: {{.figure kind={kind} src="a.csv"}}\nCaption.\n:::\n')
    found, problems = read_figure_data((page,), lambda _path: Text(data))
    assert not found
    assert words in problems[0].message
    assert (problems[0].place.path, problems[0].place.line) == ("pages/a.md", 3)
    assert problems[0].related[0].place.path == "pages/a.csv"


@pytest.mark.parametrize(
    ("options", "words"),
    [("scale=log", "above zero"), ("max=-5", "cannot run from"), ("min=low", "not a number")],
)
def test_what_the_attributes_ask_in_vain_is_a_problem_at_the_figure(options: str, words: str) -> None:
    page = parse_page("pages/a.md", f'::: {{.figure kind=forest src="a.csv" {options}}}\nCaption.\n:::\n')
    _, problems = read_figure_data((page,), lambda _path: Text(GOOD["forest"]))
    assert words in problems[0].message
    assert problems[0].place.line == 1
