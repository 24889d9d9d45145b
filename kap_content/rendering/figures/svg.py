"""The few SVG pieces that the drawings are made of. Colours and fonts come from the page's stylesheet by class."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH = 360
"""Every drawing is this many units wide: about a phone's width, so that its 13-unit text stays readable there."""
LINE = 17
"""The height of a line of text."""
CHARACTERS = 48
"""How many characters of text fit across, roughly."""
SAME = 1e-6
"""Ends of an axis that differ by less than this share of themselves are one value."""
NARROW = 1e-8
"""Below this step, ticks are not rounded."""
FEW = 3
"""With no more powers of ten than this on an axis, there is room for ticks between them."""


def element(name: str, content: Markup | str = "", /, **attributes: str | float) -> Markup:
    """An SVG element. An underscore in an attribute's name stands for a hyphen; `class_` is `class`."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(figure(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    # Escaped by hand: a drawing has hundreds of elements, and Markup.format takes ten times as long.
    text = f"<{name}{written}>{escape(content)}</{name}>" if content else f"<{name}{written}/>"
    return Markup(text)  # noqa: S704 - names are ours, values escaped


def figure(value: str | float) -> str:
    """A coordinate without needless digits."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def join(parts: Sequence[Markup]) -> Markup:
    """Elements one after the other, a line each."""
    return Markup("\n").join(parts)


def label(x: float, y: float, text: str, *, anchor: str = "", kind: str = "fig-text") -> Markup:
    """One line of text, its baseline at `y`."""
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=kind)


def wrapped(text: str, width: int = CHARACTERS) -> list[str]:
    """Text cut into lines that fit across."""
    return textwrap.wrap(text, width, break_long_words=True) or [""]


def document(ident: str, height: float, title: str, description: str, body: Sequence[Markup]) -> Markup:
    """The whole drawing, named and described for those who do not see it."""
    head = [
        element("title", title or "Figure", id=f"{ident}-title"),
        element("desc", description, id=f"{ident}-desc"),
    ]
    return element(
        "svg",
        Markup("\n{}\n").format(join([*head, *body])),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {figure(math.ceil(height))}",
        role="img",
        class_="drawing",
        aria_labelledby=f"{ident}-title {ident}-desc",
    )


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, about `count` of them."""
    if high - low <= max(1e-12, SAME * max(abs(low), abs(high))):
        high = low + max(1.0, abs(low))
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    start, end = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step if step < NARROW else round(index * step, 10) for index in range(start, end + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten around a stretch, with 2 and 5 between them where that gives few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10.0**power for power in range(first, last + 1)]
    if len(powers) > FEW:
        return powers
    fine = [factor * power for power in powers for factor in (1, 2, 5)]
    below = [tick for tick in fine if tick <= low][-1:]
    above = [tick for tick in fine if tick >= high][:1]
    return [*below, *(tick for tick in fine if low < tick < high), *above]


def shown(value: float) -> str:
    """A number of an axis: a true minus sign, no needless digits."""
    return f"{value:.10g}".replace("-", "\u2212")


def signed(text: str) -> str:
    """A number as the data file has it, with a true minus sign."""
    return text.replace("-", "\u2212")
