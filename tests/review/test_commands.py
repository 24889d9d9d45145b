"""The commands of a review, typed in a project with real keys."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kap_content.cli import run
from kap_content.cli.commands.sign import commands as sign_commands
from tests.cli.conftest import Typed
from tests.review.conftest import LEE, ROE, Desk, Git

Type = Callable[..., Typed]
AS_OF = ("--as-of", "2026-11-22")


@pytest.fixture
def typed(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Type:
    """Type a command in the desk's project."""
    monkeypatch.chdir(desk.root)

    def command(*words: str) -> Typed:
        capsys.readouterr()
        code = run(list(words))
        out, err = capsys.readouterr()
        return Typed(code, out, err)

    return command


@pytest.fixture
def approve(typed: Type, desk: Desk) -> Type:
    """Type a decision of the medical reviewer, signed."""

    def command(*words: str, verb: str = "approve", who: str = LEE, role: str = "medical", key: str = "lee") -> Typed:
        return typed(verb, *words, "--role", role, "--as", who, "--key", str(desk.keys / key), *AS_OF)

    return command


def test_an_approval_says_what_was_written_and_who_is_missing(approve: Type) -> None:
    told = approve("KET-1")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "approved  KET-1 as medical by lee@example.org (signed)",
        "  status   in_review",
        "  waits for legal review",
        "  wrote    approvals.jsonl:1:1",
        "  wrote    claims.yaml:7:13",
    ]


def test_several_claims_are_decided_one_by_one(approve: Type) -> None:
    told = approve("KET-1", "KET-9", "KET-2")
    assert told.code == 2
    assert "there is no claim KET-9" in told.err
    assert told.out.count("approved  ") == 2


def test_a_refusal_ends_with_two_and_its_reason(approve: Type) -> None:
    told = approve("KET-1", role="legal")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("kap: lee@example.org may decide as medical, not as legal\n")


@pytest.mark.parametrize(
    ("verb", "said"), [("reject", "rejected  KET-1"), ("request-changes", "changes asked for  KET-1")]
)
def test_claims_are_rejected_and_changes_asked_for(approve: Type, desk: Desk, verb: str, said: str) -> None:
    assert approve("KET-1", "--comment", "no control group", verb=verb).out.startswith(said)
    assert json.loads(desk.lines()[0])["comment"] == "no control group"


def test_a_next_review_is_a_day(approve: Type, desk: Desk) -> None:
    assert "--next-review soon: not a date" in approve("KET-1", "--next-review", "soon").err
    approve("KET-1", "--next-review", "2028-01-01")
    assert "next_review_due: 2028-01-01" in desk.read("claims.yaml")


def test_verdicts_and_certainty_are_written_with_name_and_day(typed: Type, desk: Desk) -> None:
    words = ("--verdict", "glue2018=substantiated", "--certainty", "very_low", "--as", LEE, *AS_OF)
    told = typed("judge", "KET-1", *words)
    assert told.out.splitlines() == [
        "wrote  KET-1 verdict (glue2018): none, now substantiated",
        "wrote  KET-1 checked_by (glue2018): none, now lee@example.org",
        "wrote  KET-1 checked_on (glue2018): none, now 2026-11-22",
        "wrote  KET-1 certainty: none, now very_low",
    ]
    assert "    certainty: very_low\n" in desk.read("claims.yaml")
    assert "Nothing changed" in typed("judge", "KET-1", *words).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--verdict", "glue2018"), "it is KEY=VERDICT"),
        (("--verdict", "glue2018=maybe"), "“maybe” is no verdict"),
        (("--verdict", "smith=trivial"), "claim KET-1 cites glue2018"),
        (("--verdict", "2=trivial"), "claim KET-1 cites glue2018"),
        ((), "there is nothing to write"),
    ],
)
def test_a_verdict_that_means_nothing_is_refused(typed: Type, words: tuple[str, ...], said: str) -> None:
    told = typed("judge", "KET-1", *words, "--as", LEE)
    assert told.code == 2
    assert said in told.err


def test_the_list_shows_decisions_changes_and_who_is_waited_for(typed: Type, approve: Type, desk: Desk) -> None:
    approve("KET-1")
    desk.write("claims.yaml", desk.read("claims.yaml").replace("n = 20", "n = 12"))
    told = typed("approvals", "list", *AS_OF).out
    assert "medical     approved by lee@example.org on 2026-11-22; changed since: the finding of glue2018" in told
    assert "waits for   legal: not decided yet" in told


