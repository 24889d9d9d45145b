"""The example that fails does so in the ways that its README lists, and in no other."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from kap_content.checking.engine import check
from kap_content.checking.gate import Blocked, Concerns, gate
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.project import Context
from kap_content.rules._rule import all_rules

ROOT = Path(__file__).resolve().parents[2] / "examples" / "before"
CONTEXT = Context.of(load_project(ROOT, read_settings(ROOT)), date(2026, 11, 22))
OUTCOME = check(CONTEXT)
FOUND = {finding.code for finding in OUTCOME.findings}
LISTED = set(re.findall(r"\| ([A-Z]{3}\d{3}) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))


def test_it_fails_in_at_least_twenty_ways() -> None:
    assert len(FOUND) >= 20


def test_each_listed_fault_is_reported_where_there_is_a_rule_for_it() -> None:
    assert LISTED & {rule.code for rule in all_rules()} <= FOUND


def test_each_reported_fault_is_listed() -> None:
    assert FOUND <= LISTED


def test_nothing_of_it_is_rendered() -> None:
    (page,) = CONTEXT.project.pages
    assert isinstance(gate(page, Concerns(CONTEXT, OUTCOME.findings)), Blocked)
