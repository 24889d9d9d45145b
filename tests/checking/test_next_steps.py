"""What a finding tells its reader to do next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kap_content.checking.engine import check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.finding import Finding
from kap_content.model.project import Context

CLAIM = """version: 1
claims:
  - id: P-1
    match_text: Slow breathing suppresses the centre of alarm.
    category: {category}
    status: approved
    intervention: slow breathing
    evidence:
      - ref: alder2022
        design: narrative-review
"""
ENTRY = "@article{alder2022, author={Alder, Ines}, title={Sertraline in panic: a review}, year={2022}"


def found(root: Path, code: str, category: str, entry: str) -> Finding:
    (root / "kap.toml").write_text("", "utf-8")
    (root / "claims.yaml").write_text(CLAIM.format(category=category), "utf-8")
    (root / "references.bib").write_text(entry, "utf-8")
    context = Context.of(load_project(root, read_settings(root)), date(2026, 11, 22))
    return next(finding for finding in check(context).findings if finding.code == code)


@pytest.mark.parametrize(("category", "step"), [("mechanism", "“is thought to”"), ("efficacy", "“was followed by”")])
def test_a_cause_without_a_comparison_is_to_be_worded_as_its_category_allows(
    category: str, step: str, tmp_path: Path
) -> None:
    assert step in found(tmp_path, "EVD003", category, ENTRY + "}").help


@pytest.mark.parametrize(("abstract", "is_told"), [("", True), (", abstract={Sertraline was given.}", False)])
def test_where_only_titles_could_be_read_the_abstracts_are_to_be_fetched(
    abstract: str, is_told: bool, tmp_path: Path
) -> None:
    finding = found(tmp_path, "EVD001", "efficacy", f"{ENTRY}{abstract}}}")
    assert ("`kap lock` has fetched the abstracts" in finding.help) is is_told
