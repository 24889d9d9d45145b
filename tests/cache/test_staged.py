"""What is staged is told from a snapshot as a whole check tells it, whatever is committed, refused or left undone."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.cli import run
from kap_content.cli.actions import commit as module
from tests.cache.editing import Site
from tests.cache.test_resume import edit_else, edit_pages

Said = tuple[int, str, str]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Check what is staged, as a hook does; `plainly` with nothing kept."""

    def typed(*, plainly: bool = False) -> Said:
        with monkeypatch.context() as patch:
            if plainly:
                patch.setenv("KAP_NO_CACHE", "1")
            code = run(["check", "--staged"])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return typed


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Site]:
    def made(seed: int) -> Site:
        root = tmp_path / "site"
        root.mkdir()
        monkeypatch.chdir(root)
        found = Site(root, seed)
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "first")
        return found

    for name in [name for name in os.environ if name.startswith("KAP_") and name != "KAP_SHARED"]:
        monkeypatch.delenv(name)
    return made


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=root, check=True)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each check in turn could be told from the snapshot."""
    reports: list[bool] = []
    report = module.report_from_snapshot

    def watched(*details: object) -> object:
        found = report(*details)  # type: ignore[arg-type]
        reports.append(found is not None)
        return found

    monkeypatch.setattr(module, "report_from_snapshot", watched)
    return reports


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_staged_the_same_is_said(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool], seed: int
) -> None:
    made, dice = site(seed), random.Random(seed)
    done: list[str] = []
    for step in range(16):
        done.append(edit_else(made, dice) if step % 6 == 5 else edit_pages(made, dice))
        git(made.root, "add", "-A")
        if dice.random() < 0.3:
            done.append(f"not staged: {edit_pages(made, dice)}")
        count = len(told)
        said = check()
        from_snapshot = told[count:]
        assert said == check(plainly=True), done
        del told[count:]
        told += from_snapshot
        if dice.random() < 0.6:
            git(made.root, "commit", "-qm", "next", "--allow-empty")
            done.append("committed")
    assert told.count(True) > 6


def test_a_page_that_is_refused_and_mended_is_told_from_one_snapshot(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool]
) -> None:
    made = site(1)
    made.pages["a"].append("Many people sleep better after treatment with ketamine.")
    made.write()
    git(made.root, "add", "-A")
    check()
    git(made.root, "commit", "-qm", "good")
    made.pages["a"].append("Ketamine always works and has no side effects.")
    made.write()
    git(made.root, "add", "-A")
    code, out, _ = check()
    assert (code, "pages/a.md" in out) == (1, True)
    made.pages["a"].pop()
    made.pages["a"].append("Ketamine may cause nausea.")
    made.write()
    git(made.root, "add", "-A")
    assert check() == check(plainly=True)
    assert told[:3] == [False, True, True]


def test_settings_that_git_does_not_keep_count_as_they_are(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool]
) -> None:
    made = site(1)
    git(made.root, "rm", "-q", "--cached", "kap.toml")
    (made.root / ".gitignore").write_text("kap.toml\n", "utf-8")
    git(made.root, "add", "-A")
    git(made.root, "commit", "-qm", "settings are everybody's own")
    made.pages["a"].append("Ketamine always works.")
    made.write()
    git(made.root, "add", "-A")
    before = (check(), check())[1]
    (made.root / "kap.toml").write_text("source_max_age_years = 50\n", "utf-8")
    after = check()
    assert ("CUR002" in before[1], "CUR002" in after[1]) == (True, False)
    assert after == check(plainly=True)
    assert told[:3] == [False, True, False]
