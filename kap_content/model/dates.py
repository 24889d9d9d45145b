"""Dates that may be known to the year or the month only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kap_content.startup.regex import regex

_SHAPE = regex(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A year, a year and month, or a whole date; 0 stands for an unknown month or day."""

    year: int
    month: int = 0
    day: int = 0

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
            if self.day:
                text += f"-{self.day:02d}"
        return text

    @classmethod
    def parse(cls, text: str) -> PartialDate | None:
        """Read `2017`, `2017-10` or `2017-10-05`; None for anything else, impossible days included."""
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            return None
        year, month, day = (int(part) if part else 0 for part in match.groups())
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            return None
        return cls(year, month, day)


def days_after(day: date, days: int) -> date:
    """The day so many days after `day`, or the last of the calendar where that lies beyond it."""
    return day + timedelta(days=days) if days <= (date.max - day).days else date.max
