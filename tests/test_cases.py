"""Every folder `tests/cases/CODE-name/{bad,ok}*/` is a small project on which one rule is run.

A `bad` folder holds `expected.txt`, a line a finding: `PATH:LINE:COLUMN SEVERITY words of its message`. Lines that
begin with `#` set the run: `# as-of: 2026-11-22`, `# release`. An `ok` folder must give no finding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from kap_content.checking.engine import check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.rules._rule import Rule, all_rules

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path for path in CASES.glob("*/*") if path.is_dir())


@dataclass(frozen=True)
class Expected:
    as_of: date
    release: bool
    findings: list[tuple[str, str, str]]


def expectation(folder: Path) -> Expected:
    as_of, release, findings = date(2026, 11, 22), False, []
    file = folder / "expected.txt"
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        if line.startswith("# as-of:"):
            as_of = date.fromisoformat(line.partition(":")[2].strip())
        elif line.startswith("# release"):
            release = True
        elif line.strip() and not line.startswith("#"):
            place, severity, words = line.split(maxsplit=2)
            findings.append((place, severity, words))
    return Expected(as_of, release, findings)


def findings(folder: Path, code: str) -> tuple[Context, list[Finding]]:
    """The project of a case, and what the rule finds in it."""
    expected = expectation(folder)
    settings = read_settings(folder)
    if not (folder / "kap.toml").exists():
        settings = replace(settings, pages=("*.md",))
    rule = next(rule for rule in all_rules() if rule.code == code)
    context = Context.of(load_project(folder, settings), expected.as_of, release=expected.release)
    # Suppression rules say what other rules did, so they alone run beside all of them.
    rules = all_rules() if code.startswith("SUP") else [rule]
    return context, [finding for finding in check(context, rules).findings if finding.code == code]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_rule_says_what_the_case_expects(folder: Path) -> None:
    expected = expectation(folder)
    _, found = findings(folder, folder.parent.name.partition("-")[0])
    shown = "\n".join(f"{finding.place} {finding.severity} {finding.message}" for finding in found) or "nothing"
    assert [(str(finding.place), str(finding.severity)) for finding in found] == [
        (place, severity) for place, severity, _ in expected.findings
    ], f"the rule found:\n{shown}"
    for finding, (_, _, words) in zip(found, expected.findings, strict=True):
        assert words in finding.message, f"the rule found:\n{shown}"


def test_what_is_found_on_evidence_leads_to_its_entry_and_to_the_page() -> None:
    for folder in (folder for folder in FOLDERS if folder.parent.name[:3] == "EVD" and folder.name.startswith("bad")):
        context, found = findings(folder, folder.parent.name[:6])
        for finding in (one for one in found if one.claim in context.claims and one.reference in context.references):
            seen = {finding.place.path, *(one.place.path for one in finding.related)}
            assert context.references[finding.reference].place.path in seen, f"{folder}: {finding.message}"
            pages = {use.page.path for use in context.uses.get(finding.claim, ())}
            assert pages <= seen, f"{folder}: {finding.message}"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_has_a_bad_and_an_ok_case(rule: Rule) -> None:
    folder = CASES / f"{rule.code}-{rule.name}"
    kinds = {path.name[:2] for path in folder.glob("*/")}
    assert {"ba", "ok"} <= kinds, f"{folder} needs bad*/ and ok*/"
    assert all((path / "expected.txt").exists() for path in folder.glob("bad*/"))
