"""The commands as a user types them: in one process, with standard output, standard error and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE, Kap

AS_OF = ["--as-of", "2026-11-22"]


def test_a_page_that_passes_is_rendered(site: Path, kap: Kap) -> None:
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 0, typed.out
    assert "rendered   site/a/index.html" in typed.err
    assert "about half within an hour" in (site / "site" / "a" / "index.html").read_text("utf-8")


def test_a_page_with_an_error_is_held_back_and_what_was_rendered_earlier_stays(site: Path, kap: Kap) -> None:
    kap("build", "--offline", *AS_OF)
    before = (site / "site" / "a" / "index.html").read_bytes()
    (site / "pages" / "a.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 1
    assert "CLM002" in typed.out
    assert "held back  pages/a.md: 1 error" in typed.err
    assert "site/a/index.html is as it was" in typed.err
    assert (site / "site" / "a" / "index.html").read_bytes() == before


def test_one_bad_page_does_not_keep_the_others_back(site: Path, kap: Kap) -> None:
    (site / "pages" / "b.md").write_text(PAGE.replace("KET-1", "KET-9"), "utf-8")
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 1
    assert (site / "site" / "a" / "index.html").exists()
    assert not (site / "site" / "b").exists()


def test_a_draft_of_any_page_goes_beside_the_site(site: Path, kap: Kap) -> None:
    (site / "pages" / "a.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    typed = kap("render", "--draft", *AS_OF)
    assert typed.code == 0
    assert "CLM002" in (site / "site" / "drafts" / "a" / "index.html").read_text("utf-8")
    assert not (site / "site" / "a").exists()


def test_check_prints_json_with_paths_as_seen_from_where_one_stands(
    site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "pages" / "a.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    monkeypatch.chdir(site / "pages")
    payload = json.loads(kap("check", "--format", "json", *AS_OF).out)
    paths = {finding["code"]: finding["path"] for finding in payload["findings"]}
    assert paths["CLM002"] == "a.md"
    assert payload["summary"]["errors"] == 1
    assert payload["as_of"] == "2026-11-22"


@pytest.mark.parametrize("before", [True, False])
def test_the_project_may_be_named_before_or_after_the_command(
    site: Path, kap: Kap, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    named = ["--project", str(site)]
    typed = kap(*(named if before else []), "check", *([] if before else named), *AS_OF)
    assert typed.code == 0, typed.out + typed.err


def test_fail_on_decides_the_exit_code(site: Path, kap: Kap) -> None:
    assert kap("check", *AS_OF).code == 0
    assert kap("check", "--fail-on", "warning", *AS_OF).code == 1  # no registry has confirmed the DOI


def test_release_raises_what_must_not_go_live(site: Path, kap: Kap) -> None:
    typed = kap("check", "--release", "--format", "json", *AS_OF)
    assert typed.code == 1
    assert [finding["code"] for finding in json.loads(typed.out)["findings"]] == ["DOI004"]


def test_paths_keep_what_concerns_those_pages(site: Path, kap: Kap) -> None:
    (site / "pages" / "b.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    assert "CLM002" not in kap("check", "pages/a.md", *AS_OF).out
    assert "CLM002" in kap("check", "pages/b.md", *AS_OF).out
    assert "CLM002" in kap("check", "pages", *AS_OF).out


def test_a_report_goes_into_a_file_in_one_piece(site: Path, kap: Kap) -> None:
    typed = kap("check", "--format", "json", "--output", "report.json", *AS_OF)
    assert typed.out == ""
    assert json.loads((site / "report.json").read_text("utf-8"))["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "pages/missing.md"], "no such page or file: pages/missing.md"),
        (["check", "--select", "CLM999"], "no rule is called “CLM999”"),
        (["check", "--as-of", "yesterday"], "--as-of yesterday: not a date"),
        (["explain", "text-drft"], "Did you mean text-drift?"),
        (["where", "KET-11"], "Did you mean KET-1?"),
        (["check", "--project", "nowhere"], "nowhere is no folder"),
        (["check", ".."], "is outside the project"),
        (["lock", "glue2081"], "Did you mean glue2018?"),
        (["check", "--output", "missing/report.txt"], "missing/report.txt cannot be written"),
    ],
)
def test_a_slip_on_the_command_line_ends_with_2_and_one_clear_line(
    site: Path, kap: Kap, arguments: list[str], words: str
) -> None:
    typed = kap(*arguments)
    assert typed.code == 2
    assert words in typed.err


def test_without_a_project_the_user_is_told_how_to_begin(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = kap("check")
    assert typed.code == 2
    assert "there is no project here" in typed.err
    assert "kap init" in typed.err


def test_broken_settings_name_the_line(site: Path, kap: Kap) -> None:
    (site / "kap.toml").write_text('output = "site"\nmax_age_dayz = 3\n', "utf-8")
    typed = kap("check")
    assert typed.code == 2
    assert "kap.toml:2:1" in typed.err
    assert "max_age_days" in typed.err


def test_a_rule_that_there_is_not_is_named_with_its_line_in_the_settings(site: Path, kap: Kap) -> None:
    (site / "kap.toml").write_text('[rules]\nignore = ["CLM001", "text-drft"]\n', "utf-8")
    typed = kap("check")
    assert typed.code == 2
    assert "kap.toml:2:21: no rule is called “text-drft”" in typed.err
    assert "Did you mean text-drift?" in typed.err


def test_where_shows_a_claim_from_registry_to_page_and_a_doi_from_reference_to_page(site: Path, kap: Kap) -> None:
    claim = kap("where", "KET-1")
    assert claim.code == 0
    assert "claims.yaml:3:9" in claim.out
    assert "pages/a.md:13:" in claim.out
    doi = kap("where", "https://doi.org/10.1177/0269881118762073")
    assert "references.bib:1:10" in doi.out
    assert "pages/a.md:13:" in doi.out


def test_explain_and_rules_speak_from_the_rules_own_words(kap: Kap) -> None:
    by_code, by_name = kap("explain", "CLM002"), kap("explain", "text-drift")
    assert by_code.out == by_name.out
    assert "Why:" in by_code.out
    assert "CLM002  text-drift" in kap("rules", "CLM").out
    assert "EVD001" not in kap("rules", "CLM").out


def test_help_has_examples(kap: Kap) -> None:
    for command in ("build", "check", "render", "lock", "where", "rules", "explain"):
        assert "Examples:" in kap(command, "--help").out


def test_what_is_shown_may_be_narrowed_but_not_the_gate(site: Path, kap: Kap) -> None:
    (site / "pages" / "a.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    typed = kap("build", "--offline", "--select", "CUR001", *AS_OF)
    assert typed.code == 1
    assert "CLM002" not in typed.out
    assert "CLM002" in typed.err
    assert not (site / "site" / "a").exists()
