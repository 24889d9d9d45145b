from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, State
from kap_content.model.reference import Name
from kap_content.works.status import PublicationStatus, publication_status

COCHRANE = "10.1002/14651858.cd004837.pub3"
NEXT = "10.1002/14651858.cd004837.pub4"
DOI, NOTICE = "10.5555/article.1", "10.5555/notice.1"


def notice(kind: NoticeKind, source: str = "crossref", doi: str = NOTICE, day: str = "", record_id: str = "") -> Notice:
    return Notice(kind, source, doi, PartialDate.parse(day), record_id)


def status(*notices: Notice, doi: str = DOI, acknowledged: str = "", **fields: object) -> PublicationStatus:
    record = Record("a", State.FOUND, asked=doi, answered=doi, notices=notices, **fields)  # type: ignore[arg-type] # given right
    return publication_status(record, acknowledged)


def test_nothing_known_is_an_empty_status() -> None:
    assert status(title="Ketamine in anxiety") == PublicationStatus()
    assert status().summary == ()


@pytest.mark.parametrize("kind", [NoticeKind.RETRACTION, NoticeKind.WITHDRAWAL, NoticeKind.REMOVAL])
def test_three_kinds_of_notice_retract(kind: NoticeKind) -> None:
    assert status(notice(kind)).retracted is not None


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (NoticeKind.PARTIAL_RETRACTION, "partly_retracted"),
        (NoticeKind.EXPRESSION_OF_CONCERN, "concern"),
        (NoticeKind.CORRECTION, "corrected"),
        (NoticeKind.CORRIGENDUM, "corrected"),
        (NoticeKind.ERRATUM, "corrected"),
        (NoticeKind.ADDENDUM, "corrected"),
        (NoticeKind.CLARIFICATION, "corrected"),
        (NoticeKind.REPUBLICATION, "corrected"),
        (NoticeKind.UNKNOWN, "unrecognised"),
    ],
)
def test_every_other_kind_keeps_its_own_gravity(kind: NoticeKind, field: str) -> None:
    found = status(notice(kind))
    assert getattr(found, field) is not None
    assert found.retracted is None


def test_one_notice_from_three_sources_is_told_once() -> None:
    event = status(
        notice(NoticeKind.RETRACTION, "retraction-watch", day="2010-02-02", record_id="7"),
        notice(NoticeKind.RETRACTION, "crossref", day="2010-02-06"),
        notice(NoticeKind.RETRACTION, "pubmed", "", "2010-02"),
        title="RETRACTED: An article",
    ).retracted
    assert str(event) == f"retraction of 2010-02, notice {NOTICE} (Crossref, PubMed, Retraction Watch, the title)"


def test_the_title_alone_retracts() -> None:
    event = status(title="RETRACTED ARTICLE: Vitamin D and mood").retracted
    assert event is not None
    assert event.sources == ("the title",)


def test_a_withdrawn_cochrane_review_is_out_of_date_and_not_retracted() -> None:
    found = status(doi=COCHRANE, title="WITHDRAWN: Cannabis and schizophrenia")
    assert found.retracted is None
    assert found.withdrawn_review is not None


def test_a_cochrane_withdrawal_filed_as_a_retraction_is_not_one() -> None:
    found = status(notice(NoticeKind.RETRACTION, "retraction-watch", NEXT), doi=COCHRANE)
    assert found.retracted is None
    assert found.newer is not None
    assert (found.newer.doi, found.newer.withdrawn) == (NEXT, True)
    assert found.conflicts == ()


def test_a_cochrane_review_can_be_retracted_by_a_notice_of_its_own() -> None:
    assert status(notice(NoticeKind.RETRACTION), doi=COCHRANE).retracted is not None


def test_a_cochrane_review_titled_retracted_is_retracted() -> None:
    found = status(notice(NoticeKind.RETRACTION, doi=NEXT), doi=COCHRANE, title="RETRACTED: Cannabis and schizophrenia")
    assert found.retracted is not None


def test_the_newest_of_several_versions_is_named() -> None:
    relations = tuple(
        Relation(RelationKind.NEW_VERSION, f"10.1002/14651858.cd004837.pub{n}", "crossref") for n in (4, 12, 9)
    )
    newer = status(doi=COCHRANE, relations=relations).newer
    assert newer is not None
    assert newer.doi.endswith(".pub12")


