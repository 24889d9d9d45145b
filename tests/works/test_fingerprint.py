from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kap_content.model.claim import (
    Anchor,
    Category,
    Certainty,
    Claim,
    Design,
    Direction,
    Evidence,
    Pico,
    Quantity,
    Verdict,
)
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
    assert parts == [
        "form",
        "wording",
        "text",
        "evidence:glue2018",
        "anchor:glue2018",
        "finding:glue2018",
        "link:glue2018",
        "work:glue2018",
        "status:glue2018",
    ]
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


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (replace(CLAIM, variations=("Half as high.",)), "its variations (none, now Half as high.)"),
        (replace(CLAIM, category=Category.SAFETY), "its category (none, now safety)"),
        (replace(CLAIM, certainty=Certainty.LOW), "its certainty (none, now low)"),
        (replace(CLAIM, quantity=Quantity("50", "percent")), "its quantity (none, now 50 percent)"),
        (replace(CLAIM, pico=Pico(outcome="HAM-A")), "its outcome (none, now HAM-A)"),
        (replace(CLAIM, pico=Pico(population="adults " * 20)), "its population"),
        (replace(CLAIM, jurisdiction="US"), "its jurisdiction (none, now US)"),
    ],
)
def test_what_the_claim_states_is_named_with_both_values(claim: Claim, said: str) -> None:
    assert changes(fingerprint(), fingerprint(claim)) == (said,)


def test_long_variations_are_named_without_their_text() -> None:
    assert changes(fingerprint(), fingerprint(replace(CLAIM, variations=("Half as high. " * 9,)))) == (
        "its variations",
    )


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (replace(ITEM, finding="40 % lower"), "the finding of glue2018 (50 % lower, now 40 % lower)"),
        (replace(ITEM, anchor=Anchor(page="666")), "the anchor of glue2018 (page 665, now page 666)"),
        (replace(ITEM, anchor=Anchor(table="665")), "the anchor of glue2018 (page 665, now table 665)"),
        (
            replace(ITEM, direction=Direction.DISPUTES),
            "how glue2018 is used (relation, direction, population and so on)",
        ),
        (replace(ITEM, verdict=Verdict.UNRELATED), "the verdict on glue2018 (none, now unrelated)"),
        (replace(ITEM, design=Design.RCT), "the design of glue2018 (none, now rct)"),
    ],
)
def test_a_changed_link_is_named(item: Evidence, said: str) -> None:
    assert changes(fingerprint(), fingerprint(replace(CLAIM, evidence=(item,)))) == (said,)


def test_another_work_under_the_same_key_is_named() -> None:
    other = {"glue2018": replace(REFERENCES["glue2018"], fields={"doi": "10.1000/y"})}
    assert changes(fingerprint(), fingerprint(references=other)) == (
        "the work that glue2018 stands for (doi 10.1000/x, now doi 10.1000/y)",
    )


def first_form(fingerprint: str) -> str:
    """The same as it was written before there were finer parts."""
    return ";".join(part for part in fingerprint.split(";") if part.startswith(("wording=", "evidence:", "status:")))


def test_a_fingerprint_of_the_first_form_says_nothing_of_parts_it_does_not_cover() -> None:
    then = first_form(fingerprint())
    assert changes(then, fingerprint()) == ()
    assert changes(then, fingerprint(replace(CLAIM, certainty=Certainty.LOW, category=Category.SAFETY))) == ()


def test_a_fingerprint_of_the_first_form_still_covers_wording_and_evidence() -> None:
    other = replace(CLAIM, match_text="Other.", evidence=(replace(ITEM, verdict=Verdict.UNRELATED),))
    assert changes(first_form(fingerprint()), fingerprint(other)) == ("its wording", "the evidence glue2018")


def test_a_part_of_another_program_is_named_as_it_is() -> None:
    then = fingerprint() + ";{x.__class__}=1"
    assert changes(then, fingerprint()) == ("its {x.__class__} (1, now none)",)


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
