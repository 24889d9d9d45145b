"""What several registries say of one work becomes one record: notices, versions, preprints, abstracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kap_content.model.record import NoticeKind, RelationKind
from kap_content.registries.retraction_watch import import_csv
from kap_content.works.abstracts import abstract_sha256, read_abstracts
from tests.registries.conftest import HEADER, TODAY, Ask, entry, rw_row
from tests.registry.server import Registry
from tests.registry.world import article, cited, correction, update, work


def test_pubmed_adds_what_only_it_knows(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.world.add_pubmed(
        article(
            "7",
            "10.1000/a",
            abstract="We measured rest.",
            types=("Randomized Controlled Trial",),
            mesh=("Rest", "Humans"),
        )
    )
    record = ask(entry("a", "10.1000/a")).records["a"]
    assert (record.pmid, record.publication_types, record.mesh) == (
        "7",
        ("Randomized Controlled Trial",),
        ("Rest", "Humans"),
    )
    assert record.abstract_sha256 == abstract_sha256("We measured rest.")


def test_a_strangers_doi_in_a_reference_list_is_not_taken_for_the_articles_own(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"), work("10.1000/b"))
    registry.world.add_pubmed(
        article("7", "10.1000/b", types=("Retracted Publication",), references=cited("10.1000/a"))
    )
    records = ask(entry("a", "10.1000/a"), entry("b", "10.1000/b")).records
    assert records["a"].notices == ()
    assert [notice.kind for notice in records["b"].notices] == [NoticeKind.RETRACTION]


def test_notices_of_all_sources_are_united_each_with_its_kind(ask: Ask, registry: Registry, tmp_path: Path) -> None:
    registry.world.add_crossref(
        work(
            "10.1000/a",
            **{
                "updated-by": [
                    update("10.1000/n1", "erratum"),
                    update("10.1000/n2", "retraction", "retraction-watch", **{"record-id": "99"}),
                ]
            },
        )
    )
    registry.world.add_pubmed(
        article(
            "7",
            "10.1000/a",
            corrections=correction("ExpressionOfConcernIn", "J Ex. 2020 Jan 3;1:1. doi: 10.1000/n3.", "8"),
        )
    )
    path = tmp_path / "rw.csv"
    path.write_text(
        HEADER + rw_row(99, "10.1000/a", "Retraction", notice="10.1000/n2") + rw_row(100, "10.1000/a", "Reinstatement")
    )
    import_csv(path, tmp_path / ".kap_cache")
    notices = ask(entry("a", "10.1000/a")).records["a"].notices
    assert [(notice.kind.value, notice.source, notice.doi, notice.record_id) for notice in notices] == [
        ("erratum", "crossref", "10.1000/n1", ""),
        ("expression_of_concern", "pubmed", "10.1000/n3", "PMID 8"),
        ("retraction", "retraction-watch", "10.1000/n2", "99"),
        ("reinstatement", "retraction-watch", "", "100"),
    ]


def test_the_same_notice_from_two_sources_is_kept_with_both(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a", **{"updated-by": [update("10.1000/n")]}))
    registry.world.add_pubmed(
        article("7", "10.1000/a", corrections=correction("RetractionIn", "J Ex. 2021;1. doi: 10.1000/n"))
    )
    assert [n.source for n in ask(entry("a", "10.1000/a")).records["a"].notices] == ["crossref", "pubmed"]


def test_an_import_reaches_records_that_are_still_fresh(ask: Ask, registry: Registry, tmp_path: Path) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    first = ask(entry("a", "10.1000/a"))
    path = tmp_path / "rw.csv"
    path.write_text(HEADER + rw_row(99, "10.1000/a", "Retraction"))
    import_csv(path, tmp_path / ".kap_cache")
    second = ask(entry("a", "10.1000/a"), previous=first.records)
    assert [notice.kind for notice in second.records["a"].notices] == [NoticeKind.RETRACTION]
    assert second.requests_made == 0


def test_the_retraction_watch_file_of_the_settings_needs_no_import(
    ask: Ask, registry: Registry, tmp_path: Path
) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    (tmp_path / "rw.csv").write_text(HEADER + rw_row(99, "10.1000/a", "Expression of concern"))
    settings = registry.settings()
    settings = replace(settings, registries=replace(settings.registries, retraction_watch="rw.csv"))
    record = ask(entry("a", "10.1000/a"), settings=settings).records["a"]
    assert [notice.kind for notice in record.notices] == [NoticeKind.EXPRESSION_OF_CONCERN]


def test_what_pubmed_said_is_kept_while_it_is_silent(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.world.add_pubmed(
        article("7", "10.1000/a", mesh=("Rest",), corrections=correction("RetractionIn", "J Ex. 2021;1"))
    )
    first = ask(entry("a", "10.1000/a"), today=TODAY - timedelta(days=40))
    registry.fail("pubmed", "503")
    second = ask(entry("a", "10.1000/a"), previous=first.records)
    assert [notice.kind for notice in second.records["a"].notices] == [NoticeKind.RETRACTION]
    assert second.records["a"].mesh == ("Rest",)
    assert "PubMed" in second.partial["a"]


def test_a_record_that_lacks_pubmeds_word_is_asked_of_pubmed_alone(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.world.add_pubmed(article("7", "10.1000/a"))
    registry.fail("pubmed", "503", times=3)
    first = ask(entry("a", "10.1000/a"))
    assert [source.name for source in first.records["a"].sources] == ["crossref"]
    count = len(registry.asked("crossref"))
    second = ask(entry("a", "10.1000/a"), previous=first.records)
    assert second.records["a"].pmid == "7"
    assert len(registry.asked("crossref")) == count


def test_a_notice_that_pubmed_took_back_goes(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.world.add_pubmed(article("7", "10.1000/a", corrections=correction("ErratumIn", "J Ex. 2021;1")))
    first = ask(entry("a", "10.1000/a"))
    registry.world.add_pubmed(article("7", "10.1000/a"))
    assert ask(entry("a", "10.1000/a"), previous=first.records, refresh=True).records["a"].notices == ()


def test_a_notice_is_told_from_the_article_it_is_about(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/n", "Retraction", **{"update-to": [update("10.1000/a")]}))
    record = ask(entry("n", "10.1000/n")).records["n"]
    assert [(link.kind, link.doi, link.label) for link in record.relations] == [
        (RelationKind.IS_NOTICE_OF, "10.1000/a", "retraction")
    ]
    assert record.notices == ()


def test_newer_versions_of_a_cochrane_review_are_looked_for(ask: Ask, registry: Registry) -> None:
    stem = "10.1002/14651858.cd012345"
    registry.world.add_crossref(work(stem), work(f"{stem}.pub2"), work(f"{stem}.pub3", "WITHDRAWN: Rest for anxiety"))
    record = ask(entry("cd", stem)).records["cd"]
    newer = [link for link in record.relations if link.kind is RelationKind.NEW_VERSION]
    assert [(link.doi, link.label) for link in newer] == [(f"{stem}.pub3", "withdrawal")]
    assert record.notices == ()


def test_pubmeds_update_by_pmid_is_followed_to_its_doi(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/guide1"))
    registry.world.add_pubmed(
        article("7", "10.1000/guide1", corrections=correction("UpdateIn", "J Ex. 2024;9", "8")),
        article("8", "10.1000/guide2"),
    )
    record = ask(entry("g", "10.1000/guide1")).records["g"]
    assert [(link.kind, link.doi, link.source) for link in record.relations] == [
        (RelationKind.NEW_VERSION, "10.1000/guide2", "pubmed")
    ]


def test_a_preprint_names_its_published_version(ask: Ask, registry: Registry) -> None:
    doi = "10.1101/2021.04.29.21256344"
    registry.world.add_crossref(work(doi, type="posted-content"))
    registry.world.published[f"medrxiv {doi}"] = "10.1000/Published"
    record = ask(entry("p", doi)).records["p"]
    assert [(link.kind, link.doi) for link in record.relations] == [(RelationKind.IS_PREPRINT_OF, "10.1000/published")]


def test_the_journals_that_share_biorxivs_prefix_are_not_asked_about_there(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1101/gr.12345.120"))
    ask(entry("g", "10.1101/gr.12345.120"))
    assert registry.asked("biorxiv") == []


def test_europe_pmc_fills_in_abstracts(ask: Ask, registry: Registry, tmp_path: Path) -> None:
    registry.world.add_crossref(work("10.1000/a"), work("10.1000/b", abstract="<jats:p>From Crossref.</jats:p>"))
    registry.world.abstracts["10.1000/a"] = "<h4>Background</h4>Rest is <i>good</i>."
    gathered = ask(entry("a", "10.1000/a"), entry("b", "10.1000/b"))
    record = gathered.records["a"]
    cached = read_abstracts(tmp_path / ".kap_cache", [record.abstract_sha256])
    assert cached[record.abstract_sha256] == "Background Rest is good."
    assert '10.1000/b"' not in registry.asked("europepmc")[0].query["query"]
