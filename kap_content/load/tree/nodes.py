"""A tree of YAML or TOML in which every key and value knows where it stands; scalars stay as written.

Lines and columns count from 1, columns in characters; ends are exclusive. Plain tuples, because a registry of
100,000 claims makes millions of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from struct import Struct, pack, unpack
from typing import NamedTuple, TypeAlias

from kap_content.model.place import Place


class Written(StrEnum):
    """How a scalar was written. YAML's are all text until a field says otherwise; TOML's have a type."""

    PLAIN = "plain"
    QUOTED = "quoted"
    TEXT = "text"
    INTEGER = "a whole number"
    DECIMAL = "a decimal number"
    BOOLEAN = "true or false"
    DATE = "a date"


class Scalar(NamedTuple):
    """One value, or a key."""

    text: str
    line: int
    column: int
    end_line: int
    end_column: int
    written: Written = Written.PLAIN


class Items(NamedTuple):
    """A list."""

    items: list[Node]
    line: int
    column: int
    end_line: int
    end_column: int


class Entries(NamedTuple):
    """A mapping: keys with values in the order of the file, repeated keys included."""

    entries: list[tuple[Scalar, Node]]
    line: int
    column: int
    end_line: int
    end_column: int


class Alias(NamedTuple):
    """`*name`, which is never followed."""

    name: str
    line: int
    column: int
    end_line: int
    end_column: int


class Broken(NamedTuple):
    """Where a value stands that could not be read; its problem has been reported."""

    line: int
    column: int
    end_line: int
    end_column: int


Node: TypeAlias = Scalar | Items | Entries | Alias | Broken


def place_of(path: str, node: Node) -> Place:
    """The place of a scalar; of a list or mapping, where it begins."""
    if isinstance(node, Items | Entries):
        return Place(path, node.line, node.column)
    return Place(path, node.line, node.column, node.end_line, node.end_column)


_ROW = Struct("<4I")


class Places(Mapping[str, Place]):
    """The places of a thing's fields by name: a mapping that holds 16 bytes a field and makes places when asked."""

    __slots__ = ("_names", "_path", "_rows")

    def __init__(self, path: str, names: tuple[str, ...] = (), rows: bytes = b"") -> None:
        self._path = path
        self._names = names
        self._rows = rows

    @classmethod
    def of(cls, path: str, spots: Mapping[str, Scalar]) -> Places:
        """The places of these scalars."""
        names = tuple(spots)
        numbers: list[int] = []
        for spot in spots.values():
            numbers += spot[1:5]
        return cls(path, _SHARED.setdefault(names, names), pack(f"<{len(numbers)}I", *numbers))

    def moved(self, lines: int) -> Places:
        """The same places so many lines further down."""
        numbers = unpack(f"<{len(self._rows) // 4}I", self._rows)
        moved = (number + lines * (index % 2 == 0) for index, number in enumerate(numbers))
        return Places(self._path, self._names, pack(f"<{len(numbers)}I", *moved))

    def __getitem__(self, name: str) -> Place:
        try:
            index = self._names.index(name)
        except ValueError:
            raise KeyError(name) from None
        return Place(self._path, *_ROW.unpack_from(self._rows, index * _ROW.size))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"{dict(self)!r}"

    def __reduce__(self) -> tuple[type[Places], tuple[str, tuple[str, ...], bytes]]:
        return (Places, (self._path, self._names, self._rows))


_SHARED: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Tuples of field names: claims have the same few fields in the same order, so that they can share them."""
