from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kap_content.model.claim import Anchor, Claim, Direction, Evidence, Verdict
from kap_content.model.place import Place
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.model.reference import Reference
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes

AT = Place("claims.yaml")
ITEM = Evidence("glue2018", AT, finding="50 % lower", anchor=Anchor(page="665"))
CLAIM = Claim("A", AT, "Ratings fell by half.", evidence=(ITEM,))
REFERENCES = {"glue2018": Reference("glue2018", "article", AT, fields={"doi": "10.1000/x", "title": "T"})}
RECORD = Record("glue2018", State.FOUND, (Source("crossref", date(2026, 11, 1)),), asked="10.1000/x")


def fingerprint(
    claim: Claim = CLAIM, references: dict[str, Reference] = REFERENCES, record: Record | None = RECORD
) -> str:
    return claim_fingerprint(claim, references, {"glue2018": record} if record else {})


def changes(then: str, now: str) -> tuple[str, ...]:
    return fingerprint_changes(then, now)


def test_it_can_be_read() -> None:
    parts = [part.partition("=")[0] for part in fingerprint().split(";")]
    assert parts == ["wording", "evidence:glue2018", "status:glue2018"]
    assert fingerprint().endswith("status:glue2018=found")


@pytest.mark.parametrize(
    "claim",
    [
        replace(CLAIM, match_text="Ratings  fell\nby half."),
        replace(CLAIM, note="ask the statistician", next_review_due=date(2030, 1, 1)),
        replace(CLAIM, evidence=(replace(ITEM, checked_by="B", checked_on=date(2026, 1, 1), place=Place("x", 9)),)),
    ],
)
def test_what_does_not_matter_changes_nothing(claim: Claim) -> None:
    assert changes(fingerprint(), fingerprint(claim)) == ()


def test_a_word_changes_the_wording() -> None:
    assert changes(fingerprint(), fingerprint(replace(CLAIM, match_text="Ratings fell by a third."))) == (
        "its wording",
    )


def test_a_new_variation_changes_the_wording() -> None:
    assert changes(fingerprint(), fingerprint(replace(CLAIM, variations=("Half as high.",)))) == ("its wording",)


@pytest.mark.parametrize(
    "item",
    [
        replace(ITEM, finding="40 % lower"),
        replace(ITEM, anchor=Anchor(page="666")),
        replace(ITEM, direction=Direction.DISPUTES),
        replace(ITEM, verdict=Verdict.UNRELATED),
    ],
)
def test_a_changed_link_is_named(item: Evidence) -> None:
    assert changes(fingerprint(), fingerprint(replace(CLAIM, evidence=(item,)))) == ("the evidence glue2018",)


def test_another_work_under_the_same_key_is_named() -> None:
    other = {"glue2018": replace(REFERENCES["glue2018"], fields={"doi": "10.1000/y"})}
    assert changes(fingerprint(), fingerprint(references=other)) == ("the evidence glue2018",)


def test_evidence_that_came_or_went_is_named() -> None:
    more = replace(CLAIM, evidence=(ITEM, Evidence("new2020", AT)))
    assert changes(fingerprint(), fingerprint(more)) == ("the evidence new2020, which is new",)
    assert changes(fingerprint(more), fingerprint()) == ("the evidence new2020, which is gone",)


def test_a_retraction_is_named_with_what_was() -> None:
    retracted = replace(RECORD, notices=(Notice(NoticeKind.RETRACTION, "crossref", "10.1000/n"),))
    assert changes(fingerprint(), fingerprint(record=retracted)) == ("the status of glue2018 (found, now retraction)",)


def test_a_second_source_of_the_same_notice_changes_nothing() -> None:
    one = replace(RECORD, notices=(Notice(NoticeKind.CORRECTION, "crossref", "10.1000/N"),))
    two = replace(
        RECORD, notices=(*one.notices, Notice(NoticeKind.CORRECTION, "pubmed"), Notice(NoticeKind.NEW_VERSION, "x"))
    )
    assert changes(fingerprint(record=one), fingerprint(record=two)) == ()


def test_a_first_look_up_without_news_changes_nothing() -> None:
    assert changes(fingerprint(record=None), fingerprint()) == ()
    assert changes(fingerprint(), fingerprint(record=None)) == ()


def test_keys_may_hold_the_signs_that_part_the_fingerprint() -> None:
    odd = replace(CLAIM, evidence=(replace(ITEM, ref="a;b=c%"),))
    assert changes(fingerprint(odd), fingerprint(replace(odd, evidence=()))) == ("the evidence a;b=c%, which is gone",)


def test_what_cannot_be_read_is_no_approval() -> None:
    assert changes("nonsense", fingerprint()) == ("what the approval was given for, which cannot be read",)
