"""What is kept of earlier answers, and when a reference is asked about again."""

from __future__ import annotations

from datetime import timedelta

from kap_content.load.lock import dump_lock, parse_lock
from kap_content.model.record import Record, Source, State
from tests.registries.conftest import TODAY, Ask, entry
from tests.registry.server import Registry
from tests.registry.world import article, update, work


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
    lock, problems = parse_lock("references.lock", dump_lock(records))
    assert not problems
    assert lock.records == records


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
