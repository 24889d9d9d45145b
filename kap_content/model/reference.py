"""A bibliography entry as BibTeX gives it, decoded to Unicode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kap_content.model.place import Place


@dataclass(frozen=True, slots=True)
class Name:
    """A person (`family`, `given`) or a group (`literal`). Particles stand in `particle`, `Jr` in `suffix`."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it names a group rather than a person."""
        return bool(self.literal)

    def __str__(self) -> str:
        return self.literal or " ".join(part for part in (self.given, self.particle, self.family, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry.

    `type` and field names are lower-case; `fields` hold Unicode text without braces or TeX commands, `raw`
    the same fields as written (macros expanded). `and_others` is true where the author list ends so.
    `place` is the entry's key; `places` holds the place of each field's name.
    """

    key: str
    type: str
    place: Place
    fields: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    and_others: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        """The first of these fields that is not empty, or the empty string."""
        for name in names:
            value = self.fields.get(name, "")
            if value:
                return value
        return ""

    def where(self, *names: str) -> Place:
        """The place of the first of these fields that is given, or the entry's own."""
        for name in names:
            if name in self.places:
                return self.places[name]
        return self.place
