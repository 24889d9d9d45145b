"""SARIF 2.1.0, for code-scanning services (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json

from kap_content.checking.engine import Suppressed
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.report.model import Report
from kap_content.rules._rule import Rule, all_rules

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(report: Report, *, tool_version: str) -> str:
    """The report as a SARIF log of one run; held-back findings are results with a suppression."""
    rules = all_rules()
    index = {rule.code: number for number, rule in enumerate(rules)}
    results = [_result(finding, index) | _baselined(report, "new") for finding in report.findings]
    if report.baseline is not None:
        # What the baseline knows is in the log: a service that misses a result takes it for mended.
        results += [_result(finding, index) | _baselined(report, "unchanged") for finding in report.baseline.known]
    results += [_suppressed(item, index) | _baselined(report, "new") for item in report.suppressed]
    driver = {
        "name": "kap-content",
        "version": tool_version,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


_PRECISIONS = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.NOTE: "low"}
"""Code scanning lists rules in this order; it is no measurement."""


def _rule(rule: Rule) -> dict[str, object]:
    documentation = rule.documentation
    text = f"{documentation.summary}\n\nWhy: {documentation.why}\n\nFix: {documentation.fix}"
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": documentation.summary.partition("\n")[0]},
        "fullDescription": {"text": documentation.summary},
        "help": {"text": text, "markdown": text.replace("Why:", "**Why.**").replace("Fix:", "**Fix.**")},
        "defaultConfiguration": {"level": str(rule.severity)},
        "properties": {"precision": _PRECISIONS[rule.severity], "tags": [rule.family]},
    }


def _result(finding: Finding, index: dict[str, int]) -> dict[str, object]:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": str(finding.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(finding.place)}],
        "partialFingerprints": {"primaryLocationLineHash": finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(other.place), "message": {"text": other.message}}
            for number, other in enumerate(finding.related, start=1)
        ]
    return result


def _baselined(report: Report, state: str) -> dict[str, object]:
    """The state of a result where a baseline is given. What is gone is no result: services would show it."""
    return {} if report.baseline is None else {"baselineState": state}


def _suppressed(item: Suppressed, index: dict[str, int]) -> dict[str, object]:
    suppression = {"kind": "inSource", "justification": item.reason}
    return {**_result(item.finding, index), "suppressions": [suppression]}


def _location(place: Place) -> dict[str, object]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {"artifactLocation": {"uri": _uri(place.path)}, "region": region}


def _uri(path: str) -> str:
    """The path as a relative reference, or as a file address where it names a drive."""
    from urllib.parse import quote

    try:
        data = path.encode("utf-8", "surrogateescape")  # a name that is not UTF-8 keeps its bytes
    except UnicodeEncodeError:
        data = path.encode("utf-8", "replace")
    has_drive = path[1:3] == ":/" and path[0].isalpha()
    return f"file:///{quote(data, safe='/:')}" if has_drive else quote(data)