def test_a_comment_cannot_look_like_a_line_of_the_list(typed: Type, approve: Type) -> None:
    approve("KET-1", "--comment", "fine\nlegal       approved by roe@example.org", verb="reject")
    for command in (("approvals", "list"), ("approvals", "log", "KET-1")):
        told = typed(*command, *AS_OF).out.splitlines()
        assert not any(line.lstrip().startswith("legal") and "approved by" in line for line in told)
    assert "\n" not in typed("approvals", "list", "--format", "markdown", *AS_OF).out.splitlines()[2]


def test_the_list_as_json_and_markdown(typed: Type, approve: Type) -> None:
    approve("KET-1", "--comment", "<b>|</b>")
    (first, second) = json.loads(typed("approvals", "list", "--format", "json", *AS_OF).out)["claims"]
    assert (first["claim"], first["required_roles"]) == ("KET-1", ["medical", "legal"])
    assert first["decisions"][0]["signed"] is True
    assert [wait["role"] for wait in second["waits_for"]] == ["medical", "legal"]
    table = typed("approvals", "list", "--format", "markdown", *AS_OF).out
    assert "&lt;b&gt;\\|&lt;/b&gt;" in table
    assert [line.count(" | ") for line in table.splitlines()[2:]] == [3, 3]


def test_the_log_of_a_claim_tells_what_changed_between_decisions(typed: Type, approve: Type, desk: Desk) -> None:
    approve("KET-1", verb="reject")
    desk.write("claims.yaml", desk.read("claims.yaml").replace("category: statistic", "category: efficacy"))
    approve("KET-1")
    told = typed("approvals", "log", "KET-1", *AS_OF).out.splitlines()
    assert told[0].startswith("medical     rejected by lee@example.org on 2026-11-22 (signed)")
    assert told[1].strip() == "then changed: its category (statistic, now efficacy)"
    assert len(told) == 3
    assert typed("approvals", "log", "KET-1", "--format", "markdown").out.count("\n") == 4
    decisions = json.loads(typed("approvals", "log", "KET-1", "--format", "json").out)["decisions"]
    assert [item["decision"] for item in decisions] == ["reject", "approve"]
    assert typed("approvals", "log", "KET-9").code == 2


def test_a_whole_log_is_verified(typed: Type, approve: Type) -> None:
    approve("KET-1", "KET-2")
    told = typed("approvals", "verify", *AS_OF)
    assert told.code == 0
    assert told.out.endswith("2 decisions, 2 with a verified signature, 0 unsigned. The log is whole.\n")


def test_a_tampered_log_ends_with_one_and_names_the_line(typed: Type, approve: Type, desk: Desk) -> None:
    approve("KET-1", "KET-2")
    first, second = desk.lines()
    desk.put_lines([first.replace('"approve"', '"reject"'), second])
    told = typed("approvals", "verify", *AS_OF)
    assert told.code == 1
    assert "approvals.jsonl:1:1  the decision of lee@example.org (medical) on KET-1 does not count" in told.out
    assert "approvals.jsonl:2:1  the log of decisions is broken" in told.out
    value = json.loads(typed("approvals", "verify", "--format", "json").out)
    assert (value["whole"], [fault["line"] for fault in value["faults"]]) == (False, [1, 2])
    assert "2 faults: the log is not to be trusted" in typed("approvals", "verify", "--format", "markdown").out


def test_without_ssh_keygen_the_log_is_not_clean(
    typed: Type, approve: Type, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    approve("KET-2")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "fresh"))
    told = typed("approvals", "verify", *AS_OF)
    assert told.code == 1
    assert "ssh-keygen is not installed, so that no signature can be verified" in told.out
    assert "kap: ssh-keygen is not installed\n" in approve("KET-1").err


def test_statuses_are_settled_after_a_merge(typed: Type, approve: Type, desk: Desk, git: Git) -> None:
    git("checkout", "-qb", "legal")
    approve("KET-1", who=ROE, role="legal", key="roe")
    git("add", "-A")
    git("commit", "-qm", "Legal review")
    git("checkout", "-q", "main")
    approve("KET-1")
    git("add", "-A")
    git("commit", "-qm", "Medical review")
    git("merge", "-q", "--no-edit", "legal")
    assert "kap approvals settle" in typed("check", "--select", "CLM003", *AS_OF).out
    assert typed("approvals", "settle", *AS_OF).out == "approved  KET-1  claims.yaml:4:9\n"
    assert "status: approved  # set by review" in desk.read("claims.yaml")
    assert "Nothing to settle" in typed("approvals", "settle", *AS_OF).err
    assert typed("check", "--select", "CLM", *AS_OF).code == 0


