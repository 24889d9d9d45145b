from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.load.claims import parse_claims
from kap_content.load.text import unify_line_ends
from kap_content.model.claim import Claim
from kap_content.model.place import Place
from kap_content.review.edits import FieldEdit, authored_lines, with_fields
from kap_content.review.part import EditRefused, part_of

LIST = """# head
version: 1
claims:
  - id: A   # the first
    match_text: >-
      Folded text
      of two lines.
    status: draft      # waits
    # a remark
    evidence:
      - ref: glue2018   # cc
        finding: "half: n = 20"
      - smith2020
  - match_text: B is later.
    id: B
    evidence: jones2021
"""
MAPPING = """claims:
  'A':
    match_text: one
    status:
    evidence: [glue2018, {ref: smith2020, finding: x}]
  B: {match_text: "two, or {three}", evidence: jones2021}
"""
FLOW = (
    '{version: 1, claims: [{id: A, match_text: "x", evidence: [{ref: glue2018}, smith2020]}, '
    '{"id": "B", "match_text": "y", evidence: jones2021}]}\n'
)
TAIL = """claims:
- id: A
  match_text: x
  evidence:
  - glue2018
  - smith2020
- id: B
  match_text: y
  evidence: jones2021"""
SOURCES = [LIST, MAPPING, FLOW, TAIL]
FIELDS = ("status", "certainty", "next_review_due", "note")
VALUES = st.one_of(
    st.sampled_from(["approved", "very_low", "2027-01-01", "no", "null", "~", "- x", "a: b", "x # y", "'", '"', "\\"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
)


def claims_of(source: str) -> list[Claim]:
    """The claims without their places."""
    found, problems = parse_claims("c", unify_line_ends(source))
    assert problems == ()
    bare = [tuple(replace(item, place=Place(""), places={}) for item in claim.evidence) for claim in found]
    return [
        replace(claim, place=Place(""), places={}, evidence=evidence, first_line=0)
        for claim, evidence in zip(found, bare, strict=True)
    ]


def claim_of(source: str, name: str) -> Claim:
    """The claim as the loader read it; one at the file's head where it is not there."""
    found, _ = parse_claims("c", unify_line_ends(source))
    return next((claim for claim in found if claim.id == name), Claim(name, Place("c")))


def with_claim_field(source: str, claim: str, name: str, value: str) -> str:
    edited = with_fields(source, claim_of(source, claim), [FieldEdit(None, name, "", value)])
    assert edited.claim == claim_of(edited.text, claim)
    assert edited.growth == edited.text.count("\n") - source.count("\n")
    return edited.text


def with_evidence_field(source: str, claim: str, item: int, name: str, value: str) -> str:
    return with_fields(source, claim_of(source, claim), [FieldEdit(item, name, "", value)]).text


def removed(before: str, after: str) -> bool:
    """Whether `after` holds all characters of `before` in their order, but for one value that was replaced."""
    start = next((i for i, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    rest = before[start:]
    return any(after.endswith(rest[cut:]) for cut in range(min(len(rest), 30) + 1))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("source", SOURCES, ids=["list", "mapping", "braces", "no line end"])
@given(st.sampled_from("AB"), st.sampled_from(FIELDS), VALUES)
def test_one_field_changes_and_all_else_stays(source: str, newline: str, claim: str, name: str, value: str) -> None:
    source = source.replace("\n", newline)
    after = with_claim_field(source, claim, name, value)
    assert removed(source, after)
    if newline == "\r\n":
        assert after.count("\n") == after.count("\r\n")
    before_claims = {item.id: item for item in claims_of(source)}
    if name != "note":
        return  # values of the others have words of their own; `with_claim_field` has read the result again
    for item in claims_of(after):
        wanted = replace(before_claims[item.id], note=value.strip()) if item.id == claim else before_claims[item.id]
        if (value.strip() and item.id == claim) or item.id != claim:
            assert item == wanted


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("source", SOURCES, ids=["list", "mapping", "braces", "no line end"])
@given(st.sampled_from([("A", 0), ("A", 1), ("B", 0)]), VALUES)
def test_one_field_of_the_evidence_changes(source: str, newline: str, at: tuple[str, int], value: str) -> None:
    source = source.replace("\n", newline)
    claim, link = at
    after = with_evidence_field(source, claim, link, "checked_by", value)
    bare, told = claims_of(source), claims_of(after)
    (index,) = (number for number, item in enumerate(told) if item.id == claim)
    evidence = list(bare[index].evidence)
    evidence[link] = replace(evidence[link], checked_by=told[index].evidence[link].checked_by)
    bare[index] = replace(bare[index], evidence=tuple(evidence))
    assert told == bare
    assert told[index].evidence[link].checked_by in (value.strip(), "")


JUDGED = [
    FieldEdit(0, "verdict", "", "substantiated"),
    FieldEdit(0, "checked_by", "", "Dr. A. Lee"),
    FieldEdit(0, "checked_on", "", "2026-11-22"),
    FieldEdit(None, "certainty", "", "low"),
    FieldEdit(None, "status", "", "approved"),
    FieldEdit(None, "next_review_due", "", "2027-01-01"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("source", SOURCES, ids=["list", "mapping", "braces", "no line end"])
@given(st.sampled_from("AB"), st.sets(st.sampled_from(JUDGED)).map(list))
def test_fields_that_are_set_at_once_read_as_those_set_one_by_one(
    source: str, newline: str, claim: str, edits: list[FieldEdit]
) -> None:
    source = source.replace("\n", newline)
    at_once = with_fields(source, claim_of(source, claim), edits)
    one_by_one = source
    for edit in edits:
        one_by_one = with_fields(one_by_one, claim_of(one_by_one, claim), [edit]).text
    assert claims_of(at_once.text) == claims_of(one_by_one)
    assert at_once.claim == claim_of(at_once.text, claim)


def test_a_verdict_its_author_and_its_day_stand_below_each_other() -> None:
    after = with_fields(LIST, claim_of(LIST, "A"), JUDGED[:3]).text
    lines = "        verdict: substantiated\n        checked_by: Dr. A. Lee\n        checked_on: 2026-11-22\n"
    assert f'        finding: "half: n = 20"\n{lines}      - smith2020\n' in after
    short = with_fields(LIST, claim_of(LIST, "B"), JUDGED[:3]).text
    assert "evidence: {ref: jones2021, verdict: substantiated, checked_by: Dr. A. Lee, checked_on: 2026-11-22}" in short


def test_a_value_is_replaced_beside_its_comment() -> None:
    assert with_claim_field(LIST, "A", "status", "approved") == LIST.replace("draft ", "approved ")


def test_a_field_is_added_behind_those_that_usually_stand_before_it() -> None:
    after = with_claim_field(LIST, "A", "next_review_due", "2027-01-01")
    assert "    status: draft      # waits\n    next_review_due: 2027-01-01\n    # a remark\n" in after


def test_a_verdict_is_added_to_evidence_in_its_short_form() -> None:
    after = with_evidence_field(LIST, "A", 1, "verdict", "unrelated")
    assert "      - {ref: smith2020, verdict: unrelated}\n" in after


@pytest.mark.parametrize("value", ["no", "y", "null", "2026", "1e3", "- a", "a: b", " x", "#", "Dr. A. Lee"])
def test_what_others_would_read_otherwise_is_quoted(value: str) -> None:
    line = with_claim_field(LIST, "A", "status", value).splitlines()[7]
    assert (f'"{value}"' in line) is (value != "Dr. A. Lee")


def test_a_byte_order_mark_stays() -> None:
    assert with_claim_field("\ufeff" + LIST, "B", "status", "draft").startswith("\ufeff# head")


@pytest.mark.parametrize(
    ("source", "claim", "name", "said"),
    [
        (LIST, "C", "status", "holds no claim C"),
        (LIST, "A", "match_text", "written over several lines"),
        (LIST, "A", "evidence", "holds more than one value"),
        ("claims:\n  - id: A\n   status: x\n", "A", "status", "cannot be read at line"),
        ("claims: none\n", "A", "status", "has no list of claims"),
        ("claims:\n  - id: A\n    status: *x\n", "A", "status", "holds more than one value|cannot be read"),
    ],
)
def test_what_cannot_be_changed_for_certain_is_refused(source: str, claim: str, name: str, said: str) -> None:
    with pytest.raises(EditRefused, match=said):
        with_claim_field(source, claim, name, "x")


def test_a_link_is_named_by_its_place() -> None:
    twice = "claims:\n  - id: A\n    match_text: x\n    evidence: [x, x]\n"
    assert "[x, {ref: x, verdict: trivial}]" in with_evidence_field(twice, "A", 1, "verdict", "trivial")
    with pytest.raises(EditRefused, match="no piece of evidence number 3"):
        with_evidence_field(twice, "A", 2, "verdict", "trivial")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(EditRefused, match="no valid Unicode"):
        with_claim_field(LIST, "A", "note", "\ud800")


@given(st.text(st.sampled_from(string.printable + "äé—"), max_size=120))
def test_whatever_the_file_only_a_refusal_is_raised(text: str) -> None:
    for source in (text, f"claims:\n  - id: A\n    {text}", f"claims: {{A: {{{text}}}}}"):
        try:
            after = with_claim_field(source, "A", "status", "draft")
        except EditRefused:
            continue
        assert "draft" in after


def lines_of(source: str, name: str) -> frozenset[int]:
    return authored_lines(source, claim_of(source, name))


def test_lines_that_a_review_writes_make_no_author() -> None:
    assert lines_of(LIST, "A") == {4, 5, 6, 7, 10, 11, 12, 13}
    assert lines_of(LIST, "B") == {14, 15, 16}
    assert (lines_of(FLOW, "A"), lines_of(FLOW, "B")) == ({1}, {1})
    assert lines_of(TAIL, "B") == {7, 8, 9}
    assert lines_of(MAPPING, "A") == {3, 5}


@pytest.mark.parametrize(("claim", "item"), [("A", 1), ("B", 0)])
def test_a_verdict_on_evidence_in_its_short_form_makes_no_author(claim: str, item: int) -> None:
    after = with_fields(LIST, claim_of(LIST, claim), [replace(edit, item=item) for edit in JUDGED[:3]]).text
    (changed,) = (number for number, line in enumerate(after.split("\n"), 1) if line not in LIST.split("\n"))
    assert lines_of(after, claim) == lines_of(LIST, claim) - {changed}
    authored = after.replace("verdict: substantiated", "finding: x, verdict: substantiated")
    assert changed in lines_of(authored, claim)


@pytest.mark.parametrize(("source", "claim", "first"), [(LIST, "A", 4), (LIST, "B", 14), (MAPPING, "B", 6)])
def test_of_a_large_file_only_the_lines_of_the_claim_are_read(source: str, claim: str, first: int) -> None:
    part = part_of(source, claim_of(source, claim))
    assert (part.is_whole, part.line) == (False, first)
    assert part.read("c") == (claim_of(source, claim),)


IN_A_QUOTE = """claims:
  - id: A
    match_text: "x
  - id: B
    match_text: y
    z"
  - id: B
    match_text: "y
    z"
"""


def test_what_only_looks_like_a_claim_inside_a_text_is_left_alone() -> None:
    assert with_claim_field(IN_A_QUOTE, "B", "status", "draft") == IN_A_QUOTE + "    status: draft\n"


@pytest.mark.parametrize(
    "source",
    [
        FLOW,
        "- id: A\n  match_text: x\n",
        "%TAG !k! tag:x,2026:\n---\nclaims:\n  - id: A\n    match_text: !k!x text\n",
        "claims: [\n  {id: A,\n   match_text: x},\n  {id: B, match_text: y}]\n",
    ],
    ids=["braces", "the file is the list", "a tag from above", "lines in brackets"],
)
def test_lines_that_need_the_rest_of_the_file_are_not_taken_for_a_part(source: str) -> None:
    assert part_of(source, claim_of(source, "A")).is_whole
    assert "status: draft" in with_fields(source, claim_of(source, "A"), [FieldEdit(None, "status", "", "draft")]).text


def test_a_claim_that_reads_otherwise_than_it_did_is_looked_for_in_the_whole_file() -> None:
    moved = LIST.replace("# head", "# head\n# another line")
    assert part_of(moved, claim_of(LIST, "A")).is_whole
    after = with_fields(moved, claim_of(LIST, "A"), [FieldEdit(None, "status", "draft", "approved")]).text
    assert after == moved.replace("draft ", "approved ")
