"""Pictures of an article: images of the project, and figures drawn from data."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from kap_content.load.page.attributes import Attributes
from kap_content.model.errors import KapError
from kap_content.model.place import Place
from kap_content.rendering.assets import Assets
from kap_content.rendering.figures.draw import draw
from kap_content.rendering.links import is_relative, safe_url


def image(assets: Assets, source: str, words: str, attributes: Attributes) -> Markup:
    """An image of the project, or a link where the image is somewhere else, or its words where neither is fit."""
    address = safe_url(source)
    if address is None:
        return Markup("{} ({})").format(words, source) if words else Markup("{}").format(source)
    if not is_relative(address):
        return Markup('<a href="{}">{}</a>').format(address, words or address)
    shown = assets.image(address)
    if shown is None:
        return Markup("{}").format(words or source)
    width = attributes.get("width") or ""
    return Markup('<img src="{}" alt="{}" decoding="async"{}>').format(
        quote(shown), words, Markup(' width="{}"').format(width) if width.isdigit() else ""
    )


def drawn_figure(assets: Assets, attributes: Attributes, ident: str, number: int, caption: str, place: Place) -> Markup:
    """A figure's drawing and, folded under it, the table of its numbers."""
    kind, source = attributes.get("kind"), attributes.get("src")
    if kind is None or source is None:
        lacking = "kind" if kind is None else "src"
        raise KapError(
            f"This figure names no {lacking}",
            place,
            help='Write ::: {.figure kind=waffle src="data.csv" claim=ID}; kinds are waffle, bars, forest and line.',
        )
    path, data = assets.data(source, place)
    options = dict(attributes.pairs)
    title = options.get("title") or caption.partition(". ")[0].rstrip(".")
    drawing = draw(kind, path, data, ident, title, options, place)
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name or "Group") for name in drawing.columns)
    rows = Markup("").join(
        Markup("<tr>{}</tr>\n").format(
            Markup('<th scope="row">{}</th>').format(cells[0])
            + Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells[1:])
        )
        for cells in drawing.rows
    )
    table = Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>").format(head, rows)
    return Markup(
        '{}\n<details class="numbers"><summary>The numbers in this figure</summary>\n'
        '<div class="table" role="region" tabindex="0" aria-label="The numbers in figure {}">{}</div></details>\n'
    ).format(drawing.svg, number, table)
