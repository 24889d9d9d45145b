"""The JSON report: stable, versioned, described by the contract in docs/formats."""

from __future__ import annotations

import json
from dataclasses import asdict

from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.report.model import Report

VERSION = 1


def render_json(report: Report, *, tool_version: str) -> str:
    """The report as JSON text, with a newline at its end."""
    payload = {
        "version": VERSION,
        "tool": {"name": "kap-content", "version": tool_version},
        "as_of": report.as_of.isoformat(),
        "summary": asdict(report.summary),
        "findings": [_finding(finding) for finding in report.findings],
    }
    return json.dumps(payload, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        **_place(finding.place),
        "end_line": finding.place.end_line,
        "end_column": finding.place.end_column,
        "message": finding.message,
        "help": finding.help,
        "claim": finding.claim or None,
        "reference": finding.reference or None,
        "related": [{**_place(other.place), "message": other.message} for other in finding.related],
        "fingerprint": finding.fingerprint,
    }


def _place(place: Place) -> dict[str, object]:
    return {"path": place.path, "line": place.line, "column": place.column}
