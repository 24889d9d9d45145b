"""`kap lock` and `kap add` as a user types them, against the stand-in registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import BIB, Kap
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import article, update, work

GLUE = "10.1177/0269881118762073"
AS_OF = ["--as-of", "2026-11-22"]


def glue(**fields: object) -> dict[str, object]:
    known = {
        "author": [{"family": "Glue", "given": "Paul"}, {"family": "Neehoff", "given": "Shona M."}],
        "container-title": ["Journal of Psychopharmacology"],
        "short-container-title": ["J Psychopharmacol"],
        "issued": {"date-parts": [[2018, 3, 21]]},
        "published-print": {"date-parts": [[2018, 6]]},
        "volume": "32",
        "issue": "6",
        "page": "663-667",
    }
    return work(GLUE, "Safety and efficacy of maintenance ketamine treatment", **(known | fields))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry(limited=False) as server:
        for name in SERVICES:
            monkeypatch.setenv(f"KAP_{name.upper()}_URL", f"{server.url}/{name}")
        server.world.add_crossref(glue())
        server.world.add_pubmed(article("29561204", GLUE))
        yield server


def codes(kap: Kap, *options: str) -> list[str]:
    payload = json.loads(kap("check", "--format", "json", *AS_OF, *options).out)
    return [finding["code"] for finding in payload["findings"]]


def test_after_lock_the_reference_is_confirmed_and_a_second_run_asks_nothing(
    site: Path, kap: Kap, registry: Registry
) -> None:
    assert codes(kap) == ["DOI004"]
    first = kap("lock", *AS_OF)
    assert first.code == 0, first.err
    assert "1 found" in first.err
    assert codes(kap) == []
    before, asked = (site / "references.lock").read_bytes(), len(registry.log)
    second = kap("lock", *AS_OF)
    assert "Nothing to ask" in second.err
    assert len(registry.log) == asked
    assert (site / "references.lock").read_bytes() == before


def test_a_retraction_stops_the_page_and_names_who_is_hit(site: Path, kap: Kap, registry: Registry) -> None:
    registry.world.add_crossref(glue(**{"updated-by": [update("10.1177/notice", "retraction")]}))
    assert kap("lock", *AS_OF).code == 0
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 1
    assert "STS001" in typed.out
    assert "KET-1" in typed.out
    assert "pages/a.md" in typed.out
    assert not (site / "site" / "a").exists()


def test_a_registry_that_fails_ends_with_3_and_changes_nothing(site: Path, kap: Kap, registry: Registry) -> None:
    kap("lock", *AS_OF)
    before = (site / "references.lock").read_bytes()
    for service in ("crossref", "datacite", "doi", "pubmed", "europepmc"):
        registry.fail(service, "403")
    typed = kap("lock", "--refresh", *AS_OF)
    assert typed.code == 3
    assert "unchecked" in typed.err
    assert "glue2018" in typed.err
    assert (site / "references.lock").read_bytes() == before


def test_a_lock_in_the_middle_of_a_merge_is_left_alone(site: Path, kap: Kap, registry: Registry) -> None:
    kap("lock", *AS_OF)
    text = (site / "references.lock").read_text("utf-8")
    conflict = text.replace(' "version": 1', '<<<<<<< ours\n "version": 1\n=======\n "version": 1\n>>>>>>> theirs')
    (site / "references.lock").write_text(conflict, "utf-8")
    typed = kap("lock", *AS_OF)
    assert typed.code == 2
    assert "references.lock:" in typed.err
    assert (site / "references.lock").read_text("utf-8") == conflict


def test_records_of_removed_references_are_dropped_and_naming_a_key_spares_the_others(
    site: Path, kap: Kap, registry: Registry
) -> None:
    registry.world.add_crossref(work("10.1000/b", "Another work"))
    (site / "references.bib").write_text(BIB + "@article{other, title={Another work}, doi={10.1000/b}}\n", "utf-8")
    kap("lock", *AS_OF)
    records = json.loads((site / "references.lock").read_text("utf-8"))["records"]
    assert set(records) == {"glue2018", "other"}
    kap("lock", "glue2018", "--refresh", *AS_OF)
    assert set(json.loads((site / "references.lock").read_text("utf-8"))["records"]) == {"glue2018", "other"}
    (site / "references.bib").write_text(BIB, "utf-8")
    kap("lock", *AS_OF)
    assert set(json.loads((site / "references.lock").read_text("utf-8"))["records"]) == {"glue2018"}


def test_add_appends_a_clean_entry_once(site: Path, kap: Kap, registry: Registry) -> None:
    (site / "references.bib").write_text("% mine\n", "utf-8")
    typed = kap("add", f"https://doi.org/{GLUE}", *AS_OF)
    assert typed.code == 0, typed.err
    text = (site / "references.bib").read_text("utf-8")
    assert text.startswith("% mine\n\n@article{glue2018,\n")
    assert "663--667" in text
    assert "DOI004" not in codes(kap)
    again = kap("add", GLUE, *AS_OF)
    assert again.code == 1
    assert "is there already: glue2018" in again.err
    assert (site / "references.bib").read_text("utf-8") == text


def test_add_gives_the_doi_to_an_entry_that_is_the_work_already(site: Path, kap: Kap, registry: Registry) -> None:
    assert kap("add", GLUE, *AS_OF).code == 1  # there already
    bare = "".join(line for line in BIB.splitlines(keepends=True) if "doi" not in line and "pmid" not in line)
    (site / "references.bib").write_text(bare, "utf-8")
    typed = kap("add", GLUE, *AS_OF)
    assert typed.code == 0, typed.err
    assert f"glue2018: doi = {{{GLUE}}} written to references.bib" in typed.err
    text = (site / "references.bib").read_text("utf-8")
    assert text.count("@article") == 1
    assert GLUE in text
    assert "DOI004" not in codes(kap)


def test_add_keeps_the_line_ends_and_the_byte_order_mark_of_the_bibliography(
    site: Path, kap: Kap, registry: Registry
) -> None:
    before = (
        b"\xef\xbb\xbf" + BIB.replace("glue2018", "other").replace(GLUE, "10.1000/o").replace("\n", "\r\n").encode()
    )
    (site / "references.bib").write_bytes(before)
    assert kap("add", GLUE, *AS_OF).code == 0
    after = (site / "references.bib").read_bytes()
    assert after.startswith(before.rstrip())
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_add_warns_of_a_retraction(site: Path, kap: Kap, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/r", "A fraud", **{"updated-by": [update("10.1000/n", "retraction")]}))
    assert "RETRACTED" in kap("add", "10.1000/r", *AS_OF).err


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"title": "", "author": []}, "no title and no author"),
        ({"title": ""}, "no title"),
        ({"author": []}, "no author"),
        ({"author": [], "type": "report"}, "no author"),
    ],
)
def test_a_record_without_title_or_author_is_not_added(
    site: Path, kap: Kap, registry: Registry, fields: dict[str, object], lacking: str
) -> None:
    registry.world.add_crossref(work("10.1000/bare", **fields))
    typed = kap("add", "10.1000/bare", *AS_OF)
    assert typed.code == 1
    assert f"the registry’s record has {lacking}; nothing was added" in typed.err
    assert (site / "references.bib").read_text("utf-8") == BIB


def test_a_report_of_a_publisher_is_added_without_an_author(site: Path, kap: Kap, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/r", "A report", author=[], type="report", publisher="Example Agency"))
    assert kap("add", "10.1000/r", *AS_OF).code == 0


def test_a_retracted_candidate_is_offered_as_such(site: Path, kap: Kap, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/r", "A fraud of note", **{"updated-by": [update("10.1000/n")]}))
    assert "RETRACTED  10.1000/r" in kap("add", "A fraud of note", *AS_OF).out


def test_a_title_brings_candidates_and_writes_nothing(site: Path, kap: Kap, registry: Registry) -> None:
    typed = kap("add", "Safety and efficacy of maintenance ketamine treatment", *AS_OF)
    assert typed.code == 1
    assert GLUE in typed.out
    assert (site / "references.bib").read_text("utf-8") == BIB


def test_a_title_that_cannot_be_searched_for_is_unchecked(site: Path, kap: Kap, registry: Registry) -> None:
    registry.fail("crossref", "503")
    typed = kap("add", "Safety and efficacy of maintenance ketamine treatment", *AS_OF)
    assert typed.code == 3
    assert "taken for a title, it could not be searched for" in typed.err


def test_suggest_writes_a_doi_only_when_accepted(site: Path, kap: Kap, registry: Registry) -> None:
    bare = BIB.replace("  doi = {10.1177/0269881118762073}\n", "")
    (site / "references.bib").write_text(bare, "utf-8")
    typed = kap("lock", "--suggest", *AS_OF)
    assert typed.code == 0
    assert GLUE in typed.out
    assert (site / "references.bib").read_text("utf-8") == bare
    kap("lock", "--suggest", "--accept", *AS_OF)
    expected = bare.replace("@article{glue2018,\n", f"@article{{glue2018,\n  doi = {{{GLUE}}},\n")
    assert (site / "references.bib").read_text("utf-8") == expected


def test_a_retraction_watch_download_reaches_the_lock(
    site: Path, kap: Kap, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kap("lock", *AS_OF)
    file = tmp_path_factory.mktemp("download") / "rw.csv"
    head = (
        "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
        "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,"
        "RetractionNature,Reason,Paywalled,Notes,\n"
    )
    row = f"7,T,,,,,,,,,8/16/2023 0:00,10.1177/notice,0,1/1/2018 0:00,{GLUE},0,Retraction,Error;,No,,\n"
    file.write_text(head + row, "utf-8")
    assert kap("retractions", "import", str(file)).code == 0
    kap("lock", *AS_OF)
    assert "STS001" in codes(kap)


@pytest.mark.parametrize(("name", "text"), [("missing.csv", None), ("words.csv", "these are\nonly words\n")])
def test_a_file_that_is_not_retraction_watchs_is_refused(site: Path, kap: Kap, name: str, text: str | None) -> None:
    if text is not None:
        (site / name).write_text(text, "utf-8")
    typed = kap("retractions", "import", name)
    assert typed.code == 2
    assert name in typed.err
