"""The JSON report: stable, versioned, described by the contract in docs/formats."""

from __future__ import annotations

import json
from dataclasses import asdict

from kap_content.checking.due import Due
from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.report.model import Report

VERSION = 1


def render_json(report: Report, *, tool_version: str) -> str:
    """The report as JSON text, with a newline at its end."""
    payload: dict[str, object] = {
        "version": VERSION,
        "tool": {"name": "kap-content", "version": tool_version},
        "as_of": report.as_of.isoformat(),
        "summary": asdict(report.summary),
        "next_due": day.isoformat() if (day := report.next_due()) is not None else None,
        "findings": [_finding(finding) for finding in report.findings],
    }
    if report.upcoming is not None:
        payload["upcoming"] = {"until": report.upcoming.isoformat(), "items": [_due(item) for item in report.due]}
    if report.since is not None:
        payload["since"] = {
            "base": report.since.label,
            "new": [finding.fingerprint for finding in report.findings if finding.fingerprint in report.since.new],
            "gone": [asdict(entry) for entry in report.since.gone],
            "others": report.since.others,
        }
    if report.baseline is not None:
        payload["baseline"] = {
            "known": [_finding(finding) for finding in report.baseline.known],
            "gone": [asdict(entry) for entry in report.baseline.gone],
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


def _due(item: Due) -> dict[str, object]:
    return {
        "on": item.on.isoformat(),
        "code": item.code,
        **_place(item.place),
        "message": item.message,
        "claim": item.claim or None,
        "reference": item.reference or None,
    }


def _place(place: Place) -> dict[str, object]:
    return {"path": place.path, "line": place.line, "column": place.column}
