"""`references.lock`: what the registries said, as JSON that is stable and easy to compare.

`records` holds what is known of each reference, `quotes` the quotations that were found in their source, `topics` what
PubMed answered on newer reviews; the last two are left out while they are empty. A record's fields stand on lines of
their own, keys are sorted and what is empty is left out. Reading goes record by record, so that a damaged one takes
none of the others with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kap_content.load.lock_records import (
    Malformed,
    Written,
    read_quotes,
    read_record,
    read_topic,
    written_quotes,
    written_record,
    written_topic,
)
from kap_content.model.finding import Problem, Related
from kap_content.model.lock import FoundQuotes, Lock, TopicAnswer
from kap_content.model.place import Place
from kap_content.model.record import Record
from kap_content.startup.regex import regex

VERSION = 1

_ANEW = "Run `kap lock` to write it anew."
_AGAIN = "Run `kap lock` to ask for it again."


def dump_lock(
    records: Mapping[str, Record],
    quotes: Mapping[str, FoundQuotes] | None = None,
    topics: Mapping[str, TopicAnswer] | None = None,
) -> str:
    """The text of the lock: the same values give the same bytes, whatever their order."""
    sections = {
        "quotes": {key: written_quotes(value) for key, value in (quotes or {}).items()},
        "records": {key: written_record(value) for key, value in records.items()},
        "topics": {key: written_topic(value) for key, value in (topics or {}).items()},
    }
    shown = [f' "{name}": {_section(all_)},\n' for name, all_ in sections.items() if all_ or name == "records"]
    return f'{{\n{"".join(shown)} "version": {VERSION}\n}}\n'


def _section(written: Mapping[str, Written]) -> str:
    parts = [f" {_string(key)}: {{\n{_fields(written[key])}\n }}" for key in sorted(written)]
    inner = "{\n" + ",\n".join(parts) + "\n}" if parts else "{}"
    return inner.replace("\n", "\n ")


def _fields(written: Written) -> str:
    lines = []
    for name, value in written.items():
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


_SURROGATE = regex("[\ud800-\udfff]")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=_SURROGATE.search(text) is not None)


def parse_lock(path: str, source: str) -> tuple[Lock, tuple[Problem, ...]]:
    """Read the lock: its records, the quotations that were found, the answers on topics; and what could not be read.

    A damaged or conflicting entry is left out.
    """
    reading = _Reading(path, source.removeprefix("\ufeff"))
    reading.run()
    return Lock(reading.records, reading.quotes, reading.topics), reading.told()


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


_WHITE = regex(r"[ \t\n\r]*")
_KEY = regex(r'"(?:[^"\\\n]|\\.)*"(?=\s*:)')
_SECTION = regex(r'^ ?"(?:quotes|records|topics)"\s*:\s*\{', re.MULTILINE)
_WORDS = {
    "quotes": ("list of quotations", "lists of quotations"),
    "records": ("record", "records"),
    "topics": ("answer", "answers"),
}
"""What an entry of each section is called, and what several are."""
_CONFLICT = regex(r"^(<{7}(?= |$)).*?(?:^>{7}(?= |$)[^\n]*|\Z)", re.MULTILINE | re.DOTALL)


class _Reading:
    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.source = source
        self.records: dict[str, Record] = {}
        self.quotes: dict[str, FoundQuotes] = {}
        self.topics: dict[str, TopicAnswer] = {}
        self.problems: list[Problem] = []
        self.at = 0
        self._decoder = json.JSONDecoder()
        self._section = ""
        self._all_seen: dict[str, dict[str, int]] = {}
        self._seen: dict[str, int] = {}
        self._regions: list[_Region] = []

    def told(self) -> tuple[Problem, ...]:
        """The problems in the order of the text."""
        return tuple(sorted(self.problems, key=lambda problem: problem.place))

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
            if key in _WORDS:
                seen = seen or key == "records"
                self._entries(key)
            elif key == "version":
                version, self.at = self._decoder.raw_decode(self.source, self._skip())
                if version != VERSION or isinstance(version, bool):
                    message = f"the lock is of version {version}; version {VERSION} is read"
                    self._report(start, message, "Use the release that wrote it, or run `kap lock --refresh`.")
                    self.records, self.quotes, self.topics = {}, {}, {}
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

    def _entries(self, section: str) -> None:
        """Read a section. Where it is damaged beyond its entries, go on with the next section, if there is one."""
        self._section, self._seen = section, self._all_seen.setdefault(section, {})
        try:
            self._all_entries()
        except (_Abandoned, ValueError, RecursionError) as error:
            following = _SECTION.search(self.source, self.at)
            if following is None:
                raise
            if not isinstance(error, _Abandoned):
                self._report(self.at, f"the lock is no JSON here: {_reason(error)}", _ANEW)
            self.at = following.start()
            self._entries(self._key())

    def _all_entries(self) -> None:
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
            message = f"“{key}” has two {_WORDS[self._section][1]}; neither counts"
            self._report(start, message, _AGAIN, key, (first,))
            self._drop(key)
            return
        self._seen[key] = start
        try:
            self._keep(key, value)
        except Malformed as error:
            word = _WORDS[self._section][0]
            self._report(start, f"the {word} of “{key}” cannot be read: {error}", _AGAIN, key)

    def _keep(self, key: str, value: object) -> None:
        match self._section:
            case "records":
                self.records[key] = read_record(key, value)
            case "quotes":
                self.quotes[key] = read_quotes(value)
            case _:
                self.topics[key] = read_topic(value)

    def _drop(self, key: str) -> None:
        match self._section:
            case "records":
                self.records.pop(key, None)
            case "quotes":
                self.quotes.pop(key, None)
            case _:
                self.topics.pop(key, None)

    def _resume(self, start: int, indent: str) -> bool:
        """Go to the section's next key that is indented as its entries are; False where there is none."""
        pattern = re.compile(rf"^{indent}(?={_KEY.pattern}\s*:\s*\{{)", re.MULTILINE)
        following = _SECTION.search(self.source, start)
        end = following.start() if following is not None else len(self.source)
        match = pattern.search(self.source, start, end) if indent else None
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
