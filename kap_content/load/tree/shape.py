"""The shapes of our formats, told once: they read nodes into values, and JSON Schemas are made of them.

A `Shape` is a table of `Field`s, a field a name, a kind and what it is for. What does not fit becomes a `Problem`
with the place, what is allowed and the next step; the value is then left out and the rest is still read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from kap_content.load.tree.kind import TEXTUAL, Kind, Reader, Schema, is_empty, nearest_name
from kap_content.load.tree.nodes import Entries, Items, Node, Places, Scalar, place_of
from kap_content.model.finding import Related

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Part(Kind["Values"]):
    """A mapping of fields. With `short`, one text alone stands for that field."""

    shape: Shape
    short: str = ""

    @property
    def wanted(self) -> str:  # type: ignore[override] # made of the shape rather than stored
        """The names of the fields."""
        return f"a mapping with {', '.join(self.shape.names)}"

    def read(self, node: Node, name: str, reader: Reader) -> Values | None:
        """The fields' values."""
        if type(node) is Entries:
            return self.shape.read(node, reader)
        if type(node) is Scalar and is_empty(node):
            return None
        if self.short and type(node) is Scalar and node.written in TEXTUAL:
            return Values(self.shape, {self.short: node.text.strip()}, {self.short: node}, node)
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """The shape's, or a string where the short form is allowed."""
        return {"anyOf": [{"type": "string"}, self.shape.schema()]} if self.short else self.shape.schema()


@dataclass(frozen=True, slots=True)
class Parts(Kind[tuple["Values", ...]]):
    """A list of such mappings, or one alone."""

    part: Part

    @property
    def wanted(self) -> str:  # type: ignore[override] # made of the part rather than stored
        """As its items."""
        return f"a list of {self.part.shape.noun}s"

    def read(self, node: Node, name: str, reader: Reader) -> tuple[Values, ...] | None:
        """The items that could be read."""
        nodes = node.items if type(node) is Items else [node]
        read = (self.part.read(item, name, reader) for item in nodes)
        return tuple(values for values in read if values is not None)

    def schema(self) -> Schema:
        """An array, or one item alone."""
        item = self.part.schema()
        options = cast("list[Schema]", item["anyOf"]) if "anyOf" in item else [item]
        return {"anyOf": [*options, {"type": "array", "items": item}]}


@dataclass(frozen=True, slots=True)
class Table(Kind[Mapping[str, T]]):
    """A mapping with names of the writer's own choice and values of one kind."""

    values: Kind[T]

    @property
    def wanted(self) -> str:  # type: ignore[override] # made of the values' kind rather than stored
        """As its values."""
        return f"a mapping of names, each to {self.values.wanted}"

    def read(self, node: Node, name: str, reader: Reader) -> Mapping[str, T] | None:
        """The values by name; of a name given twice the first counts."""
        if type(node) is Scalar and is_empty(node):
            return None
        if type(node) is not Entries:
            self.refuse(node, name, reader)
            return None
        table: dict[str, T] = {}
        keys: dict[str, Scalar] = {}
        for key, value in node.entries:
            if key.text in keys:
                _report_repeat(key, keys[key.text], reader)
                continue
            keys[key.text] = key
            read = self.values.read(value, key.text, reader)
            if read is not None:
                table[key.text] = read
        return table

    def schema(self) -> Schema:
        """An object with any names."""
        return {"type": "object", "additionalProperties": self.values.schema()}


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """A field of a shape; `about` is a sentence for editors and documentation."""

    name: str
    kind: Kind[T_co]
    about: str
    required: bool = False


class Values:
    """What was read of a mapping: values by field, and the node that shows where each field stands."""

    __slots__ = ("_values", "node", "shape", "spots")

    def __init__(self, shape: Shape, values: dict[str, object], spots: dict[str, Scalar], node: Node) -> None:
        self.shape = shape
        self._values: dict[str, Any] = values  # a field's own kind has read it, so that its type is the field's
        self.spots = spots
        self.node = node

    def get(self, field: Field[T], default: D) -> T | D:
        """The field's value, or `default` where it is not given or was wrong."""
        value: T | D = self._values.get(field.name, default)
        return value

    def spot(self, field: Field[T]) -> Node:
        """Where the field stands, or where the whole begins."""
        return self.spots.get(field.name, self.node)

    def places(self, path: str) -> Places:
        """The place of each field that was given: of its value, or of its name where the value is a list or mapping."""
        return Places.of(path, self.spots)


_Read = Callable[[Node, str, Reader], object]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a mapping. `noun` is what the whole is called; `elsewhere` gives help for known strangers."""

    noun: str
    fields: tuple[Field[object], ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    _readers: Mapping[str, _Read] = field(init=False, repr=False)
    _required: tuple[Field[object], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_readers", {item.name: item.kind.read for item in self.fields})
        object.__setattr__(self, "_required", tuple(item for item in self.fields if item.required))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in order."""
        return tuple(item.name for item in self.fields)

    def read(self, node: Entries, reader: Reader, *, already: Iterable[str] = ()) -> Values:
        """Read what fits, report what does not. Fields in `already` are given otherwise and not missed."""
        values: dict[str, object] = {}
        spots: dict[str, Scalar] = {}
        readers = self._readers
        for key, value in node.entries:
            name = key.text
            read = readers.get(name)
            if read is None:
                self._report_unknown(key, reader)
                continue
            if name in spots:
                _report_repeat(key, next(first for first, _ in node.entries if first.text == name), reader)
                continue
            spots[name] = value if type(value) is Scalar and value.text else key
            result = read(value, name, reader)
            if result is not None:
                values[name] = result
        for item in self._required:
            if item.name not in values and item.name not in already:
                self._report_missing(item, node, reader)
        return Values(self, values, spots, node)

    def _report_unknown(self, key: Scalar, reader: Reader) -> None:
        message = f"“{key.text}” is no field of {_article(self.noun)}"
        guess = nearest_name(key.text, self.names)
        if key.text in self.elsewhere:
            hint = self.elsewhere[key.text]
        elif key.text == "<<":
            hint = "Merge keys are not read; write the fields out."
        elif guess:
            hint = f"Did you mean “{guess}”?"
        else:
            hint = f"The fields are {', '.join(self.names)}."
        reader.report(key, message, hint)

    def _report_missing(self, item: Field[object], node: Entries, reader: Reader) -> None:
        key, value = next(((key, value) for key, value in node.entries if key.text == item.name), (None, None))
        if key is None:
            reader.miss(node, f"the {self.noun} has no “{item.name}”", f"Add it: {item.about}")
        elif isinstance(value, Scalar) and is_empty(value):
            reader.report(key, f"the {self.noun}’s “{item.name}” is empty", f"Fill it in: {item.about}")

    def schema(self) -> Schema:
        """An object with these properties and no others."""
        made: Schema = {
            "type": "object",
            "properties": {item.name: item.kind.schema() | {"description": item.about} for item in self.fields},
            "additionalProperties": False,
        }
        required = [item.name for item in self.fields if item.required]
        return made | ({"required": required} if required else {}) | ({"description": self.about} if self.about else {})


def _report_repeat(key: Scalar, first: Scalar, reader: Reader) -> None:
    """Say that a name stands twice in one mapping; the first counts."""
    reader.report(
        key,
        f"“{key.text}” is given twice; the first, in line {first.line}, counts",
        "Delete one of the two.",
        (Related(place_of(reader.path, first), "given here first"),),
    )


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
