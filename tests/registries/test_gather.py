from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kap_content.load.lock import dump_lock, parse_lock
from kap_content.model.record import NoticeKind, Record, RelationKind, Source, State
from kap_content.registries.retraction_watch import import_csv
from kap_content.works.abstracts import abstract_sha256, read_abstracts
from tests.registries.conftest import PATIENT, TODAY, Ask, entry
from tests.registry.server import Registry
from tests.registry.world import article, cited, correction, dataset, update, work

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes,\n"
)


def rw_row(
    number: int, doi: str, nature: str, day: str = "8/16/2023 0:00", pmid: str = "0", notice: str = "unavailable"
) -> str:
    return f"{number},A title,,,,,,,,,{day},{notice},0,1/1/2020 0:00,{doi},{pmid},{nature},Reason;,No,,\n"


def test_a_work_that_crossref_lists_is_found(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/A.1"))
    record = ask(entry("muster2019", "https://doi.org/10.1000/a.1")).records["muster2019"]
    assert record.state is State.FOUND
    assert (record.asked, record.answered, record.agency) == ("10.1000/a.1", "10.1000/a.1", "crossref")
    assert [source.name for source in record.sources] == ["crossref", "pubmed"]
    assert record.checked_on == TODAY


def test_only_the_handle_system_makes_a_doi_absent(ask: Ask, registry: Registry) -> None:
    record = ask(entry("ghost", "10.1000/nowhere")).records["ghost"]
    assert record.state is State.ABSENT
    assert registry.asked("doi")[-1].path.startswith("api/handles/")


def test_a_doi_that_exists_but_that_nobody_describes_is_elsewhere(ask: Ask, registry: Registry) -> None:
    registry.world.handles.add("10.1000/odd")
    assert ask(entry("odd", "10.1000/odd")).records["odd"].state is State.ELSEWHERE


def test_pubmed_describes_what_its_agency_does_not(ask: Ask, registry: Registry) -> None:
    registry.world.agencies["10.1400/x"] = "mEDRA"
    registry.world.add_pubmed(article("7", "10.1400/x"))
    record = ask(entry("x", "10.1400/x")).records["x"]
    assert (record.state, record.agency, record.pmid, record.title) == (State.FOUND, "medra", "7", "A trial of rest")


def test_another_agency_describes_its_works_itself(ask: Ask, registry: Registry) -> None:
    registry.world.agencies["10.1400/x"] = "mEDRA"
    registry.world.csl["10.1400/x"] = {
        "DOI": "10.1400/x",
        "type": "article-journal",
        "title": "Un caso",
        "author": [{"family": "Rossi"}],
    }
    record = ask(entry("rossi", "10.1400/x")).records["rossi"]
    assert (record.state, record.agency, record.title) == (State.FOUND, "medra", "Un caso")


def test_an_alias_is_answered_with_the_prime_doi(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/prime"))
    registry.world.aliases["10.1000/old"] = "10.1000/prime"
    registry.world.add_pubmed(article("7", "10.1000/prime", abstract="We measured rest."))
    record = ask(entry("a", "10.1000/old")).records["a"]
    assert (record.asked, record.answered, record.pmid) == ("10.1000/old", "10.1000/prime", "7")


def test_data_sets_come_from_datacite(ask: Ask, registry: Registry) -> None:
    registry.world.datacite["10.5281/zenodo.1"] = dataset("10.5281/zenodo.1")
    record = ask(entry("d", "10.5281/zenodo.1")).records["d"]
    assert (record.agency, record.type, record.title) == ("datacite", "dataset", "A data set")


def test_a_doi_with_a_comma_is_asked_for_alone(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a,b"), work("10.1000/c"))
    gathered = ask(entry("x", "10.1000/a,b"), entry("y", "10.1000/c"))
    assert {record.state for record in gathered.records.values()} == {State.FOUND}
    assert [logged.path for logged in registry.asked("crossref", "singles")] == ["works/10.1000%2Fa%2Cb"]


def test_odd_characters_reach_the_registry_whole(ask: Ask, registry: Registry) -> None:
    dois = ("10.1002/(sici)1097-0258(19960229)15:4<361::aid-sim168>3.0.co;2-4", "10.1000/a#b?c%d", "10.1000/ä")
    registry.world.add_crossref(*(work(doi) for doi in dois))
    gathered = ask(*(entry(str(number), doi) for number, doi in enumerate(dois)))
    assert [record.state for record in gathered.records.values()] == [State.FOUND] * 3
    assert len(registry.asked("crossref")) == 1


def test_a_refused_list_is_halved_until_the_culprit_stands_alone(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(*(work(f"10.1000/{number}") for number in range(8)))
    registry.fail("crossref", "400", match="10.1000%2F5%2C")
    registry.fail("crossref", "400", match="doi%3A10.1000%2F5&")
    gathered = ask(*(entry(f"k{number}", f"10.1000/{number}") for number in range(8)))
    assert len(gathered.records) == 8
    assert [logged.path for logged in registry.asked("crossref", "singles")] == ["works/10.1000%2F5"]


def test_one_work_under_two_keys_is_asked_for_once(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    gathered = ask(entry("one", "10.1000/a"), entry("two", "10.1000/A"))
    assert {key: record.key for key, record in gathered.records.items()} == {"one": "one", "two": "two"}
    assert len(registry.asked("crossref")) == 1


def test_a_second_run_asks_nobody(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    references = entry("a", "10.1000/a"), entry("ghost", "10.1000/nowhere")
    first = ask(*references)
    count = len(registry.log)
    second = ask(*references, previous=first.records)
    assert len(registry.log) == count
    assert second.requests_made == 0
    assert dump_lock(second.records) == dump_lock(first.records)


def test_the_same_answers_make_the_same_lock(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(*(work(f"10.1000/{n}", **{"updated-by": [update("10.1000/n")]}) for n in range(60)))
    registry.world.add_pubmed(*(article(str(n + 1), f"10.1000/{n}", mesh=("Rest", "Humans")) for n in range(60)))
    references = [entry(f"k{n}", f"10.1000/{n}") for n in range(60)]
    assert dump_lock(ask(*references).records) == dump_lock(ask(*reversed(references)).records)


def test_records_survive_the_lock(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(
        work("10.1000/a", **{"updated-by": [update("10.1000/n", "retraction", **{"record-id": 12})]})
    )
    registry.world.add_pubmed(article("7", "10.1000/a", abstract="We measured rest.", mesh=("Rest",)))
    records = ask(entry("a", "10.1000/a")).records
    again, problems = parse_lock("references.lock", dump_lock(records))
    assert not problems
    assert again == records


def test_a_stale_record_is_asked_for_again(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    first = ask(entry("a", "10.1000/a"), today=TODAY - timedelta(days=31))
    second = ask(entry("a", "10.1000/a"), previous=first.records)
    assert second.asked == ("a",)
    assert second.records["a"].checked_on == TODAY


def test_a_changed_doi_is_asked_for_again(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"), work("10.1000/b", "Another title"))
    first = ask(entry("k", "10.1000/a"))
    assert ask(entry("k", "10.1000/b"), previous=first.records).records["k"].title == "Another title"


def test_transcribed_records_are_always_asked_for(ask: Ask, registry: Registry) -> None:
    typed = Record("a", State.FOUND, (Source("transcribed", TODAY),), asked="10.1000/a", title="As typed")
    registry.world.add_crossref(work("10.1000/a"))
    assert ask(entry("a", "10.1000/a"), previous={"a": typed}).records["a"].title == "A trial of rest"


def test_a_transcribed_record_stays_where_nobody_answers(ask: Ask, registry: Registry) -> None:
    typed = Record("a", State.FOUND, (Source("transcribed", TODAY),), asked="10.1000/a", title="As typed")
    registry.fail("crossref", "503")
    gathered = ask(entry("a", "10.1000/a"), previous={"a": typed})
    assert gathered.records == {"a": typed}
    assert "Crossref" in gathered.unchecked["a"]


def test_refresh_asks_for_everything(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    first = ask(entry("a", "10.1000/a"))
    assert ask(entry("a", "10.1000/a"), previous=first.records, refresh=True).asked == ("a",)


def test_records_of_removed_references_are_dropped(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"), work("10.1000/b"))
    first = ask(entry("a", "10.1000/a"), entry("b", "10.1000/b"))
    assert list(ask(entry("b", "10.1000/b"), previous=first.records).records) == ["b"]


def test_entries_without_an_identifier_are_not_asked_for(ask: Ask, registry: Registry) -> None:
    gathered = ask(entry("page", url="https://example.org/"), entry("broken", "10.1000"))
    assert gathered.skipped == {"page": "it has no DOI or PMID", "broken": "its DOI is malformed"}
    assert registry.log == []


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


def test_an_entry_with_a_pmid_alone_is_found_at_pubmed_and_then_at_crossref(ask: Ask, registry: Registry) -> None:
    registry.world.add_pubmed(article("7", "10.1000/a", abstract="We measured rest."))
    registry.world.add_crossref(work("10.1000/a", **{"updated-by": [update("10.1000/n")]}))
    record = ask(entry("a", pmid="7")).records["a"]
    assert (record.asked, record.answered, record.pmid) == ("", "10.1000/a", "7")
    assert [notice.kind for notice in record.notices] == [NoticeKind.RETRACTION]
    assert ask(entry("a", pmid="7"), previous={"a": record}).requests_made == 0


def test_a_pmid_that_pubmed_does_not_have_is_unchecked(ask: Ask) -> None:
    gathered = ask(entry("a", pmid="999"))
    assert gathered.records == {}
    assert gathered.unchecked == {"a": "PubMed has no record with the PMID 999"}


def test_ctrl_c_keeps_what_was_answered(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("doi", "hang")

    seen = []

    def once(progress: object) -> None:
        if not seen and getattr(progress, "done", 0) == 1:
            seen.append(progress)
            raise KeyboardInterrupt

    gathered = ask(entry("a", "10.1000/a"), entry("b", "10.1000/b"), progress=once, limits=PATIENT)
    assert gathered.interrupted
    assert gathered.records["a"].state is State.FOUND
    assert gathered.unchecked["b"] == "interrupted"


def test_the_run_ends_when_its_time_is_up(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "hang")
    gathered = ask(entry("a", "10.1000/a"), time_limit=0.3)
    assert gathered.records == {}
    assert gathered.unchecked.keys() == {"a"}


def test_progress_ends_with_everything_done(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    told = []
    ask(entry("a", "10.1000/a"), entry("b", "10.1000/b"), progress=told.append)
    assert (told[-1].done, told[-1].total) == (2, 2)


def test_a_thousand_references_cost_at_most_a_hundred_requests(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(*(work(f"10.1000/{n}") for n in range(980)))
    registry.world.add_pubmed(*(article(str(n + 1), f"10.1000/{n}") for n in range(0, 980, 2)))
    registry.world.aliases |= {f"10.1000/{n}": f"10.1000/{n - 500}" for n in range(980, 990)}
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(1000)))
    assert len(gathered.records) == 1000
    assert sum(record.state is State.ABSENT for record in gathered.records.values()) == 10
    assert len(registry.asked("crossref", "lists")) == 20
    assert gathered.requests_made == len(registry.log) <= 100