def test_a_broken_log_holds_pages_back(typed: Type, approve: Type, desk: Desk) -> None:
    approve("KET-1")
    approve("KET-1", who=ROE, role="legal", key="roe")
    assert typed("check", "--select", "CLM", *AS_OF).code == 0
    desk.put_lines(desk.lines()[1:])
    told = typed("check", "--select", "CLM", *AS_OF)
    assert told.code == 1
    assert "approvals.jsonl:1:1" in told.out
    assert "CLM009" in told.out


def test_only_a_page_whose_claim_is_approved_with_a_key_is_released(typed: Type, approve: Type, desk: Desk) -> None:
    rules = ("--select", "CLM003,CLM004,CLM009", "--release", *AS_OF)
    assert typed("check", *rules).code == 1
    approve("KET-1")
    assert typed("check", *rules).code == 1
    approve("KET-1", who=ROE, role="legal", key="roe")
    assert typed("check", *rules).code == 0
    lines = desk.lines()
    forged = json.loads(lines[1])
    del forged["signature"]
    desk.put_lines([lines[0], json.dumps(forged)])
    told = typed("check", *rules)
    assert told.code == 1
    assert "is not signed by legal review; the decision of roe@example.org (legal) in line 2" in told.out


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-11-22", 1), ("2026-11-23", 1), ("2026-11-24", 0), ("2026-11-25", 0), ("0001-01-01", 1), ("9999-12-31", 0)],
)
def test_a_decision_counts_from_its_day_on_and_the_build_agrees_with_verify(
    typed: Type, desk: Desk, day: str, code: int
) -> None:
    """By a day it may be ahead: reviewers live in different time zones."""
    desk.decide(on=date(2026, 11, 25))
    desk.decide(role="legal", who=ROE, key="roe", on=date(2026, 11, 25))
    built = typed("check", "--select", "CLM003,CLM004,CLM009", "--release", "--as-of", day)
    verified = typed("approvals", "verify", "--as-of", day)
    assert (built.code, verified.code) == (code, code)
    reason = f"does not count: it is dated 2026-11-25, and today is {day}"
    assert (built.out.count(reason), verified.out.count(reason)) == (2 * code, 2 * code)


def test_what_is_kept_of_another_day_lets_no_decision_of_a_day_to_come_count(typed: Type, desk: Desk) -> None:
    desk.decide(on=date(2026, 11, 25))
    desk.decide(role="legal", who=ROE, key="roe", on=date(2026, 11, 25))
    rules = ("check", "--select", "CLM003", "--release", "--as-of")
    assert [typed(*rules, f"2026-11-{day}").code for day in (25, 22, 25, 22)] == [0, 1, 0, 1]


def test_every_command_of_the_review_shows_examples(typed: Type) -> None:
    assert sign_commands.registered_commands
    for words in (("approve",), ("reject",), ("request-changes",), ("impact",), ("approvals", "list")):
        assert "Examples:" in typed(*words, "--help").out


def test_the_kept_answer_notices_other_signers(
    typed: Type, approve: Type, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve("KET-1")
    approve("KET-1", who=ROE, role="legal", key="roe")
    for path in desk.root.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert "CLM003" not in typed("check", *AS_OF).out
    desk.allow("nobody@example.org ssh-ed25519 AAAA")
    assert "CLM003" in typed("check", *AS_OF).out


def test_an_author_is_noticed_on_pages_that_are_known_from_before(
    typed: Type, approve: Type, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve("KET-1")
    approve("KET-1", who=ROE, role="legal", key="roe")
    page = desk.read("pages/a.md")
    for number in range(12):
        desk.write(f"pages/more/{number}.md", page)
    desk.write("pages/a.md", page.replace("author: {name: The maintainers}", "author: A. Lee"))
    settings = desk.read("kap.toml")
    desk.write("kap.toml", settings.replace("[review]", "[review]\nauthor_may_not_approve = true", 1))
    command = ("check", "--select", "CLM003", *AS_OF)
    first, second = typed(*command).out, typed(*command).out
    monkeypatch.setenv("KAP_NO_CACHE", "1")
    assert first == second == typed(*command).out
    assert "lee@example.org is the author of a page that shows the claim" in first
