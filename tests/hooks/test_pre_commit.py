"""Commits in a real repository under the real pre-commit program, with the hook as the manifest has it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.hooks.conftest import BIN, DRIFT, ROOT, Run, change

MANIFEST = ROOT / ".pre-commit-hooks.yaml"


@pytest.fixture
def hooked(site: Path, run: Run) -> Path:
    """The repository with the hook installed: `kap-check` of the manifest, run from where kap is installed."""
    hook = next(hook for hook in yaml.safe_load(MANIFEST.read_text("utf-8")) if hook["id"] == "kap-check")
    config = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"}]}]}
    (site / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    assert run("git", "add", ".pre-commit-config.yaml").returncode == 0
    assert run("git", "commit", "--message", "Hooks").returncode == 0
    installed = run("pre-commit", "install")
    assert installed.returncode == 0, installed.stdout
    return site


def commits(run: Run) -> int:
    return int(run("git", "rev-list", "--count", "HEAD").stdout)


def test_the_manifest_is_one() -> None:
    done = subprocess.run([BIN / "pre-commit", "validate-manifest", MANIFEST], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_commit_that_breaks_a_claim_is_refused_with_the_finding_and_passes_once_mended(
    hooked: Path, run: Run
) -> None:
    change(hooked / "pages" / "a.md", *DRIFT)
    refused = run("git", "commit", "--all", "--message", "A bigger effect")
    assert refused.returncode == 1
    assert "pages/a.md:13:1  error   CLM002 text-drift" in refused.stdout
    assert "[about half → by two thirds]" in refused.stdout
    assert "do   Write “Anxiety ratings fell by about half" in refused.stdout
    assert commits(run) == 2
    change(hooked / "pages" / "a.md", *reversed(DRIFT))
    change(hooked / "pages" / "a.md", "A page to check.", "A page that was checked.")
    accepted = run("git", "commit", "--all", "--message", "A better description")
    assert accepted.returncode == 0, accepted.stdout
    assert commits(run) == 3


def test_an_edit_of_the_bibliography_is_checked_against_all_pages(hooked: Path, run: Run) -> None:
    change(hooked / "references.bib", "glue2018", "glue2017")
    refused = run("git", "commit", "--all", "--message", "Another key")
    assert refused.returncode == 1
    assert "REF002 dangling-citation" in refused.stdout
    assert "see pages/a.md:13:1" in refused.stdout
    assert "see pages/b.md:13:1" in refused.stdout


def test_a_deleted_registry_breaks_the_pages(hooked: Path, run: Run) -> None:
    run("git", "rm", "--quiet", "claims.yaml")
    refused = run("git", "commit", "--message", "No claims")
    assert refused.returncode == 1
    assert refused.stdout.count("CLM007 unknown-claim") == 2


def test_staged_content_counts_where_only_part_of_the_changes_is_staged(hooked: Path, run: Run) -> None:
    page = hooked / "pages" / "a.md"
    change(page, "A page to check.", "A page that was checked.")
    run("git", "add", "pages/a.md")
    change(page, *DRIFT)  # on disk, not staged
    accepted = run("git", "commit", "--message", "A better description")
    assert accepted.returncode == 0, accepted.stdout
    assert DRIFT[1] in page.read_text("utf-8")


def test_a_mended_working_tree_does_not_excuse_what_is_staged(hooked: Path, run: Run) -> None:
    page = hooked / "pages" / "a.md"
    change(page, *DRIFT)
    run("git", "add", "pages/a.md")
    change(page, *reversed(DRIFT))
    refused = run("git", "commit", "--message", "A bigger effect")
    assert refused.returncode == 1
    assert "CLM002" in refused.stdout


def test_naming_files_to_commit_takes_just_those(hooked: Path, run: Run) -> None:
    change(hooked / "pages" / "a.md", *DRIFT)
    change(hooked / "pages" / "b.md", "A page to check.", "A page that was checked.")
    accepted = run("git", "commit", "--message", "Only the other", "pages/b.md")
    assert accepted.returncode == 0, accepted.stdout
    assert run("git", "commit", "--message", "And this", "pages/a.md").returncode == 1


def test_a_commit_of_what_kap_does_not_read_passes_at_once(hooked: Path, run: Run) -> None:
    change(hooked / "pages" / "a.md", *DRIFT)
    assert run("git", "commit", "--all", "--no-verify", "--message", "Broken").returncode == 0
    (hooked / "notes.txt").write_text("Opening hours.\n", "utf-8")
    run("git", "add", "notes.txt")
    accepted = run("git", "commit", "--message", "Notes")
    assert accepted.returncode == 0, accepted.stdout
    amended = run("git", "commit", "--amend", "--message", "Notes of ours")
    assert amended.returncode == 0, amended.stdout


def test_run_on_all_files_checks_what_is_committed(hooked: Path, run: Run) -> None:
    assert run("pre-commit", "run", "--all-files").returncode == 0
    change(hooked / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--no-verify", "--message", "Broken")
    failed = run("pre-commit", "run", "--all-files")
    assert failed.returncode == 1
    assert "CLM002" in failed.stdout


def test_run_on_a_range_of_commits_shows_what_the_range_brought(hooked: Path, run: Run) -> None:
    change(hooked / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--no-verify", "--message", "Broken")
    change(hooked / "pages" / "b.md", "A page to check.", "A page that was checked.")
    run("git", "commit", "--all", "--no-verify", "--message", "A better description")
    assert run("pre-commit", "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD").returncode == 0
    assert run("pre-commit", "run", "--from-ref", "HEAD~2", "--to-ref", "HEAD").returncode == 1


def test_the_hook_works_where_there_is_no_network_at_all(hooked: Path, run: Run) -> None:
    change(hooked / "pages" / "a.md", *DRIFT)
    cut_off = ("unshare", "--user", "--map-root-user", "--net")
    if run(*cut_off, "true").returncode:
        cut_off = ()  # the proxies of the environment lead nowhere all the same
    refused = run(*cut_off, "git", "commit", "--all", "--message", "A bigger effect")
    assert refused.returncode == 1
    assert "CLM002" in refused.stdout
