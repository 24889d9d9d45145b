"""Two people approve on two branches: real git, real keys."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kap_content.model.claim import Status
from kap_content.review.audit import Audit, audit
from kap_content.works.decisions import gravest, heads, standing
from tests.review.conftest import LEE, ROE, TODAY, Desk, Git


def audited(desk: Desk) -> Audit:
    return audit(desk.context(), desk.root)


def test_decisions_of_two_branches_merge_and_the_next_one_joins_them(desk: Desk, git: Git) -> None:
    def first_thoughts() -> None:
        desk.decide("reject", claim="KET-2", comment="who?")
        desk.decide("reject", comment="first thoughts")
        git("checkout", "-q", "claims.yaml")  # the statuses are not what is merged here

    desk.decide(claim="KET-2")
    git.commit()
    git.fork(lambda: desk.decide(role="legal", who=ROE, key="roe"), first_thoughts)
    git("merge", "-q", "--no-edit", "other")
    merged = audited(desk)
    assert (merged.faults, merged.decisions, merged.verified) == ((), 4, 4)
    assert len(heads(desk.approvals())) == 2
    assert any("the next decision joins them" in note for note in merged.notes)
    assert desk.decide().status is Status.APPROVED
    joined = audited(desk)
    assert (joined.faults, len(desk.approvals()[-1].previous.split())) == ((), 2)
    assert len(heads(desk.approvals())) == 1


def test_first_decisions_of_two_branches_merge_too(desk: Desk, git: Git) -> None:
    git.fork(lambda: desk.decide(role="legal", who=ROE, key="roe"), desk.decide)
    git("merge", "-q", "--no-edit", "other")
    merged = audited(desk)
    assert (merged.faults, merged.decisions, merged.verified) == ((), 2, 2)
    assert any("begins 2 times" in note for note in merged.notes)


def test_a_refusal_on_another_branch_stands_before_an_approval_that_did_not_see_it(desk: Desk, git: Git) -> None:
    desk.decide(claim="KET-2")
    git.commit()
    git.fork(lambda: desk.decide("reject", comment="on another branch"), desk.decide)
    git("checkout", "-q", "other")
    git("merge", "-q", "-X", "ours", "--no-edit", "main")
    decisions = standing(desk.approvals())["KET-1"]["medical"]
    assert {decision.decision for decision in decisions} == {"approve", "reject"}
    assert gravest(decisions).decision == "reject"
    desk.decide()
    assert [decision.decision for decision in standing(desk.approvals())["KET-1"]["medical"]] == ["approve"]


def test_without_union_the_way_to_set_it_is_told(desk: Desk, git: Git) -> None:
    desk.decide()
    desk.write(".gitattributes", "")
    git("add", "-A")
    assert any("put “approvals.jsonl merge=union” into .gitattributes" in note for note in audited(desk).notes)


def three(desk: Desk) -> list[str]:
    """Three decisions of three days."""
    desk.decide(claim="KET-2")
    desk.decide(on=TODAY + timedelta(days=1))
    desk.decide(role="legal", who=ROE, key="roe", on=TODAY + timedelta(days=2))
    return desk.lines()


def faults(desk: Desk) -> list[str]:
    return [f"{fault.place.line}: {fault.message}" for fault in audited(desk).faults]


def test_a_whole_log_has_no_fault(desk: Desk) -> None:
    three(desk)
    days = desk.context()
    assert [fault.message for fault in audit(days, desk.root).faults] == [
        f"the decision of {ROE} (legal) on KET-1 does not count: it is dated 2026-11-24, and today is 2026-11-22"
    ]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([0, 2], "2: the log of decisions is broken: the decision on KET-1 by roe@example.org follows a line"),
        ([1, 2], "1: the log of decisions is broken: the decision on KET-1 by lee@example.org follows a line"),
        ([0, 2, 1], "2: the log of decisions is broken: the decision on KET-1 by roe@example.org follows line 3"),
        ([1, 0, 2], "1: the log of decisions is broken: the decision on KET-1 by lee@example.org follows line 2"),
        ([0, 1, 2, 0], "4: the log of decisions is broken: this decision on KET-2 is a copy of line 1"),
    ],
    ids=["deleted", "first deleted", "swapped", "first swapped", "repeated"],
)
def test_lines_that_were_deleted_moved_or_repeated_are_found(desk: Desk, order: list[int], said: str) -> None:
    lines = three(desk)
    desk.put_lines([lines[number] for number in order])
    assert any(fault.startswith(said) for fault in faults(desk)), faults(desk)


def edited(line: str, **fields: str) -> str:
    return json.dumps(json.loads(line) | fields, ensure_ascii=False)


def test_an_edited_line_is_found_twice_over(desk: Desk) -> None:
    first, second, third = three(desk)
    desk.put_lines([first, edited(second, decision="reject"), third])
    found = faults(desk)
    assert any("2: the decision of lee@example.org (medical) on KET-1 does not count: its sign" in one for one in found)
    assert any(one.startswith("3: the log of decisions is broken") for one in found)


def test_a_log_that_was_chained_anew_without_the_keys_is_found(desk: Desk) -> None:
    _, second, third = three(desk)
    desk.put_lines([edited(second, previous="start")])
    anew = heads(desk.approvals())[0]
    desk.put_lines([edited(second, previous="start"), edited(third, previous=anew)])
    assert [fault for fault in faults(desk) if "chain" in fault or "broken" in fault] == []
    assert sum("does not count: its signature is of another text" in fault for fault in faults(desk)) == 2


def test_a_line_dated_back_is_found(desk: Desk) -> None:
    desk.write("kap.toml", "")
    desk.decide(key=None)
    desk.decide("reject", key=None, on=TODAY + timedelta(days=1))
    first, second = desk.lines()
    desk.put_lines([first, edited(second, on="2026-11-01")])
    assert any("it is dated back" in fault for fault in faults(desk))


def test_a_line_written_by_hand_below_the_chain_is_found(desk: Desk) -> None:
    desk.write("kap.toml", "")
    desk.decide(key=None)
    first = desk.lines()[0]
    bare = json.loads(first) | {"reviewer": "eve"}
    del bare["previous"]
    desk.put_lines([first, json.dumps(bare)])
    assert any("has no “previous”" in fault for fault in faults(desk))


def test_lines_of_before_there_were_chains_are_accepted_and_told(desk: Desk) -> None:
    desk.write("kap.toml", "")
    desk.decide(key=None)
    bare = json.loads(desk.lines()[0])
    del bare["previous"]
    desk.put_lines([json.dumps(bare), json.dumps(bare | {"role": "legal"})])
    desk.decide("reject", key=None)
    assert faults(desk) == []
    assert len(desk.approvals()[-1].previous.split()) == 2
    assert any("2 lines have no “previous”" in note for note in audited(desk).notes)
    lines = desk.lines()
    desk.put_lines([edited(lines[0], comment="slipped in"), *lines[1:]])
    assert any("not in the log" in fault for fault in faults(desk))


REJECTED = "a decision that the log lacks: reject of lee@example.org (medical) on KET-1"


def without_the_last_line(desk: Desk, git: Git) -> None:
    desk.decide()
    desk.decide("reject", comment="harm is left out")
    git.commit()
    desk.put_lines(desk.lines()[:1])


def test_a_last_line_that_was_deleted_is_found_by_git(desk: Desk, git: Git) -> None:
    without_the_last_line(desk, git)
    assert faults(desk) == [f"1: the last commit has {REJECTED}, 2026-11-22"]


def test_a_last_line_that_a_commit_deleted_is_found_by_git(desk: Desk, git: Git) -> None:
    without_the_last_line(desk, git)
    git.commit("Tidy up")
    (fault,) = faults(desk)
    assert f"took out {REJECTED}" in fault


def test_a_line_that_a_merge_dropped_is_found_by_git(desk: Desk, git: Git) -> None:
    desk.decide(claim="KET-2")
    git.commit()
    git.fork(lambda: desk.decide("reject", comment="on another branch"), desk.decide)
    git("merge", "-q", "--no-edit", "-s", "ours", "other")
    (fault,) = faults(desk)
    assert f"took out {REJECTED}" in fault


def test_without_git_it_is_said_what_cannot_be_known(desk: Desk) -> None:
    desk.decide()
    assert any("no git history to compare with" in note for note in audited(desk).notes)


def test_who_wrote_a_claims_lines_may_not_approve_it(desk: Desk, git: Git) -> None:
    desk.set_up("author_may_not_approve = true")
    desk.change("claims.yaml", "n = 20", "20 people")
    git.commit("Wording", email="A.Lee@example.org")
    with pytest.raises(Exception, match="wrote lines of claim KET-1") as caught:
        desk.decide()
    assert caught.type.__name__ == "Refused"
    assert desk.decide(role="legal", who=ROE, key="roe").status is Status.IN_REVIEW


def test_who_only_reviewed_a_claim_has_not_written_it(desk: Desk, git: Git) -> None:
    desk.set_up("author_may_not_approve = true")
    desk.change("claims.yaml", "status: draft", "certainty: low\n    status: in_review")
    git.commit("Review", email=LEE)
    assert desk.decide().status is Status.IN_REVIEW


def test_lines_that_are_not_committed_are_of_the_user_of_this_machine(desk: Desk, git: Git) -> None:
    desk.set_up("author_may_not_approve = true")
    git("config", "user.email", LEE)
    desk.change("claims.yaml", "n = 20", "n = 21")
    with pytest.raises(Exception, match="wrote lines of claim KET-1"):
        desk.decide()


def test_an_author_who_signed_all_the_same_is_found(desk: Desk, git: Git) -> None:
    desk.change("claims.yaml", "n = 20", "20 people")
    desk.decide()
    git.commit("Wording, and its approval", email=LEE)
    assert faults(desk) == []
    desk.set_up("author_may_not_approve = true")
    assert [fault.partition(": ")[2] for fault in faults(desk)] == [
        f"the decision of {LEE} (medical) on KET-1: {LEE} wrote lines of the claim (git blame), and may not approve it"
    ]


def test_what_a_later_decision_settled_is_no_fault_any_more(desk: Desk) -> None:
    settings = desk.read("kap.toml")
    desk.write("kap.toml", "")
    desk.decide(key=None)
    desk.write("kap.toml", settings)
    assert faults(desk) == [f"1: the decision of {LEE} (medical) on KET-1 does not count: it is not signed"]
    desk.decide("reject")
    assert faults(desk) == []
