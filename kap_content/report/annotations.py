"""Formats for pull requests: GitHub workflow commands and reviewdog's rdjson."""

from __future__ import annotations

import json

from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.report.model import Report
from kap_content.report.text import visible

_GITHUB_LIMIT = 10
"""GitHub shows this many annotations of each level a step; what is past it is summed up."""


def render_github(report: Report) -> str:
    """`::error file=,line=,…::message` lines, the gravest first, and one line for what GitHub would not show."""
    lines: list[str] = []
    for severity in Severity:
        found = [finding for finding in report.findings if finding.severity is severity]
        command = "notice" if severity is Severity.NOTE else str(severity)
        room = _GITHUB_LIMIT if len(found) <= _GITHUB_LIMIT else _GITHUB_LIMIT - 1
        lines.extend(_github(command, finding) for finding in found[:room])
        if found[room:]:
            lines.append(f"::{command} title=kap-content::{len(found) - room} more; see the log of this step")
    return "".join(f"{line}\n" for line in lines)


def _github(command: str, finding: Finding) -> str:
    place = finding.place
    fields = {"file": place.path, "line": str(place.line), "col": str(place.column)}
    if place.end_line == place.line and place.end_column > place.column:
        fields["endColumn"] = str(place.end_column - 1)
    fields["title"] = f"{finding.code} {finding.name}"
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    properties = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    return f"::{command} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_rdjson(report: Report) -> str:
    """Reviewdog's diagnostic format; its columns are 1-based UTF-8 bytes with an exclusive end."""
    payload = {
        "source": {"name": "kap-content"},
        "severity": "WARNING",
        "diagnostics": [_diagnostic(finding, report) for finding in report.findings],
    }
    return json.dumps(payload, ensure_ascii=False, indent=2) + "\n"


_RD_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def _diagnostic(finding: Finding, report: Report) -> dict[str, object]:
    return {
        "message": f"{finding.message}\n{finding.help}" if finding.help else finding.message,
        "location": _rd_location(finding.place, report),
        "severity": _RD_SEVERITIES[finding.severity],
        "code": {"value": finding.code},
        "related_locations": [
            {"message": other.message, "location": _rd_location(other.place, report)} for other in finding.related
        ],
    }


def _rd_location(place: Place, report: Report) -> dict[str, object]:
    return {
        "path": place.path,
        "range": {
            "start": {"line": place.line, "column": _bytes(report, place.path, place.line, place.column)},
            "end": {"line": place.end_line, "column": _bytes(report, place.path, place.end_line, place.end_column)},
        },
    }


def _bytes(report: Report, path: str, line: int, column: int) -> int:
    """The column in bytes; where the line is not at hand the column in characters is the best there is."""
    source = report.source_line(path, line)
    return column if source is None else len(source[: column - 1].encode("utf-8", "replace")) + 1
