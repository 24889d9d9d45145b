from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.place import Place
from kap_content.report.json_report import render_json
from kap_content.report.model import Report, Summary
from kap_content.report.text import render_text, visible, width

FINDING = Finding(
    code="CLM002",
    name="text-drift",
    severity=Severity.ERROR,
    place=Place("pages/a.md", 2, 5, 2, 9),
    message="The page says “half”, the registry “a third”.",
    help="Restore the wording.",
    claim="A-1",
    related=(Related(Place("claims.yaml", 3, 4), "the approved wording"),),
    fingerprint="0123456789abcdef",
)
SUMMARY = Summary(errors=1, warnings=0, notes=0, suppressed=0, pages=1, claims=2, references=3, unchecked=0)


def report(*findings: Finding, line: str = "the half of it", **changes: int) -> Report:
    return Report(date(2026, 11, 22), replace(SUMMARY, **changes), findings, lines={"pages/a.md": ["# Title", line]})


def test_a_finding_is_shown_with_its_line_a_caret_the_other_side_and_the_next_step() -> None:
    assert render_text(report(FINDING)).splitlines()[:8] == [
        "pages/a.md",
        "  pages/a.md:2:5  error   CLM002 text-drift",
        "    The page says “half”, the registry “a third”.",
        "     2 | the half of it",
        "       |     ^^^^",
        "    see claims.yaml:3:4  the approved wording",
        "    do   Restore the wording.",
        "",
    ]


def test_the_caret_stands_under_wide_characters() -> None:
    lines = render_text(report(FINDING, line="日本 half of it")).splitlines()
    assert lines[4].index("^") - len("       | ") == width("日本 h")


def test_a_long_line_is_cut_around_the_caret() -> None:
    finding = replace(FINDING, place=Place("pages/a.md", 2, 401, 2, 405))
    lines = render_text(report(finding, line="x" * 400 + "half" + "y" * 400)).splitlines()
    assert all(len(line) < 130 for line in lines)
    start = lines[4].index("^")
    assert lines[3][start : start + 4] == "half"


def test_control_characters_of_a_hostile_title_never_reach_the_terminal() -> None:
    assert visible("\x1b[2J\u202egnp.exe") == "\\u001b[2J\\u202egnp.exe"


def test_no_colour_unless_asked() -> None:
    assert "\x1b" not in render_text(report(FINDING))
    assert "\x1b[31;1m" in render_text(report(FINDING), colour=True)


def test_the_summary_says_what_is_unknown_and_what_to_do_next() -> None:
    text = render_text(report(errors=0, unchecked=2))
    assert "Nothing found in 1 page, 2 claims, 3 references, as of 2026-11-22." in text
    assert "2 references not confirmed by a registry: unknown, not clean. Next: kap lock" in text


def test_the_json_report_has_the_fields_of_the_contract() -> None:
    payload = json.loads(render_json(report(FINDING), tool_version="9.9"))
    assert payload == {
        "version": 1,
        "tool": {"name": "kap-content", "version": "9.9"},
        "as_of": "2026-11-22",
        "summary": {
            "errors": 1,
            "warnings": 0,
            "notes": 0,
            "suppressed": 0,
            "pages": 1,
            "claims": 2,
            "references": 3,
            "unchecked": 0,
        },
        "next_due": None,
        "findings": [
            {
                "code": "CLM002",
                "name": "text-drift",
                "severity": "error",
                "path": "pages/a.md",
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 9,
                "message": "The page says “half”, the registry “a third”.",
                "help": "Restore the wording.",
                "claim": "A-1",
                "reference": None,
                "related": [{"path": "claims.yaml", "line": 3, "column": 4, "message": "the approved wording"}],
                "fingerprint": "0123456789abcdef",
            }
        ],
    }


def test_long_messages_are_wrapped_to_the_terminal_and_keep_their_indent() -> None:
    finding = replace(FINDING, message="term " * 40, help="step " * 40)
    lines = render_text(report(finding), columns=60).splitlines()
    assert max(len(line) for line in lines[:-2]) <= 60
    assert all(line.startswith("    term") for line in lines if "term" in line)
    assert [line[:9] for line in lines if "step" in line][:2] == ["    do   ", "         "]
