"""Where the parts of a BibTeX entry stand in the file, for changing them without touching what is around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.mend.change import Change, newline_of
from kap_content.mend.sources import Sources
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex

_HEAD = regex(r"@\s*[A-Za-z]+\s*\{\s*\Z")
_LONGEST_HEAD = 200
_NAME = regex(r"[\s,]*([A-Za-z@!$&*+\-./:;<>?\[\\\]^_`|~][^\s={},\"#%'()]*)\s*=\s*")
_PLAIN = regex(r"[^\s{}\",#=]+")
_BOUNDS = regex(r'[{}"]')
_AFTER = regex(r"\s*")
_KEY = regex(r"[^\s,}]+\s*")

_ORDER = (
    *("author", "editor", "title", "journal", "journaltitle", "shortjournal", "booktitle", "year", "date", "month"),
    *("volume", "number", "issue", "pages", "eid", "publisher", "address", "doi", "pmid", "pmcid", "url", "urldate"),
)


@dataclass(frozen=True, slots=True)
class FieldText:
    """A field: offsets of its name, its value, and what stands between the value's braces or quotation marks.

    `is_plain` is false where the value is made of several parts or of a macro.
    """

    name: str
    start: int
    value: int
    inner: int
    inner_end: int
    end: int
    is_plain: bool


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry of a file: `start` is its `@`, `end` the offset behind its closing brace."""

    path: str
    text: str
    start: int
    end: int
    fields: tuple[FieldText, ...]

    def field(self, name: str) -> FieldText | None:
        """The field of this name where it can be changed: one braced or quoted text, or a number."""
        found = self.any_field(name)
        return found if found is not None and found.is_plain else None

    def any_field(self, name: str) -> FieldText | None:
        """The field of this name, whatever its value."""
        return next((field for field in self.fields if field.name == name), None)

    def inner(self, name: str) -> str:
        """What the field holds, as written; empty where it cannot be changed."""
        found = self.field(name)
        return self.text[found.inner : found.inner_end] if found else ""

    def with_value(self, name: str, value: str) -> Change | None:
        """Another value for a field, its braces or quotation marks kept."""
        found = self.field(name)
        if found is None:
            return None
        if found.inner == found.value and not value.isdecimal():
            value = f"{{{value}}}"
        if self.text[found.value] == '"' and '"' in value:
            return None
        return Change(self.path, found.inner, found.inner_end, value)

    def renamed(self, name: str, new: str, value: str) -> Change | None:
        """Another name and value for a field; what stands behind it keeps its column."""
        found = self.field(name)
        if found is None:
            return None
        after = self.text[found.start + len(name) : found.value]
        blanks = len(after) - len(after.lstrip(" "))
        if blanks:
            blanks = max(1, blanks + len(name) - len(new))
        return Change(self.path, found.start, found.end, f"{new}{' ' * blanks}{after.lstrip(' ')}{{{value}}}")

    def with_new(self, values: dict[str, str]) -> tuple[Change, ...]:
        """New fields, each in its usual order, aligned as its neighbour. `values` are without braces."""
        if not self.fields:
            return ()
        places: dict[int, list[tuple[str, str]]] = {}
        for name, value in values.items():
            places.setdefault(self._neighbour(name), []).append((name, value))
        return tuple(self._inserted(index, names) for index, names in places.items())

    def _neighbour(self, name: str) -> int:
        """The index of the field that the new one precedes; the number of fields for the end."""
        rank = _rank(name)
        later = [index for index, field in enumerate(self.fields) if _rank(field.name) > rank]
        earlier = [index for index, field in enumerate(self.fields) if _rank(field.name) < rank]
        if rank == len(_ORDER) or not later:
            return len(self.fields)
        return max(earlier) + 1 if earlier else later[0]

    def _inserted(self, index: int, named: list[tuple[str, str]]) -> Change:
        model = self.fields[min(index, len(self.fields) - 1)]
        line = self.text[: model.start].rpartition("\n")[2].rpartition("\r")[2]
        own_line = not line.strip()
        parting = newline_of(self.text) + line if own_line else " "
        equals = self.text[model.start : model.value].index("=")
        around = " = " if self.text[model.start + equals - 1] in " \t" else "="
        width = equals - 1 if around == " = " and own_line else 0
        written = [
            f"{name:<{width}}{around}{{{value}}}" for name, value in sorted(named, key=lambda item: _rank(item[0]))
        ]
        if index < len(self.fields):
            return Change(self.path, model.start, model.start, "".join(f"{one},{parting}" for one in written))
        return Change(self.path, model.end, model.end, "".join(f",{parting}{one}" for one in written))

    def removed(self) -> Change:
        """The whole entry taken out, with its line end and one empty line behind it."""
        end = self.end
        for pattern in (r"[ \t]*(?:\r\n|\r|\n|\Z)", r"[ \t]*(?:\r\n|\r|\n)"):
            found = re.compile(pattern).match(self.text, end)
            if found is None:
                break
            end = found.end()
        start = self.start
        if end == len(self.text):
            # Nothing follows: the empty line before it goes instead.
            start = len(self.text[:start].rstrip())
            tail = newline_of(self.text) if start else ""
            return Change(self.path, start, end, tail)
        return Change(self.path, start, end, "")


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def entry_text(sources: Sources, reference: Reference) -> EntryText | None:
    """The parts of an entry; None where it is of a form that is not changed here (parentheses, errors)."""
    path = reference.place.path
    text = sources.texts.get(path)
    if text is None:
        return None
    key = sources.lines(path).offset(reference.place.line, reference.place.column)
    head = _HEAD.search(text, max(0, key - _LONGEST_HEAD), key)
    if head is None or not text.startswith(reference.key, key):
        return None
    found = _KEY.match(text, key)
    assert found is not None
    fields: list[FieldText] = []
    position = found.end()
    for field in _fields(text, position):
        fields.append(field)
        position = field.end
    closing = re.compile(r"[\s,]*\}").match(text, position)
    if closing is None:
        return None
    names = [field.name for field in fields]
    if len(set(names)) < len(names) or any(name not in reference.raw for name in names):
        return None
    return EntryText(path, text, head.start(), closing.end(), tuple(fields))


def _fields(text: str, position: int) -> Iterator[FieldText]:
    while (head := _NAME.match(text, position)) is not None:
        value = head.end()
        parts, end = 0, value
        inner = (value, value)
        is_text = True
        while True:
            part = _part(text, end)
            if part is None:
                return
            inner, end, quoted = part
            is_text = is_text and (quoted or text[slice(*inner)].isdecimal())
            parts += 1
            following = _AFTER.match(text, end)
            assert following is not None
            if not text.startswith("#", following.end()):
                break
            after = _AFTER.match(text, following.end() + 1)
            assert after is not None
            end = after.end()
        yield FieldText(head[1].lower(), head.start(1), value, *inner, end, parts == 1 and is_text)
        position = end


def _part(text: str, start: int) -> tuple[tuple[int, int], int, bool] | None:
    """One part of a value: the offsets inside its braces or quotation marks, its end, and whether it has such."""
    if text[start : start + 1] not in ("{", '"'):
        plain = _PLAIN.match(text, start)
        return ((start, plain.end()), plain.end(), False) if plain else None
    closing = "}" if text[start] == "{" else '"'
    depth = 0
    for found in _BOUNDS.finditer(text, start + 1):
        character, position = found[0], found.start()
        if character == closing and depth == 0:
            return (start + 1, position), position + 1, True
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return None
    return None
