"""What is wrong in a claims file, and what is read all the same."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kap_content.load.claims import parse_claims
from kap_content.model.claim import (
    Status,
)
from kap_content.model.place import Place
from tests.load.claims.reading import FULL, claims, problem, read, said


@pytest.mark.parametrize("source", ["", "\n\n", "# to do\n", "---\n"])
def test_an_empty_file_is_a_problem(source: str) -> None:
    assert problem(source).message == "the file is empty"


def test_another_version_is_refused() -> None:
    assert problem("version: 2\nclaims: []\n").message == "the file is of version “2”; version 1 is read"


def test_an_unknown_field_is_met_with_the_nearest() -> None:
    found = problem("claims:\n- id: A\n  match_text: x\n  categroy: safety\n")
    assert (found.message, found.help) == ("“categroy” is no field of a claim", "Did you mean “category”?")
    assert (found.claim, found.place) == ("A", Place("claims.yaml", 4, 3, 4, 11))


def test_an_unknown_field_at_the_top_is_met_with_the_nearest() -> None:
    found = problem("version: 1\nclaim: []\n")
    assert (found.message, found.help) == ("“claim” is no field of a claims file", "Did you mean “claims”?")


def test_a_wrong_word_is_met_with_what_is_allowed() -> None:
    found = problem("claims:\n- id: A\n  match_text: x\n  status: aproved\n")
    assert found.message == ("“status” wants one of draft, in_review, approved, expired, withdrawn; here is “aproved”")
    assert found.help == "Did you mean “approved”?"


def test_an_impossible_day_is_named() -> None:
    assert problem("claims:\n- id: A\n  match_text: x\n  next_review_due: 2026-02-30\n").message == (
        "“next_review_due” is 2026-02-30, a day that no calendar has"
    )


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("data_end: last year", "“data_end” wants a whole number; here is “last year”"),
        ("data_end: 16", "“data_end” is 16; 1500 to 2200 can be meant"),
        ("match_text: [a, b]", "“match_text” wants text; here is a list"),
        ("variations: a, b", "“variations” wants a list of texts; here is “a, b”"),
        ("quantity: 50 percent", "“quantity” wants a mapping with value, unit; here is “50 percent”"),
        ("quantity: {unit: mg}", "the quantity has no “value”"),
        ("next_review_due: 22/11/2028", "“next_review_due” wants a date as YYYY-MM-DD; here is “22/11/2028”"),
        ("evidence: [[a]]", "“evidence” wants a mapping with ref, relation"),
    ],
)
def test_a_wrong_type_is_told_with_both(field: str, message: str) -> None:
    source = f"claims:\n- id: A\n  {field}\n"
    if not field.startswith("match_text"):
        source += "  match_text: x\n"
    assert problem(source).message.startswith(message)


def test_a_claim_without_wording_is_kept() -> None:
    found, problems = read("claims:\n- id: A\n  category: safety\n- id: B\n  match_text:\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert [(item.claim, item.message) for item in problems] == [
        ("A", "the claim has no “match_text”"),
        ("B", "the claim’s “match_text” is empty"),
    ]


def test_a_claim_without_an_id_is_a_problem_and_left_out() -> None:
    found, problems = read("claims:\n- match_text: x\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["B"]
    assert [item.message for item in problems] == ["the claim has no “id”"]


def test_repeated_ids_are_kept_for_the_rule_that_reports_them() -> None:
    for source in (
        "claims:\n- {id: A, match_text: x}\n- {id: A, match_text: y}\n",
        "claims: {A: {match_text: x}, A: {match_text: y}}\n",
    ):
        assert [claim.match_text for claim in claims(source)] == ["x", "y"]


def test_a_repeated_field_is_a_problem_and_the_first_counts() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: x\n  match_text: y\n")
    assert found[0].match_text == "x"
    assert problems[0].message == "“match_text” is given twice; the first, in line 3, counts"
    assert problems[0].related[0].place == Place("claims.yaml", 3, 3, 3, 13)


def test_an_alias_is_not_followed() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: &w x\n- id: B\n  match_text: *w\n")
    assert [(claim.id, claim.match_text) for claim in found] == [("A", "x"), ("B", "")]
    assert [(item.claim, item.place.line) for item in problems] == [("A", 3), ("B", 5)]


def test_an_alias_bomb_does_not_go_off() -> None:
    levels = ['a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    levels += [
        f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]" for below, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    found, problems = read("version: 1\n" + "\n".join(levels) + "\nclaims:\n- id: A\n  match_text: x\n")
    assert [claim.id for claim in found] == ["A"]
    assert len(problems) == 18  # an unknown field and an anchor a line


def test_a_merge_key_is_told_apart() -> None:
    assert ("4:3", "“<<” is no field of a claim") in said("claims:\n- id: A\n  match_text: x\n  <<: *base\n")


def test_a_tag_makes_nothing() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: !!python/object/apply:os.system [echo]\n")
    assert any("tags are not read" in item.message for item in problems)
    assert found[0].match_text == ""


def test_a_second_document_is_not_read() -> None:
    found, problems = read("claims:\n- {id: A, match_text: x}\n---\nclaims:\n- {id: B, match_text: y}\n")
    assert [claim.id for claim in found] == ["A"]
    assert [(item.place.line, item.message) for item in problems] == [
        (3, "a second YAML document begins here (“---”); it is not read")
    ]


def test_a_list_without_its_name_is_read_and_reported() -> None:
    found, problems = read("- id: A\n  match_text: x\n")
    assert [claim.id for claim in found] == ["A"]
    assert problems[0].message == "the file begins with a list; claims stand under “claims:”"


BROKEN = """
    version: 1
    claims:
      - id: A
        match_text: Nausea was common.
        status: approved
      - id: B
        {line}
        status: approved
        evidence: glue2018
      - id: C
        match_text: Dizziness was common.
        evidence:
          - ref: glue2018
            anchor: {{page: 665}}
