"""A horizontal axis: where a value stands, the ticks, and intervals drawn along it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kap_content.load.figure.fit import option_number
from kap_content.model.errors import KapError
from kap_content.model.figure_data import DataTable, Row
from kap_content.model.place import Place
from kap_content.rendering.figures.svg import LINE, WIDTH, element, label, shown, signed, wrapped

MARGIN = 14.0


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high` over the drawing's width, leaving `right` free for values."""

    low: float
    high: float
    ticks: tuple[float, ...]
    log: bool = False
    left: float = MARGIN
    right: float = WIDTH - MARGIN

    @classmethod
    def of(cls, table: DataTable, options: Mapping[str, str], ticks: Sequence[float], *, log: bool = False) -> Axis:
        """An axis over `ticks`, or between the `min` and `max` that the figure's attributes give."""
        low = number(table, options, "min", ticks[0])
        high = number(table, options, "max", ticks[-1])
        if low >= high or (log and low <= 0):
            raise KapError(f"The figure's axis cannot run from {shown(low)} to {shown(high)}", Place(table.path))
        inside = tuple(tick for tick in ticks if low <= tick <= high)
        return cls(low, high, inside or (low, high), log)

    def at(self, value: float) -> float:
        """Where `value` stands, cut off at the ends."""
        low, high, here = (
            self._scale(number) for number in (self.low, self.high, min(max(value, self.low), self.high))
        )
        return self.left + (here - low) / (high - low) * (self.right - self.left)

    def length(self, value: float) -> float:
        """How far `value` is from the left end."""
        return self.at(value) - self.left

    def whisker(self, low: float, high: float, y: float) -> list[Markup]:
        """An interval with its ends; an end beyond the axis is an arrow."""
        start, end = self.at(low), self.at(high)
        parts = [element("line", x1=start, x2=end, y1=y, y2=y, class_="fig-whisker")]
        for value, x, sign in ((low, start, -1), (high, end, 1)):
            if self.low <= value <= self.high:
                parts.append(element("line", x1=x, x2=x, y1=y - 4, y2=y + 4, class_="fig-whisker"))
            else:
                parts.append(
                    element(
                        "path",
                        d=f"M{x - sign * 6:.2f} {y - 4:.2f}L{x:.2f} {y:.2f}L{x - sign * 6:.2f} {y + 4:.2f}",
                        class_="fig-whisker fig-arrow",
                    )
                )
        return parts

    def grid(self, top: float, bottom: float) -> list[Markup]:
        """Thin lines at the ticks."""
        return [
            element("line", x1=self.at(tick), x2=self.at(tick), y1=top, y2=bottom, class_="fig-grid")
            for tick in self.ticks
        ]

    def drawn(self, top: float, measure: str, unit: str = "") -> list[Markup]:
        """The line, its numbers, and what it measures."""
        parts = [element("line", x1=self.left, x2=self.right, y1=top, y2=top, class_="fig-axis")]
        for tick in self.ticks:
            x = self.at(tick)
            parts.append(element("line", x1=x, x2=x, y1=top, y2=top + 4, class_="fig-axis"))
            parts.append(label(x, top + 17, shown(tick) + unit, anchor="middle", kind="fig-text fig-muted"))
        for index, line in enumerate(wrapped(measure) if measure else ()):
            parts.append(
                label(
                    (self.left + self.right) / 2,
                    top + 36 + index * LINE,
                    line,
                    anchor="middle",
                    kind="fig-text fig-muted",
                )
            )
        return parts

    def height(self, measure: str) -> float:
        """How much room `drawn` takes."""
        return 24 + (6 + LINE * len(wrapped(measure)) if measure else 0)

    def _scale(self, value: float) -> float:
        return math.log(value) if self.log else value


def number(table: DataTable, options: Mapping[str, str], name: str, default: float) -> float:
    """A numeric attribute of the figure."""
    given = option_number(options, name, Place(table.path))
    return default if given is None else given


def with_unit(text: str, unit: str) -> str:
    """A value as written, with its unit."""
    return signed(text) + (unit if unit in {"%", "°C", "°F"} else f" {unit}" if unit else "")


def interval_text(row: Row, unit: str, options: Mapping[str, str]) -> str:
    """` (95% CI 0.1 to 0.5)`, or nothing where the row has no interval."""
    if not (row.text("low") and row.text("high")):
        return ""
    name = options.get("interval", "95% CI")
    return f" ({name} {signed(row.text('low'))} to {with_unit(row.text('high'), unit)})"
