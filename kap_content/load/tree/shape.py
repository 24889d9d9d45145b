"""The shapes of our formats, told once: they read nodes into values, and JSON Schemas are made of them.

A `Shape` is a table of `Field`s, a field a name, a kind and what it is for. What does not fit becomes a `Problem`
with the place, what is allowed and the next step; the value is then left out and the rest is still read.
"""

from __future__ import annotations

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar, cast

from kap_content.load.tree.nodes import Alias, Broken, Entries, Items, Node, Places, Scalar, Written, place_of
from kap_content.model.finding import Problem, Related
from kap_content.model.place import Place
from kap_content.startup.regex import regex
from kap_content.startup.values import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
D = TypeVar("D")
E = TypeVar("E", bound=StrEnum)

Schema = dict[str, object]


@dataclass(slots=True)
class Reader:
    """Where problems are gathered while a file is read; `claim` and `reference` say what is being read.

    `missing` are the problems that say a field is not there. They are kept apart, because a line that could not be read
    may have held it.
    """

    path: str
    code: str = "CLM009"
    claim: str = ""
    reference: str = ""
    problems: list[Problem] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)

    def report(
        self,
        at: Node | Place,
        message: str,
        help: str = "",  # noqa: A002 - as in Finding
        related: tuple[Related, ...] = (),
    ) -> None:
        """Note that what stands at `at` cannot be read as it should."""
        self.problems.append(self._problem(at, message, help, related))

    def miss(self, at: Node, message: str, help: str) -> None:  # noqa: A002 - as in Finding
        """Note that something is not there which should be."""
        self.missing.append(self._problem(at, message, help, ()))

    def _problem(self, at: Node | Place, message: str, help_text: str, related: tuple[Related, ...]) -> Problem:
        place = at if isinstance(at, Place) else place_of(self.path, at)
        return Problem(self.code, place, message, help_text, self.claim, self.reference, related)

    def all_problems(self) -> tuple[Problem, ...]:
        """Everything that was noted, by place."""
        return tuple(sorted((*self.problems, *self.missing), key=lambda problem: problem.place))


class Kind(ABC, Generic[T_co]):
    """What a field may hold."""

    wanted: str
    """What it wants, for messages: “a date as YYYY-MM-DD”."""

    @abstractmethod
    def read(self, node: Node, name: str, reader: Reader) -> T_co | None:
        """The value, or None where it was left empty or is wrong (which is reported)."""

    @abstractmethod
    def schema(self) -> Schema:
        """The JSON Schema of what is read."""

    def refuse(self, node: Node, name: str, reader: Reader, got: str = "", hint: str = "") -> None:
        """Report that `node` is not what is wanted; broken nodes were reported before."""
        if isinstance(node, Broken):
            return
        if isinstance(node, Alias):
            message = f"“{name}” holds an alias (“*{node.name}”); aliases are not read"
            reader.report(node, message, "Write the value out here.")
            return
        shown = got or _shown(node)
        reader.report(node, f"“{name}” wants {self.wanted}; here is {shown}", hint or f"Write {self.wanted}.")


@dataclass(frozen=True, slots=True)
class Text(Kind[str]):
    """Free text. `numeric` marks text that is often a number, which editors would else underline."""

    numeric: bool = False
    wanted: str = "text"

    def read(self, node: Node, name: str, reader: Reader) -> str | None:
        """The text without white space around it."""
        if type(node) is Scalar and node.written in _TEXTUAL:
            return None if is_empty(node) else node.text.strip()
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """A string, or a number where that is usual."""
        return {"type": ["string", "number"]} if self.numeric else {"type": "string"}


_TEXTUAL = frozenset({Written.PLAIN, Written.QUOTED, Written.TEXT})


@dataclass(frozen=True, slots=True)
class Texts(Kind[tuple[str, ...]]):
    """A list of texts; with `single`, one text alone counts as a list of one."""

    single: bool = False
    wanted: str = "a list of texts"

    def read(self, node: Node, name: str, reader: Reader) -> tuple[str, ...] | None:
        """The texts, empty ones left out."""
        if type(node) is Items:
            texts = (Text().read(item, name, reader) for item in node.items)
            return tuple(text for text in texts if text is not None)
        if type(node) is Scalar and node.written in _TEXTUAL:
            text = Text().read(node, name, reader)
            if text is None:
                return None
            if self.single:
                return (text,)
        self.refuse(node, name, reader, hint=self._hint(reader))
        return None

    def _hint(self, reader: Reader) -> str:
        """What to write, in the words of the file's format."""
        if not reader.path.endswith(".toml"):
            return "Write each text on a line of its own that begins with “- ”."
        if self.single:
            return 'Write it in quotation marks, "…", or several in brackets: ["…", "…"].'
        return 'Write the texts in quotation marks, in brackets: ["…", "…"].'

    def schema(self) -> Schema:
        """An array of strings, or also one string."""
        many: Schema = {"type": "array", "items": {"type": "string"}}
        return {"anyOf": [{"type": "string"}, many]} if self.single else many


