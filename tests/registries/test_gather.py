"""Who describes a reference, in how many requests, and how a run ends."""

from __future__ import annotations

from kap_content.model.record import NoticeKind, State
from tests.registries.conftest import PATIENT, TODAY, Ask, entry
from tests.registry.server import Registry
from tests.registry.world import article, dataset, update, work


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
