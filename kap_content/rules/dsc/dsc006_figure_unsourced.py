"""DSC006: a figure or table without a source, an image without alternative text."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.clinical import listing_blocks
from kap_content.language.figures import is_decorative, is_described, shows_data
from kap_content.model.finding import Severity
from kap_content.model.page import Figure, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("DSC006", "figure-unsourced", Severity.ERROR)
def figure_unsourced(page: Page, context: Context) -> Iterator[Hit]:
    """A figure or table shows data and names neither a claim nor a reference, or an image has no alternative text.

    Data are numbers, or what the caption, the alternative text or the file's name calls a chart, a score, a result
    of a study; of a table a column of numbers, or a statistic in any cell. Timetables, prices, lists of settings,
    numbers in running text, portraits and rooms are none. A source counts in the
    figure's division (`claim=`, `[@key]`), its caption, or a table's cells. A picture that only adorns is marked
    `{.decorative}`.

    Why: a chart persuades more than a sentence, and is checked less; and who cannot see it must be told what it shows.

    Fix: put `claim=ID` on the figure's division, or cite the source in the caption; write what the image shows
    between the brackets of `![...](file)`; a file's name says nothing.

    Example:
        ![HAM-A scores before and after the dose](scores.svg)

        Figure: Glue et al 2017
    """
    listings = listing_blocks(page)
    divisions = [figure for figure in page.figures if figure.kind == "figure"]
    for figure in page.figures:
        if is_decorative(figure):
            continue
        inside = figure.kind != "figure" and any(_holds(division, figure) for division in divisions)
        if figure.kind == "image" and not is_described(figure):
            yield Hit(
                figure.place,
                f"the image {_called(figure)} has no alternative text" + (" but a file's name" if figure.alt else ""),
                help="Say between the brackets what it shows, ![...](file); an ornament is marked {.decorative}.",
                about=f"alt {figure.source}",
            )
        if inside or figure.claims or figure.keys or figure.nonclaim is not None or figure.blocks[0] in listings:
            continue
        if shows_data(page, figure, context.lexicon):
            yield Hit(
                figure.place,
                f"{_article(figure)} shows data, but names neither a claim nor a reference as its source",
                help="Cite the source in its caption, [@key], or put it in ::: {.figure claim=ID} ... :::.",
                about=f"source {figure.source}" if figure.source else _first_text(page, figure),
            )


def _holds(division: Figure, figure: Figure) -> bool:
    return division.blocks[0] <= figure.blocks[0] and figure.blocks[1] <= division.blocks[1]


def _first_text(page: Page, figure: Figure) -> str:
    first, last = figure.blocks
    return "\n".join(block.text for block in page.blocks[first:last])


def _called(figure: Figure) -> str:
    return f"“{figure.source}”" if figure.source else "here"


def _article(figure: Figure) -> str:
    if figure.kind == "table":
        return "this table"
    return f"the figure “{figure.source}”" if figure.source else "this figure"
