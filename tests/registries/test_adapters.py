"""What each adapter makes of a payload."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.dates import PartialDate
from kap_content.model.record import NoticeKind, Record, RelationKind, State
from kap_content.model.reference import Name
from kap_content.registries import biorxiv, crossref, datacite, doi_org, europepmc, pubmed
from kap_content.registries._http import GarbageError
from tests.registries.test_text import JSON
from tests.registry.world import article, correction, dataset, update, work

Shared = Callable[[str], Path]


def test_a_crossref_work_becomes_a_record() -> None:
    record = crossref.parse(work("10.1000/ABC", subtitle=["A subtitle"], publisher="Example Press")).record
    assert record == Record(
        key="",
        state=State.FOUND,
        asked="10.1000/abc",
        answered="10.1000/abc",
        agency="crossref",
        title="A trial of rest",
        subtitle="A subtitle",
        authors=(Name(family="Muster", given="Anna B."),),
        containers=("Journal of Examples", "J Ex"),
        issn=("1234-5679",),
        publisher="Example Press",
        type="journal-article",
        issued=PartialDate(2019, 3, 1),
        print=PartialDate(2019, 6),
        online=PartialDate(2019, 3, 1),
        volume="12",
        issue="3",
        pages="101-110",
    )


def test_nulls_and_wrong_types_in_a_work_are_nothing() -> None:
    odd = {"title": None, "author": [None, "x", {"name": "A group"}, {}], "issued": {"date-parts": [[None]]}, "ISSN": 7}
    record = crossref.parse(odd | {"DOI": "10.1000/x", "update-to": None, "relation": []}).record
    assert (record.title, record.authors, record.issued) == ("", (Name(literal="A group"),), None)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from([*crossref.SELECT, "x"]), JSON))
def test_no_crossref_work_is_too_odd(payload: dict[str, object]) -> None:
    assert crossref.parse(payload).record.state is State.FOUND


@pytest.mark.parametrize("word", ["err", "68818", ""])
def test_dirt_among_update_types_is_unknown_and_keeps_its_label(word: str) -> None:
    notice = crossref.parse(
        work("10.1000/a", **{"updated-by": [update("10.1000/n", word, label="Odd")]})
    ).record.notices[0]
    assert (notice.kind, notice.label) == (NoticeKind.UNKNOWN, "Odd")


def test_an_update_to_itself_is_the_articles_own_status() -> None:
    record = crossref.parse(work("10.1000/a", **{"update-to": [update("10.1000/A", "correction")]})).record
    assert [notice.kind for notice in record.notices] == [NoticeKind.CORRECTION]
    assert record.relations == ()


@pytest.mark.parametrize("kind", ["new_version", "new_edition"])
def test_a_new_version_is_no_notice(kind: str) -> None:
    record = crossref.parse(work("10.1000/b", **{"update-to": [update("10.1000/a", kind)]})).record
    assert [(link.kind, link.doi) for link in record.relations] == [(RelationKind.PREVIOUS_VERSION, "10.1000/a")]


def test_preprint_links_are_read_both_ways() -> None:
    links = {
        "is-preprint-of": [{"id-type": "doi", "id": "10.1000/P", "asserted-by": "subject"}],
        "has-preprint": [{"id-type": "doi", "id": "10.1101/1"}],
        "is-review-of": [{"id-type": "doi", "id": "10.1000/r"}],
    }
    record = crossref.parse(work("10.1000/a", relation=links)).record
    assert [(link.kind.value, link.doi) for link in record.relations] == [
        ("is-preprint-of", "10.1000/p"),
        ("has-preprint", "10.1101/1"),
    ]


def test_lists_hold_fifty_dois_or_three_and_a_half_kilobytes() -> None:
    assert [len(batch) for batch in crossref.batches([f"10.1000/{n}" for n in range(120)])] == [50, 50, 20]
    long = [f"10.1000/{'x' * 200}{n}" for n in range(20)]
    assert sum(len(batch) for batch in crossref.batches(long)) == 20
    assert max(len(batch) for batch in crossref.batches(long)) < 16


def test_all_recorded_crossref_works_can_be_read(shared: Shared) -> None:
    with gzip.open(shared("data/crossref/works.jsonl.gz"), "rt", encoding="utf-8") as lines:
        records = [crossref.parse(json.loads(line)).record for line in lines]
    assert len(records) > 5000
    assert not [record.answered for record in records if "</" in record.title or "&amp;" in record.title]


def test_all_recorded_crossref_answers_can_be_read(shared: Shared) -> None:
    with gzip.open(shared("data/crossref/responses.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            try:
                payload = json.loads(json.loads(line)["body"])
            except ValueError:
                continue
            assert isinstance(crossref.parse_list(payload, ["10.1000/none"]), dict)


def test_a_pubmed_article_becomes_a_record() -> None:
    (found,) = pubmed.parse(
        b"<PubmedArticleSet>" + article("7", "10.1000/A", mesh=["Rest"]).encode() + b"</PubmedArticleSet>"
    )
    record = found.found.record
    assert (found.pmid, found.doi, record.title) == ("7", "10.1000/a", "A trial of rest")
    assert record.authors == (Name(family="Muster", given="Anna B"),)
    assert record.containers == ("Journal of Examples", "J Ex")
    assert (record.print, record.online, record.pages) == (PartialDate(2019, 6), None, "101-10")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("RetractionIn", ["retraction"]),
        ("PartialRetractionIn", ["partial_retraction"]),
        ("ExpressionOfConcernIn", ["expression_of_concern"]),
        ("ErratumIn", ["erratum"]),
        ("CorrectedandRepublishedIn", ["republication"]),
        ("RetractedandRepublishedIn", ["retraction", "republication"]),
        ("CommentIn", []),
    ],
)
def test_pubmeds_corrections_keep_their_kinds(name: str, kinds: list[str]) -> None:
    xml = article("7", "10.1000/a", corrections=correction(name, "J Ex. 2020 Mar 4;1(2):3. doi: 10.1000/N.", "8"))
    (found,) = pubmed.parse(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode())
    notices = found.found.record.notices
    assert [notice.kind.value for notice in notices] == kinds
    assert all(notice.doi == "10.1000/n" and notice.date == PartialDate(2020, 3, 4) for notice in notices)


def test_structured_abstracts_keep_their_labels() -> None:
    xml = article("7").replace(
        "<AuthorList>",
        '<Abstract><AbstractText Label="AIM">Rest &amp; <i>more</i>.</AbstractText>'
        '<AbstractText Label="RESULTS">Some.</AbstractText></Abstract><AuthorList>',
    )
    (found,) = pubmed.parse(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode())
    assert found.found.abstract == "AIM: Rest & more.\nRESULTS: Some."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Error</body></html>",
        b"<PubmedArticleSet><PubmedArticle>",
        b"<eFetchResult><ERROR>no</ERROR></eFetchResult>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><PubmedArticleSet>&a;</PubmedArticleSet>',
    ],
)
def test_what_is_no_set_of_pubmed_records_is_garbage(body: bytes) -> None:
    with pytest.raises(GarbageError):
        pubmed.parse(body)


@pytest.mark.parametrize(
    "payload",
    [None, {}, {"error": "API rate limit exceeded"}, {"esearchresult": {"ERROR": "Search failed", "idlist": []}}],
)
def test_errors_inside_an_answer_of_esearch_are_seen(payload: object) -> None:
    with pytest.raises(GarbageError):
        pubmed.parse_search(payload)


@pytest.mark.parametrize("name", ["psychiatry", "sample1000"])
def test_all_recorded_pubmed_records_can_be_read(shared: Shared, name: str) -> None:
    articles = pubmed.parse(gzip.decompress(shared(f"data/pubmed/{name}.xml.gz").read_bytes()))
    assert len(articles) > 800
    assert all(item.found.record.title for item in articles)


def test_a_datacite_work_becomes_a_record() -> None:
    titles = [
        {"title": "Main"},
        {"title": "Sub", "titleType": "Subtitle"},
        {"title": "Autre", "titleType": "TranslatedTitle"},
    ]
    links = [
        {"relationType": "IsObsoletedBy", "relatedIdentifier": "10.5281/ZENODO.9", "relatedIdentifierType": "DOI"},
        {"relationType": "IsPartOf", "relatedIdentifier": "1234-5679", "relatedIdentifierType": "ISSN"},
    ]
    found = datacite.parse(dataset("10.5281/zenodo.1", titles=titles, relatedIdentifiers=links))
    record = found.record
    assert (record.title, record.subtitle, record.other_titles) == ("Main", "Sub", ("Autre",))
    assert [(link.kind, link.doi) for link in record.relations] == [(RelationKind.NEW_VERSION, "10.5281/zenodo.9")]


def test_arxiv_names_the_article_that_a_preprint_became() -> None:
    links = [{"relationType": "IsVersionOf", "relatedIdentifier": "10.1000/a", "relatedIdentifierType": "DOI"}]
    record = datacite.parse(dataset("10.48550/arXiv.2001.00001", relatedIdentifiers=links)).record
    assert record.type == "posted-content"
    assert [(link.kind, link.doi) for link in record.relations] == [(RelationKind.IS_PREPRINT_OF, "10.1000/a")]


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["titles", "creators", "dates", "types", "container", "descriptions", "subjects"]), JSON
    )
)
def test_no_datacite_work_is_too_odd(attributes: dict[str, object]) -> None:
    assert datacite.parse({"id": "10.5281/x", "attributes": attributes}).record.state is State.FOUND


def test_all_recorded_datacite_works_can_be_read(shared: Shared) -> None:
    with gzip.open(shared("data/datacite/works.jsonl.gz"), "rt", encoding="utf-8") as lines:
        records = [datacite.parse(json.loads(line)).record for line in lines]
    assert len(records) > 600
    assert sum(bool(record.title) for record in records) > 0.98 * len(records)


@pytest.mark.parametrize(
    ("status", "code", "exists"),
    [
        (200, 1, True),
        (200, 200, True),
        (404, 100, False),
        (200, 100, None),
        (404, 1, None),
        (400, 301, None),
        (500, 2, None),
    ],
)
def test_the_handle_system_settles_existence_only_when_it_is_clear(status: int, code: int, exists: bool | None) -> None:
    assert doi_org.parse_handle(status, {"responseCode": code}) is exists


def test_agencies_are_read_whatever_the_case() -> None:
    payload = [{"DOI": "10.1000/A", "RA": "Crossref"}, {"DOI": "10.1000/b", "status": "DOI does not exist"}, None]
    assert doi_org.parse_agencies(payload) == {"10.1000/a": "crossref", "10.1000/b": ""}


def test_europe_pmcs_abstracts_are_plain_text() -> None:
    payload = {
        "resultList": {"result": [{"doi": "10.1000/A", "abstractText": "<h4>Aim</h4>Rest."}, {"doi": "10.1000/b"}]}
    }
    assert europepmc.parse(payload) == {"10.1000/a": "Aim Rest."}


@pytest.mark.parametrize(
    ("doi", "first"),
    [
        ("10.1101/2021.04.29.21256344", "medrxiv"),
        ("10.64898/2026.01.02.123456", "biorxiv"),
        ("10.1101/123456", "biorxiv"),
    ],
)
def test_both_preprint_prefixes_are_known_and_the_likelier_server_is_asked_first(doi: str, first: str) -> None:
    assert biorxiv.is_preprint(doi)
    assert biorxiv.servers(doi)[0] == first
