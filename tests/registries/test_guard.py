"""Whom we speak to: only the public internet, and what the settings name."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from kap_content.model.settings import RegistrySettings, Settings
from kap_content.registries._guard import Guard, RefusedAddressError, endpoint, is_public
from kap_content.registries._http import Answer, Failure, Network, plain
from kap_content.registries._http import Ask as Request
from kap_content.registries._services import named
from tests.registries.conftest import PATIENT, Ask, entry
from tests.registry.server import Registry
from tests.registry.world import work

PRIVATE = [
    *("127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "not an address"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/x", "file:///etc/passwd", "gopher://x", "javascript:alert(1)", "http://"]
)
def test_other_schemes_are_no_endpoints(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        endpoint(url)


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_name_that_leads_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1")
    with pytest.raises(RefusedAddressError, match="not on the public internet"):
        Guard().addresses("evil.example", 80)


def test_of_several_addresses_only_public_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "10.0.0.1", "8.8.8.8")
    assert [address[0] for _, address in Guard().addresses("both.example", 80)] == ["8.8.8.8"]


def test_a_name_is_resolved_once_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another machine at a second look-up (DNS rebinding) gains nothing by it."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    asked = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(answers)]

    connected = []
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: connected.append(address[0]))
    network = Network(limits=replace(PATIENT, attempts=1))
    assert isinstance(network.send(Request("x", "http://rebinding.example/"), plain), Failure)
    network.close()
    assert connected == ["8.8.8.8"]
    assert asked == ["rebinding.example"]


def test_only_what_differs_from_the_defaults_is_named() -> None:
    assert named(RegistrySettings()) == frozenset()
    assert named(RegistrySettings(crossref_url="http://localhost:8080/x")) == {("localhost", 8080)}


def test_a_loopback_address_that_the_settings_do_not_name_is_refused(registry: Registry) -> None:
    network = Network(limits=PATIENT)
    answer = network.send(Request("x", f"{registry.url}/crossref/works/10.1000%2Fa"), plain)
    network.close()
    assert answer == Failure("x: refused: 127.0.0.1 is not on the public internet (127.0.0.1)")
    assert registry.log == []


TARGETS = [
    ("http://169.254.169.254/latest/meta-data/", "not on the public internet"),
    ("http://[::1]:9/", "not on the public internet"),
    ("http://127.0.0.1:9/other-port", "not on the public internet"),
    ("file:///etc/passwd", "not an http(s) address"),
]


@pytest.mark.parametrize(("target", "reason"), TARGETS)
def test_a_redirect_to_somewhere_private_is_refused(ask: Ask, registry: Registry, target: str, reason: str) -> None:
    registry.world.agencies["10.1400/x"] = "mEDRA"
    registry.fail("doi", f"redirect:{target}", match="10.1400/x?")
    # The agency look-up itself is not redirected.
    registry.faults["doi"][0].match = "10.1400/x"
    gathered = ask(entry("a", "10.1400/x"))
    assert reason in gathered.unchecked["a"]


def test_a_redirect_within_the_named_host_is_followed(ask: Ask, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    registry.fail("crossref", f"redirect:{registry.url}/crossref/works?filter=doi:10.1000/a&rows=1", times=1)
    assert ask(entry("a", "10.1000/a")).records["a"].answered == "10.1000/a"


def test_redirects_in_a_circle_end(ask: Ask, registry: Registry) -> None:
    registry.fail("crossref", f"redirect:{registry.url}/crossref/works")
    assert "more than 5 redirects" in ask(entry("a", "10.1000/a")).unchecked["a"]


def test_credentials_of_the_machine_are_never_sent(
    ask: Ask, registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name for the operating system
        file.write("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", netrc)
    headers: list[str] = []
    original = registry.fault_for

    def spy(service: str, target: str) -> str:
        headers.append(target)
        return original(service, target)

    monkeypatch.setattr(registry, "fault_for", spy)
    ask(entry("a", "10.1000/a"))
    assert headers
    assert not any("secret" in text for text in headers)


def test_a_proxy_of_the_environment_is_used_and_private_targets_are_refused_all_the_same(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.world.add_crossref(work("10.1000/a"))
    monkeypatch.setenv("http_proxy", registry.url)
    monkeypatch.setenv("no_proxy", "")
    network = Network(limits=PATIENT)
    far = network.send(Request("x", "http://registry.example/crossref/works/10.1000%2Fa"), plain)
    near = network.send(Request("x", "http://169.254.169.254/latest/"), plain)
    network.close()
    assert isinstance(far, Answer)
    assert far.status == 200
    assert near == Failure("x: refused: 169.254.169.254 is not on the public internet")
    assert len(registry.log) == 1


def test_the_defaults_are_public_https() -> None:
    urls = [getattr(Settings().registries, name) for name in ("crossref_url", "datacite_url", "doi_url", "pubmed_url")]
    assert all(url.startswith("https://") for url in urls)
