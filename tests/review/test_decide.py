from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from kap_content.model.claim import Status
from kap_content.model.errors import KapError, ProjectError
from kap_content.review import decide as module
from kap_content.review import log_file
from kap_content.review.decide import Refused, settle
from kap_content.works.fingerprint import claim_fingerprint
from tests.review.conftest import LEE, ROE, TODAY, Desk


def test_a_claim_is_approved_once_all_its_roles_have_signed(desk: Desk) -> None:
    first = desk.decide()
    assert (first.status, first.missing) == (Status.IN_REVIEW, ("legal",))
    second = desk.decide(role="legal", who=ROE, key="roe", next_review_due=date(2028, 11, 22))
    assert (second.status, second.missing) == (Status.APPROVED, ())
    assert desk.read("claims.yaml").splitlines()[6:8] == [
        "    status: approved  # set by review",
        "    next_review_due: 2028-11-22",
    ]


def test_a_line_holds_what_was_decided_and_where_it_follows(desk: Desk) -> None:
    desk.decide(comment="“half” is fair")
    desk.decide(role="legal", who=ROE, key="roe")
    first, second = (json.loads(line) for line in desk.lines())
    assert list(first) == [
        "claim",
        "fingerprint",
        "decision",
        "role",
        "reviewer",
        "on",
        "comment",
        "previous",
        "signature",
    ]
    assert (first["previous"], first["comment"]) == ("start", "“half” is fair")
    assert len(second["previous"]) == 64


def test_what_nobody_can_see_stands_as_an_escape_and_is_signed_all_the_same(desk: Desk) -> None:
    comment = "one\ntwo \x1b[2J \u202e \u2028 \x85 \U000e0041 é"
    desk.decide(comment=comment)
    (line,) = desk.read("approvals.jsonl").splitlines()
    assert line.isprintable()
    assert "é" in line
    assert [(approval.comment, approval.doubt) for approval in desk.approvals()] == [(comment, "")]


def test_nothing_else_of_the_claims_file_changes(desk: Desk) -> None:
    desk.write("claims.yaml", desk.read("claims.yaml").replace("\n", "\r\n"))
    before = desk.read("claims.yaml")
    desk.decide()
    assert desk.read("claims.yaml") == before.replace("status: draft", "status: in_review")


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_a_refusal_takes_an_approved_claim_back_into_review(desk: Desk, decision: str) -> None:
    desk.decide()
    desk.decide(role="legal", who=ROE, key="roe")
    assert desk.decide(decision, comment="no control group").status is Status.IN_REVIEW
    assert "status: in_review" in desk.read("claims.yaml")


def test_an_approval_beside_a_standing_refusal_does_not_approve(desk: Desk) -> None:
    desk.decide("reject", "legal", ROE, key="roe")
    assert desk.decide().status is Status.IN_REVIEW
    assert desk.decide(role="legal", who=ROE, key="roe").status is Status.APPROVED


def test_with_no_required_role_any_approval_approves(desk: Desk) -> None:
    desk.write("kap.toml", "")
    assert desk.decide(key=None).status is Status.APPROVED


def test_an_approval_of_an_earlier_wording_is_missing(desk: Desk) -> None:
    desk.decide()
    desk.write("claims.yaml", desk.read("claims.yaml").replace("about half", "by 50 %"))
    assert desk.decide(role="legal", who=ROE, key="roe").missing == ("medical",)


def test_roles_may_depend_on_the_category(desk: Desk) -> None:
    settings = desk.read("kap.toml").replace(
        'required_roles = ["medical", "legal"]',
        'required_roles = {default = ["medical"], safety = ["medical", "legal"]}',
    )
    desk.write("kap.toml", settings)
    assert desk.decide().status is Status.APPROVED


def test_deciding_the_same_twice_on_a_day_is_recorded_once(desk: Desk) -> None:
    desk.decide()
    again = desk.decide()
    assert not again.is_new
    assert len(desk.lines()) == 1


def refusal(desk: Desk, *arguments: object, **more: object) -> str:
    """Why a decision was refused; nothing may have been written."""
    before = {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()}
    with pytest.raises(KapError) as caught:
        desk.decide(*arguments, **more)  # type: ignore[arg-type] # passed on as given
    assert {path: path.read_bytes() for path in desk.root.rglob("*") if path.is_file()} == before
    return caught.value.message


