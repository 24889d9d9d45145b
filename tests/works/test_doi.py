"""DOIs as people write them come to one form, and what is no DOI is seen to be none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.works.doi import doi_in_url, is_doi, normalise_doi

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"

WRITTEN = {
    "https://doi.org/10.1177/0269881117718527": "10.1177/0269881117718527",
    "http://dx.doi.org/10.1177/0269881117718527": "10.1177/0269881117718527",
    "HTTPS://DOI.ORG/10.1177/0269881117718527": "10.1177/0269881117718527",
    "doi.org/10.1177/0269881117718527": "10.1177/0269881117718527",
    "doi:10.1177/0269881117718527": "10.1177/0269881117718527",
    "DOI: 10.1177/0269881117718527": "10.1177/0269881117718527",
    "DOI 10.1177/0269881117718527": "10.1177/0269881117718527",
    "info:doi/10.1177/0269881117718527": "10.1177/0269881117718527",
    "doi:https://doi.org/10.1177/0269881117718527": "10.1177/0269881117718527",
    "https://doi.org/10.1177/0269881117718527?utm_source=mail#top": "10.1177/0269881117718527",
    " 10.1177/ 0269881117718527\n": "10.1177/0269881117718527",
    "10.1177/02698811\u200b17718527": "10.1177/0269881117718527",
    "10.1177/0269881117718527.": "10.1177/0269881117718527",
    "10.1177/0269881117718527/": "10.1177/0269881117718527",
    "“10.1177/0269881117718527”,": "10.1177/0269881117718527",
    "<i>10.1177/0269881117718527</i>": "10.1177/0269881117718527",
    '<a href="x">10.1177/0269881117718527</a>': "10.1177/0269881117718527",
    "10.3389/fpsyt.2019.00123/full": "10.3389/fpsyt.2019.00123",
    "10.3389/fpsyt.2019.00123/pdf": "10.3389/fpsyt.2019.00123",
    "10.3389/fpsyt.2019.00123/abstract": "10.3389/fpsyt.2019.00123",
    "(10.1000/abc)": "10.1000/abc",
    "[10.1000/abc].": "10.1000/abc",
    "10.1000/abc(d)e).": "10.1000/abc(d)e",
    "10.1000/abc(d)": "10.1000/abc(d)",
    "10.1000/abc>).": "10.1000/abc",
    SICI.upper(): SICI,
    "10.1002/%28SICI%291097-0258%2819980815%2F30%2917%3A15%2F16%3C1661%3A%3AAID-SIM968%3E3.0.CO%3B2-2": SICI,
    SICI.replace("<", "&lt;").replace(">", "&gt;"): SICI,
    "10.48550/arXiv.2101.00001v2": "10.48550/arxiv.2101.00001",
    "10.1101/2020.01.01.123456v2": "10.1101/2020.01.01.123456v2",
    "10.1002/14651858.CD012345.pub2": "10.1002/14651858.cd012345.pub2",
    "": "",
}


@pytest.mark.parametrize(("written", "expected"), WRITTEN.items(), ids=range(len(WRITTEN)))
def test_one_form_comes_of_every_way_to_write_it(written: str, expected: str) -> None:
    assert normalise_doi(written) == expected


@pytest.mark.parametrize(
    "text",
    ["", "10.1000", "10.1000/", "10.10/abc", "1016/j.jad.2019.1", "PMID 28944", "https://doi.org/10.1000/abc",
     "10.1000/abc, 10.1000/def", "10.1000/abc,10.1000/def", "10.1000/--", "10.1000/a b", "nejm.org/10.1000/abc",
     "10.1000/" + "a" * 3000],
)  # fmt: skip
def test_what_is_no_doi_is_none(text: str) -> None:
    assert not is_doi(text)


@pytest.mark.parametrize(
    "text", ["10.1000/abc", "10.1000.10/123", "10.123456789/a", SICI, "10.1000/ABC", "10.1000/10.1/x,y"]
)
def test_what_is_a_doi_is_one(text: str) -> None:
    assert is_doi(text)


PIECES = st.sampled_from(
    [
        *(
            "https://doi.org/",
            "http://dx.doi.org/",
            "doi:",
            "DOI ",
            "10.1000/",
            "10.48550/arXiv.",
            "abc",
            "(",
            ")",
            "<",
            ">",
        ),
        *(
            "[",
            "]",
            "{",
            "}",
            "%28",
            "%25",
            "%2541",
            "&lt;",
            "&amp;lt;",
            "<b>",
            "</sup>",
            "/full",
            "/pdf",
            ".",
            ",",
            "?",
            "#",
        ),
        *("v2", "İ", " ", "\u200b", "‘", "/", "2-#", "::"),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join)))
@settings(deadline=None, max_examples=400)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_doi(text)
    assert normalise_doi(once) == once


@given(st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9]+([-._;:][a-z0-9]+){0,3}(\([a-z0-9]+\))?", fullmatch=True))
@settings(deadline=None, max_examples=200)
def test_a_doi_survives_every_wrapping(doi: str) -> None:
    for wrapped in (doi, doi.upper(), f"https://doi.org/{doi}", f"doi: {doi}.", f"({doi})", f"<{doi}>", f" {doi}, "):
        assert normalise_doi(wrapped) == doi
    assert is_doi(doi)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_text_may_be_asked(text: str) -> None:
    assert isinstance(is_doi(text), bool)
    found = doi_in_url(text)
    assert not found or (is_doi(found) and normalise_doi(found) == found)


@pytest.mark.parametrize(
    ("url", "doi"),
    [
        ("https://doi.org/10.1056/NEJMoa123456", "10.1056/nejmoa123456"),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa123456", "10.1056/nejmoa123456"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456&x=1",
            "10.1371/journal.pone.0123456",
        ),
        ("https://link.springer.com/content/pdf/10.1007/s00213-019-1.pdf", "10.1007/s00213-019-1"),
        ("https://www.frontiersin.org/articles/10.3389/fpsyt.2019.00123/full", "10.3389/fpsyt.2019.00123"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.full.pdf", "10.1101/2020.01.01.123456"),
        (
            "https://www.cochranelibrary.com/cdsr/doi/10.1002/14651858.CD012345.pub2/full",
            "10.1002/14651858.cd012345.pub2",
        ),
        ("https://doi-org.proxy.example.edu/10.1016/j.jad.2019.01.001", "10.1016/j.jad.2019.01.001"),
        (f"https://onlinelibrary.wiley.com/doi/{SICI.upper().replace('<', '%3C')}", SICI),
        ("https://www.fda.gov/media/10.20/download", ""),
        ("https://www.nimh.nih.gov/health/statistics/any-anxiety-disorder", ""),
        ("", ""),
    ],
)
def test_an_address_gives_the_doi_it_holds(url: str, doi: str) -> None:
    assert doi_in_url(url) == doi


def test_every_registered_doi_is_one_and_stays_as_it_is(shared: Callable[[str], Path]) -> None:
    with gzip.open(shared("data/crossref/works.jsonl.gz"), "rt", encoding="utf-8") as lines:
        dois = [json.loads(line)["DOI"] for line in lines]
    assert [doi for doi in dois if normalise_doi(doi) != doi.lower() or not is_doi(normalise_doi(doi))] == []
