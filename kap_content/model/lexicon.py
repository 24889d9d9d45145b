"""Word lists and tables: what the wording, currency and subject rules read instead of having words in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, why it is listed, and what to write instead.

    `unless` are longer phrases around it in which it is harmless ("leading cause" for "leading"). With `beside`, it
    counts only where one of those phrases stands within a few words of it ("completely" beside "painless").
    """

    phrase: str
    reason: str = ""
    suggestion: str = ""
    unless: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class SubjectKind(StrEnum):
    """What a subject is."""

    INTERVENTION = "intervention"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Subject:
    """An intervention or a condition: its synonyms, and the names of the wider subjects that it belongs to.

    `mesh` holds the MeSH headings that stand for it. `stems` are the endings by which the generic names of its members
    are known ("olol": metoprolol is a beta blocker), whether the tables list them or not.
    """

    name: str
    kind: SubjectKind
    terms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drug:
    """What a regulator approved a drug for, as of a day.

    `name` is a subject's; `approved` names conditions, or says in words what is no subject. `source` is the application
    or label that the entry rests on, `checked` what somebody looked up to confirm it; empty, nobody did.
    """

    name: str
    jurisdiction: str
    approved: tuple[str, ...]
    as_of: str
    source: str = ""
    note: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists by name (`absolutes`, `temporal`, ...), and the tables of subjects and drugs by name.

    The project's additions are included.
    """

    lists: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    drugs: Mapping[str, Drug] = field(default_factory=dict)

    def terms(self, name: str) -> tuple[Term, ...]:
        """The list `name`; a name that no data file defines is a KeyError, never an empty list."""
        return self.lists[name]
