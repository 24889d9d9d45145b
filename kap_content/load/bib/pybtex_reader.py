"""Reading one entry through pybtex: for whatever the scanner refuses, with positions, and with every error kept.

pybtex stops reading an entry at its first error; this reader goes on at the next line that begins with a field, so that
one slip does not cost the fields behind it.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

from pybtex.database.input.bibtex import LowLevelParser, SkipEntry, UndefinedMacro
from pybtex.scanner import PrematureEOF, PybtexSyntaxError

from kap_content.load.bib.entry import Entry, Reading, Slip, Trouble
from kap_content.load.bib.scan import NAME, folded
from kap_content.startup.regex import regex

_FIELD_LINE = regex(rf"^[ \t]*+(?={NAME}\s*+=\s*+[{{\"A-Za-z0-9])", re.MULTILINE)
_FIELD_AHEAD = regex(rf"\s*+{NAME}\s*+=\s*+")
_EQUALS = regex(r"\s*+=")
_RUN_ON = regex(rf",?\s*\n\s*+{NAME}\s*+=\s*+[{{\"0-9]")
_WHOLE_LINE = regex(
    rf"^[ \t,]*+({NAME})[ \t]*+=[ \t]*+(?:\{{([^{{}}\n]*+)\}}|\"([^\"{{}}\n]*+)\"|([0-9]++))[ \t]*+[,}})]*+[ \t]*+$",
    re.MULTILINE,
)


def read_command(text: str, base: int, at: int, stop: int, macros: MutableMapping[str, str]) -> Reading:
    """Read the command whose `@` is at the offset `at`, resuming after an error no farther than `stop`.

    `text` is the stretch of the file that begins at the offset `base`; reading ends where it ends. `macros` are by
    lower-case name and gain what an `@string` defines.
    """
    reader = _Reader(text, base, at, stop, macros)
    try:
        kind, body = reader.parse_command()
    except SkipEntry:
        return Reading("comment", at, base + reader.pos)
    except PybtexSyntaxError as error:
        reader.handle_error(error)
        return Reading("", at, base + reader.pos, None, reader.troubles, is_lost=True)
    reading = Reading(kind.lower(), at, base + reader.pos, None, reader.troubles, reader.is_lost)
    if reading.kind in {"string", "preamble"} or body[0] is None:
        return reading
    reading.entry = entry = Entry(reading.kind, body[0], reader.key_at, reading.end)
    for (written, parts), start in zip(body[1], reader.starts, strict=True):
        name, value = written.lower(), folded("".join(parts))
        if name in entry.fields:
            reading.troubles.append(Trouble(Slip.FIELD_TWICE, start, value, name, entry.starts[name]))
        else:
            entry.fields[name] = value
            entry.starts[name] = start
    for trouble in reading.troubles:
        if trouble.slip is Slip.UNCLOSED:
            _salvage(entry, trouble, text[at - base : stop - base], at)
    return reading


def _salvage(entry: Entry, trouble: Trouble, text: str, base: int) -> None:
    """Give an entry that is not closed the fields which stand on lines of their own, and end a value that runs on."""
    if trouble.field and trouble.field.lower() not in entry.fields:
        entry.fields[trouble.field.lower()] = ""
        entry.starts[trouble.field.lower()] = trouble.field_at
    starts = sorted(entry.starts.values())
    for name, start in entry.starts.items():
        value = _FIELD_AHEAD.match(text, start - base)
        following = next((other - base for other in starts if other > start), len(text))
        run_on = _RUN_ON.search(text, value.end(), following) if value else None
        if value and (run_on or start == trouble.field_at):
            entry.fields[name] = folded(text[value.end() : run_on.start() if run_on else following]).strip('{}", ')
    for line in _WHOLE_LINE.finditer(text):
        name = line[1].lower()
        if name not in entry.fields:
            entry.fields[name] = folded(line[2] or line[3] or line[4] or "")
            entry.starts[name] = base + line.start(1)


class _Macros:
    """Macros by lower-case name, looked up in any case as pybtex wants it."""

    def __init__(self, macros: MutableMapping[str, str]) -> None:
        self._macros = macros

    def __getitem__(self, name: str) -> str:
        return self._macros[name.lower()]

    def __setitem__(self, name: str, value: str) -> None:
        self._macros[name.lower()] = value


class _Reader(LowLevelParser):  # type: ignore[misc]  # pybtex ships no types
    """pybtex's parser on one command, noting where the key and the fields stand."""

    def __init__(self, text: str, base: int, at: int, stop: int, macros: MutableMapping[str, str]) -> None:
        super().__init__(text, macros=_Macros(macros))
        self.pos = at + 1 - base
        self.base = base
        self.stop = stop - base
        self.key_at = at
        self.starts: list[int] = []
        self.field_at = -1
        self.troubles: list[Trouble] = []
        self.is_lost = False

    def update_lineno(self, value: str) -> None:
        """Count no lines: positions are offsets here."""

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Note an error instead of raising it."""
        if isinstance(error, _AbandonedError):
            return
        words = str(error.args[0])
        name, at = self.current_field_name or "", self.base + self.pos
        if isinstance(error, UndefinedMacro):
            self.troubles.append(Trouble(Slip.MACRO, at - len(words), words, name, self.field_at))
            return
        self.is_lost = True
        slip = Slip.UNCLOSED if isinstance(error, PrematureEOF) else Slip.SYNTAX
        self.troubles.append(Trouble(slip, at, words, name, self.field_at if name else -1))

    def parse_entry_body(self, body_end: object) -> None:
        """Read the key and the fields of an entry."""
        key = self.optional([self.KEY_PAREN if body_end is self.RPAREN else self.KEY_BRACE])
        if key is None or "=" in key.value or _EQUALS.match(self.text, self.pos):
            self.troubles.append(Trouble(Slip.NO_KEY, self.base + self.pos))
            self.is_lost = True
            raise _AbandonedError("entry key expected", self)
        self.current_entry_key = key.value
        self.key_at = self.base + self.pos - len(key.value)
        self._parse_fields(body_end)

    def _parse_fields(self, body_end: object) -> None:
        while True:
            self.current_field_name = None
            self.current_value: list[str] = []
            try:
                if self._parse_one(body_end):
                    return
            except PrematureEOF:
                raise
            except PybtexSyntaxError as error:
                self.handle_error(error)
                self.is_lost = not self._resume()
                if self.is_lost:
                    raise _AbandonedError(error.args[0], self) from error

    def _parse_one(self, body_end: object) -> bool:
        """Read a field with the comma behind it, and say whether the entry ends there."""
        self.eat_whitespace()
        start = self.base + self.pos
        if self.NAME.match(self.text, self.pos):
            self.field_at = start
        self.parse_field()
        read = (str(self.current_field_name or ""), self.current_value)  # parse_field has set both
        if all(read):
            self.current_fields.append(read)
            self.starts.append(start)
        if self.optional([self.COMMA]):
            return False
        if body_end.match(self.text, self.pos):  # type: ignore[attr-defined]  # a pattern of pybtex
            return True
        expected = "comma" if _FIELD_AHEAD.match(self.text, self.pos) else "comma or end"
        raise PybtexSyntaxError(expected, self)

    def _resume(self) -> bool:
        """Go to the next field after an error, and say whether there is one."""
        if _FIELD_AHEAD.match(self.text, self.pos, self.stop):
            return True
        line = _FIELD_LINE.search(self.text, self.pos, self.stop)
        if line is None:
            return False
        self.pos = line.end()
        return True


class _AbandonedError(PybtexSyntaxError):  # type: ignore[misc]  # pybtex ships no types
    """The rest of an entry cannot be read; the error is noted already."""
