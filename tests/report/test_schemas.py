"""Every format against its schema, on reports with all that a report can hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from kap_content.checking.baseline import Compared
from kap_content.checking.changes import Since
from kap_content.checking.due import Due
from kap_content.checking.engine import Suppressed
from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.known import Known
from kap_content.model.place import Place
from kap_content.model.shard import Shard
from kap_content.report.formats import Format, render
from kap_content.report.model import Inputs, Report, Share, Summary
from kap_content.rules._rule import all_rules

DAY = date(2026, 11, 22)
RULES = all_rules()
HOSTILE = "“50 %”\r\n<b>]]></b> \x00\x07\u202e\ud800\ufffe & \\ `x` | @all #1 https://evil.example \U0001f600"
PLACES = (Place("pages/ä b.md", 2, 6, 3, 1), Place("..\\c:d.md"), Place("claims.yaml", 3, 4))
FINDINGS = tuple(
    Finding(
        rule.code,
        rule.name,
        severity,
        PLACES[number % 3],
        HOSTILE if number % 2 else "plain",
        help="" if number % 3 else "Do it.",
        claim="A-1" if number % 2 else "",
        reference="" if number % 2 else "key",
        related=(Related(PLACES[number % 3], HOSTILE),) * (number % 3),
        fingerprint=f"{number:016x}",
    )
    for number, (rule, severity) in enumerate(zip(RULES, list(Severity) * len(RULES), strict=False))
)
KNOWN = Known("pages/a.md", "CLM002", "0" * 16, HOSTILE)
EMPTY = Report(DAY, Summary(0, 0, 0, 0, 0, 0, 0, 0), ())
FULL = Report(
    DAY,
    Summary(20, 20, 20, 1, 3, 1, 1, 1),
    FINDINGS,
    suppressed=(Suppressed(FINDINGS[0], HOSTILE),),
    lines={"pages/ä b.md": ["", "Ärzte \U0001f600 helfen.", ""]},
    rules=RULES,
    pages=("pages/ä b.md", "pages/other.md"),
    since=Since("main", frozenset({FINDINGS[0].fingerprint}), (KNOWN,) * 30, 3),
    baseline=Compared(FINDINGS, FINDINGS[:4], (KNOWN,)),
    upcoming=date(2027, 2, 20),
    due=(Due(date(2026, 12, 1), "CUR001", PLACES[2], HOSTILE, "A-1"),) * 12,
    next_due=lambda: date(2026, 12, 1),
)
SHARE = Share(
    Shard(1, 2),
    Inputs("0" * 64, "1" * 64, {1: "2" * 64, 2: "3" * 64}),
    order=(0, 7),
    idle=FINDINGS[:3],
    used=frozenset(PLACES),
    names={"pages/ä b.md": "site/pages/ä b.md"},
)
REPORTS = pytest.mark.parametrize(
    "report",
    [EMPTY, FULL, replace(FULL, fail_on=Severity.NOTE, baseline=None), replace(FULL, since=None, share=SHARE)],
)


def shown(report: Report, form: Format) -> str:
    text = render(report, form, colour=False, columns=0, tool_version="1.2.3")
    text.encode("utf-8", "backslashreplace")
    return text


def faults(schema: object, value: object) -> list[str]:
    kind = validator_for(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@REPORTS
def test_json_is_what_the_shipped_schema_says(report: Report) -> None:
    schema = json.loads(files("kap_content.report").joinpath("report.schema.json").read_text("utf-8"))
    validator_for(schema).check_schema(schema)
    assert faults(schema, json.loads(shown(report, Format.JSON))) == []


def test_the_shipped_schema_refuses_what_the_contract_does_not_know() -> None:
    schema = json.loads(files("kap_content.report").joinpath("report.schema.json").read_text("utf-8"))
    report = json.loads(shown(FULL, Format.JSON))
    report["findings"][0]["line"] = 0
    report["findings"][1]["colour"] = "red"
    del report["summary"]["unchecked"]
    assert len(faults(schema, report)) == 3


@REPORTS
def test_sarif_is_what_oasis_says(report: Report, published: Callable[[str], Path]) -> None:
    schema = json.loads(published("sarif-schema-2.1.0.json").read_text("utf-8"))
    assert faults(schema, json.loads(shown(report, Format.SARIF))) == []


def test_sarif_has_what_code_scanning_asks_for() -> None:
    log = json.loads(shown(FULL, Format.SARIF))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["properties"]["precision"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert result["partialFingerprints"]["primaryLocationLineHash"]


def test_sarif_says_what_the_baseline_knew() -> None:
    (run,) = json.loads(shown(FULL, Format.SARIF))["runs"]
    states = [result["baselineState"] for result in run["results"]]
    assert states.count("new") == len(FINDINGS) + 1
    assert states.count("unchanged") == 4
    (run,) = json.loads(shown(replace(FULL, baseline=None), Format.SARIF))["runs"]
    assert not any("baselineState" in result for result in run["results"])


@REPORTS
@pytest.mark.parametrize("name", ["JUnit.xsd", "junit-10.xsd"])
def test_junit_is_what_both_common_schemas_say(
    report: Report, name: str, published: Callable[[str], Path], tmp_path: Path
) -> None:
    import xmlschema

    path = tmp_path / "report.xml"
    path.write_text(shown(report, Format.JUNIT), "utf-8")
    assert [error.reason for error in xmlschema.XMLSchema(str(published(name))).iter_errors(str(path))] == []


def test_junit_has_the_attributes_that_servers_read() -> None:
    root = ET.fromstring(shown(FULL, Format.JUNIT).encode("utf-8"))
    assert root.tag == "testsuites"
    assert not root.attrib
    for number, suite in enumerate(root):
        assert suite.get("id") == str(number)
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert [child.tag for child in suite if child.tag != "testcase"] == ["properties", "system-out", "system-err"]
        assert len({case.get("name") for case in cases}) == len(cases)


@REPORTS
def test_rdjson_is_what_reviewdog_says(report: Report, published: Callable[[str], Path]) -> None:
    schema = json.loads(published("rdjson-DiagnosticResult.json").read_text("utf-8"))
    assert faults(schema, json.loads(shown(report, Format.RDJSON))) == []


def test_rdjson_uses_the_names_of_the_protocol() -> None:
    result = json.loads(shown(FULL, Format.RDJSON))
    assert set(result) == {"source", "severity", "diagnostics"}
    for diagnostic in result["diagnostics"]:
        assert set(diagnostic) == {"message", "location", "severity", "code", "related_locations"}
        assert diagnostic["severity"] in ("ERROR", "WARNING", "INFO")


def test_markdown_tells_what_is_new_gone_and_due() -> None:
    text = shown(FULL, Format.MARKDOWN)
    assert "Since `main`: **1 new**, 30 gone." in text
    assert text.count("🆕") == 2  # the legend and the finding
    assert "3 other findings that this change does not touch: not shown." in text
    assert "- and 10 more" in text
    assert "4 findings in the baseline: not shown. 1 of its findings gone." in text
    assert "#### Falls due by 2027-02-20" in text
    assert "- **2026-12-01** CUR001 and 7 more" in text


def test_markdown_stays_below_what_hosting_services_take_and_says_what_it_left_out() -> None:
    many = tuple(replace(FINDINGS[0], message=f"{number} " + "x" * 200) for number in range(1000))
    text = shown(replace(FULL, findings=many), Format.MARKDOWN)
    assert len(text) < 65_536
    shown_ones = text.count("**error**")
    assert f"and {1000 - shown_ones} more; see the whole report." in text
    assert "#### Falls due by" in text


@given(st.text(min_size=1))
def test_no_text_breaks_a_line_or_a_table_of_markdown(text: str) -> None:
    finding = replace(FINDINGS[0], code="STS001", message=text, related=(Related(Place(text), text),))
    report = replace(EMPTY, findings=(finding,))
    made = shown(report, Format.MARKDOWN)
    assert len(made.split("\n")) == len(
        shown(replace(report, findings=(replace(finding, message="x"),)), Format.MARKDOWN).split("\n")
    )
    assert "<script" not in made
    assert "@a" not in made


@pytest.mark.parametrize("form", list(Format))
def test_no_format_ends_lines_with_a_carriage_return_or_passes_a_control_character(form: Format) -> None:
    text = shown(FULL, form)
    assert "\r" not in text
    assert "\x07" not in text
    assert "\x00" not in text
    assert "\x1b" not in text
