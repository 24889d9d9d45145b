from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.model.record import NoticeKind
from kap_content.model.reference import Name, Reference
from kap_content.registries.suggest import Fetched, fetch_for_add, identifier_of, suggest
from tests.registries.conftest import PATIENT, TODAY, entry
from tests.registry.server import Registry
from tests.registry.world import article, update, work

Add = Callable[..., tuple[Fetched, ...]]


@pytest.fixture
def add(registry: Registry, tmp_path: Path) -> Add:
    return lambda *texts: fetch_for_add(texts, registry.settings(), today=TODAY, root=tmp_path, limits=PATIENT)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("10.1000/A.1", {"doi": "10.1000/a.1"}),
        ("https://doi.org/10.1000/a.1", {"doi": "10.1000/a.1"}),
        ("doi:10.1000/a.1", {"doi": "10.1000/a.1"}),
        ("29441866", {"pmid": "29441866"}),
        ("PMID: 29441866", {"pmid": "29441866"}),
        ("https://pubmed.ncbi.nlm.nih.gov/29441866/", {"pmid": "29441866"}),
        ("arXiv:2001.00001v2", {"doi": "10.48550/arxiv.2001.00001"}),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa2034577", {"doi": "10.1056/nejmoa2034577"}),
        ("Ketamine for social anxiety", {"title": "Ketamine for social anxiety"}),
    ],
)
def test_what_a_user_may_type(text: str, fields: dict[str, str]) -> None:
    assert identifier_of(text) == fields


def test_a_doi_brings_its_record_with_its_notices(add: Add, registry: Registry) -> None:
    registry.world.add_crossref(work("10.1000/a", publisher="Example Press", **{"updated-by": [update("10.1000/n")]}))
    (fetched,) = add("doi:10.1000/A")
    assert fetched.record is not None
    assert fetched.record.publisher == "Example Press"
    assert [notice.kind for notice in fetched.record.notices] == [NoticeKind.RETRACTION]


def test_a_pmid_brings_its_record(add: Add, registry: Registry) -> None:
    registry.world.add_pubmed(article("7", "10.1000/a"))
    registry.world.add_crossref(work("10.1000/a"))
    (fetched,) = add("PMID 7")
    assert fetched.record is not None
    assert (fetched.record.pmid, fetched.record.asked) == ("7", "10.1000/a")


def test_a_title_brings_candidates_and_no_record(add: Add, registry: Registry) -> None:
    registry.world.add_crossref(
        work("10.1000/a", "Ketamine for social anxiety"), work("10.1000/b", "Rest for social anxiety")
    )
    (fetched,) = add("Ketamine for social anxiety")
    assert fetched.record is None
    assert fetched.candidates[0].record.answered == "10.1000/a"


def test_what_does_not_exist_is_said(add: Add) -> None:
    assert add("10.1000/none")[0].reason == "it does not exist: doi.org does not know it"


def test_what_cannot_be_asked_is_said(add: Add, registry: Registry) -> None:
    registry.fail("crossref", "503")
    known, title = add("10.1000/a", "Some title")
    assert known.reason.startswith("it could not be looked up: Crossref: ")
    assert title.reason.startswith("taken for a title, it could not be searched for: Crossref: ")
    assert (known.is_unchecked, title.is_unchecked) == (True, True)


def test_candidates_are_ranked_by_more_than_the_title(registry: Registry) -> None:
    registry.world.add_crossref(
        work("10.1000/letter", "A trial of rest", author=[{"family": "Other"}], issued={"date-parts": [[2003]]}),
        work("10.1000/trial", "A trial of rest"),
    )
    fields = {"title": "A trial of rest", "journal": "J Ex", "year": "2019", "pages": "101"}
    reference = Reference("m", "article", entry("m").place, fields, authors=(Name(family="Muster", given="Anna"),))
    found = suggest([reference, entry("untitled")], registry.settings(), today=TODAY, limits=PATIENT)
    assert [candidate.record.answered for candidate in found.candidates["m"]] == ["10.1000/trial", "10.1000/letter"]
    assert found.candidates["untitled"] == ()
    assert found.requests_made == 1
