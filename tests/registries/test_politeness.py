"""How the registries are asked, as the stand-in saw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import pytest

from kap_content.registries._throttle import Host, Policy, Rate
from tests.registries.conftest import Ask, entry
from tests.registry.server import Logged, Registry
from tests.registry.world import article, work


@pytest.fixture
def registry() -> object:
    """The stand-in with its limits enforced."""
    with Registry(latency=0.02) as server:
        yield server


JITTER = 2
"""So many requests may reach a busy machine's stand-in closer together than they were sent. That the limits hold at any
moment where they are kept, before sending, is shown below with a clock of our own."""


def fullest_second(log: Sequence[Logged]) -> int:
    times = sorted(logged.at for logged in log)
    return max(sum(1 for other in times if start <= other < start + 1) for start in times)


def refused(log: Sequence[Logged]) -> int:
    return sum(logged.status == 429 for logged in log)


def test_lists_keep_to_three_a_second_and_three_at_once(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(*(work(f"10.1000/{n}") for n in range(450)))
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(450)))
    log = registry.asked("crossref", "lists")
    assert len(gathered.records) == 450
    assert len(log) - refused(log) == 9
    assert refused(log) <= JITTER
    assert fullest_second(log) <= 3 + JITTER


def test_without_an_address_to_write_to_the_public_pool_is_respected(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(*(work(f"10.1000/{n}") for n in range(150)))
    settings = replace(registry.settings(mailto=""))
    gathered = ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(150)), settings=settings)
    log = registry.asked("crossref")
    assert len(gathered.records) == 150
    assert refused(log) <= JITTER
    assert fullest_second(log) <= 1 + JITTER


def test_pubmed_keeps_to_three_a_second(ask: Ask, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    registry.limits["crossref lists"] = 1000
    registry.world.add_crossref(*(work(f"10.1000/{n}") for n in range(300)))
    registry.world.add_pubmed(*(article(str(n + 1), f"10.1000/{n}") for n in range(300)))
    ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(300)))
    log = registry.asked("pubmed")
    assert len(log) == 8
    assert {logged.status for logged in log} == {200}
    assert fullest_second(log) <= 3 + JITTER


def test_the_limits_that_answers_name_replace_our_own(ask: Ask, registry: Registry) -> None:
    registry.limits["crossref lists"] = 2
    registry.world.add_crossref(*(work(f"10.1000/{n}") for n in range(300)))
    ask(*(entry(f"k{n}", f"10.1000/{n}") for n in range(300)))
    log = registry.asked("crossref")
    assert refused(log) <= 1 + JITTER
    assert fullest_second(log[3:]) <= 2 + JITTER


def test_every_request_names_the_product_its_version_and_whom_to_write_to(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    ask(entry("a", "10.1000/a"), entry("b", "10.1000/nowhere"))
    name = f"kap-content/{version('kap-content')} (mailto:editor@example.org)"
    assert {logged.service for logged in registry.log} >= {"crossref", "doi", "pubmed", "europepmc"}
    assert all(name in logged.agent for logged in registry.log)


def test_the_key_of_the_environment_goes_to_pubmed_alone(
    ask: Ask, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "secret")
    registry.world.add_crossref(work("10.1000/a"))
    ask(entry("a", "10.1000/a"), entry("b", "10.1000/nowhere"))
    assert {logged.service for logged in registry.log if "secret" in str(logged)} == {"pubmed"}


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def enter_all(host: Host, clock: Clock, lane: str, until: float) -> list[float]:
    """When requests may start, if one is always waiting; in steps of 10 ms."""
    starts = []
    while clock.now < until:
        if host.enter(lane, clock.now) == "":
            starts.append(clock.now)
            host.leave(lane, None)
        else:
            clock.now += 0.01
    return starts


def test_a_window_holds_at_any_moment() -> None:
    clock = Clock()
    host = Host("x", Policy({"": Rate(3)}, concurrency=9), clock)
    starts = enter_all(host, clock, "", 110)
    assert all(later - earlier >= 1 for earlier, later in zip(starts, starts[3:], strict=False))
    assert len(starts) >= 29


@pytest.mark.parametrize(
    ("limit", "interval", "expected"),
    [
        ("5", "1s", 5),
        ("10", "2s", 5),
        ("600", "1m", 10),
        ("nonsense", "1s", 3),
        ("0", "1s", 3),
        ("5", "", 3),
        ("5", "0s", 3),
    ],
)
def test_rate_headers_are_read_and_nonsense_in_them_ignored(limit: str, interval: str, expected: float) -> None:
    clock = Clock()
    host = Host("x", Policy({"": Rate(3)}, concurrency=9), clock)
    assert host.enter("", clock.now + 1) == ""
    host.leave("", {"x-rate-limit-limit": limit, "x-rate-limit-interval": interval})
    clock.now += 100
    starts = enter_all(host, clock, "", clock.now + 60)
    assert len(starts) / 60 == pytest.approx(expected, rel=0.15)


def test_a_host_that_says_too_many_is_asked_half_as_often() -> None:
    clock = Clock()
    host = Host("x", Policy({"": Rate(4)}, concurrency=3), clock)
    host.pause(0.0, slower=True)
    assert len(enter_all(host, clock, "", clock.now + 10)) == pytest.approx(20, abs=4)
