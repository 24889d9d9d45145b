"""Findings (what a rule says) and problems (what a loader could not read)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kap_content.model.place import Place


class Severity(StrEnum):
    """How grave a finding is. An error keeps a page from being rendered."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a note."""
        return _RANKS[self]

    def reaches(self, threshold: Severity) -> bool:
        """Whether this severity is at or above `threshold`."""
        return self.rank <= threshold.rank


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a loader could not read as the formats say; the rule named by `code` reports it.

    `claim` and `reference` name the claim id or bibliography key at fault where one is known: they
    decide which pages the problem concerns.
    """

    code: str
    place: Place
    message: str
    help: str = ""
    claim: str = ""
    reference: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """The other side of a finding: a second place and what stands there."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, at one place.

    `message` says what is wrong with both values side by side; `help` says what to do next.
    `fingerprint` stays the same when lines move.
    """

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    help: str = ""
    claim: str = ""
    reference: str = ""
    related: tuple[Related, ...] = ()
    fingerprint: str = ""
