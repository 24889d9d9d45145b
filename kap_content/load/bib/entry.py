"""What the two readers of BibTeX give: an entry with offsets, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto


@dataclass(slots=True)
class Entry:
    """One entry as read; offsets count characters of the file.

    `fields` hold the values by lower-case name with macros expanded and white space folded, `starts` the offset of each
    field's name. `start` is the offset of the key, `end` the offset behind the entry.
    """

    type: str
    key: str
    start: int
    end: int
    fields: dict[str, str] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)


class Slip(Enum):
    """A kind of error."""

    NO_BRACKET = auto()
    NO_KEY = auto()
    UNCLOSED = auto()
    SYNTAX = auto()
    MACRO = auto()
    FIELD_TWICE = auto()


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error: its kind and offset, and the field it is in (or behind) with that field's offset, -1 for none.

    `words` are pybtex's for SYNTAX, the macro's name for MACRO, the second value for FIELD_TWICE.
    """

    slip: Slip
    at: int
    words: str = ""
    field: str = ""
    field_at: int = -1


@dataclass(slots=True)
class Reading:
    """What was made of one command of the file, whose `@` is at the offset `at`.

    `entry` is None for an `@string`, an `@preamble` and an entry without a key. `is_lost` says that the command was
    not read up to its end.
    """

    kind: str
    at: int
    end: int
    entry: Entry | None = None
    troubles: list[Trouble] = field(default_factory=list)
    is_lost: bool = False
