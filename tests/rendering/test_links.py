"""Which addresses a page may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.rendering.links import doi_url, domain_of, is_relative, safe_url


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c#d",
        "HTTP://example.org",
        "mailto:someone@example.org",
        "other.md",
        "../a/b.html#c",
        "/root",
        "#here",
        "?page=2",
        "a/b:c",
    ],
)
def test_web_mail_and_relative_addresses_are_kept(address: str) -> None:
    assert safe_url(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript\u200b:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org/x",
        "/\\example.org",
        "https:\\\\example.org",
        "javascript&colon;alert(1):x",
        "1a:b",
        "",
        "   ",
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    assert safe_url(address) is None


@given(st.text(max_size=40))
def test_what_is_kept_has_a_known_scheme_or_none(address: str) -> None:
    kept = safe_url(address)
    if kept is not None:
        head = kept.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
        assert ":" not in head or head.lower().startswith(("http:", "https:", "mailto:"))
        assert not kept.startswith("//")


def test_a_doi_with_odd_characters_becomes_a_proper_address() -> None:
    assert doi_url("10.1002/(SICI)1<1::AID>3.0.CO;2-#") == ("https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0.CO;2-%23")


def test_a_relative_address_names_a_file_of_the_project() -> None:
    assert is_relative("a/b.md")
    assert not any(is_relative(address) for address in ("https://a.org", "#x", "/x", "?x", "mailto:a@b.c"))


def test_the_host_of_an_address_is_shown_without_www() -> None:
    assert domain_of("https://WWW.Example.org/x") == "example.org"
    assert domain_of("mailto:a@b.c") == ""