"""


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("match_text: The rule was simple: stop.", 36, "a colon and a space stand inside text without quotation marks"),
        ('match_text: "Nausea was common.', 17, "a quotation mark is opened here and never closed"),
        ("match_text: [Nausea", 17, "“[” is opened here and not closed as it should"),
        ("match_text: `Nausea`", 17, "text cannot begin with “`” unless it stands in quotation marks"),
        ("match_text: @glue2018 says so", 17, "text cannot begin with “@” unless it stands in quotation marks"),
        ('match_text: "C:\\dose"', 20, "a backslash inside double quotes begins no known escape"),
        ("match_text Nausea was common.", 5, "this line is neither “field: value” nor an item of a list"),
    ],
)
def test_one_broken_claim_hides_no_other(line: str, column: int, message: str) -> None:
    found, problems = read(BROKEN.format(line=line))
    assert [claim.id for claim in found] == ["A", "B", "C"]
    assert found[1].status is Status.APPROVED
    assert [item.ref for item in found[1].evidence] == ["glue2018"]
    assert found[2].evidence[0].anchor.page == "665"
    assert found[2].place == Place("claims.yaml", 10, 9, 10, 10)
    (first,) = problems
    assert first.message == message
    assert (first.claim, first.place.line, first.place.column) == ("B", 7, column)


def test_a_tab_is_named() -> None:
    found, problems = read("version: 1\nclaims:\n- id: A\n\tmatch_text: x\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    tab = next(item for item in problems if "tab" in item.message)
    assert (tab.place.line, tab.claim, tab.help) == (4, "A", "Use spaces, never tabs.")


def test_wrong_indentation_is_reported_and_the_field_read() -> None:
    found, problems = read("claims:\n  - id: A\n    match_text: x\n   status: approved\n  - id: B\n    match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert problems[0].place.line == 4


def test_a_merge_conflict_is_named_with_its_line() -> None:
    found, problems = read(
        "version: 1\nclaims:\n- id: A\n  match_text: x\n<<<<<<< HEAD\n- id: B\n  match_text: y\n=======\n"
        "- id: B\n  match_text: z\n>>>>>>> theirs\n- id: C\n  match_text: w\n"
    )
    assert [claim.id for claim in found] == ["A", "B", "C"]
    assert [(item.place.line, item.message) for item in problems] == [
        (5, "a merge conflict begins here (“<<<<<<< HEAD”) and was never resolved")
    ]


def test_control_characters_are_named_and_the_rest_is_read() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: Nausea\x92s\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert [(item.place.line, item.place.column) for item in problems] == [(3, 21)]


def test_a_line_separator_from_a_web_page_is_a_space() -> None:
    (claim,) = claims("claims:\n- id: A\n  match_text: Nausea was\u2028common.\n")
    assert claim.match_text == "Nausea was common."


def test_ten_thousand_brackets_are_refused() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: " + "[" * 10_000 + "\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert problems


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    plain = dedent(FULL).lstrip("\n")
    assert parse_claims("c", "\ufeff" + plain.replace("\n", "\r\n")) == parse_claims("c", plain)
