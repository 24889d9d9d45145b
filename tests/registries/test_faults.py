"""Every way in which a registry can fail: what comes back, and that nothing false is stored."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from kap_content.model.record import State
from kap_content.model.settings import RegistrySettings, Settings
from kap_content.registries._answer import Unchecked
from kap_content.registries._services import Services
from tests.registries.conftest import PATIENT, TODAY, Ask, entry
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import article, work

LASTING = [
    "429",
    "503",
    "504",
    "500",
    "403",
    "html",
    "empty",
    "truncated",
    "other-shape",
    "null",
    "hang",
    "reset",
    "drip",
]
PASSING = [
    "429",
    "429-wait:0",
    "503",
    "504",
    "500",
    "html",
    "empty",
    "truncated",
    "other-shape",
    "null",
    "reset",
    "hang",
]


@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_of_crossref_leaves_the_reference_unchecked(ask: Ask, registry: Registry, fault: str) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("crossref", fault)
    gathered = ask(entry("a", "10.1000/a"), entry("b", "10.1000/nowhere"))
    assert gathered.records == {}
    assert set(gathered.unchecked) == {"a", "b"}
    assert all(reason.startswith("Crossref: ") for reason in gathered.unchecked.values())


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_of_crossref_costs_only_time(ask: Ask, registry: Registry, fault: str) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("crossref", fault, times=1)
    assert ask(entry("a", "10.1000/a")).records["a"].state is State.FOUND


@pytest.mark.parametrize("fault", ["429", "503", "504", "html", "empty", "truncated", "hang", "reset", "403"])
@pytest.mark.parametrize("step", ["doiRA/", "api/handles/"])
def test_no_fault_of_doi_org_makes_a_doi_absent(ask: Ask, registry: Registry, fault: str, step: str) -> None:
    registry.fail("doi", fault, match=step)
    gathered = ask(entry("a", "10.1000/nowhere"))
    assert gathered.records == {}
    assert "doi.org" in gathered.unchecked["a"]


@pytest.mark.parametrize("fault", ["503", "html", "other-shape", "truncated"])
def test_no_fault_of_datacite_makes_a_doi_absent(ask: Ask, registry: Registry, fault: str) -> None:
    registry.world.agencies["10.5281/zenodo.1"] = "DataCite"
    registry.fail("datacite", fault)
    gathered = ask(entry("a", "10.5281/zenodo.1"))
    assert gathered.records == {}
    assert "DataCite" in gathered.unchecked["a"]


@pytest.mark.parametrize("fault", ["search-error", "fetch-error", "503", "html", "empty", "truncated", "403"])
@pytest.mark.parametrize("program", ["esearch", "efetch"])
def test_a_fault_of_pubmed_leaves_a_gap_and_not_a_clean_record(
    ask: Ask, registry: Registry, fault: str, program: str
) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.world.add_pubmed(article("7", "10.1000/a", types=("Retracted Publication",)))
    registry.fail("pubmed", fault, match=program)
    gathered = ask(entry("a", "10.1000/a"))
    assert [source.name for source in gathered.records["a"].sources] == ["crossref"]
    assert "PubMed" in gathered.partial["a"]


@pytest.mark.parametrize("service", ["europepmc", "biorxiv"])
@pytest.mark.parametrize("fault", ["503", "html", "hang", "other-shape"])
def test_a_fault_of_a_lesser_source_costs_only_what_it_would_have_given(
    ask: Ask, registry: Registry, service: str, fault: str
) -> None:
    doi = "10.1101/2021.04.29.21256344"
    registry.world.add_crossref(work(doi, type="posted-content"))
    registry.fail(service, fault)
    gathered = ask(entry("a", doi))
    assert gathered.records["a"].state is State.FOUND
    assert not gathered.unchecked


def test_a_wrong_content_type_is_no_fault_where_the_data_are_sound(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("crossref", "wrong-type")
    assert ask(entry("a", "10.1000/a")).records["a"].state is State.FOUND


@pytest.mark.parametrize("slow", ["a", "f"])
def test_doi_org_is_asked_for_fewer_where_it_times_out_on_many(ask: Ask, registry: Registry, slow: str) -> None:
    registry.world.slow_handles.add(f"10.1000/{slow}")
    gathered = ask(*(entry(name, f"10.1000/{name}") for name in "abcdef"))
    sizes = [logged.path.count(",") + 1 for logged in registry.asked("doi") if logged.path.startswith("doiRA/")]
    assert sizes[0] == 6
    assert min(sizes) < 3
    assert [record.state for record in gathered.records.values()] == [State.ABSENT] * 6


def test_a_host_that_blocks_us_is_asked_once_and_no_more(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "403")
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(400)))
    assert len(registry.asked("crossref")) <= 3
    assert len(gathered.unchecked) == 400
    assert "access refused (HTTP 403)" in gathered.unchecked["k399"]


def test_a_silent_host_is_left_alone_after_the_second_silence(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "hang")
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(120)))
    assert len(gathered.unchecked) == 120
    # Each list that was under way already is asked twice, and nothing after them.
    assert len(registry.asked("crossref")) <= 2 * 3
    assert set(gathered.unchecked.values()) == {"Crossref: silent for 1 s"}


def test_an_answer_cut_short_by_the_end_of_the_run_is_said_to_be(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "hang")
    settings, limits = registry.settings(), replace(PATIENT, attempts=1)
    services = Services.of(settings, deadline=time.monotonic() + 0.3, limits=limits)
    assert services.crossref.work("10.1000/a") == Unchecked("Crossref: no whole answer in the time allowed")
    services.network.close()


def test_a_host_in_trouble_is_left_alone_after_repeated_failure(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "503")
    ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(1000)))
    assert len(registry.asked("crossref")) <= PATIENT.attempts * 3 + 3


def test_too_long_a_wait_is_not_waited(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", "429-wait:3600")
    gathered = ask(entry("a", "10.1000/a"))
    assert len(registry.asked("crossref")) == 1
    assert "3600 s" in gathered.unchecked["a"]


def test_retry_after_is_obeyed(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("crossref", "429-wait:1", times=1)
    assert ask(entry("a", "10.1000/a")).records["a"].state is State.FOUND
    first, second = (logged.at for logged in registry.asked("crossref"))
    assert second - first >= 1.0


def test_a_retraction_on_record_survives_a_registry_in_trouble(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a", **{"updated-by": [{"DOI": "10.1000/n", "type": "retraction"}]}))
    first = ask(entry("a", "10.1000/a"), today=TODAY - timedelta(days=90))
    registry.fail("crossref", "html")
    second = ask(entry("a", "10.1000/a"), previous=first.records)
    assert second.records == first.records
    assert set(second.unchecked) == {"a"}


def nowhere() -> Settings:
    """Settings in which every registry is a port where nobody listens."""
    names = SERVICES
    return Settings(registries=RegistrySettings(**{f"{name}_url": f"http://127.0.0.1:1/{name}" for name in names}))


@pytest.mark.parametrize("settings", [nowhere(), Settings()], ids=["refused", "no names"])
def test_an_offline_machine_ends_soon_with_everything_unchecked(ask: Ask, settings: Settings) -> None:
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(1000)), settings=settings, limits=None)
    assert gathered.records == {}
    assert len(gathered.unchecked) == 1000
    assert "offline" in gathered.unchecked["k0"]


def test_a_network_that_swallows_everything_is_not_waited_for(
    ask: Ask, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr("kap_content.registries._guard.Guard.connect", lambda *_: never.wait())
    gathered = ask(entry("a", "10.1000/a"), limits=None)  # comes back at all: nothing ever answers
    never.set()
    assert gathered.unchecked == {"a": "no registry can be reached (offline?)"}


def test_a_response_that_never_ends_is_cut(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a", abstract="x" * 200_000))
    limits = replace(PATIENT, most_bytes=10_000)
    assert "more than 10000 bytes" in ask(entry("a", "10.1000/a"), limits=limits).unchecked["a"]