def test_an_unknown_claim_is_met_with_near_ones(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.decide(claim="KET1")
    assert "KET-1" in caught.value.help


def test_an_unknown_role_is_refused(desk: Desk) -> None:
    assert refusal(desk, role="chief") == "“chief” is no role"


def test_a_wrong_role_is_refused(desk: Desk) -> None:
    assert refusal(desk, role="legal") == f"{LEE} may decide as medical, not as legal"


def test_who_is_no_reviewer_is_refused(desk: Desk) -> None:
    assert refusal(desk, who="eve@example.org", key=None).endswith("not among the reviewers of the settings")


def test_a_decision_without_a_key_is_refused_where_signatures_are_required(desk: Desk) -> None:
    assert "must be signed" in refusal(desk, key=None)


def test_a_claim_that_changed_meanwhile_is_refused_with_what_changed(desk: Desk) -> None:
    context = desk.context()
    seen = claim_fingerprint(context.claims["KET-1"], context.references, context.project.records)
    desk.write("claims.yaml", desk.read("claims.yaml").replace("n = 20", "n = 12"))
    said = refusal(desk, expected=seen)
    assert said.startswith("claim KET-1 changed while you looked at it: the finding of glue2018")


def test_a_withdrawn_claim_is_not_approved(desk: Desk) -> None:
    desk.write("claims.yaml", desk.read("claims.yaml").replace("status: draft", "status: withdrawn"))
    assert refusal(desk) == "claim KET-1 was withdrawn"


def test_a_claim_that_cannot_be_read_whole_is_not_approved(desk: Desk) -> None:
    desk.write("claims.yaml", desk.read("claims.yaml").replace("category: statistic", "category: statistik"))
    assert "cannot be read whole" in refusal(desk)


def test_a_broken_log_takes_no_decision(desk: Desk) -> None:
    desk.decide()
    desk.write("approvals.jsonl", desk.read("approvals.jsonl") + "half a line")
    assert "while the log is broken" in refusal(desk)


def test_a_day_before_the_last_decision_is_refused(desk: Desk) -> None:
    desk.decide()
    assert "cannot follow it" in refusal(desk, on=TODAY - timedelta(days=2))


def test_a_decision_of_a_day_to_come_sets_no_status(desk: Desk) -> None:
    desk.decide(role="legal", who=ROE, key="roe", on=TODAY + timedelta(days=3))
    assert desk.decide(on=TODAY + timedelta(days=2)).status is Status.APPROVED
    desk.change("claims.yaml", "status: approved", "status: in_review")
    assert settle(desk.root, TODAY) == ()
    assert [claim.id for claim in settle(desk.root, TODAY + timedelta(days=2))] == ["KET-1"]


def test_the_next_review_lies_ahead(desk: Desk) -> None:
    assert "is not after" in refusal(desk, next_review_due=TODAY)


def test_the_author_of_a_page_may_not_approve_its_claims(desk: Desk) -> None:
    desk.set_up("author_may_not_approve = true")
    desk.write(
        "pages/a.md", desk.read("pages/a.md").replace("author: {name: The maintainers}", "author: {name: A. LEE}")
    )
    assert "is the author of a page" in refusal(desk)
    assert desk.decide("reject").status is Status.DRAFT


def test_where_nobody_is_known_to_have_written_a_claim_it_is_not_approved(desk: Desk) -> None:
    desk.set_up("author_may_not_approve = true")
    assert "who wrote claim KET-2 is not known" in refusal(desk, claim="KET-2")


def test_a_decision_is_appended_behind_a_line_without_its_end(desk: Desk) -> None:
    desk.decide()
    desk.write("approvals.jsonl", desk.read("approvals.jsonl").rstrip("\n"))
    desk.decide(role="legal", who=ROE, key="roe")
    assert [approval.place.line for approval in desk.approvals()] == [1, 2]


def test_a_full_disk_leaves_the_log_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("kap.toml", "")
    desk.decide(key=None)
    before = desk.read("approvals.jsonl")
    real = os.write
    monkeypatch.setattr(log_file.os, "write", lambda handle, data: real(handle, data[: len(data) // 2]))
    with pytest.raises(ProjectError, match="nothing was recorded"):
        desk.decide(role="legal", who=ROE, key=None)
    monkeypatch.undo()
    assert desk.read("approvals.jsonl") == before


def test_a_log_that_was_not_there_is_not_left_empty(desk: Desk) -> None:
    with pytest.raises(Refused):
        desk.decide(claim="NOBODY")
    assert not (desk.root / "approvals.jsonl").exists()


def test_where_the_claims_file_cannot_be_written_the_decision_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, text: str) -> bool:
        raise ProjectError("the disk is full")

    monkeypatch.setattr(module, "write_atomically", failing)
    with pytest.raises(ProjectError) as caught:
        desk.decide()
    monkeypatch.undo()
    assert "The decision stands" in caught.value.help
    assert "status: draft" in desk.read("claims.yaml")
    again = desk.decide()
    assert (again.is_new, again.status, len(desk.lines())) == (False, Status.IN_REVIEW, 1)


SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from kap_content.review.decide import DecisionRequest, decide
day = date(2026, 11, 22)
for number in range(5):
    decide(Path(sys.argv[1]), DecisionRequest("KET-2", "approve", "medical", f"{sys.argv[2]}-{number}", day))
"""


def test_processes_that_decide_at_once_make_one_chain(desk: Desk) -> None:
    desk.write("kap.toml", "")
    started = [
        subprocess.Popen([sys.executable, "-c", SCRIPT, str(desk.root), name], stderr=subprocess.PIPE)
        for name in ("one", "two", "three")
    ]
    assert [process.communicate()[1] for process in started] == [b"", b"", b""]
    assert len(desk.lines()) == 15
    assert desk.context().project.problems == ()
    previous = [approval.previous for approval in desk.approvals()]
    assert len(set(previous)) == 15


def test_a_log_that_leads_out_of_the_project_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.jsonl"
    (desk.root / "approvals.jsonl").symlink_to(outside)
    with pytest.raises(ProjectError, match="leads out of the project"):
        desk.decide()
    assert not outside.exists()
