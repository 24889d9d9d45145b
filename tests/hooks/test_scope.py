"""`kap check --staged` and `--since` in a real repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kap_content.load.git import Repository
from tests.cli.conftest import PAGE
from tests.hooks.conftest import AS_OF, DRIFT, SECOND, Run, change


def codes(run: Run, *options: str) -> list[tuple[str, str]]:
    done = run("kap", "-q", "check", "--format", "json", *AS_OF, *options)
    assert done.returncode in (0, 1), done.stdout
    return [(finding["code"], finding["path"]) for finding in json.loads(done.stdout)["findings"]]


def test_what_was_there_before_and_is_not_touched_is_not_shown(site: Path, run: Run) -> None:
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--message", "Broken")
    change(site / "pages" / "b.md", "# A page", "# Another page")
    run("git", "add", "--all")
    assert codes(run, "--staged") == [("DOI004", "references.bib")]  # page b rests on it
    change(site / "pages" / "a.md", "# A page", "# This page")
    run("git", "add", "--all")
    assert ("CLM002", "pages/a.md") in codes(run, "--staged")


def test_a_touched_claim_brings_its_findings_and_one_that_only_moved_does_not(site: Path, run: Run) -> None:
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--message", "Broken")
    change(site / "claims.yaml", "version: 1", "# The registry\nversion: 1")
    assert codes(run, "--since", "HEAD") == []
    change(site / "claims.yaml", "next_review_due: 2028-11-22", "next_review_due: 2028-11-23")
    assert ("CLM002", "pages/a.md") in codes(run, "--since", "HEAD")


def test_the_line_of_the_hook_says_what_the_same_line_with_options_says(site: Path, run: Run) -> None:
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "add", "--all")
    plain, longer = run("kap", "check", "--staged"), run("kap", "check", "--staged", "--format", "text")
    loaded = run("python", "-X", "importtime", "-m", "kap_content", "check", "--staged").stdout
    assert plain.returncode == longer.returncode == 1
    assert plain.stdout == longer.stdout
    assert "kap_content.cli.actions.scope" in loaded
    assert "typer" not in loaded


@pytest.mark.parametrize("options", [("--staged",), ("--since", "HEAD")])
def test_what_is_kept_of_many_pages_changes_nothing_but_the_time(
    site: Path, run: Run, options: tuple[str, ...]
) -> None:
    for number in range(10):
        (site / "pages" / f"{number}.md").write_text(SECOND.replace("Another page", f"Page {number}"), "utf-8")
    change(site / "pages" / "3.md", *DRIFT)
    run("git", "add", "--all")
    run("git", "commit", "--message", "Many pages, one of them broken")
    run("kap", "check", *AS_OF)  # what it found is kept
    change(site / "pages" / "5.md", *DRIFT)
    change(site / "references.bib", "year = {2018}", "year = {2017}")
    run("git", "add", "--all")
    plain, quick, again = (
        run("kap", "check", "--format", "json", *AS_OF, *options, KAP_NO_CACHE=no_cache) for no_cache in ("1", "", "")
    )
    assert plain.stdout == quick.stdout == again.stdout
    assert ("CLM002", "pages/5.md") in codes(run, *options)
    assert ("CLM002", "pages/3.md") not in codes(run, *options)
    assert run("kap", "check", *AS_OF).stdout == run("kap", "check", *AS_OF, KAP_NO_CACHE="1").stdout


def test_a_settings_change_shows_what_it_brings(site: Path, run: Run) -> None:
    (site / "kap.toml").write_text('[rules]\nseverity = {DOI004 = "error"}\nignore = ["DOI004"]\n', "utf-8")
    run("git", "commit", "--all", "--message", "Ignore")
    (site / "kap.toml").write_text("", "utf-8")
    run("git", "add", "--all")
    assert codes(run, "--staged") == [("DOI004", "references.bib")]


def test_since_counts_the_working_tree_with_files_that_git_does_not_follow_yet(site: Path, run: Run) -> None:
    assert codes(run, "--since", "HEAD") == []
    (site / "pages" / "c.md").write_text(PAGE.replace("KET-1", "KET-9"), "utf-8")
    assert ("CLM007", "pages/c.md") in codes(run, "--since", "HEAD")
    assert not {path for _, path in codes(run, "--staged")} & {"pages/c.md"}


def test_since_looks_from_where_the_branch_began(site: Path, run: Run) -> None:
    run("git", "switch", "--quiet", "--create", "topic")
    change(site / "pages" / "b.md", "A page to check.", "A page that was checked.")
    run("git", "commit", "--all", "--message", "Topic")
    run("git", "switch", "--quiet", "main")
    change(site / "pages" / "a.md", "A page to check.", "A page that is checked.")
    run("git", "commit", "--all", "--message", "Main moved on")
    run("git", "switch", "--quiet", "topic")
    done = json.loads(run("kap", "-q", "check", "--since", "main", "--format", "json", *AS_OF).stdout)
    assert done["since"]["base"] == "main"
    assert done["since"]["gone"] == []


def test_since_tells_what_is_gone(site: Path, run: Run) -> None:
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "commit", "--all", "--message", "Broken")
    change(site / "pages" / "a.md", *reversed(DRIFT))
    done = json.loads(run("kap", "-q", "check", "--since", "HEAD", "--format", "json", *AS_OF).stdout)
    assert [entry["code"] for entry in done["since"]["gone"]] == ["CLM002"]
    assert done["since"]["new"] == []


def test_the_first_commit_is_checked_whole(tmp_path: Path, site: Path, run: Run) -> None:
    change(site / "pages" / "a.md", *DRIFT)
    run("git", "checkout", "--quiet", "--orphan", "anew")
    run("git", "add", "--all")
    assert ("CLM002", "pages/a.md") in codes(run, "--staged")


def test_a_project_in_a_folder_of_the_repository_has_its_own_paths(tmp_path: Path, site: Path, run: Run) -> None:
    run("git", "mv", "-k", "pages", "claims.yaml", "references.bib", "kap.toml", "docs")
    (site / "docs").mkdir()
    for name in ("pages", "claims.yaml", "references.bib", "kap.toml"):
        run("git", "mv", name, f"docs/{name}")
    run("git", "commit", "--all", "--message", "Moved")
    change(site / "docs" / "pages" / "a.md", *DRIFT)
    run("git", "add", "--all")
    assert ("CLM002", "docs/pages/a.md") in codes(run, "--staged", "--project", "docs")
    assert ("CLM002", "docs/pages/a.md") in codes(run, "--since", "HEAD", "--project", "docs")


def test_a_link_that_leads_out_is_not_followed_when_staged(tmp_path: Path, site: Path, run: Run) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("A secret.\n", "utf-8")
    (site / "pages" / "link.md").symlink_to(outside)
    run("git", "add", "--all")
    done = run("kap", "check", "--staged", *AS_OF)
    assert "leads out of the project" in done.stdout
    assert "A secret" not in done.stdout


def test_where_no_link_may_be_made_a_file_says_where_it_leads(
    tmp_path: Path, site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "pages" / "link.md").symlink_to("a.md")
    run("git", "add", "--all")

    def refused(self: Path, target: str) -> None:
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    repository = Repository(site)
    repository.write({"link.md": repository.files(repository.index_tree())["pages/link.md"]}, tmp_path / "out")
    assert (tmp_path / "out" / "link.md").read_text("utf-8") == "a.md"


def test_outside_a_repository_and_with_an_unknown_revision_the_word_is_clear(
    tmp_path: Path, site: Path, run: Run
) -> None:
    unknown = run("kap", "check", "--since", "nowhere")
    assert unknown.returncode == 2
    assert "git knows no revision “nowhere”" in unknown.stdout
    assert run("kap", "check", "--since", "--output=x").returncode == 2
    (site / ".git").rename(tmp_path / "elsewhere")
    outside = run("kap", "check", "--staged")
    assert outside.returncode == 2
    assert "not a git repository" in outside.stdout
    assert run("kap", "check", "--staged", "--since", "HEAD").returncode == 2


def test_local_full_texts_that_git_does_not_keep_are_read(site: Path, run: Run) -> None:
    (site / ".gitignore").write_text("sources/\n", "utf-8")
    change(site / "claims.yaml", "{page: 665}", '{page: 665, exact: "fell by about fifty percent"}')
    (site / "sources").mkdir()
    (site / "sources" / "glue2018.txt").write_text("Ratings rose in every session that was held.\n", "utf-8")
    run("git", "add", "--all")
    assert ("EVD008", "claims.yaml") in codes(run, "--staged")
    (site / "sources" / "glue2018.txt").write_text("Ratings fell by about fifty percent in an hour.\n", "utf-8")
    assert ("EVD008", "claims.yaml") not in codes(run, "--staged")


def test_in_the_hook_of_a_linked_work_tree_a_project_in_a_folder_is_found(tmp_path: Path, site: Path, run: Run) -> None:
    (site / "docs").mkdir()
    for name in ("pages", "claims.yaml", "references.bib", "kap.toml"):
        run("git", "mv", name, f"docs/{name}")
    run("git", "commit", "--all", "--message", "Moved")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexec kap check --staged --project docs\n", "utf-8")
    (hooks / "pre-commit").chmod(0o755)
    run("git", "config", "core.hooksPath", str(hooks))
    linked = tmp_path / "linked"
    run("git", "worktree", "add", "--quiet", str(linked), "-b", "topic")
    change(linked / "docs" / "pages" / "a.md", *DRIFT)
    for folder in (linked, linked / "docs"):
        refused = run("git", "-C", str(folder), "commit", "--all", "--message", "A bigger effect")
        assert refused.returncode == 1
        assert "CLM002" in refused.stdout
