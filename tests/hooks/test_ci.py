"""The GitHub Action and the templates: valid, and their scripts do what they say in a real repository."""

from __future__ import annotations

import subprocess
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
        ("vendor.gitlab-ci", "ci/gitlab.yml"),
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
