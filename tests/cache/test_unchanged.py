"""`kap check` from the cache says what it says without, whatever happens to the files, the date or the surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.cli.quick import unchanged
from tests.cache.answers import DAY, Kap, is_kept, settle
from tests.cache.changes import CHANGES
from tests.cli.conftest import PAGE


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("options", [(), ("--format", "json")], ids=["text", "json"])
def test_a_change_is_noticed(
    site: Path, kap: Kap, full: Kap, change: Callable[[Path], None], options: tuple[str, ...]
) -> None:
    command = ("check", "--as-of", DAY, *options)
    before = full(*command)
    assert kap(*command) == before
    assert is_kept(*command)
    assert kap(*command) == before
    change(site)
    now = full(*command)
    assert kap(*command) == now
    settle()
    assert kap(*command) == now
    assert kap(*command) == now


@pytest.mark.parametrize(
    "name",
    [
        "a page edited",
        "a page edited, its size and time as before",
        "a page added",
        "a claim edited",
        "the claims gone",
        "a lock",
        "a source",
        "a word more",
    ],
)
def test_a_change_is_noticed_by_content(site: Path, kap: Kap, full: Kap, name: str) -> None:
    command = ("check", "--as-of", DAY, "--verify")
    kap(*command)
    assert is_kept(*command)
    assert kap(*command) == full(*command)
    CHANGES[name](site)
    assert not is_kept(*command)
    assert kap(*command) == full(*command)


def test_by_content_a_touched_page_is_unchanged(site: Path, kap: Kap) -> None:
    command = ("check", "--as-of", DAY, "--verify")
    kap(*command)
    (site / "pages/a.md").touch()
    assert is_kept(*command)
    assert not is_kept("check", "--as-of", DAY)


def test_a_hidden_or_foreign_file_is_no_change(site: Path, kap: Kap) -> None:
    kap("check", "--as-of", DAY)
    (site / "pages/.swap").write_text("x", "utf-8")
    (site / "report.json").write_text("{}", "utf-8")
    assert is_kept("check", "--as-of", DAY)


def test_another_day_is_another_question(site: Path, kap: Kap, full: Kap) -> None:
    for day in (DAY, "2028-11-22", "2028-11-23", "2031-01-01", "2028-02-29", "9999-12-31"):
        for _ in range(2):
            assert kap("check", "--as-of", day) == full("check", "--as-of", day)
    assert kap("check", "--as-of", "2026-13-45") == full("check", "--as-of", "2026-13-45")


def test_today_is_the_day_that_is_asked_about(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    kap("check")
    assert is_kept("check")
    monkeypatch.setattr(time, "strftime", lambda _form: "2031-01-01")
    assert not is_kept("check")


@pytest.mark.parametrize(
    ("name", "value"),
    [("KAP_CROSSREF_URL", "no address"), ("KAP_MAILTO", "a@example.org"), ("COLUMNS", "50"), ("NO_COLOR", "1")],
)
def test_another_environment_is_another_question(
    site: Path, kap: Kap, full: Kap, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    kap("check", "--as-of", DAY)
    monkeypatch.setenv(name, value)
    assert not is_kept("check", "--as-of", DAY)
    for _ in range(2):
        assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)


def test_another_working_folder_is_another_question(
    site: Path, kap: Kap, full: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    kap("check", "--as-of", DAY)
    for folder in (site / "pages", site.parent):
        monkeypatch.chdir(folder)
        command = ("check", "--as-of", DAY, "--project", str(site))
        for _ in range(2):
            assert kap(*command) == full(*command)
        assert is_kept(*command)
    monkeypatch.chdir(site / "pages")
    assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)


def test_a_project_within_the_project_is_found(
    site: Path, kap: Kap, full: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = site / "pages/inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    for text in (None, "[tool.other]\n", "[tool.kap]\n", "[tool.other] # not kap\n"):
        if text is not None:
            (inner / "pyproject.toml").write_text(text, "utf-8")
        settle()
        for _ in range(2):
            assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)
    (inner / "kap.toml").write_text("", "utf-8")
    assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "json"),
        ("--format=json",),
        ("--fail-on", "note"),
        ("--fail-on=warning",),
        ("--no-color",),
        ("--quiet",),
        ("-q", "--no-color", "--format", "json", "--fail-on", "warning"),
    ],
    ids=" ".join,
)
def test_served_options_say_the_same(site: Path, kap: Kap, full: Kap, options: tuple[str, ...]) -> None:
    command = ("check", "--as-of", DAY, *options)
    expected = full(*command)
    assert kap(*command) == expected
    assert is_kept(*command)
    assert kap(*command) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("check", "pages/a.md"),
        ("check", "check"),
        ("check", "--format", "sarif"),
        ("check", "--format", "nonsense"),
        ("check", "--format", "json:out.json"),
        ("check", "--format", "json", "--format", "text:out.txt"),
        ("check", "--fail-on", "nonsense"),
        ("check", "--fail-on"),
        ("check", "--as-of", "20261122"),
        ("check", "--output", "out.txt"),
        ("check", "--select", "CLM"),
        ("check", "--release"),
        ("check", "--statistics"),
        ("check", "--verbose"),
        ("check", "--upcoming", "90d"),
        ("check", "--baseline", "none.json"),
        ("check", "--no-cache"),
        ("check", "--help"),
        ("check", "--project", "nowhere"),
        ("check", "--project", ""),
        ("--format", "json", "check"),
        ("--", "check"),
        ("build", "--offline"),
        ("where", "KET-1"),
    ],
    ids=" ".join,
)
def test_all_else_is_not_served(site: Path, arguments: tuple[str, ...]) -> None:
    assert unchanged.asked(list(arguments)) is None


def test_global_options_may_stand_before_the_command(site: Path, kap: Kap, full: Kap) -> None:
    command = ("--no-color", "-q", "--project", str(site), "check", "--as-of", DAY)
    assert kap(*command) == full(*command)
    assert is_kept(*command)
    assert kap(*command) == full(*command)


def test_the_fast_path_imports_nothing_that_takes_long(site: Path, kap: Kap) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "kap_content", "check", "--as-of", DAY]
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    settle()
    runs = [subprocess.run(command, capture_output=True, text=True, env=environment, check=False) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].returncode == runs[1].returncode
    names = {line.rpartition("|")[2].strip() for line in runs[1].stderr.splitlines()}
    assert "kap_content.cli.quick.unchanged" in names
    slow = {"typer", "rich", "pybtex", "markdown_it", "yaml", "tomllib", "json", "dataclasses", "pathlib", "hashlib"}
    assert not names & slow
    assert {name for name in names if name.startswith("kap_content.")} <= {
        "kap_content.cli",
        "kap_content.cli.quick",
        "kap_content.cli.quick.unchanged",
        "kap_content.cli.terminal",
        "kap_content.cli.terminal.streams",
    }


def test_odd_characters_are_printed_as_by_a_full_run(site: Path, kap: Kap, full: Kap) -> None:
    odd = os.fsdecode(b"pages/\xff-\xe2\x82\xac.md")
    try:
        (site / odd).write_text(PAGE.replace("half", "a “third” – 😀"), "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    settle()
    command = [sys.executable, "-m", "kap_content", "check", "--as-of", DAY]
    for locale in ("C", "C.UTF-8"):
        environment = os.environ | {"LC_ALL": locale, "PYTHONUTF8": "0"}
        said = [
            subprocess.run([*command, *more], capture_output=True, env=environment, check=False).stdout
            for more in (["--no-cache"], [], [])
        ]
        assert said[0]
        assert said[0] == said[1] == said[2]
    assert is_kept(*command[3:])