def test_an_older_version_is_not_newer() -> None:
    older = Relation(RelationKind.NEW_VERSION, "10.1002/14651858.cd004837.pub2", "crossref")
    assert status(doi=COCHRANE, relations=(older,)).newer is None


def test_a_reinstated_work_is_a_conflict_and_not_retracted() -> None:
    found = status(
        notice(NoticeKind.RETRACTION, day="2019-01-05"),
        notice(NoticeKind.REINSTATEMENT, "retraction-watch", "10.5555/back", "2020-02-01"),
    )
    assert found.retracted is None
    assert found.conflicts[0].is_reinstatement


def test_a_work_retracted_again_after_reinstatement_is_retracted() -> None:
    found = status(
        notice(NoticeKind.REINSTATEMENT, "retraction-watch", "10.5555/back", "2018-02-01"),
        notice(NoticeKind.RETRACTION, day="2019-01-05"),
    )
    assert found.retracted is not None


def test_a_reinstatement_of_the_same_record_wins_whatever_its_date() -> None:
    found = status(
        notice(NoticeKind.RETRACTION, "retraction-watch", day="2021-01-05", record_id="55"),
        notice(NoticeKind.REINSTATEMENT, "retraction-watch", day="2020-02-01", record_id="55"),
    )
    assert found.retracted is None


def test_an_article_replaced_under_its_doi_is_not_retracted() -> None:
    found = status(notice(NoticeKind.RETRACTION), notice(NoticeKind.REPUBLICATION, "pubmed"))
    assert found.retracted is None
    assert found.replaced is not None
    assert found.corrected is None


def test_an_acknowledgement_must_name_the_notice() -> None:
    retraction = notice(NoticeKind.RETRACTION)
    assert status(retraction, acknowledged=f"Retracted and replaced; notice {NOTICE}").replaced is not None
    assert status(retraction, acknowledged="Retracted and replaced").retracted is not None
    assert status(retraction, acknowledged=f"See {NOTICE}").retracted is not None


def test_a_new_notice_is_not_covered_by_an_old_acknowledgement() -> None:
    found = status(
        notice(NoticeKind.RETRACTION),
        notice(NoticeKind.RETRACTION, doi="10.5555/notice.2"),
        acknowledged=f"Retracted and replaced; notice {NOTICE}",
    )
    assert found.retracted is not None


def test_one_notice_typed_differently_is_a_conflict() -> None:
    found = status(notice(NoticeKind.CORRECTION), notice(NoticeKind.RETRACTION, "retraction-watch"))
    assert found.conflicts[0].sides == ("Crossref: correction", "Retraction Watch: retraction")


@pytest.mark.parametrize(
    "notices",
    [
        (notice(NoticeKind.RETRACTION, day="2019"), notice(NoticeKind.RETRACTION, "retraction-watch", day="2020")),
        (notice(NoticeKind.RETRACTION), notice(NoticeKind.WITHDRAWAL, "retraction-watch")),
        (notice(NoticeKind.CORRECTION), notice(NoticeKind.ERRATUM, "pubmed")),
        (notice(NoticeKind.CORRECTION), notice(NoticeKind.UNKNOWN, "retraction-watch")),
        (notice(NoticeKind.EXPRESSION_OF_CONCERN), notice(NoticeKind.RETRACTION, "pubmed", "10.5555/notice.2")),
        (notice(NoticeKind.CORRECTION, doi=DOI), notice(NoticeKind.RETRACTION, "pubmed", DOI)),
    ],
)
def test_what_is_no_conflict(notices: tuple[Notice, ...]) -> None:
    assert status(*notices).conflicts == ()


def relation(kind: RelationKind, label: str = "") -> tuple[Relation, ...]:
    return (Relation(kind, "10.5555/other", "crossref", label),)


def test_a_notice_is_known_by_its_relation() -> None:
    found = status(relations=relation(RelationKind.IS_NOTICE_OF, "expression_of_concern")).notice_of
    assert found is not None
    assert (found.kinds, found.about) == (("expression of concern",), ("10.5555/other",))


