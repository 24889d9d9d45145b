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
from kap_content.review.edits import EditRefused, authored_lines, with_claim_field, with_evidence_field

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
        replace(claim, place=Place(""), places={}, evidence=evidence)
        for claim, evidence in zip(found, bare, strict=True)
    ]


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
@given(st.sampled_from([("A", "glue2018"), ("A", 1), ("A", "smith2020"), ("B", 0), ("B", "jones2021")]), VALUES)
def test_one_field_of_the_evidence_changes(source: str, newline: str, at: tuple[str, str | int], value: str) -> None:
    source = source.replace("\n", newline)
    after = with_evidence_field(source, *at, "checked_by", value)
    bare, told = claims_of(source), claims_of(after)
    (index,) = (number for number, item in enumerate(told) if item.id == at[0])
    link = at[1] if isinstance(at[1], int) else [item.ref for item in bare[index].evidence].index(at[1])
    evidence = list(bare[index].evidence)
    evidence[link] = replace(evidence[link], checked_by=told[index].evidence[link].checked_by)
    bare[index] = replace(bare[index], evidence=tuple(evidence))
    assert told == bare
    assert told[index].evidence[link].checked_by in (value.strip(), "")


def test_a_value_is_replaced_beside_its_comment() -> None:
    assert with_claim_field(LIST, "A", "status", "approved") == LIST.replace("draft ", "approved ")


def test_a_field_is_added_behind_those_that_usually_stand_before_it() -> None:
    after = with_claim_field(LIST, "A", "next_review_due", "2027-01-01")
    assert "    status: draft      # waits\n    next_review_due: 2027-01-01\n    # a remark\n" in after


def test_a_verdict_is_added_to_evidence_in_its_short_form() -> None:
    after = with_evidence_field(LIST, "A", "smith2020", "verdict", "unrelated")
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


def test_a_reference_that_is_cited_twice_wants_its_index() -> None:
    twice = "claims:\n  - id: A\n    evidence: [x, x]\n"
    with pytest.raises(EditRefused, match="more than once"):
        with_evidence_field(twice, "A", "x", "verdict", "trivial")
    assert "[x, {ref: x, verdict: trivial}]" in with_evidence_field(twice, "A", 1, "verdict", "trivial")


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


def test_lines_that_a_review_writes_make_no_author() -> None:
    assert authored_lines(LIST) == {"A": frozenset({4, 5, 6, 7, 10, 11, 12, 13}), "B": frozenset({14, 15, 16})}
    assert authored_lines(FLOW) == {"A": frozenset({1}), "B": frozenset({1})}
    assert authored_lines(TAIL)["B"] == frozenset({7, 8, 9})
    assert authored_lines(MAPPING)["A"] == frozenset({3, 5})
