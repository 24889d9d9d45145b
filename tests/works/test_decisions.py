from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.model.approval import Approval
from kap_content.model.place import Place
from kap_content.works.decisions import (
    START,
    canonical,
    digest,
    doubtful,
    gravest,
    heads,
    previous_of,
    standing,
    verify_log,
)

DAY = date(2026, 11, 22)


def decision(line: int, previous: str, claim: str = "A", **more: str) -> Approval:
    given = {"fingerprint": f"wording={line}", "decision": "approve", "role": "medical", "reviewer": "lee"} | more
    return Approval(claim=claim, on=DAY, place=Place("approvals.jsonl", line), previous=previous, **given)


def numbered(log: list[Approval]) -> list[Approval]:
    """The lines as they stand now, from line 1 on."""
    return [replace(approval, place=Place("approvals.jsonl", line)) for line, approval in enumerate(log, 1)]


@st.composite
def logs(draw: st.DrawFn) -> list[Approval]:
    """Logs whose chains fork and join: each line follows what one branch held, or all of it."""
    branches: list[list[Approval]] = [[]]
    log: list[Approval] = []
    for line in range(1, draw(st.integers(1, 12)) + 1):
        index = draw(st.integers(0, len(branches) - 1))
        held = branches[index]
        step = draw(st.sampled_from(("go on", "fork", "join")))
        if step == "join":
            held = list(log)
        approval = decision(
            line,
            previous_of(held),
            draw(st.sampled_from("AB")),
            decision=draw(st.sampled_from(("approve", "reject"))),
        )
        log.append(approval)
        if step == "fork":
            branches.append([*held, approval])
        else:
            branches[index] = [*held, approval]
    return log


@given(logs())
def test_logs_that_fork_and_join_are_whole(log: list[Approval]) -> None:
    assert verify_log(log) == ()


@given(logs(), st.data())
def test_a_line_that_another_follows_cannot_be_deleted(log: list[Approval], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(log) - 1))
    is_end = digest(log[number]) in heads(log)
    assert bool(verify_log(numbered([*log[:number], *log[number + 1 :]]))) is not is_end


@given(logs(), st.data(), st.sampled_from(("comment", "reviewer", "role", "signature", "fingerprint", "claim")))
def test_a_line_that_another_follows_cannot_be_edited(log: list[Approval], data: st.DataObject, field: str) -> None:
    number = data.draw(st.integers(0, len(log) - 1))
    is_end = digest(log[number]) in heads(log)
    edited = replace(log[number], **{field: "other"})
    assert bool(verify_log([*log[:number], edited, *log[number + 1 :]])) is not is_end


@given(logs(), st.data())
def test_a_line_never_stands_above_one_that_it_follows(log: list[Approval], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(log) - 1))
    if digest(log[number]) in heads(log):
        return
    moved = numbered([*log[:number], *log[number + 1 :], log[number]])
    assert verify_log(moved)


@given(logs(), st.randoms())
def test_lines_of_branches_may_stand_in_any_order_that_keeps_each_branch(log: list[Approval], chance: object) -> None:
    order: list[Approval] = []
    left = list(log)
    while left:
        placed = {digest(approval) for approval in order}
        free = [one for one in left if all(name in placed for name in one.previous.split() if name != START)]
        taken = chance.choice(free)  # type: ignore[attr-defined] # hypothesis’s Random
        left.remove(taken)
        order.append(taken)
    mixed = numbered(order)
    assert verify_log(mixed) == ()

    def told(approvals: list[Approval]) -> dict[str, set[str]]:
        return {
            claim: {canonical(one) for decisions in roles.values() for one in decisions}
            for claim, roles in standing(approvals).items()
        }

    assert told(mixed) == told(log)


def test_the_canonical_form_is_json_with_sorted_names_and_nothing_between() -> None:
    approval = replace(decision(1, START), comment="“ja”")
    assert canonical(approval) == (
        '{"claim":"A","comment":"“ja”","decision":"approve","fingerprint":"wording=1","on":"2026-11-22",'
        '"previous":"start","reviewer":"lee","role":"medical"}'
    )


def test_what_is_signed_leaves_the_signature_out() -> None:
    bare = decision(1, START)
    assert canonical(replace(bare, signature="x"), signed=True) == canonical(bare)


def test_heads_may_be_parted_by_commas_too() -> None:
    first, second = decision(1, START), decision(2, START, "B")
    third = decision(3, f"{digest(first)},{digest(second)}")
    assert verify_log([first, second, third]) == ()
    assert heads([first, second, third]) == (digest(third),)


def test_the_last_decision_of_a_role_stands() -> None:
    first = decision(1, START)
    second = decision(2, digest(first), decision="reject")
    assert standing([first, second]) == {"A": {"medical": (second,)}}


def test_a_decision_that_does_not_count_takes_nothing_back() -> None:
    first = decision(1, START)
    second = replace(decision(2, digest(first), decision="reject"), doubt="it is not signed")
    assert standing([first, second]) == {"A": {"medical": (first,)}}
    assert doubtful([first, second]) == {"A": (second,)}


def test_a_decision_that_does_not_count_is_forgotten_once_one_follows_that_does() -> None:
    first = replace(decision(1, START), doubt="it is not signed")
    second = decision(2, digest(first))
    assert doubtful([first, second]) == {}


def test_beside_each_other_a_refusal_stands_before_an_approval() -> None:
    approval, refusal = decision(1, START), decision(2, START, decision="reject")
    assert gravest(standing([approval, refusal])["A"]["medical"]) == refusal
    other_order = numbered([refusal, approval])
    assert gravest(standing(other_order)["A"]["medical"]) == other_order[0]


def test_lines_without_a_chain_follow_each_other_as_they_stand() -> None:
    first, second = decision(1, ""), decision(2, "", decision="reject")
    assert verify_log([first, second]) == ()
    assert standing([first, second])["A"]["medical"] == (second,)


@pytest.mark.parametrize("previous", ["nonsense", "a" * 64, "start start", ", ,"])
def test_a_previous_that_means_nothing_harms_nothing(previous: str) -> None:
    log = [decision(1, START), decision(2, previous)]
    assert len(verify_log(log)) == (1 if previous in ("nonsense", "a" * 64) else 0)
    assert standing(log)
