"""JUnit XML, for build servers: one test case a rule and file."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from kap_content.model.finding import Finding, Severity
from kap_content.report.model import Report
from kap_content.report.text import visible


def render_junit(report: Report) -> str:
    """The report as XML. A case fails where the rule found something at or above the run's threshold in that file.

    Findings below that stand in the case's output. Every rule that ran has a case for every page, so that a
    build server sees what was checked and not only what was wrong.
    """
    cases: dict[tuple[str, str], list[Finding]] = {
        (page, rule.code): [] for page in report.pages for rule in report.rules
    }
    for finding in report.findings:
        cases.setdefault((finding.place.path, finding.code), []).append(finding)
    names = {rule.code: rule.name for rule in report.rules} | {
        finding.code: finding.name for finding in report.findings
    }
    root = ET.Element("testsuites", name="kap-content")
    for path, keys in groupby(sorted(cases), key=lambda key: key[0]):
        codes = [code for _, code in keys]
        failed = sum(_fails(cases[path, code], report.fail_on) for code in codes)
        counts = {"tests": str(len(codes)), "failures": str(failed), "errors": "0", "skipped": "0"}
        suite = ET.SubElement(root, "testsuite", {"name": _text(path), **counts})
        for code in codes:
            _case(suite, path, f"{code} {names[code]}", cases[path, code], report.fail_on)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _fails(findings: list[Finding], fail_on: Severity) -> bool:
    return any(finding.severity.reaches(fail_on) for finding in findings)


def _case(suite: ET.Element, path: str, name: str, findings: list[Finding], fail_on: Severity) -> None:
    case = ET.SubElement(suite, "testcase", classname=_text(path), name=name, time="0")
    failing = [finding for finding in findings if finding.severity.reaches(fail_on)]
    if failing:
        failure = ET.SubElement(case, "failure", message=_text(failing[0].message), type=str(failing[0].severity))
        failure.text = _text("\n".join(_line(finding) for finding in failing))
    rest = [finding for finding in findings if finding not in failing]
    if rest:
        ET.SubElement(case, "system-out").text = _text("\n".join(_line(finding) for finding in rest))


def _line(finding: Finding) -> str:
    return f"{finding.place}: {finding.severity}: {finding.message}" + (f" {finding.help}" if finding.help else "")


def _text(text: str) -> str:
    """XML 1.0 cannot hold most control characters at all, not even escaped."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
