"""What is staged is told from a snapshot as a whole check tells it, whatever is committed, refused or left undone."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kap_content.cache import resume
from tests.cache.conftest import Said
from tests.cache.editing import Site, edit_data, edit_else, edit_pages


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

    return made


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=root, check=True)


@pytest.fixture
def told(outcomes: Callable[[str], list[bool]]) -> list[bool]:
    """Whether each check in turn could be told from the snapshot."""
    return outcomes("kap_content.cli.actions.commit.report_from_snapshot")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_staged_the_same_is_said(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool], seed: int
) -> None:
    made, dice = site(seed), random.Random(seed)
    made.is_linked = bool(seed % 2)
    done: list[str] = []
    for step in range(16):
        edit = edit_else if step % 6 == 5 else dice.choice((edit_pages, edit_pages, edit_data))
        done.append(edit(made, dice))
        git(made.root, "add", "-A")
        if dice.random() < 0.3:
            done.append(f"not staged: {edit_pages(made, dice)}")
        count = len(told)
        said = check("--staged")
        from_snapshot = told[count:]
        assert said == check("--staged", plainly=True), done
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
    check("--staged")
    git(made.root, "commit", "-qm", "good")
    made.pages["a"].append("Ketamine always works and has no side effects.")
    made.write()
    git(made.root, "add", "-A")
    code, out, _ = check("--staged")
    assert (code, "pages/a.md" in out) == (1, True)
    made.pages["a"].pop()
    made.pages["a"].append("Ketamine may cause nausea.")
    made.write()
    git(made.root, "add", "-A")
    assert check("--staged") == check("--staged", plainly=True)
    assert told[:3] == [False, True, True]


def test_what_was_committed_since_is_not_judged_again(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site(1)
    made.pages = {name: ["Using ketamine for anxiety disorders is off-label."] for name in made.pages}
    made.write()
    git(made.root, "commit", "-qam", "pages without errors")
    judged: list[str] = []
    parse = resume.parse_page
    monkeypatch.setattr(resume, "parse_page", lambda path, text: (judged.append(path), parse(path, text))[1])
    for name, sentence in (("a", "Rest is good."), ("a", "Good night."), ("b", "Good night.")):
        judged.clear()
        made.pages[name].append(sentence)
        made.write()
        git(made.root, "add", "-A")
        code, out, _ = check("--staged")
        assert code == 0, out
        git(made.root, "commit", "-qm", "next")
    assert (judged, told) == (["pages/b.md"], [False, True, True])


def test_the_first_commit_of_a_day_is_told_from_the_snapshot_of_the_day_before(
    site: Callable[[int], Site], check: Callable[..., Said], told: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site(1)
    for day in (date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 27)):
        monkeypatch.setattr("kap_content.cli.quick.plain.today", lambda day=day: day)
        made.pages["a"].append("Sleep is good.")
        made.write()
        git(made.root, "add", "-A")
        assert check("--staged") == check("--staged", plainly=True)
        git(made.root, "commit", "-qm", "next")
    assert told[::2] == [False, True, True]  # in between they were told plainly


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
    before = (check("--staged"), check("--staged"))[1]
    (made.root / "kap.toml").write_text("source_max_age_years = 50\n", "utf-8")
    after = check("--staged")
    assert ("CUR002" in before[1], "CUR002" in after[1]) == (True, False)
    assert after == check("--staged", plainly=True)
    assert told[:3] == [False, True, False]


def test_where_nothing_is_staged_that_is_read_no_parser_is_loaded(site: Callable[[int], Site]) -> None:
    made = site(1)
    (made.root / "LICENSE").write_text("Free.\n", "utf-8")
    git(made.root, "add", "-A")
    command = [sys.executable, "-X", "importtime", "-m", "kap_content", "check", "--staged"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.split("\n")}
    assert "Nothing that kap reads is staged." in done.stderr
    assert not loaded & {"markdown_it", "pybtex", "kap_content.load.page", "kap_content.load.claims"}
    assert "kap_content.load.git" in loaded
