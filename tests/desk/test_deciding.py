"""Judging and deciding over real requests: what is written, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kap_content.cli import run
from kap_content.desk.who import Who
from tests.desk.conftest import ATTACK, LEE, ROE, Open, change_wording, log, replace_in, write_project


def test_an_approval_is_a_line_of_the_log_and_the_status_and_nothing_else(open_desk: Open, project: Path) -> None:
    before = (project / "claims.yaml").read_text("utf-8")
    answer = open_desk().decide("KET-1", decision="approve", comment="read beside the paper")
    assert answer.status == 303
    (line,) = log(project)
    assert (line["claim"], line["decision"], line["role"], line["reviewer"]) == (
        "KET-1",
        "approve",
        "medical",
        "Dr Lee",
    )
    assert line["comment"] == "read beside the paper"
    after = (project / "claims.yaml").read_text("utf-8")
    assert after == before.replace("status: in_review", "status: approved", 1)


def test_a_signed_approval_holds_and_the_claim_says_so(open_desk: Open, project: Path, signing: Who) -> None:
    (project / "kap.toml").write_text("[review]\nrequired_roles = ['medical']\nrequire_signatures = true\n", "utf-8")
    visitor = open_desk(signing)
    assert visitor.decide("KET-1", decision="approve").status == 303
    (line,) = log(project)
    assert line["signature"].startswith("-----BEGIN SSH SIGNATURE-----")
    shown = visitor.claim("KET-1").text
    assert "approved as medical, signed" in shown
    assert run(["approvals", "verify", "--project", str(project)]) == 0


def test_without_a_key_a_project_that_wants_signatures_records_nothing(open_desk: Open, project: Path) -> None:
    (project / "kap.toml").write_text("[review]\nrequire_signatures = true\n", "utf-8")
    before = (project / "claims.yaml").read_bytes()
    answer = open_desk().decide("KET-1", decision="approve", verdict_0="substantiated", comment="my careful words")
    assert answer.status == 422
    assert "must be signed" in answer.text
    assert "my careful words" in answer.text
    assert log(project) == []
    assert (project / "claims.yaml").read_bytes() == before


def test_verdict_and_certainty_are_written_before_the_decision_covers_them(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    visitor.decide("KET-1", decision="approve", verdict_0="substantiated", certainty="very_low")
    text = (project / "claims.yaml").read_text("utf-8")
    assert "certainty: very_low" in text
    assert "verdict: substantiated" in text
    assert "checked_by: Dr Lee" in text
    assert "checked_on: 2026-11-22" in text
    assert "  - id: KET-1   # the first" in text
    (line,) = log(project)
    assert "certainty=very_low" in line["fingerprint"]
    assert "What changed since" not in visitor.claim("KET-1").text


def test_a_verdict_can_be_saved_without_deciding(open_desk: Open, project: Path) -> None:
    answer = open_desk().decide("KET-2", decision="", verdict_0="not_substantiated")
    assert answer.status == 303
    assert "verdict: not_substantiated" in (project / "claims.yaml").read_text("utf-8")
    assert log(project) == []


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_an_objection_wants_its_reason(open_desk: Open, project: Path, decision: str) -> None:
    visitor = open_desk()
    answer = visitor.decide("KET-2", decision=decision, certainty="low")
    assert answer.status == 422
    assert "say what is wrong" in answer.text
    assert re.search(r'value="low" selected', answer.text)
    assert log(project) == []
    assert visitor.decide("KET-2", decision=decision, comment="70% is not in the study").status == 303
    assert log(project)[0]["decision"] == decision


def test_the_head_of_a_claim_says_which_decision_holds(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    visitor.decide("KET-2", decision="reject", comment="70% is not in the study")
    assert '<li class="chip grave">Medical: rejected</li>' in visitor.claim("KET-2").text
    visitor.decide("KET-2", decision="approve")
    assert '<li class="chip clear">Medical: approved</li>' in visitor.claim("KET-2").text
    replace_in(project / "claims.yaml", "70% lower", "60% lower")
    shown = visitor.claim("KET-2").text
    assert "Medical: approved" not in shown
    assert "Medical: changed since it was approved" in shown


def test_a_comment_without_a_decision_has_no_place_and_is_not_dropped_in_silence(open_desk: Open) -> None:
    answer = open_desk().decide("KET-1", decision="", comment="only a thought")
    assert answer.status == 422
    assert "only a thought" in answer.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verdict_0": "maybe"}, "Choose one of the verdicts"),
        ({"certainty": "quite"}, "Choose one of the grades"),
        ({"next_review_due": "soon"}, "Write the day as"),
        ({"next_review_due": "2020-01-01"}, "is not after today"),
        ({"verdict_7": "trivial"}, "no piece of evidence number 8"),
        ({"role": "astrologer"}, "is no role"),
        ({"decision": "bless"}, "Press Approve"),
        ({"comment": "x" * 20_001}, "no more than 20,000 characters; these are 20,001"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(
    open_desk: Open, project: Path, fields: dict[str, str], said: str
) -> None:
    before = (project / "claims.yaml").read_bytes()
    answer = open_desk().decide("KET-1", **({"decision": "approve"} | fields))
    assert answer.status == 422
    assert said in answer.text
    assert log(project) == []
    assert (project / "claims.yaml").read_bytes() == before


def test_a_claim_that_changed_meanwhile_is_shown_and_nothing_typed_is_lost(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    opened = visitor.claim("KET-1")
    change_wording(project, "about a third")
    answer = visitor.decide("KET-1", opened, decision="approve", comment="my careful words", certainty="low")
    assert answer.status == 409
    assert "changed while you looked at it" in answer.text
    assert "[removed: </span>half " in answer.text
    assert "[added: </span>a third " in answer.text
    assert "my careful words" in answer.text
    assert re.search(r'value="low" selected', answer.text)
    assert log(project) == []
    assert visitor.decide("KET-1", answer, decision="approve", comment="my careful words").status == 303
    assert len(log(project)) == 1


def test_a_colleagues_verdict_survives_a_form_that_was_open_before(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    opened = visitor.claim("RET-1")
    assert visitor.decide("RET-1", decision="", verdict_0="unrelated").status == 303
    answer = visitor.decide("RET-1", opened, decision="reject", comment="no", verdict_0="", verdict_1="substantiated")
    assert answer.status == 409
    again = visitor.decide(
        "RET-1", answer, decision="reject", comment="no", verdict_0="unrelated", verdict_1="substantiated"
    )
    assert again.status == 303
    text = (project / "claims.yaml").read_text("utf-8")
    assert "verdict: unrelated" in text
    assert "verdict: substantiated" in text


def test_a_claim_that_was_taken_out_meanwhile_gives_back_what_was_typed(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    opened = visitor.claim("RET-1")
    path = project / "claims.yaml"
    path.write_text(path.read_text("utf-8").partition("  - id: RET-1")[0], "utf-8")
    answer = visitor.decide("RET-1", opened, decision="reject", comment="my careful words")
    assert answer.status == 409
    assert "taken out" in answer.text
    assert "my careful words" in answer.text


def test_two_tabs_decide_one_after_the_other_and_the_log_stays_whole(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    one, other = visitor.claim("KET-1"), visitor.claim("KET-2")
    assert visitor.decide("KET-1", one, decision="approve").status == 303
    assert visitor.decide("KET-2", other, decision="reject", comment="70% is nowhere").status == 303
    assert visitor.decide("KET-1", one, decision="approve").status == 303, "pressed twice"
    assert [line["claim"] for line in log(project)] == ["KET-1", "KET-2"]
    assert run(["approvals", "verify", "--project", str(project)]) == 0


def test_a_name_is_asked_for_where_the_command_line_gave_none(open_desk: Open, project: Path) -> None:
    visitor = open_desk(Who())
    refused = visitor.decide("KET-1", decision="approve", comment="kept")
    assert refused.status == 422
    assert "Say who you are first" in refused.text
    form = urlencode({"csrf": refused.hidden("csrf"), "reviewer": ROE, "role": "medical"})
    assert visitor.ask("/you", "POST", form).status == 303
    assert visitor.decide("KET-1", decision="approve").status == 303
    assert log(project)[0]["reviewer"] == ROE


def test_nobody_takes_another_name_while_a_key_signs(open_desk: Open, project: Path, signing: Who) -> None:
    visitor = open_desk(signing)
    form = urlencode({"csrf": visitor.claim("KET-1").hidden("csrf"), "reviewer": ROE, "role": "medical"})
    visitor.ask("/you", "POST", form)
    visitor.decide("KET-1", decision="approve")
    assert log(project)[0]["reviewer"] == LEE


def test_a_reviewer_without_the_role_is_refused_with_the_reason(open_desk: Open, project: Path) -> None:
    (project / "kap.toml").write_text("[review]\nreviewers = {'Dr Lee' = ['legal']}\n", "utf-8")
    answer = open_desk().decide("KET-1", decision="approve")
    assert answer.status == 422
    assert "may decide as legal, not as medical" in answer.text
    (project / "kap.toml").write_text("[review]\nreviewers = {'Dr Roe' = ['medical']}\n", "utf-8")
    assert "Your decision would not count" in open_desk().claim("KET-1").text
    assert log(project) == []


def test_the_role_of_the_command_line_is_the_one_decided_in(open_desk: Open, project: Path) -> None:
    visitor = open_desk(Who(ROE, "legal"))
    page = visitor.claim("KET-1")
    assert '<option value="legal" selected>' in page.text
    assert visitor.decide("KET-1", page, decision="approve", role="legal").status == 303
    assert log(project)[0]["role"] == "legal"


def test_a_broken_file_is_told_and_the_last_good_state_stays_readable(open_desk: Open, project: Path) -> None:
    visitor = open_desk()
    opened = visitor.claim("KET-1")
    settings = project / "kap.toml"
    good = settings.read_text("utf-8")
    settings.write_text("[review\n", "utf-8")
    shown = visitor.ask("/")
    assert shown.status == 200
    assert "cannot be read now" in shown.text
    assert "kap.toml:1" in shown.text
    assert "KET-1" in shown.text
    refused = visitor.decide("KET-1", opened, decision="reject", comment="my careful words")
    assert refused.status == 409
    assert "my careful words" in refused.text
    settings.write_text(good, "utf-8")
    assert "cannot be read now" not in visitor.ask("/").text
    (project / "claims.yaml").write_text("version: 1\nclaims: [", "utf-8")
    assert "could not be read as meant" in visitor.ask("/").text


def test_hostile_words_are_text_wherever_they_are_shown(open_desk: Open) -> None:
    visitor = open_desk()
    typed = visitor.decide("RET-1", decision="", comment=f"</textarea>{ATTACK}")
    pages = [visitor.ask(f"/?{urlencode({'words': ATTACK})}"), visitor.claim("KET-3"), visitor.claim("RET-1"), typed]
    pages.append(
        visitor.ask("/?page=%22%3E%3Cscript%3E&category=%3Cscript%3E&role=%3Cscript%3E&show=%3Cscript%3E&at=x")
    )
    for page in pages:
        assert "<img" not in page.text
        assert page.text.count("<script") == 1
    assert "&lt;img src=x" in visitor.claim("KET-3").text


def test_the_filters_answer_without_a_script(open_desk: Open) -> None:
    visitor = open_desk()

    def found(query: str) -> list[str]:
        return re.findall(r'<span class="id">([^<]+)</span>', visitor.ask(f"/?{query}").text)

    assert found("") == ["KET-1", "KET-2", "KET-3", "RET-1"]
    assert found("show=needs-me") == ["KET-1", "KET-2", "KET-3", "RET-1"]
    assert found("words=gone2001") == ["RET-1"]
    assert found("words=half+dose") == ["KET-1"]
    assert found("page=pages/a.md&category=statistic") == ["KET-1", "KET-2"]
    assert found("show=due") == ["KET-2"]
    assert found("show=errors") == ["KET-2", "RET-1"]
    assert found("show=stale") == []
    assert found("role=legal") == []


def test_what_changed_since_an_approval_is_told_word_by_word_out_of_git(open_desk: Open, project: Path) -> None:
    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=N", "-c", "user.email=n@example.org", *arguments]
        subprocess.run(command, cwd=project, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    open_desk().decide("KET-1", decision="approve")
    git("commit", "-qam", "two")
    change_wording(project, "by two thirds")
    visitor = open_desk()
    shown = visitor.claim("KET-1").text
    assert "What changed since the last decision" in shown
    assert "[removed: </span>about half " in shown
    assert "The earlier text is from git" in shown
    assert re.findall(r'<span class="id">([^<]+)</span>', visitor.ask("/?show=stale").text) == ["KET-1"]


def test_without_git_the_desk_says_that_the_earlier_text_is_not_kept(open_desk: Open, project: Path) -> None:
    open_desk().decide("KET-1", decision="approve")
    change_wording(project, "by two thirds")
    shown = open_desk().claim("KET-1").text
    assert "its wording" in shown
    assert "keeps only a fingerprint" in shown


def test_a_project_of_many_claims_is_shown_before_its_rules_have_run(open_desk: Open, tmp_path: Path) -> None:
    root = write_project(tmp_path / "many")
    claims = "".join(
        f"  - id: M-{number}\n    match_text: Statement {number}.\n    category: service\n" for number in range(2500)
    )
    with (root / "claims.yaml").open("a", encoding="utf-8") as file:
        file.write(claims)
    visitor = open_desk(root=root)
    shown = visitor.ask("/?at=24")
    assert shown.status == 200
    assert "2,504 claims, 2,401 to 2,500 shown" in shown.text
    assert "Part 25 of 26" in shown.text
