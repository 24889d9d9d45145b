"""Reading the JSON report of a shard back, as `report.json_report` wrote it.

A report may come from anywhere: each value is looked at before it is used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from kap_content.checking.due import Due
from kap_content.checking.engine import Part, Suppressed
from kap_content.model.errors import ProjectError
from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.known import Known
from kap_content.model.place import Place
from kap_content.model.shard import MOST, Shard
from kap_content.report.json_report import VERSION
from kap_content.report.model import Inputs, Summary
from kap_content.rules._rule import all_rules

T = TypeVar("T")

_WRITE = "Write one with `kap check --shard K/N --format json`."


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The report of a shard as it was read from `file`; paths are those that the report shows."""

    file: str
    tool: str
    as_of: date
    summary: Summary
    shard: Shard
    inputs: Inputs
    part: Part
    known: tuple[Finding, ...] | None
    gone: tuple[Known, ...]
    rules: tuple[str, ...]
    pages: Mapping[str, int]
    names: Mapping[str, str]
    lines: Mapping[str, Mapping[int, str]]
    next_due: date | None
    upcoming: date | None
    due: tuple[Due, ...]

    def __str__(self) -> str:
        return f"{self.file} (shard {self.shard})"

    def paths(self) -> Iterator[str]:
        """The paths that the report shows, some of them more than once."""
        part = self.part
        held = (item.finding for item in part.suppressed)
        for finding in (*part.findings, *(self.known or ()), *part.idle, *held):
            yield finding.place.path
            yield from (other.place.path for other in finding.related)
        yield from (place.path for place in part.used)
        yield from self.pages


def read_report(file: str, text: str) -> ShardReport:
    """Read what `kap check --shard --format json` wrote; a `ProjectError` that names the file for anything else."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        message = f"this report is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise ProjectError(message, place, _WRITE) from None
    except RecursionError:
        raise ProjectError("this is no report: brackets stand too deep in each other", Place(file), _WRITE) from None
    except ValueError as error:  # a number of thousands of digits
        raise ProjectError(f"this is no report: {error}", Place(file), _WRITE) from None
    if not isinstance(data, dict) or data.get("version") != VERSION or "findings" not in data:
        raise ProjectError(f"this is no report of kap in version {VERSION}", Place(file), _WRITE)
    if "shard" not in data:
        message = "this is the report of a whole project, not of a shard"
        raise ProjectError(message, Place(file), _WRITE)
    try:
        return _report(file, data)
    except (KeyError, TypeError, ValueError) as error:
        raise ProjectError(f"this report of a shard cannot be read: {error}", Place(file), _WRITE) from None


_CODES = frozenset(rule.code for rule in all_rules())


def _report(file: str, data: Mapping[str, object]) -> ShardReport:
    share = _get(data, "shard", dict)
    shard = Shard(_number(share, "number"), _number(share, "of"))
    if not 1 <= shard.number <= shard.of <= MOST:
        raise ValueError(f"there is no shard {shard}")
    inputs = _get(share, "inputs", dict)
    known: tuple[Finding, ...] | None = None
    gone: tuple[Known, ...] = ()
    if "baseline" in data:
        baseline = _get(data, "baseline", dict)
        known, gone = _each(baseline, "known", _finding), _each(baseline, "gone", _known)
    upcoming: date | None = None
    due: tuple[Due, ...] = ()
    if "upcoming" in data:
        listed = _get(data, "upcoming", dict)
        upcoming, due = _day(listed, "until"), _each(listed, "items", _due)
    return ShardReport(
        file=file,
        tool=_get(_get(data, "tool", dict), "version", str),
        as_of=_day(data, "as_of"),
        summary=_summary(_get(data, "summary", dict)),
        shard=shard,
        inputs=Inputs(
            _get(inputs, "settings", str),
            _get(inputs, "data", str),
            {int(number): str(digest) for number, digest in _get(inputs, "pages", dict).items()},
        ),
        part=Part(
            _each(data, "findings", _finding),
            _each(share, "suppressed", lambda item: Suppressed(_finding(item), _get(item, "reason", str))),
            _each(share, "idle", _idle),
            frozenset(_each(share, "used", _place)),
        ),
        known=known,
        gone=gone,
        rules=_each(share, "rules", str),
        pages={str(path): int(number) for path, number in _get(share, "pages", dict).items()},
        names={str(path): str(name) for path, name in _get(share, "names", dict).items()},
        lines={
            str(path): {int(number): str(text) for number, text in dict(lines).items()}
            for path, lines in _get(share, "lines", dict).items()
        },
        next_due=_day(data, "next_due") if data.get("next_due") is not None else None,
        upcoming=upcoming,
        due=due,
    )


def _get(plain: object, name: str, kind: type[T]) -> T:
    if not isinstance(plain, dict):
        raise TypeError("an object is missing")
    value = plain.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"“{name}” is missing or of another type")
    return value


def _number(plain: object, name: str) -> int:
    number = _get(plain, name, int)
    if number < 0:
        raise ValueError(f"“{name}” is negative")
    return number


def _day(plain: object, name: str) -> date:
    return date.fromisoformat(_get(plain, name, str))


def _each(plain: object, name: str, made: Callable[[object], T]) -> tuple[T, ...]:
    return tuple(made(item) for item in _get(plain, name, list))


def _place(plain: object) -> Place:
    path = _get(plain, "path", str)
    line, column, end_line, end_column = (_number(plain, name) for name in ("line", "column", "end_line", "end_column"))
    return Place(path, line, column, end_line, end_column)


def _finding(plain: object) -> Finding:
    code = _get(plain, "code", str)
    if code not in _CODES:
        raise ValueError(f"there is no rule {code}")
    return Finding(
        code=code,
        name=_get(plain, "name", str),
        severity=Severity(_get(plain, "severity", str)),
        place=_place(plain),
        message=_get(plain, "message", str),
        help=_get(plain, "help", str),
        claim=_optional(plain, "claim"),
        reference=_optional(plain, "reference"),
        related=_each(plain, "related", lambda item: Related(_place(item), _get(item, "message", str))),
        fingerprint=_get(plain, "fingerprint", str),
    )


def _idle(plain: object) -> Finding:
    """A finding whose fingerprint is still the text that it is made from."""
    about = _get(plain, "about", str)
    return _finding({**plain, "fingerprint": about} if isinstance(plain, dict) else plain)


def _optional(plain: object, name: str) -> str:
    return "" if isinstance(plain, dict) and plain.get(name) is None else _get(plain, name, str)


def _known(plain: object) -> Known:
    return Known(*(_get(plain, name, str) for name in ("path", "code", "fingerprint", "message")))


def _due(plain: object) -> Due:
    return Due(
        _day(plain, "on"),
        _get(plain, "code", str),
        Place(_get(plain, "path", str), _number(plain, "line"), _number(plain, "column")),
        _get(plain, "message", str),
        _optional(plain, "claim"),
        _optional(plain, "reference"),
    )


def _summary(plain: object) -> Summary:
    return Summary(**{field.name: _number(plain, field.name) for field in fields(Summary)})
