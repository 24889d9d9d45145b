"""`kap init` and `kap schema`: a project that works at once, and schemas that say what the readers say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from kap_content.load.settings import read_settings
from tests.cli.conftest import Kap

AS_OF = ["--as-of", "2026-11-22"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def git_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git knows this user, whoever runs the tests."""
    settings = tmp_path_factory.mktemp("git") / "config"
    settings.write_text('[user]\n\tname = Ann \\"A\\" Example\n\temail = ann@example.org\n', "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(settings.parent / "none"))


def loaded(path: Path) -> object:
    """YAML as editors read it: dates stay text."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(path.read_text("utf-8"), loader)


def test_a_new_project_builds_at_once_without_a_network(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kap("init", str(tmp_path / "anxiety-clinic"), *AS_OF).code == 0
    monkeypatch.chdir(tmp_path / "anxiety-clinic")
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 0, typed.out + typed.err
    assert "18.2%" in (tmp_path / "anxiety-clinic" / "site" / "example" / "index.html").read_text("utf-8")


def test_a_new_project_raises_nothing_but_the_look_up_that_is_still_to_be_done(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    report = json.loads(kap("check", "--format", "json", *AS_OF).out)
    assert [finding["code"] for finding in report["findings"]] == ["DOI004"]


def test_what_git_and_the_folder_tell_is_not_asked(tmp_path: Path, kap: Kap) -> None:
    kap("init", str(tmp_path / "anxiety-clinic"), *AS_OF)
    assert read_settings(tmp_path / "anxiety-clinic", {}).mailto == "ann@example.org"
    page = (tmp_path / "anxiety-clinic" / "pages" / "example.md").read_text("utf-8")
    assert 'title: "anxiety clinic"' in page.replace("Anxiety", "anxiety")
    assert 'name: "Ann \\"A\\" Example"' in page


def test_without_git_settings_the_fields_are_left_to_fill_in(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert kap("init", *AS_OF).code == 0
    assert read_settings(tmp_path, {}).mailto == ""
    assert kap("build", "--offline", *AS_OF).code == 0


def test_what_is_there_is_left_and_named(tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "references.bib").write_text("% mine\n", "utf-8")
    (tmp_path / ".gitignore").write_text("*.bak\n", "utf-8")
    typed = kap("init", *AS_OF)
    assert typed.code == 0
    assert "left   references.bib" in typed.out
    assert "Add “site/”" in typed.err
    assert (tmp_path / "references.bib").read_text("utf-8") == "% mine\n"
    assert (tmp_path / ".gitignore").read_text("utf-8") == "*.bak\n"
    assert "Add “site/” and “.kap_cache/” to .gitignore." in typed.err


def test_beside_own_references_the_registry_begins_empty(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "references.bib").write_text("% mine\n", "utf-8")
    kap("init", *AS_OF)
    assert not (tmp_path / "pages").exists()
    typed = kap("build", "--offline", *AS_OF)
    assert typed.code == 0, typed.out


def test_a_second_run_changes_nothing(tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    typed = kap("init", "--as-of", "2027-01-01")
    assert typed.code == 0
    assert "wrote" not in typed.out
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_settings_in_pyproject_are_not_doubled(tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.kap]\noutput = "public"\n', "utf-8")
    assert kap("init", *AS_OF).code == 0
    assert not (tmp_path / "kap.toml").exists()
    assert "public/" in (tmp_path / ".gitignore").read_text("utf-8")
    assert kap("build", "--offline", *AS_OF).code == 0


def test_a_file_is_no_folder(tmp_path: Path, kap: Kap) -> None:
    (tmp_path / "a").write_text("", "utf-8")
    typed = kap("init", str(tmp_path / "a"))
    assert typed.code == 2
    assert "is a file" in typed.err


def test_two_decisions_merge_and_what_can_be_made_again_is_ignored(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    assert "approvals.jsonl merge=union" in (tmp_path / ".gitattributes").read_text("utf-8")
    subprocess.run(["git", "init", "-q"], check=True)
    listed = subprocess.run(["git", "check-ignore", "site/a", ".kap_cache/a"], capture_output=True, check=False)
    assert listed.stdout.split() == [b"site/a", b".kap_cache/a"]


def test_hooks_and_workflow_are_yaml(tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    hooks = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))
    assert hooks["repos"][0]["hooks"][0]["entry"] == "kap check --staged"
    jobs = yaml.safe_load((tmp_path / ".github" / "workflows" / "kap.yml").read_text("utf-8"))["jobs"]
    assert any(step.get("run") == "kap build --offline" for step in jobs["check"]["steps"])


# Schemas


def test_the_schema_that_the_registry_points_to_is_there_and_accepts_it(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    first = (tmp_path / "claims.yaml").read_text("utf-8").splitlines()[0]
    path = first.removeprefix("# yaml-language-server: $schema=")
    schema = json.loads((tmp_path / path).read_text("utf-8"))
    assert schema == json.loads(kap("schema", "claims").out)
    Draft202012Validator(schema).validate(loaded(tmp_path / "claims.yaml"))


def test_the_schema_accepts_the_registry_of_this_repository(kap: Kap) -> None:
    Draft202012Validator(json.loads(kap("schema", "claims").out)).validate(loaded(ROOT / "claims.yaml"))


@pytest.mark.parametrize(
    ("written", "mistaken"),
    [
        ("category: statistic", "category: statistics"),
        ("status: approved", "status: aproved"),
        ("relation: citesAsDataSource", "relation: cites"),
        ("match_text:", "text:"),
        ("ref: terlizzi2024", "reference: terlizzi2024"),
        ("data_end: 2022", "data_end: last year"),
        ("next_review_due: 2027-11-22", "next_review_due: soon"),
    ],
)
def test_an_editor_underlines_mistakes(
    tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch, written: str, mistaken: str
) -> None:
    monkeypatch.chdir(tmp_path)
    kap("init", *AS_OF)
    text = (tmp_path / "claims.yaml").read_text("utf-8")
    assert written in text
    (tmp_path / "claims.yaml").write_text(text.replace(written, mistaken, 1), "utf-8")
    schema = json.loads(kap("schema", "claims").out)
    assert not Draft202012Validator(schema).is_valid(loaded(tmp_path / "claims.yaml"))


def test_an_unknown_schema_is_refused_with_the_names(kap: Kap) -> None:
    typed = kap("schema", "claim")
    assert typed.code == 2
    assert "claims, page, settings" in typed.err


@pytest.mark.parametrize("command", ["init", "schema", "fix", "link"])
def test_help_gives_examples(kap: Kap, command: str) -> None:
    typed = kap(command, "--help")
    assert typed.code == 0
    assert f"kap {command}" in typed.out.split("Examples:")[1]
