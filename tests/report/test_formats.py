from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

from kap_content.checking.engine import Suppressed
from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.place import Place
from kap_content.report.formats import Format, render
from kap_content.report.model import Report, Summary
from kap_content.rules._rule import all_rules

FINDING = Finding(
    code="WRD001",
    name="absolute",
    severity=Severity.WARNING,
    place=Place("pages/a b.md", 2, 6, 2, 12),
    message="“always, 100 %” <b>hostile</b> \x07 @everyone",
    help="Qualify it.",
    related=(Related(Place("claims.yaml", 3, 4), "registered here"),),
    fingerprint="feedface00000000",
)
RULE = next(rule for rule in all_rules() if rule.code == "WRD001")


def shown(form: Format, *findings: Finding, **fields: object) -> str:
    report = Report(
        as_of=date(2026, 11, 22),
        summary=Summary(0, len(findings), 0, 0, 1, 1, 1, 0),
        findings=findings,
        lines={"pages/a b.md": ["", "Ärzte always help."]},
        pages=("pages/a b.md",),
        rules=(RULE,),
    )
    return render(replace(report, **fields), form, colour=False, columns=0, tool_version="1")  # type: ignore[arg-type] # fields by name


def test_sarif_names_the_rule_the_region_and_a_lasting_fingerprint() -> None:
    run = json.loads(shown(Format.SARIF, FINDING))["runs"][0]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "WRD001"
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "pages/a%20b.md"
    assert location["region"] == {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 12}
    assert result["partialFingerprints"] == {"primaryLocationLineHash": "feedface00000000"}


def test_sarif_names_files_as_addresses_on_every_system() -> None:
    paths = ("../a.md", "C:/site/a b.md", "b\udcff.md", "b\ud800.md", "c:d.md")
    findings = [replace(FINDING, place=Place(path)) for path in paths]
    results = json.loads(shown(Format.SARIF, *findings))["runs"][0]["results"]
    locations = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results]
    assert locations == ["../a.md", "file:///C:/site/a%20b.md", "b%FF.md", "b%3F.md", "c%3Ad.md"]


def test_sarif_keeps_what_is_held_back_with_the_reason() -> None:
    (result,) = json.loads(shown(Format.SARIF, suppressed=(Suppressed(FINDING, "a quotation"),)))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "a quotation"}]


def test_junit_has_a_case_for_what_passed_and_fails_only_from_the_threshold_on() -> None:
    passed = ET.fromstring(shown(Format.JUNIT))
    assert [case.get("name") for case in passed.iter("testcase")] == ["WRD001 absolute"]
    assert not list(ET.fromstring(shown(Format.JUNIT, FINDING)).iter("failure"))
    assert list(ET.fromstring(shown(Format.JUNIT, FINDING, fail_on=Severity.WARNING)).iter("failure"))


def test_github_escapes_what_would_end_a_property() -> None:
    finding = replace(FINDING, message="50 %,\nnext")
    assert shown(Format.GITHUB, finding) == (
        "::warning file=pages/a b.md,line=2,col=6,endColumn=11,title=WRD001 absolute::50 %25,%0Anext%0AQualify it.\n"
    )


def test_github_says_how_many_annotations_it_would_not_show() -> None:
    lines = shown(Format.GITHUB, *[FINDING] * 25).splitlines()
    assert len(lines) == 10
    assert "16 more" in lines[-1]


def test_rdjson_counts_columns_in_bytes() -> None:
    (diagnostic,) = json.loads(shown(Format.RDJSON, FINDING))["diagnostics"]
    assert diagnostic["location"]["range"] == {"start": {"line": 2, "column": 7}, "end": {"line": 2, "column": 13}}


def test_markdown_brings_no_mark_up_or_mention_of_a_title_to_life() -> None:
    text = shown(Format.MARKDOWN, FINDING)
    assert "<b>" not in text
    assert "@everyone" not in text
    assert "\x07" not in text


def test_markdown_counts_what_hits_each_page_the_worst_first() -> None:
    on_claim = replace(FINDING, severity=Severity.ERROR, place=Place("claims.yaml", 3, 4), related=())
    hits = (Related(Place("pages/c.md"), "shows it"), Related(Place("pages/c.md", 9), "shows it too"))
    text = shown(Format.MARKDOWN, FINDING, replace(on_claim, related=hits), pages=("pages/a b.md", "pages/c.md"))
    assert "| `pages/c.md` | 1 | 0 | 0 |\n| `pages/a b.md` | 0 | 1 | 0 |\n" in text
    assert "#### Pages" not in shown(Format.MARKDOWN, FINDING), "one page needs no table"
