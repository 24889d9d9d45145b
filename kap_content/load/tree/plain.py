"""The kinds of values that are no mappings: texts, dates, numbers, words of a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast

from kap_content.load.tree.kind import TEXTUAL, Kind, Reader, Schema, is_empty, nearest_name
from kap_content.load.tree.nodes import Items, Node, Scalar, Written
from kap_content.startup.regex import regex

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Text(Kind[str]):
    """Free text. `numeric` marks text that is often a number, which editors would else underline."""

    numeric: bool = False
    wanted: str = "text"

    def read(self, node: Node, name: str, reader: Reader) -> str | None:
        """The text without white space around it."""
        if type(node) is Scalar and node.written in TEXTUAL:
            return None if is_empty(node) else node.text.strip()
        self.refuse(node, name, reader)
        return None

    def schema(self) -> Schema:
        """A string, or a number where that is usual."""
        return {"type": ["string", "number"]} if self.numeric else {"type": "string"}


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
        if type(node) is Scalar and node.written in TEXTUAL:
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


_TAG = regex(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class LanguageTag(Kind[str]):
    """A language as RFC 5646 (BCP 47) writes it: de, en-GB. Whether the language is registered is not looked up."""

    wanted: str = "the tag of a language"

    def read(self, node: Node, name: str, reader: Reader) -> str | None:
        """The tag as written."""
        text = Text().read(node, name, reader)
        if text is None or _TAG.fullmatch(text):
            return text
        self.refuse(node, name, reader, hint="Write the language’s tag: en, en-GB, de, fr.")
        return None

    def schema(self) -> Schema:
        """A string in the shape of a tag."""
        return {"type": "string", "pattern": f"^{_TAG.pattern}$"}


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
        if type(node) is Scalar and node.written in TEXTUAL:
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
