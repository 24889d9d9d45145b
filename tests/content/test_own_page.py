"""The repository is its own first customer: its page passes, and says what it promises to say."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from kap_content.checking.engine import Outcome, check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.claim import Category
from kap_content.model.finding import Severity
from kap_content.model.project import Context

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = date(2026, 11, 22)
TRUE_WARNINGS = {"DOI004"}


@cache
def context() -> Context:
    return Context.of(load_project(ROOT, read_settings(ROOT)), PUBLISHED)


@cache
def outcome() -> Outcome:
    return check(context())


def test_the_page_passes_on_the_day_it_was_published() -> None:
    assert [finding for finding in outcome().findings if finding.severity is Severity.ERROR] == []


def test_its_only_warnings_are_that_no_registry_has_confirmed_the_typed_records() -> None:
    warnings = {finding.code for finding in outcome().findings if finding.severity is Severity.WARNING}
    assert warnings <= TRUE_WARNINGS


def test_nothing_on_it_is_suppressed() -> None:
    assert outcome().suppressed == ()


def test_it_has_enough_claims_and_references_to_be_a_real_page() -> None:
    project = context().project
    assert len(project.claims) >= 38
    assert len(project.references) >= 15
    assert {reference.type for reference in project.references} >= {"article", "techreport", "online"}


@pytest.mark.parametrize("ident", [claim.id for claim in context().project.claims])
def test_each_piece_of_evidence_is_complete(ident: str) -> None:
    claim = context().claims[ident]
    assert claim.supporting
    for item in claim.evidence:
        assert item.design is not None
        assert item.finding
        assert not item.anchor.is_empty
        assert item.checked_by == "kap-content maintainers"


def test_it_names_risks_as_well_as_benefits() -> None:
    count = Counter(claim.category for claim in context().project.claims)
    assert count[Category.SAFETY] >= 10


def test_it_says_near_the_top_that_no_clinician_has_reviewed_it() -> None:
    (page,) = context().project.pages
    assert any("no clinician has reviewed it" in block.text for block in page.blocks[:3])


def test_every_record_is_marked_as_typed_by_hand() -> None:
    project = context().project
    assert set(project.records) == {reference.key for reference in project.references}
    assert all(record.is_transcribed for record in project.records.values())


def test_the_figures_show_the_numbers_of_their_claims() -> None:
    with (ROOT / "pages/glue2017-responders.csv").open(encoding="utf-8") as file:
        counts = {row["label"]: int(row["count"]) for row in csv.DictReader(file)}
    quantity = context().claims["KET-DOSE-02"].quantity
    assert quantity is not None
    assert quantity.value == f"{counts['Responded']} of {sum(counts.values())}"
    with (ROOT / "pages/hartland2023-effects.csv").open(encoding="utf-8") as file:
        drawn = [(row["estimate"], row["low"], row["high"]) for row in csv.DictReader(file)]
    for number, values in zip(("04", "05", "06"), drawn, strict=True):
        wording = context().claims[f"KET-REV-{number}"].match_text.replace("−", "-")
        assert tuple(re.findall(r"-\d\.\d\d", wording)) == values