def test_a_new_version_is_no_notice() -> None:
    assert status(relations=relation(RelationKind.IS_NOTICE_OF, "new_version")).notice_of is None


def test_a_notice_is_known_by_its_publication_type() -> None:
    assert status(publication_types=("Journal Article", "Published Erratum")).notice_of is not None


def test_a_retraction_signed_by_the_journal_is_a_notice() -> None:
    found = status(
        title="Retracted: Bones in rats",
        authors=(Name("Research and Practice", "Gastroenterology"),),
        containers=("Gastroenterology Research and Practice",),
    )
    assert found.notice_of is not None
    assert found.retracted is None


@pytest.mark.parametrize(
    "doi",
    [
        "10.1101/2020.06.17.20133843",
        "10.1101/014852",
        "10.64898/2026.01.02.123",
        "10.48550/arxiv.2001.00001",
        "10.2139/ssrn.5250900",
        "10.21203/rs.3.rs-2002756/v1",
        "10.31234/osf.io/ab12c",
        "10.7287/peerj.preprints.2512",
    ],
)
def test_preprints_are_known_by_their_doi(doi: str) -> None:
    assert status(doi=doi).is_preprint


@pytest.mark.parametrize(
    "doi", ["10.1101/lm.1234510", "10.1101/gr.123456.111", "10.7717/peerj.3811", "10.59350/abcde-12345"]
)
def test_journals_and_blogs_are_no_preprints(doi: str) -> None:
    assert not status(doi=doi).is_preprint


@pytest.mark.parametrize(
    "fields", [{"type": "posted-content"}, {"type": "Preprint"}, {"publication_types": ("Preprint",)}]
)
def test_preprints_are_known_by_their_type(fields: dict[str, object]) -> None:
    assert status(**fields).is_preprint  # type: ignore[arg-type] # each gives the right type


def test_the_published_version_is_named() -> None:
    assert status(relations=relation(RelationKind.IS_PREPRINT_OF)).published_as == "10.5555/other"


def test_an_article_that_has_a_preprint_is_none() -> None:
    assert not status(relations=relation(RelationKind.HAS_PREPRINT)).is_preprint


def test_what_does_not_exist_has_no_status() -> None:
    record = Record("a", State.ABSENT, asked="10.1101/2020.06.17.20133843")
    assert publication_status(record) == PublicationStatus()


def test_the_summary_changes_with_the_status_and_not_with_the_sources() -> None:
    one = status(notice(NoticeKind.RETRACTION)).summary
    two = status(notice(NoticeKind.RETRACTION), notice(NoticeKind.RETRACTION, "pubmed", day="2020")).summary
    assert one == two
    assert one != status(notice(NoticeKind.CORRECTION)).summary


NOTICES = st.builds(
    Notice,
    st.sampled_from(NoticeKind),
    st.sampled_from(["crossref", "pubmed", "retraction-watch", "elsewhere"]),
    st.sampled_from(["", NOTICE, NEXT, DOI]),
    st.one_of(st.none(), st.builds(PartialDate, st.integers(1990, 2026), st.integers(0, 12))),
    st.sampled_from(["", "1", "2"]),
    st.text(max_size=5),
)
RELATIONS = st.builds(
    Relation, st.sampled_from(RelationKind), st.sampled_from(["", NEXT, DOI]), st.just("crossref"), st.text(max_size=9)
)


@given(
    st.lists(NOTICES, max_size=5),
    st.lists(RELATIONS, max_size=3),
    st.sampled_from([DOI, COCHRANE]),
    st.text(max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_no_record_breaks_it_and_the_order_does_not_matter(
    notices: list[Notice], relations: list[Relation], doi: str, title: str
) -> None:
    fields = {"doi": doi, "title": title}
    one = status(*notices, relations=tuple(relations), **fields)
    other = status(*reversed(notices), relations=tuple(reversed(relations)), **fields)
    assert (one.retracted is None) == (other.retracted is None)
    assert (one.newer and one.newer.doi) == (other.newer and other.newer.doi)
    for event in (one.retracted, one.concern, one.corrected, one.unrecognised):
        str(event)
