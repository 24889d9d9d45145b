"""What `kap lock` keeps of quotations and newer reviews, and what `kap check` makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import CLAIMS, Kap
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import article, work

GLUE = "10.1177/0269881118762073"
AS_OF = ["--as-of", "2026-11-22"]
QUOTE = "Ratings fell by about half within an hour"
QUOTED = CLAIMS.replace("anchor: {page: 665}", f"anchor: {{page: 665, exact: {QUOTE}}}")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry(limited=False) as server:
        for name in SERVICES:
            monkeypatch.setenv(f"KAP_{name.upper()}_URL", f"{server.url}/{name}")
        server.world.add_crossref(work(GLUE, "Safety and efficacy of maintenance ketamine treatment"))
        server.world.add_pubmed(article("29561204", GLUE, abstract="Twelve patients received rising doses."))
        yield server


@pytest.fixture
def quoted(site: Path, registry: Registry) -> Path:
    (site / "claims.yaml").write_text(QUOTED, "utf-8")
    (site / "sources").mkdir()
    (site / "sources" / "glue2018.txt").write_text(f"In all, {QUOTE.replace('half', 'ha­lf')}.\n", "utf-8")
    return site


def severities(kap: Kap, code: str) -> list[str]:
    payload = json.loads(kap("check", "--format", "json", "--select", code, *AS_OF).out)
    return [finding["severity"] for finding in payload["findings"]]


def kept(site: Path, section: str = "quotes") -> dict[str, dict[str, object]]:
    found = json.loads((site / "references.lock").read_text("utf-8")).get(section, {})
    assert isinstance(found, dict)
    return found


def test_a_quotation_once_found_needs_its_source_no_more(quoted: Path, kap: Kap) -> None:
    first = kap("lock", *AS_OF)
    assert "Found 1 quotation in glue2018." in first.err
    assert kept(quoted)["glue2018"]["asked"] == GLUE
    (quoted / "sources" / "glue2018.txt").unlink()
    assert severities(kap, "EVD008") == []
    again = kap("lock", *AS_OF)
    assert "Found" not in again.err
    assert "glue2018" in kept(quoted)


def test_a_quotation_changed_afterwards_is_looked_for_again(quoted: Path, kap: Kap) -> None:
    kap("lock", *AS_OF)
    (quoted / "claims.yaml").write_text(QUOTED.replace("about half", "about a half"), "utf-8")
    assert severities(kap, "EVD008") == ["error"]
    (quoted / "sources" / "glue2018.txt").unlink()
    assert severities(kap, "EVD008") == ["warning"]  # only the abstract is at hand, and the anchor names a page


def test_refresh_looks_again_where_the_source_is_at_hand(quoted: Path, kap: Kap) -> None:
    kap("lock", *AS_OF)
    (quoted / "sources" / "glue2018.txt").write_text("Ratings rose.", "utf-8")
    kap("lock", *AS_OF)
    assert "glue2018" in kept(quoted)
    kap("lock", "--refresh", *AS_OF)
    assert kept(quoted) == {}
    assert severities(kap, "EVD008") == ["error"]


def test_a_registry_that_fails_does_not_hinder_the_comparison(quoted: Path, kap: Kap, registry: Registry) -> None:
    for service in ("crossref", "datacite", "doi", "pubmed", "europepmc"):
        registry.fail(service, "403")
    assert kap("lock", *AS_OF).code == 3
    assert "glue2018" in kept(quoted)


def test_found_quotations_outlast_claims_that_cannot_be_read_and_added_works(quoted: Path, kap: Kap) -> None:
    kap("lock", *AS_OF)
    before = kept(quoted)
    (quoted / "claims.yaml").write_text("claims: [", "utf-8")
    kap("lock", "--refresh", *AS_OF)
    assert kept(quoted) == before
    (quoted / "kap.toml").write_text('claims = "gone.yaml"\n', "utf-8")
    kap("lock", *AS_OF)
    assert kept(quoted) == before
    kap("add", "10.1000/unknown", *AS_OF)
    assert kept(quoted) == before


def test_a_quotation_that_no_claim_has_any_more_is_forgotten(quoted: Path, kap: Kap) -> None:
    kap("lock", *AS_OF)
    (quoted / "claims.yaml").write_text(CLAIMS, "utf-8")
    kap("lock", *AS_OF)
    assert kept(quoted) == {}


TOPICAL = CLAIMS.replace(
    "    category: statistic\n",
    "    category: efficacy\n    intervention: ketamine\n    population: adults with anxiety\n",
)


@pytest.fixture
def topical(site: Path, registry: Registry) -> Path:
    (site / "claims.yaml").write_text(TOPICAL, "utf-8")
    page = site / "pages" / "a.md"
    page.write_text(page.read_text("utf-8").replace("last_reviewed: 2026-11-22", "last_reviewed: 2025-06-01"), "utf-8")
    registry.world.add_pubmed(article("40000001", title="Ketamine for anxiety: a review.", entered=date(2026, 3, 2)))
    registry.world.reviews["ketamine"] = ("40000001",)
    return site


def test_newer_reviews_are_asked_for_only_on_request_and_shown_only_when_selected(topical: Path, kap: Kap) -> None:
    kap("lock", *AS_OF)
    assert kept(topical, "topics") == {}
    typed = kap("lock", "--newer", *AS_OF)
    assert typed.code == 0, typed.err
    assert "Asked about 1 topic in 2 requests: 1 newer systematic review." in typed.err
    assert set(kept(topical, "topics")) == {"ketamine in anxiety disorders"}
    assert "CUR006" not in kap("check", *AS_OF).out
    shown = kap("check", "--select", "CUR006", *AS_OF)
    assert shown.code == 0
    assert "PMID 40000001, “Ketamine for anxiety: a review” (2019)" in " ".join(shown.out.split())
    before = (topical / "references.lock").read_bytes()
    assert "every answer is fresh" in kap("lock", "--newer", *AS_OF).err
    kap("lock", *AS_OF)
    assert (topical / "references.lock").read_bytes() == before


def test_a_topic_without_an_answer_ends_with_3_and_keeps_what_was_known(
    topical: Path, kap: Kap, registry: Registry
) -> None:
    kap("lock", "--newer", *AS_OF)
    before = kept(topical, "topics")
    registry.fail("pubmed", "403")
    typed = kap("lock", "--newer", "--refresh", *AS_OF)
    assert typed.code == 3
    assert "ketamine in anxiety disorders" in typed.err
    assert kept(topical, "topics") == before


def test_without_a_topic_nobody_is_asked(site: Path, kap: Kap, registry: Registry) -> None:
    (site / "pages" / "a.md").write_text("# A page\n\n[]{claim=KET-1}\n", "utf-8")
    assert "No topic to ask about" in kap("lock", "--newer", *AS_OF).err
