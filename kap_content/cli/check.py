"""`kap check`: the rules over a project, offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kap_content.cli.session import Globals, RuleOptions, report_of, run_rules
from kap_content.model.finding import Finding, Severity
from kap_content.report.model import Report


def check(options: Globals, rules: RuleOptions, paths: list[Path], show: Callable[[Report], None]) -> int:
    """Run the rules and print the report; 1 where a finding reaches the threshold, else 0."""
    run = run_rules(options, rules, paths)
    show(report_of(run, rules))
    return exit_code(run.findings, rules.fail_on)


def exit_code(findings: tuple[Finding, ...], fail_on: Severity) -> int:
    """1 where a finding reaches `fail_on`, else 0."""
    return int(any(finding.severity.reaches(fail_on) for finding in findings))