_DATE = regex(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Date(Kind[date]):
    """A day."""

    wanted: str = "a date as YYYY-MM-DD"

    def read(self, node: Node, name: str, reader: Reader) -> date | None:
        """The day; a day that no calendar has is named."""
        if type(node) is Scalar and node.written is not Written.INTEGER:
            text = node.text.strip()
            if is_empty(node):
                return None
            if _DATE.fullmatch(text):
                try:
                    return date.fromisoformat(text)
                except ValueError:
                    reader.report(node, f"“{name}” is {text}, a day that no calendar has", "Correct the date.")
                    return None
        self.refuse(node, name, reader, hint="Write the year, the month and the day: 2026-11-22.")
        return None

    def schema(self) -> Schema:
        """A string in the shape of a date."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True, slots=True)
class Flag(Kind[bool]):
    """True or false."""

    wanted: str = "true or false"

    def read(self, node: Node, name: str, reader: Reader) -> bool | None:
        """The truth value."""
        if type(node) is Scalar and node.written in (Written.PLAIN, Written.BOOLEAN) and node.text in ("true", "false"):
            return node.text == "true"
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


_INTEGER = regex(r"-?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Integer(Kind[int]):
    """A whole number within bounds."""

    low: int
    high: int
    wanted: str = "a whole number"

    def read(self, node: Node, name: str, reader: Reader) -> int | None:
        """The number."""
        if type(node) is Scalar and node.written in (Written.PLAIN, Written.QUOTED, Written.INTEGER):
            text = node.text.strip()
            if is_empty(node):
                return None
            if _INTEGER.fullmatch(text):
                number = int(text)
                if self.low <= number <= self.high:
                    return number
                reader.report(node, f"“{name}” is {number}; {self.low} to {self.high} can be meant", "Correct it.")
                return None
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """An integer with its bounds."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Choice(Kind[E]):
    """One of the members of an enumeration, written as its value."""

    members: type[E]

    @property
    def wanted(self) -> str:  # type: ignore[override] # made of the members rather than stored
        """The values in the order of the enumeration."""
        return "one of " + ", ".join(self.members)

    def read(self, node: Node, name: str, reader: Reader) -> E | None:
        """The member; a misspelled one is met with the nearest."""
        if type(node) is Scalar and node.written in _TEXTUAL:
            text = node.text.strip()
            member = self.members._value2member_map_.get(text)
            if member is not None:
                return cast("E", member)
            if is_empty(node):
                return None
            guess = nearest_name(text, list(self.members))
            hint = f"Did you mean “{guess}”?" if guess else ""
            self.refuse(node, name, reader, hint=hint)
            return None
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """The values."""
        return {"enum": [str(member) for member in self.members]}


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
        if self.short and type(node) is Scalar and node.written in _TEXTUAL:
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
                report_repeat(key, keys[key.text], reader)
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
                report_repeat(key, next(first for first, _ in node.entries if first.text == name), reader)
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


def is_empty(node: Scalar) -> bool:
    """Whether a value was left out: nothing, `~` or `null` without quotation marks."""
    return not node.text.strip() or (node.written is Written.PLAIN and node.text in ("~", "null", "Null", "NULL"))


def report_repeat(key: Scalar, first: Scalar, reader: Reader) -> None:
    """Say that a name stands twice in one mapping; the first counts."""
    reader.report(
        key,
        f"“{key.text}” is given twice; the first, in line {first.line}, counts",
        "Delete one of the two.",
        (Related(place_of(reader.path, first), "given here first"),),
    )


def _shown(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Entries):
        return "a mapping"
    if isinstance(node, Scalar):
        if node.written in _TEXTUAL:
            text = " ".join(node.text.split())
            return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”" if text else "nothing"  # noqa: PLR2004 - a line's worth
        return f"{node.text} ({node.written})"
    return "something unreadable"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def nearest_name(word: str, names: Iterable[str]) -> str:
    """The name that `word` is most likely a slip of, or the empty string."""
    from difflib import get_close_matches

    folded = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in names}
    near = get_close_matches(re.sub(r"[^a-z0-9]", "", word.lower()), folded, 1, 0.7)
    return folded[near[0]] if near else ""
