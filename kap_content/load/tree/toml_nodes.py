"""TOML to a tree of nodes with places: tomllib reads the values, a small scanner finds where they stand."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kap_content.load.tree.nodes import Entries, Items, Node, Scalar, Written
from kap_content.model.errors import SettingsError
from kap_content.model.place import Place
from kap_content.startup.regex import regex

_Path = tuple[str | int, ...]
_VALUE = "="
"""Ends the path of a value; the path without it is the key's."""


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


_TOKEN = regex(
    r"""
      (?P<space>[ \t]+|\#[^\n]*)
    | (?P<newline>\n)
    | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<mark>[\[\]{}=,.])
    | (?P<bare>[^\s\[\]{}=,."'\#]+)
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=4)  # pyproject.toml is read to see whether it is the project's, and again for the settings
def parse_toml(path: str, source: str) -> Entries:
    """Read a TOML file; what is no TOML raises `SettingsError` at its place."""
    import tomllib

    try:
        data = tomllib.loads(source)
        spots = _Spots(source).spots
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        lines = source.split("\n")
        line, column = (int(where[1]), int(where[2])) if where else (len(lines), len(lines[-1]) + 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        help_text = "Compare the line with its neighbours; text stands in double quotes."
        raise SettingsError(f"this is not TOML: {message}", Place(path, line, column), help_text) from None
    except RecursionError:
        raise SettingsError("lists stand too deep in each other", Place(path), "Take some levels out.") from None
    return _entries(data, (), spots, _Token("", "", 1, 1))


def _entries(data: dict[str, object], path: _Path, spots: dict[_Path, _Token], above: _Token) -> Entries:
    made: list[tuple[Scalar, Node]] = []
    for name, value in data.items():
        spot = spots.get((*path, name), above)
        key = Scalar(name, spot.line, spot.column, spot.line, spot.column + len(spot.text), Written.TEXT)
        made.append((key, _node(value, (*path, name), spots, spot)))
    return Entries(made, above.line, above.column, above.line, above.column)


def _node(value: object, path: _Path, spots: dict[_Path, _Token], key: _Token) -> Node:
    spot = spots.get((*path, _VALUE), key)
    if isinstance(value, dict):
        return _entries(value, path, spots, spot)
    if isinstance(value, list):
        items = [_node(item, (*path, index), spots, spot) for index, item in enumerate(value)]
        return Items(items, spot.line, spot.column, spot.line, spot.column)
    text, written = _scalar(value)
    end = spot.column + (len(spot.text) if "\n" not in spot.text else 3)
    return Scalar(text, spot.line, spot.column, spot.line, end, written)


def _scalar(value: object) -> tuple[str, Written]:
    if isinstance(value, bool):
        return str(value).lower(), Written.BOOLEAN
    if isinstance(value, int):
        return str(value), Written.INTEGER
    if isinstance(value, str):
        return value, Written.TEXT
    if isinstance(value, date):
        return value.isoformat(), Written.DATE
    return str(value), Written.DECIMAL


class _Spots:
    """Where each key stands, by its path, and each value, by its path and `=`. The text is known to be TOML."""

    def __init__(self, source: str) -> None:
        self.spots: dict[_Path, _Token] = {}
        self._tokens = _tokens(source)
        self._next = 0
        self._tables: Counter[_Path] = Counter()
        self._document()

    def _peek(self) -> str:
        """The text of the next token if it is a mark or a line end, `…` for any other, nothing at the end."""
        if self._next >= len(self._tokens):
            return ""
        token = self._tokens[self._next]
        return token.text if token.kind in ("mark", "newline") else "…"

    def _skip(self, *texts: str) -> None:
        while self._peek() in texts and self._peek():
            self._next += 1

    def _document(self) -> None:
        table: _Path = ()
        while True:
            self._skip("\n")
            if not self._peek():
                return
            if self._peek() == "[":
                opened = self._next
                self._skip("[")
                is_array = self._next - opened > 1
                table = self._dotted(())
                if is_array:
                    self._tables[table] += 1
                    table = (*table, self._tables[table] - 1)
                self._skip("]")
            else:
                self._pair(table)

    def _dotted(self, base: _Path) -> _Path:
        """Read `a.b."c"`, and note where it begins for each path that it makes."""
        first = self._tokens[self._next]
        path = base
        while self._peek() in ("…", "."):
            token = self._tokens[self._next]
            self._next += 1
            if token.kind != "mark":
                path = (*path, token.text.strip("\"'") if token.kind == "string" else token.text)
                self.spots.setdefault(path, first)
        return path

    def _pair(self, base: _Path) -> None:
        start = self._next
        path = self._dotted(base)
        self._skip("=")
        self._value(path)
        self._next = max(self._next, start + 1)

    def _value(self, path: _Path) -> None:
        if self._next >= len(self._tokens):
            return
        token = self._tokens[self._next]
        self.spots[(*path, _VALUE)] = token
        if token.text in ("[", "{") and token.kind == "mark":
            closing = "]" if token.text == "[" else "}"
            self._next += 1
            index = 0
            while True:
                self._skip("\n", ",")
                if self._peek() in ("", closing):
                    break
                if closing == "]":
                    self._value((*path, index))
                    index += 1
                else:
                    self._pair(path)
            self._next += 1
            return
        self._next += 1
        while self._peek() in ("…", "."):
            self._next += 1


def _tokens(source: str) -> list[_Token]:
    tokens = []
    line, start = 1, 0
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup or "", match[0]
        if kind != "space":
            tokens.append(_Token(kind, text, line, match.start() - start + 1))
        if "\n" in text:
            line += text.count("\n")
            start = match.start() + text.rfind("\n") + 1
    return tokens
