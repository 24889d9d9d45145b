"""JUnit XML, for build servers: one test case a rule and file."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from kap_content.model.finding import Finding, Severity
from kap_content.report.model import Report
from kap_content.report.text import visible


def render_junit(report: Report) -> str:
    """The report as XML. A case fails where the rule found something at or above the run's threshold in that file.

    Findings below that stand in the output of the file's suite. Every rule that ran has a case for every page, so
    that a build server sees what was checked and not only what was wrong.
    """
    cases: dict[tuple[str, str], list[Finding]] = {
        (page, rule.code): [] for page in report.pages for rule in report.rules
    }
    for finding in report.findings:
        cases.setdefault((finding.place.path, finding.code), []).append(finding)
    names = {rule.code: rule.name for rule in report.rules} | {
        finding.code: finding.name for finding in report.findings
    }
    root = ET.Element("testsuites")
    for number, (path, keys) in enumerate(groupby(sorted(cases), key=lambda key: key[0])):
        codes = [code for _, code in keys]
        found = {f"{code} {names[code]}": cases[path, code] for code in codes}
        root.append(_suite(number, path, found, report))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(number: int, path: str, found: dict[str, list[Finding]], report: Report) -> ET.Element:
    """The suite of a file. Attributes and elements are those that both common schemas know, in their order."""
    name = _token(path)
    suite = ET.Element(
        "testsuite",
        name=name,
        package=name,
        id=str(number),
        timestamp=f"{report.as_of}T00:00:00",
        hostname="localhost",
        tests=str(len(found)),
        failures=str(sum(_fails(findings, report.fail_on) for findings in found.values())),
        errors="0",
        skipped="0",
        time="0",
    )
    ET.SubElement(suite, "properties")
    rest: list[Finding] = []
    for case, findings in found.items():
        rest += _case(suite, name, case, findings, report.fail_on)
    ET.SubElement(suite, "system-out").text = _text("\n".join(_line(finding) for finding in rest))
    ET.SubElement(suite, "system-err")
    return suite


def _fails(findings: list[Finding], fail_on: Severity) -> bool:
    return any(finding.severity.reaches(fail_on) for finding in findings)


def _case(suite: ET.Element, path: str, name: str, findings: list[Finding], fail_on: Severity) -> list[Finding]:
    """Add the case of a rule; give back the findings that do not fail it."""
    case = ET.SubElement(suite, "testcase", classname=path, name=name, time="0")
    failing = [finding for finding in findings if finding.severity.reaches(fail_on)]
    if failing:
        failure = ET.SubElement(case, "failure", message=_text(failing[0].message), type=str(failing[0].severity))
        failure.text = _text("\n".join(_line(finding) for finding in failing))
    return [finding for finding in findings if not finding.severity.reaches(fail_on)]


def _line(finding: Finding) -> str:
    return f"{finding.place}: {finding.severity}: {finding.message}" + (f" {finding.help}" if finding.help else "")


def _token(text: str) -> str:
    """White space folded, as the schemas have names."""
    return " ".join(_text(text).split()) or "-"


def _text(text: str) -> str:
    """XML 1.0 cannot hold most control characters at all, not even escaped."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
