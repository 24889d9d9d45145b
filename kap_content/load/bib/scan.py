"""Reading BibTeX entries of simple form straight out of the source: fast, and equal to pybtex entry by entry.

The scanner knows the whole grammar of a field value (braces up to four deep, quotation marks, numbers, macros and `#`).
Whatever else stands in an entry (an error, an unknown macro, a repeated field, parentheses around the entry, deeper
braces) it refuses, and pybtex reads that entry instead.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

from kap_content.load.bib.entry import Entry
from kap_content.startup.regex import regex

_FIRST = r"A-Za-z@!$&*+\-./:;<>?\[\\\]^_`|~\x7f"
NAME = rf"[{_FIRST}][{_FIRST}0-9]*+"
"""What pybtex takes for a name of an entry type, a field or a macro."""

HEAD = regex(rf"@\s*+(?:({NAME})\s*+([({{])?+)?+")
"""An `@` and what may make it the head of an entry: its type and the bracket. It matches at every `@`."""

LINE_HEAD = regex(rf"\n[ \t]*+(?=@\s*+{NAME}\s*+[({{])")
"""A line that begins with the head of an entry: where reading goes on after a broken one."""

_INNER = r"[^{}]++"
_NESTED = rf"(?:{_INNER}|\{{(?:{_INNER}|\{{(?:{_INNER}|\{{[^{{}}]*+\}})*+\}})*+\}})*+"
_QUOTED = rf'(?:[^"{{}}]++|\{{{_NESTED}\}})*+'
_PART = rf'(?:\{{({_NESTED})\}}|"({_QUOTED})"|([0-9]++)|({NAME}))\s*+(?:(,)[\s,]*+|(\}})|(#)\s*+)'
_FIELD = regex(rf"({NAME})\s*+=\s*+{_PART}")
_MORE = regex(f"(){_PART}")
_KEY = regex(r"\s*+([^\s,}]++)\s*+(?:,[\s,]*+)?+")
_MACRO = regex(rf"\s*+({NAME})\s*+=\s*+{_PART}")


def folded(value: str) -> str:
    """Return `value` with every run of white space made one space, and none at the ends."""
    return " ".join(value.split())


def scan_entry(source: str, kind: str, start: int, stop: int, macros: Mapping[str, str]) -> Entry | None:
    """Read the entry of type `kind` whose body begins at `start`, looking no farther than `stop`.

    None where it is not of simple form. `macros` are by lower-case name.
    """
    head = _KEY.match(source, start, stop)
    if head is None or "=" in head[1]:
        return None
    fields: dict[str, str] = {}
    starts: dict[str, int] = {}
    position = head.end()
    while not source.startswith("}", position):
        found = _FIELD.match(source, position, stop)
        if found is None:
            return None
        name, braced, quoted, number, macro, comma, closing, _ = found.groups()
        value = _value(braced, quoted, number, macro, macros)
        begun = position
        position = found.end()
        while not (comma or closing):
            found = _MORE.match(source, position, stop)
            if found is None or value is None:
                return None
            _, braced, quoted, number, macro, comma, closing, _ = found.groups()
            part = _value(braced, quoted, number, macro, macros)
            value = None if part is None else value + part
            position = found.end()
        name = name.lower()
        if value is None or name in fields:
            return None
        fields[name] = " ".join(value.split())
        starts[name] = begun
        if closing:
            return Entry(kind, head[1], head.start(1), position, fields, starts)
    return Entry(kind, head[1], head.start(1), position + 1, fields, starts) if position < stop else None


def scan_macro(source: str, start: int, stop: int, macros: MutableMapping[str, str]) -> int | None:
    """Read the body of an `@string` that begins at `start` into `macros` and return the offset behind it, or None."""
    found = _MACRO.match(source, start, stop)
    if found is None:
        return None
    name, braced, quoted, number, macro, _, closing, more = found.groups()
    value = _value(braced, quoted, number, macro, macros)
    while more:
        found = _MORE.match(source, found.end(), stop)
        if found is None or value is None:
            return None
        _, braced, quoted, number, macro, _, closing, more = found.groups()
        part = _value(braced, quoted, number, macro, macros)
        value = None if part is None else value + part
    if value is None or not closing:
        return None
    macros[name.lower()] = value
    return found.end()


def _value(
    braced: str | None, quoted: str | None, number: str | None, macro: str | None, macros: Mapping[str, str]
) -> str | None:
    if braced is not None:
        return braced
    if quoted is not None:
        return quoted
    return number if number is not None else macros.get((macro or "").lower())
