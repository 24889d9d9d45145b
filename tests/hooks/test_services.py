"""The action and the GitLab template, step by step as their services run them, with what those set."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kap_content import __version__
from tests.cli.test_lock import glue
from tests.hooks.conftest import DRIFT, ROOT, Run, change
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import article, update

GLUE = "10.1177/0269881118762073"
NEEDS_NETWORK = {"Install kap"}
"""Steps that fetch packages: what they install is what the tests run."""
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
Json = dict[str, Any]


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(limited=False) as server:
        server.world.add_crossref(glue())
        server.world.add_pubmed(article("29561204", GLUE))
        yield server


def asked(registry: Registry) -> dict[str, str]:
    services = SERVICES
    return {"http_proxy": "", "https_proxy": ""} | {
        f"KAP_{name.upper()}_URL": f"{registry.url}/{name}" for name in services
    }


class GitHub:
    """What a runner is: it works out expressions, runs each script from a file, keeps outputs and the summary."""

    def __init__(self, run: Run, checkout: Path, event: Json, **environment: str) -> None:
        self.run, self.checkout, self.event = run, checkout, event
        self.outputs: dict[str, dict[str, str]] = {}
        self.files = checkout.parent / "runner"
        self.files.mkdir(exist_ok=True)
        (self.files / "event.json").write_text(json.dumps(event), "utf-8")
        self.environment = environment | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(checkout),
            "GITHUB_EVENT_PATH": str(self.files / "event.json"),
            "GITHUB_EVENT_NAME": "pull_request" if "pull_request" in event else "schedule",
            "GITHUB_STEP_SUMMARY": str(self.files / "summary.md"),
        }
        if "pull_request" in event:
            self.environment["GITHUB_BASE_REF"] = "main"

    def value(self, expression: str, inputs: Mapping[str, str]) -> str:
        """An expression of names, `||` and one comparison; a property that is not there is empty."""
        if " == " in expression:
            left, right = expression.split(" == ")
            return "true" if self.value(left, inputs) == right.strip("'") else ""
        for name in expression.split(" || "):
            steps = {step: {"outputs": values} for step, values in self.outputs.items()}
            event = {"event": self.event, "action_path": str(ROOT)}
            found: Any = {"inputs": dict(inputs), "github": event, "steps": steps}
            for part in name.strip().split("."):
                found = found.get(part, "") if isinstance(found, dict) else ""
            if found:
                return str(found)
        return ""

    def action(self, **given: str) -> tuple[int, str, dict[str, dict[str, str]]]:
        """Run the steps of action.yml: the exit code of the first that fails, all that was printed, the outputs."""
        action: Json = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        inputs = {name: str(about.get("default", "")) for name, about in action["inputs"].items()} | given
        outputs = self.outputs = {}
        printed = ""
        for step in action["runs"]["steps"]:
            if "run" not in step or step.get("name") in NEEDS_NETWORK:
                continue
            if "if" in step and not self.value(step["if"], inputs):
                continue
            done, values = self.step(step, inputs)
            outputs[step["id"]] = values
            printed += done.stdout
            if done.returncode:
                return done.returncode, printed, outputs
        return 0, printed, outputs

    def step(self, step: Json, inputs: Mapping[str, str]) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
        script, output = self.files / "script.sh", self.files / "output"
        script.write_text(step["run"], "utf-8")
        output.write_text("", "utf-8")
        given = {
            name: EXPRESSION.sub(lambda found: self.value(found[1], inputs), str(text))
            for name, text in step.get("env", {}).items()
        }
        # The command line that the runner documents for `shell: bash`.
        command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(script))
        done = self.run(*command, **(self.environment | given | {"GITHUB_OUTPUT": str(output)}), KAP_CHECKOUT="")
        lines = output.read_text("utf-8").splitlines()
        return done, dict(line.split("=", 1) for line in lines)

    def summary(self) -> str:
        return (self.files / "summary.md").read_text("utf-8")


@pytest.fixture
def topic(site: Path, run: Run) -> tuple[str, str]:
    """A branch with a broken page, merged for the check as a service does; the base's commit and the branch's."""
    base = run("git", "rev-parse", "HEAD").stdout.strip()
    run("git", "switch", "--quiet", "--create", "topic")
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--message", "A bigger effect")
    head = run("git", "rev-parse", "HEAD").stdout.strip()
    run("git", "switch", "--quiet", "--detach", "main")
    merged = run("git", "merge", "--no-ff", "--message", "Merged for the check", "topic")
    assert merged.returncode == 0, merged.stdout
    return base, head


def test_the_action_fails_a_pull_request_by_what_it_brings(site: Path, run: Run, topic: tuple[str, str]) -> None:
    event = {"pull_request": {"base": {"sha": topic[0], "ref": "main"}, "head": {"sha": topic[1]}}}
    runner = GitHub(run, site, event)
    code, printed, outputs = runner.action()
    assert code == 1, printed
    assert outputs["check"]["exit-code"] == "1"
    assert "::error file=pages/a.md,line=13," in printed
    assert "**1 new**" in runner.summary()
    assert (site / "kap.sarif").exists()
    assert "pages/b.md" not in printed


def test_the_action_passes_a_pull_request_that_breaks_nothing(site: Path, run: Run, topic: tuple[str, str]) -> None:
    change(site / "pages" / "a.md", *reversed(DRIFT))
    code, printed, outputs = GitHub(run, site, {"pull_request": {"base": {"sha": topic[0]}}}).action()
    assert (code, outputs["check"]["exit-code"]) == (0, "0"), printed


def test_without_the_history_the_action_says_how_to_get_it(
    site: Path, run: Run, topic: tuple[str, str], tmp_path: Path
) -> None:
    shallow = tmp_path / "shallow"
    cloned = run("git", "clone", "--quiet", "--depth", "1", site.as_uri(), str(shallow))
    assert cloned.returncode == 0, cloned.stdout
    site.rename(tmp_path / "full")
    shallow.rename(site)
    code, printed, outputs = GitHub(run, site, {"pull_request": {"base": {"sha": topic[0]}}}).action()
    assert code == 2
    assert outputs["check"]["exit-code"] == "2"
    assert "git knows no revision" in printed
    assert "fetch-depth" in printed


def test_a_push_is_checked_whole(site: Path, run: Run) -> None:
    change(site / "pages" / "b.md", *DRIFT)
    run("git", "commit", "--all", "--message", "Broken")
    code, printed, _ = GitHub(run, site, {"ref": "refs/heads/main"}).action()
    assert code == 1
    assert "file=pages/b.md" in printed


def locked(run: Run, registry: Registry) -> None:
    done = run("kap", "lock", **asked(registry))
    assert done.returncode == 0, done.stdout
    run("git", "add", "--all")
    run("git", "commit", "--message", "Locked")


def retracted(registry: Registry) -> None:
    registry.world.crossref.clear()
    registry.world.add_crossref(glue(**{"updated-by": [update("10.1177/notice")]}))


def names_what_is_hit(report: str) -> bool:
    line = next(line for line in report.splitlines() if "STS001" in line or line.startswith("| `glue2018`"))
    return "KET-1" in report and "pages/a.md" in report and "pages/b.md" in report and bool(line)


def test_the_nightly_action_asks_again_and_names_what_a_new_retraction_hits(
    site: Path, run: Run, registry: Registry
) -> None:
    locked(run, registry)
    runner = GitHub(run, site, {"schedule": "17 4 * * *"}, **asked(registry))
    code, printed, outputs = runner.action(mode="nightly")
    assert code == 0, printed
    assert outputs["lock"]["exit-code"] == "0"
    retracted(registry)
    code, printed, _ = runner.action(mode="nightly")
    assert code == 1, printed
    report = (site / "kap-report.md").read_text("utf-8")
    assert names_what_is_hit(report)
    assert "## Reviews" in report
    assert "Falls due by" in report
    assert report in runner.summary()


@pytest.mark.parametrize(("asked_before", "code"), [(False, 1), (True, 0)])
def test_a_night_without_registries_fails_by_what_has_no_fresh_answer(
    site: Path, run: Run, registry: Registry, *, asked_before: bool, code: int
) -> None:
    if asked_before:
        locked(run, registry)
    nowhere = {name: "http://127.0.0.1:9" for name in asked(registry) if name.endswith("_URL")}
    ended, printed, outputs = GitHub(run, site, {}, **nowhere, http_proxy="", https_proxy="").action(mode="nightly")
    assert (ended, outputs["lock"]["exit-code"]) == (code, "3"), printed
    assert ("`references.bib`" in (site / "kap-report.md").read_text("utf-8")) == bool(code)
    assert "Some registries gave no answer" in (site / "kap-report.md").read_text("utf-8")
    assert GitLab(run, **nowhere, http_proxy="", https_proxy="").job("kap-nightly").returncode == code
    assert "Some registries gave no answer" in (site / "kap-report.md").read_text("utf-8")


@pytest.mark.parametrize(("listed", "command"), [("", "issue create"), ("7", "issue edit 7")])
def test_one_issue_is_opened_and_then_kept_current(
    site: Path, run: Run, tmp_path: Path, listed: str, command: str
) -> None:
    workflow: Json = yaml.safe_load((ROOT / "ci" / "github-nightly.yml").read_text("utf-8"))
    step = next(step for step in workflow["jobs"]["lock"]["steps"] if step.get("name") == "Open an issue")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(f'#!/bin/sh\necho "$@" >> {tools}/log\n[ "$2" != list ] || echo "{listed}"\n', "utf-8")
    (tools / "gh").chmod(0o755)
    (site / "kap-report.md").write_text("# What changed\n", "utf-8")
    done = run(
        "env", f"PATH={tools}:/usr/bin:/bin", "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]
    )
    assert done.returncode == 0, done.stdout
    assert command in (tools / "log").read_text("utf-8").splitlines()[-1]


class GitLab:
    """What a GitLab runner is: the lines of a job in one shell that stops at the first error."""

    def __init__(self, run: Run, **environment: str) -> None:
        self.run, self.environment = run, environment

    def job(self, name: str) -> subprocess.CompletedProcess[str]:
        template: Json = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))
        shared, job = template[".kap"], template[name]
        variables = {key: str(value) for key, value in shared["variables"].items()}
        script = "set -eo pipefail\n" + "\n".join(job["script"])
        return self.run("bash", "-c", script, **(variables | {"CI": "true", "GITLAB_CI": "true"} | self.environment))


def test_the_gitlab_job_fails_a_merge_request_by_what_it_brings(site: Path, run: Run, topic: tuple[str, str]) -> None:
    runner = GitLab(run, CI_PIPELINE_SOURCE="merge_request_event", CI_MERGE_REQUEST_DIFF_BASE_SHA=topic[0])
    done = runner.job("kap-check")
    assert done.returncode == 1, done.stdout
    assert "CLM002 text-drift" in done.stdout
    assert all((site / name).exists() for name in ("kap.xml", "kap-report.md", "kap.sarif"))
    change(site / "pages" / "a.md", *reversed(DRIFT))
    assert runner.job("kap-check").returncode == 0


def test_the_gitlab_schedule_asks_again_and_names_what_a_new_retraction_hits(
    site: Path, run: Run, registry: Registry
) -> None:
    locked(run, registry)
    runner = GitLab(run, CI_PIPELINE_SOURCE="schedule", KAP_NIGHTLY="1", **asked(registry))
    quiet = runner.job("kap-nightly")
    assert quiet.returncode == 0, quiet.stdout
    retracted(registry)
    done = runner.job("kap-nightly")
    assert done.returncode == 1, done.stdout
    report = (site / "kap-report.md").read_text("utf-8")
    assert names_what_is_hit(report)
    assert "## Reviews" in report


def test_the_workflow_that_init_writes_is_one_and_its_commands_pass(site: Path, run: Run) -> None:
    assert run("kap", "init", "new").returncode == 0
    file = site / "new" / ".github" / "workflows" / "kap.yml"
    checked = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(file))
    assert checked.returncode == 0, checked.stdout
    workflow: Json = yaml.safe_load(file.read_text("utf-8"))
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert "kap build --offline" in steps
    built = run("kap", "build", "--offline", "--project", "new")
    assert built.returncode == 0, built.stdout
    assert f"kap-content=={__version__}" in "".join(steps)
