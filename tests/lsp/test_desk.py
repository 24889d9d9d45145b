"""What the desk of the language server answers, without a server."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kap_content.lsp import desk
from kap_content.lsp.completion import offers
from kap_content.lsp.desk import View, look
from kap_content.lsp.telling import plain, told
from kap_content.model.record import Record
from kap_content.model.reference import Reference

DAY = date(2026, 11, 22)
CLAIMS = """version: 1
claims:
  - id: ROOM-1
    match_text: We have [four](command:x) rooms.
    category: service
    status: approved
    evidence:
      - ref: glue2018
        verdict: substantiated
"""
BIB = """@article{glue2018,
  author = {Glue, Paul}, title = {Safety of *ketamine*}, journal = {J Psychopharmacol}, year = {2018}, volume = {32}
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "kap.toml").write_text("", "utf-8")
    (tmp_path / "claims.yaml").write_text(CLAIMS, "utf-8")
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    for name in ("a", "b"):
        text = f"---\ntitle: Page {name}\n---\n\n[We have five rooms.]{{claim=ROOM-1}}\n"
        (tmp_path / "pages" / f"{name}.md").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def view(root: Path) -> View:
    return look(root, {}, DAY)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("pages/a.md", "See [@gl|", "glue2018"),
        ("pages/a.md", "[Four]{claim=|", "ROOM-1"),
        ("pages/a.md", '[Four]{claim="RO|', "ROOM-1"),
        ("pages/a.md", "<!-- kap: ignore WRD001, EVD|", "EVD005"),
        ("pages/a.md", "---\ntitle: A\nnext|", "next_review_due"),
        ("pages/a.md", "---\nreviewer:\n  ro|", "role"),
        ("pages/a.md", "---\nauthor:\n  - name: A\n    cred|", "credentials"),
        ("pages/a.md", "---\nabout: {cond|", "condition"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: |", "glue2018"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence: g|", "glue2018"),
        ("claims.yaml", "claims:\n  - id: A\n    category: |", "efficacy"),
        ("claims.yaml", "claims:\n- id: A\n  status: app|", "approved"),
        ("claims.yaml", "claims:\n  A:\n    certainty: |", "very_low"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: b\n        design: |", "open-label"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n    - ref: b\n      verdict: |", "substantiated"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence: [{ref: b, direction: |", "supports"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - {ref: b, rel|", "relation"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: b\n        anchor: {pa|", "page"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: b\n        find|", "finding"),
        (
            "claims.yaml",
            "claims:\n  - id: A\n    # a remark: of ours\n    evidence:\n      - ref: b\n    outc|",
            "outcome",
        ),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: b\n  - |", "id"),
        ("claims.yaml", "cl|", "claims"),
        ("kap.toml", "max|", "max_age_days"),
        ("kap.toml", "[rules]\nsel|", "select"),
        ("kap.toml", '[rules]\nselect = ["CLM002", "EVD|', "EVD005"),
        ("kap.toml", '[rules]\nper-file = { "pages/*" = ["WRD|', "WRD001"),
        ("kap.toml", '[rules]\nseverity = { EVD005 = "|', "warning"),
        ("kap.toml", "[rules.severity]\nEVD|", "EVD005"),
        ("kap.toml", 'style = "|', "american-medical-association"),
        ("pyproject.toml", "[tool.kap]\nbib|", "bibliography"),
        ("references.bib", "@inbook{x, crossref = {gl|", "glue2018"),
    ],
)
def test_what_fits_is_offered(view: View, path: str, text: str, expected: str) -> None:
    lines = text.removesuffix("|").split("\n")
    found = {offer.name: offer for offer in offers(path, lines, len(lines) - 1, len(lines[-1]), view.context)}
    assert expected in found
    assert expected.startswith(lines[-1][found[expected].start :])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pages/a.md", "An address: me@|"[:-2] + "x.org|"),
        ("pages/a.md", "A plain word|"),
        ("claims.yaml", "claims:\n  - id: A\n    match_text: We have |"),
        ("claims.yaml", "claims:\n  - id: A\n    evidence:\n      - ref: b\n        design: rct, |"),
        ("pyproject.toml", "[tool.ruff]\nse|"),
        ("references.bib", "title = {gl|"),
    ],
)
def test_nothing_is_offered_where_nothing_is_known(view: View, path: str, text: str) -> None:
    lines = text.removesuffix("|").split("\n")
    assert offers(path, lines, len(lines) - 1, len(lines[-1]), view.context) == ()


def test_fields_are_offered_with_what_they_are_for_and_not_those_of_another_part(view: View) -> None:
    lines = ["claims:", "  - id: A", "    evidence:", "      - ref: b", "        "]
    found = {offer.name: offer.about for offer in offers("claims.yaml", lines, 4, 8, view.context)}
    assert found["design"] == "The study's design."
    assert "match_text" not in found


def test_what_is_told_of_a_claim_holds_no_markup_of_its_text(view: View) -> None:
    text = told(view.context.claims["ROOM-1"], view.context)
    assert "We have \\[four\\]\\(command:x\\) rooms." in text
    assert "verdict substantiated" in text
    assert "We have [four](command:x) rooms." in plain(text)


def test_a_reference_is_told_of_as_the_list_of_references_has_it(view: View) -> None:
    text = plain(told(view.context.references["glue2018"], view.context))
    assert "Glue P. Safety of *ketamine*. J Psychopharmacol. 2018;32" in text
    assert "registries: not asked" in text
    assert isinstance(view.context.references["glue2018"], Reference)
    assert view.context.record("glue2018") is None or isinstance(view.context.record("glue2018"), Record)


def test_in_a_large_project_open_pages_are_judged_while_typing_and_all_when_saved(
    root: Path, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MANY", 1)
    typed = {
        "pages/a.md": (root / "pages" / "a.md").read_text("utf-8").replace("five", "six"),
        "claims.yaml": CLAIMS.replace("[four](command:x)", "five"),
    }

    def drifts(found: View) -> list[str]:
        return [finding.place.path for finding in found.outcome.findings if finding.code == "CLM002"]

    assert drifts(view) == ["pages/a.md", "pages/b.md"]
    typing = look(root, typed, DAY, view, whole=False)
    assert drifts(typing) == ["pages/a.md", "pages/b.md"]
    assert any("six" in finding.message for finding in typing.outcome.findings)
    assert drifts(look(root, typed, DAY, typing)) == ["pages/a.md"]


def test_a_page_that_did_not_change_is_not_read_again(root: Path, view: View) -> None:
    again = look(root, {"pages/a.md": "Another."}, DAY, view)
    pages = {page.path: page for page in again.context.project.pages}
    before = {page.path: page for page in view.context.project.pages}
    assert pages["pages/b.md"] is before["pages/b.md"]
    assert pages["pages/a.md"] is not before["pages/a.md"]
