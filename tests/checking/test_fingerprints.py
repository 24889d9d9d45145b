"""Fingerprints over the example with some fifty faults: a baseline must know a finding again."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kap_content.checking.engine import check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.finding import Finding
from kap_content.model.project import Context

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "before"
TODAY = date(2026, 11, 22)


def findings(root: Path, as_of: date = TODAY) -> dict[str, Finding]:
    found = check(Context.of(load_project(root, read_settings(root)), as_of)).findings
    by_fingerprint = {finding.fingerprint: finding for finding in found}
    assert len(by_fingerprint) == len(found)
    return by_fingerprint


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "site"))


def told(found: dict[str, Finding], names: set[str]) -> list[str]:
    return [f"{found[name].place} {found[name].code} {found[name].message}" for name in sorted(names)]


def test_they_stay_when_lines_move(example: Path) -> None:
    before = findings(example)
    for path in example.rglob("*"):
        if path.suffix in (".md", ".yaml", ".bib"):
            text = path.read_text("utf-8")
            mark = {".yaml": "# moved\n\n", ".bib": "% moved\n\n"}.get(path.suffix)
            path.write_text(mark + text if mark else text.replace("\n---\n", "\n---\n\n\n", 1), "utf-8")
    after = findings(example)
    assert told(before, before.keys() - after.keys()) == []
    assert told(after, after.keys() - before.keys()) == []


def test_they_stay_from_day_to_day(example: Path) -> None:
    before, after = findings(example), findings(example, date(2026, 11, 25))
    assert told(before, before.keys() - after.keys()) == []


def test_they_are_the_same_wherever_the_project_lies(example: Path) -> None:
    assert findings(example).keys() == findings(EXAMPLE).keys()
