"""`references.lock`: what the registries said, as JSON that is stable and easy to compare.

A record's fields stand on lines of their own, keys are sorted and what is empty is left out. Reading goes record
by record, so that a damaged one takes none of the others with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kap_content.load.lock_records import Malformed, read_record, written_record
from kap_content.model.finding import Problem, Related
from kap_content.model.place import Place
from kap_content.model.record import Record

LOCK = "references.lock"
VERSION = 1

_ANEW = "Run `kap lock` to write it anew."
_AGAIN = "Run `kap lock` to ask for it again."


def dump_lock(records: Mapping[str, Record]) -> str:
    """The text of the lock: the same records give the same bytes, whatever their order."""
    parts = [f" {_string(key)}: {{\n{_fields(records[key])}\n }}" for key in sorted(records)]
    inner = "{\n" + ",\n".join(parts) + "\n}" if parts else "{}"
    indented = inner.replace("\n", "\n ")
    return f'{{\n "records": {indented},\n "version": {VERSION}\n}}\n'


def _fields(record: Record) -> str:
    lines = []
    for name, value in written_record(record).items():
        if isinstance(value, str):
            lines.append(f"  {_string(name)}: {_string(value)}")
        else:
            items = ",\n".join(f"   {_compact(item)}" for item in value)
            lines.append(f"  {_string(name)}: [\n{items}\n  ]")
    return ",\n".join(lines)


def _compact(item: str | Mapping[str, str]) -> str:
    if isinstance(item, str):
        return _string(item)
    return "{" + ", ".join(f"{_string(name)}: {_string(value)}" for name, value in item.items()) + "}"


_SURROGATE = re.compile("[\ud800-\udfff]")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=_SURROGATE.search(text) is not None)


def parse_lock(path: str, source: str) -> tuple[dict[str, Record], tuple[Problem, ...]]:
    """Read the lock: records by key, and what could not be read. A damaged or conflicting record is left out."""
    reading = _Reading(path, source.removeprefix("\ufeff"))
    reading.run()
    return reading.records, tuple(sorted(reading.problems, key=lambda problem: problem.place))


def has_conflict(source: str) -> bool:
    """Whether an unresolved merge stands in the text: writing over it would decide it for the person who merges."""
    return _CONFLICT.search(source) is not None


class _Abandoned(Exception):  # noqa: N818 - the problem has been reported
    """No further record can be told apart from what is damaged."""


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg[:1].lower() + error.msg[1:]
    return "brackets stand too deep in each other" if isinstance(error, RecursionError) else str(error)


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of the text between conflict markers."""

    start: int
    end: int


_WHITE = re.compile(r"[ \t\n\r]*")
_KEY = re.compile(r'"(?:[^"\\\n]|\\.)*"(?=\s*:)')
_RECORDS = re.compile(r'"records"\s*:\s*\{')
_CONFLICT = re.compile(r"^(<{7}(?= |$)).*?(?:^>{7}(?= |$)[^\n]*|\Z)", re.MULTILINE | re.DOTALL)


