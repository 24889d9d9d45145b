"""The GitHub Action and the templates: valid, and their scripts do what they say in a real repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hooks.conftest import BIN, DRIFT, ROOT, Run, change

GLUE = "10.1177/0269881118762073"
RETRACTED = """{
 "records": {
  "glue2018": {
   "agency": "crossref",
   "answered": "10.1177/0269881118762073",
   "asked": "10.1177/0269881118762073",
   "notices": [
    {"date": "2026-11-20", "doi": "10.1177/notice", "kind": "retraction", "source": "crossref"}
   ],
   "sources": [
    {"checked_on": "2026-11-22", "name": "crossref"}
   ],
   "state": "found",
   "title": "Safety and efficacy of maintenance ketamine treatment"
  }
 },
 "version": 1
}
"""


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "ci/github-pull-request.yml"),
        ("vendor.github-workflows", "ci/github-nightly.yml"),
        ("vendor.github-workflows", "ci/github-shards.yml"),
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
        ("vendor.gitlab-ci", "ci/gitlab-shards.yml"),
    ],
)
def test_the_files_are_what_the_services_read(schema: str, name: str) -> None:
    command = [BIN / "check-jsonschema", "--builtin-schema", schema, ROOT / name]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def script(name: str) -> str:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return next(step["run"] for step in action["runs"]["steps"] if step.get("name") == name)


def test_no_input_is_pasted_into_a_script() -> None:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert all("${{" not in step.get("run", "") for step in action["runs"]["steps"])


def step(run: Run, site: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    known = {
        "KAP_PROJECT": ".",
        "KAP_MODE": "check",
        "KAP_SINCE": "",
        "KAP_BASELINE": "",
        "KAP_RELEASE": "false",
        "KAP_FAIL_ON": "error",
        "KAP_UPCOMING": "90d",
        "KAP_SARIF": "../kap.sarif",
        "KAP_REPORT": "../kap report.md",
        "GITHUB_OUTPUT": str(site.parent / "output"),
        "GITHUB_STEP_SUMMARY": str(site.parent / "summary"),
    }
    return run("bash", "-e", "-c", script("Check"), **(known | inputs))


def test_a_pull_request_fails_by_what_it_brings(site: Path, run: Run) -> None:
    assert step(run, site, KAP_SINCE="HEAD").returncode == 0
    change(site / "pages" / "a.md", *DRIFT)
    failed = step(run, site, KAP_SINCE="HEAD")
    assert failed.returncode == 1
    assert "::error file=pages/a.md,line=13," in failed.stdout
    assert "exit-code=1" in (site.parent / "output").read_text("utf-8")
    report = (site.parent / "kap report.md").read_text("utf-8")
    assert "**1 new**" in report
    assert report in (site.parent / "summary").read_text("utf-8")


def test_the_night_after_a_retraction_the_report_names_the_claims_and_pages_that_are_hit(site: Path, run: Run) -> None:
    change(site / "claims.yaml", "next_review_due: 2028-11-22", "next_review_due: 2020-01-01")
    (site / "references.lock").write_text(RETRACTED.replace('"retraction"', '"correction"'), "utf-8")
    assert run("kap", "approve", "KET-1", "--role", "medical", "--as", "lee").returncode == 0
    run("git", "add", "--all")
    run("git", "commit", "--message", "Locked")
    assert step(run, site, KAP_MODE="nightly").returncode == 0  # overdue, but not since yesterday
    (site / "references.lock").write_text(RETRACTED, "utf-8")
    failed = step(run, site, KAP_MODE="nightly")
    assert failed.returncode == 1
    report = (site.parent / "kap report.md").read_text("utf-8")
    retracted = next(line for line in report.splitlines() if line.startswith("| `glue2018`"))
    assert "KET-1" in retracted
    assert "`pages/a.md`" in retracted
    assert "`pages/b.md`" in retracted
    notices, _, reviews = report.partition("## What new notices hit")[2].partition("## Reviews")
    assert "1 approval no longer holds, given by lee." in notices
    assert "the status of glue2018 (correction, now retraction): medical approval of lee" in notices
    assert "KET-1 was due on 2020-01-01" in reviews
    assert "Falls due by" in reviews


def shards_on_github(run: Run) -> list[int]:
    """The scripts of the workflow's jobs, one after another: their exit codes."""
    workflow: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "github-shards.yml").read_text("utf-8"))
    total = str(workflow["env"]["KAP_SHARDS"])
    check, report = (
        next(step["run"] for step in workflow["jobs"][job]["steps"] if step.get("name") == name)
        for job, name in (("check", "Check"), ("report", "Report"))
    )
    numbers = workflow["jobs"]["check"]["strategy"]["matrix"]["shard"]
    assert [str(number) for number in numbers] == [str(number) for number in range(1, int(total) + 1)]
    environments = [{"SHARD": str(number), "KAP_SHARDS": total, "TODAY": "2026-11-22"} for number in numbers]
    return [run("bash", "-e", "-c", check, **each).returncode for each in environments] + [
        run("bash", "-e", "-c", report).returncode
    ]


def shards_on_gitlab(run: Run) -> list[int]:
    """The scripts of the pipeline's jobs, one after another: their exit codes."""
    pipeline: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "gitlab-shards.yml").read_text("utf-8"))
    total = pipeline["kap-shard"]["parallel"]
    set_by_gitlab = {
        "KAP_PROJECT": ".",
        "CI_PIPELINE_CREATED_AT": "2026-11-22T23:59:59Z",
        "CI_NODE_TOTAL": str(total),
    }
    check, report = ("\n".join(pipeline[job]["script"]) for job in ("kap-shard", "kap-report"))
    return [
        run("bash", "-e", "-c", check, CI_NODE_INDEX=str(number), **set_by_gitlab).returncode
        for number in range(1, total + 1)
    ] + [run("bash", "-e", "-c", report, **set_by_gitlab).returncode]


@pytest.mark.parametrize("service", [shards_on_github, shards_on_gitlab])
def test_several_machines_make_one_report(service: Callable[[Run], list[int]], site: Path, run: Run) -> None:
    assert set(service(run)) == {0}
    change(site / "pages" / "a.md", *DRIFT)
    *checks, report = service(run)
    assert sorted(checks) == [0, 0, 0, 1]
    assert report == 1
    one = run("kap", "check", "--as-of", "2026-11-22", "--format", "markdown")
    assert (site / "kap-report.md").read_text("utf-8") == one.stdout
