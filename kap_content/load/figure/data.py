"""The data files that figures are drawn from, read with the project so that rules see their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches

from kap_content.load.addresses import resolve
from kap_content.load.figure.fit import refuse_unfit
from kap_content.load.figure.table import read_table
from kap_content.load.text import Text, Unreadable
from kap_content.model.errors import KapError
from kap_content.model.figure_data import KINDS, NUMBERS, FigureData
from kap_content.model.finding import Problem, Related
from kap_content.model.page import Figure, Page

MALFORMED = "CLM009"
HELP = 'Write ::: {.figure kind=waffle src="data.csv" claim=ID}; kinds are waffle, bars, forest and line.'


def read_figure_data(
    pages: Iterable[Page], read: Callable[[str], Text | Unreadable]
) -> tuple[tuple[FigureData, ...], tuple[Problem, ...]]:
    """The data of all figures that are drawn from some. `read` gives a file's text by its path in the project.

    A file that is not there or does not fit is a problem at the figure, so that it holds back that page alone.
    """
    found: list[FigureData] = []
    problems: list[Problem] = []
    for page in pages:
        for figure in page.figures:
            if figure.kind != "figure" or not {"kind", "src"} & figure.attributes.keys():
                continue
            try:
                found.append(_read(page, figure, read))
            except KapError as error:
                there = error.place
                elsewhere = there is not None and there.path != page.path
                problem = Problem(MALFORMED, figure.place, f"{there}: {error.message}" if elsewhere else error.message)
                related = (Related(there, "the figure’s data"),) if there is not None and elsewhere else ()
                problems.append(replace(problem, help=error.help, related=related))
    return tuple(found), tuple(problems)


def _read(page: Page, figure: Figure, read: Callable[[str], Text | Unreadable]) -> FigureData:
    kind, source = figure.attributes.get("kind", ""), figure.attributes.get("src", "")
    if not kind or not source:
        raise KapError(f"this figure names no {'src' if kind else 'kind'}", figure.place, help=HELP)
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1)
        told = f"Did you mean {near[0]}?" if near else f"The kinds are {', '.join(KINDS)}."
        raise KapError(f"there is no figure kind “{kind}”", figure.place, help=told)
    path = resolve(page.path, source)
    if path is None:
        raise KapError(f"the figure’s data “{source}” lies outside the project", figure.place)
    text = read(path)
    if isinstance(text, Unreadable):
        raise KapError(f"the figure’s data {path}: {text.problem.message}", figure.place, help=text.problem.help)
    table = read_table(path, text.text.encode(), *KINDS[kind])
    for row in table.rows:
        for column in table.columns:
            if column in KINDS[kind][0] and column in NUMBERS:
                row.number(column)
            elif column in NUMBERS:
                row.optional(column)
    refuse_unfit(kind, table, figure.attributes, figure.place)
    return FigureData(page.path, figure, table)