class _Reading:
    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source
        self.records: dict[str, Record] = {}
        self.problems: list[Problem] = []
        self.at = 0
        self._decoder = json.JSONDecoder()
        self._seen: dict[str, int] = {}
        self._regions: list[_Region] = []

    def run(self) -> None:
        """Read the whole."""
        self._blank_conflicts()
        if not self.source.strip():
            if not self._regions:
                self._report(0, "the lock is empty", "Delete it, or run `kap lock` to write it anew.")
            return
        try:
            self._top()
        except _Abandoned:
            return
        except (ValueError, RecursionError) as error:
            self._report(self.at, f"the lock is no JSON here: {_reason(error)}", _ANEW)

    def _blank_conflicts(self) -> None:
        """Report unresolved merge conflicts and blank them, so that what stands around them is read."""

        def blank(match: re.Match[str]) -> str:
            self._regions.append(_Region(match.start(), match.end()))
            last = self._line(match.end())
            message = f"a merge conflict from here to line {last} was never resolved"
            help_text = "Keep either side, delete the marker lines, and run `kap lock`."
            self._report(match.start(), message, help_text)
            return re.sub(r"[^\n]", " ", match[0])

        if "<<<<<<<" in self.source:
            self.source = _CONFLICT.sub(blank, self.source)

    def _top(self) -> None:
        self._expect("{")
        seen = False
        while not self._comes("}"):
            start = self._skip()
            key = self._key()
            if key == "records":
                seen = True
                self._all_records()
            elif key == "version":
                version, self.at = self._decoder.raw_decode(self.source, self._skip())
                if version != VERSION or isinstance(version, bool):
                    message = f"the lock is of version {version}; version {VERSION} is read"
                    self._report(start, message, "Use the release that wrote it, or run `kap lock --refresh`.")
                    self.records.clear()
                    return
            else:
                self._report(start, f"“{key}” is no part of a lock", _ANEW)
                _, self.at = self._decoder.raw_decode(self.source, self._skip())
            self._comma()
        self._expect("}")
        if self._skip() < len(self.source):
            self._report(self.at, "text stands behind the end of the lock", _ANEW)
        if not seen:
            self._report(0, "the lock holds no “records”", _ANEW)

    def _all_records(self) -> None:
        self._expect("{")
        indent = self._indent()
        while not self._comes("}"):
            start = self._skip()
            key = ""
            try:
                key = self._key()
                value, self.at = self._decoder.raw_decode(self.source, self._skip())
            except (ValueError, RecursionError) as error:
                self._damaged(start, key, error, indent)
                continue
            self._take(key, value, start)
            try:
                self._comma()
            except ValueError as error:
                if not self._is_conflicting(start, self.at):
                    self._report(self.at, f"this is no JSON: {_reason(error)}", _AGAIN, key)
                if not self._comes('"') and not self._comes("}") and not self._resume(self.at, indent):
                    raise _Abandoned from None
        self._expect("}")

    def _damaged(self, start: int, key: str, error: Exception, indent: str) -> None:
        """Report a record that is no JSON, and go on behind it."""
        if not self._is_conflicting(start, max(self.at, start + 1)):
            place = error.pos if isinstance(error, json.JSONDecodeError) else self.at
            self._report(place, f"this is no JSON: {_reason(error)}", _AGAIN, key)
        if not self._resume(max(self.at, start + 1), indent):
            raise _Abandoned from None

    def _take(self, key: str, value: object, start: int) -> None:
        if self._is_conflicting(start, self.at):
            self._seen.setdefault(key, start)
            return
        if key in self._seen:
            first = Related(self._place(self._seen[key]), "recorded here first")
            message = f"“{key}” has two records; neither counts"
            self._report(start, message, _AGAIN, key, (first,))
            self.records.pop(key, None)
            return
        self._seen[key] = start
        try:
            self.records[key] = read_record(key, value)
        except Malformed as error:
            self._report(start, f"the record of “{key}” cannot be read: {error}", _AGAIN, key)

    def _resume(self, start: int, indent: str) -> bool:
        """Go to the next key that is indented as records are; False where there is none."""
        pattern = re.compile(rf"^{indent}(?={_KEY.pattern}\s*:\s*\{{)", re.MULTILINE)
        match = pattern.search(self.source, start) if indent else None
        if match is None:
            return False
        self.at = match.end()
        return True

    def _indent(self) -> str:
        start = self._skip()
        line = self.source[self.source.rfind("\n", 0, start) + 1 : start]
        return line if not line.strip() else ""

    def _key(self) -> str:
        match = _KEY.match(self.source, self._skip())
        if match is None:
            raise ValueError("a name in double quotes is wanted")
        key = json.loads(match[0])
        self.at = match.end()
        self._expect(":")
        return str(key)

    def _comma(self) -> None:
        if not self._comes("}"):
            self._expect(",")
            if self._regions:
                while self._comes(","):
                    self.at += 1
            elif self._comes("}"):
                raise ValueError("a comma stands before the closing brace")

    def _expect(self, mark: str) -> None:
        if not self._comes(mark):
            raise ValueError(f"“{mark}” is wanted")
        self.at += 1

    def _comes(self, mark: str) -> bool:
        return self.source.startswith(mark, self._skip())

    def _skip(self) -> int:
        match = _WHITE.match(self.source, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _is_conflicting(self, start: int, end: int) -> bool:
        return any(region.start < end and start < region.end for region in self._regions)

    def _report(
        self,
        index: int,
        message: str,
        help: str,  # noqa: A002 - as in Finding
        key: str = "",
        related: tuple[Related, ...] = (),
    ) -> None:
        self.problems.append(Problem("CLM009", self._place(index), message, help, reference=key, related=related))

    def _place(self, index: int) -> Place:
        return Place(self.path, self._line(index), index - self.source.rfind("\n", 0, index))

    def _line(self, index: int) -> int:
        return self.source.count("\n", 0, index) + 1
