from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.load.approvals import parse_approvals
from kap_content.model.approval import Approval
from kap_content.model.place import Place

GIVEN = {
    "claim": "KET-01",
    "fingerprint": "wording=aa",
    "decision": "approve",
    "role": "medical",
    "reviewer": "Dr A. Example",
    "on": "2026-11-01",
}


def test_decisions_are_read_in_their_order() -> None:
    first, second = json.dumps(GIVEN), json.dumps(GIVEN | {"decision": "reject", "comment": "no control group"})
    found, problems = parse_approvals("approvals.jsonl", f"{first}\n\n{second}\n")
    assert problems == ()
    assert [item.decision for item in found] == ["approve", "reject"]
    assert found[0] == Approval(
        **(GIVEN | {"on": date(2026, 11, 1)}), place=Place("approvals.jsonl", 1, 1, 1, len(first) + 1)
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decision": "maybe"}, "“maybe” is none of approve, reject, request_changes"),
        ({"on": "yesterday"}, "“on” is no date as YYYY-MM-DD: “yesterday”"),
        ({"role": ""}, "it has no “role”"),
        ({"roles": "x"}, "“roles” is no field of it"),
        ({"role": 1}, "“role” wants text"),
    ],
)
def test_a_line_that_is_no_decision_hides_no_other(change: dict[str, object], message: str) -> None:
    found, (problem,) = parse_approvals("a", json.dumps(GIVEN | change) + "\n" + json.dumps(GIVEN) + "\n")
    assert [item.place.line for item in found] == [2]
    assert problem.message == f"a decision cannot be read: {message}"
    assert (problem.claim, problem.place.line) == ("KET-01", 1)


def test_a_merge_conflict_is_named() -> None:
    _, problems = parse_approvals("a", "<<<<<<< HEAD\n")
    assert problems[0].message == "a decision cannot be read: a merge conflict was never resolved"


@given(st.text(max_size=60))
def test_whatever_the_text_nothing_is_raised(text: str) -> None:
    found, problems = parse_approvals("a", text)
    assert len(found) + len(problems) <= text.count("\n") + 1
