"""Retraction day: a notice about a reference hits claims, pages and approvals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from kap_content.cli import run
from kap_content.load.lock import dump_lock
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.review.impact import impact_of, impact_since
from tests.review.conftest import ROE, Desk, Git

DOI = "10.1177/0269881118762073"
RECORD = Record("glue2018", State.FOUND, (Source("crossref", date(2026, 11, 1)),), asked=DOI)
RETRACTED = replace(RECORD, notices=(Notice(NoticeKind.RETRACTION, "crossref", "10.1177/99999"),))
AS_OF = ("--as-of", "2026-11-22")


def lock(desk: Desk, record: Record) -> None:
    desk.write("references.lock", dump_lock({"glue2018": record}))


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """A project whose one cited claim both roles approved while nothing was known against its source."""
    lock(desk, RECORD)
    desk.decide()
    desk.decide(role="legal", who=ROE, key="roe")
    return desk


@pytest.mark.parametrize("name", ["glue2018", DOI, f"https://doi.org/{DOI.upper()}", "10.1177/99999"])
def test_a_work_is_named_by_key_by_doi_or_by_its_notice(approved: Desk, name: str) -> None:
    lock(approved, RETRACTED)
    (hit,) = impact_of(approved.context(), name)
    assert [claim.claim.id for claim in hit.claims] == ["KET-1"]
    assert hit.pages == ("pages/a.md",)
    assert [approval.reviewer for approval in hit.stale] == ["lee@example.org", ROE]
    assert hit.claims[0].approvals[0].changes == ("the status of glue2018 (found, now retraction)",)


def test_without_a_notice_the_approvals_hold(approved: Desk) -> None:
    (hit,) = impact_of(approved.context(), "glue2018")
    assert hit.stale == ()
    assert len(hit.claims[0].approvals) == 2


def test_what_nothing_cites_is_hit_by_nothing(approved: Desk) -> None:
    assert impact_of(approved.context(), "10.1000/other") == ()


def test_only_works_of_which_something_new_is_said_are_new(approved: Desk) -> None:
    context = approved.context()
    assert impact_since(context, {"glue2018": RECORD}) == ()
    assert impact_since(context, {}) == ()
    assert len(impact_since(context, {"glue2018": RETRACTED})) == 1


Typed = Callable[..., str]


@pytest.fixture
def typed(approved: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(approved.root)

    def command(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert run(["impact", *words, *AS_OF]) == code
        return "".join(capsys.readouterr())

    return command


STALE = "    stale   the status of glue2018 (found, now retraction):"


def test_the_text_names_claims_pages_and_who_signed(typed: Typed, approved: Desk) -> None:
    lock(approved, RETRACTED)
    assert typed("glue2018").splitlines() == [
        "glue2018  Safety and efficacy of maintenance ketamine treatment  doi:10.1177/0269881118762073",
        "  notice: retraction 10.1177/99999 (crossref)",
        "  claim   KET-1  claims.yaml:4:9  (approved)",
        "    “Anxiety ratings fell by about half within an hour of a dose.”",
        "    page    pages/a.md:13:1",
        f"{STALE} medical approval of lee@example.org, 2026-11-22 (signed)  approvals.jsonl:1:1",
        f"{STALE} legal approval of roe@example.org, 2026-11-22 (signed)  approvals.jsonl:2:1",
        "1 reference, 1 claim, 1 page, 2 approvals no longer hold, given by lee@example.org, roe@example.org.",
    ]


def test_the_json_and_the_markdown_say_the_same(typed: Typed, approved: Desk) -> None:
    lock(approved, RETRACTED)
    value = json.loads(typed(DOI, "--format", "json"))
    (reference,) = value["references"]
    assert (reference["pages"], value["stale_approvals"]) == (["pages/a.md"], 2)
    assert [approval["reviewer"] for approval in reference["claims"][0]["approvals"]] == ["lee@example.org", ROE]
    shown = typed(DOI, "--format", "markdown")
    assert "- **KET-1** (`claims.yaml:4:9`)" in shown
    assert "  - pages: `pages/a.md:13:1`" in shown


def test_a_reference_that_was_never_looked_up_is_unknown_not_clean(typed: Typed, approved: Desk) -> None:
    (approved.root / "references.lock").unlink()
    assert "not asked yet (kap lock): whether there is a notice is unknown" in typed("glue2018")


def test_the_section_of_the_nightly_report_says_what_is_new_since_the_commit(
    typed: Typed, approved: Desk, git: Git
) -> None:
    assert "No notice has changed since HEAD" in typed("--since", "HEAD", "--format", "markdown")
    lock(approved, RETRACTED)
    shown = typed("--since", "HEAD", "--format", "markdown")
    assert shown.startswith("## What new notices hit\n\n1 reference, 1 claim, 1 page, 2 approvals no longer hold")
    assert "lee@&#8203;example.org" in shown


def test_a_work_that_nothing_cites_and_a_revision_that_is_none_end_with_two(typed: Typed, git: Git) -> None:
    assert "Did you mean glue2018?" in typed("glue2081", code=2)
    assert "no revision “nowhere”" in typed("--since", "nowhere", code=2)
    assert "name a work" in typed(code=2)
