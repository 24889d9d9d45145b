"""Word lists: what the wording, currency and subject rules read instead of having words in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, why it is listed, and what to write instead."""

    phrase: str
    reason: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists by name (`absolutes`, `temporal`, ...), the project's additions included."""

    lists: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    def terms(self, name: str) -> tuple[Term, ...]:
        """The list `name`; a name that no data file defines is a KeyError, never an empty list."""
        return self.lists[name]
