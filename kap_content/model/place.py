"""Where something stands in a file, so that every finding can point at it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a file.

    `path` is relative to the project's root, with forward slashes. Lines and columns count from 1,
    columns in characters; the end column is exclusive, so an empty place has `end_column == column`.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __post_init__(self) -> None:
        if self.end_line == 0:
            object.__setattr__(self, "end_line", self.line)
        if self.end_column == 0:
            object.__setattr__(self, "end_column", self.column)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def start(self) -> Place:
        """The empty place at which this one begins."""
        return Place(self.path, self.line, self.column)

    def holds(self, other: Place) -> bool:
        """Whether `other` begins inside this place."""
        return self.path == other.path and (self.line, self.column) <= (other.line, other.column) < (
            self.end_line,
            max(self.end_column, 1) if self.end_line > self.line else self.end_column + 1,
        )
