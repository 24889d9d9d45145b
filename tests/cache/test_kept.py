"""With what is kept of pages, and without, `kap check` says the same, whatever is edited or happens to the file."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.cache import check as cache_check
from kap_content.cache import database, judge, resume, store
from tests.cache.conftest import Said
from tests.cache.editing import DAYS, SENTENCES, SUPPRESSIONS, WORDINGS, Site


@pytest.fixture(autouse=True)
def everything_is_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of pages is kept as ten thousand are; nothing is answered from the last run or its snapshot."""
    monkeypatch.setattr(cache_check, "FEW", 0)
    monkeypatch.setenv(judge.WORKERS, "1")
    monkeypatch.setattr("kap_content.cli.quick.unchanged.answer", lambda _question: None)
    monkeypatch.setattr(resume, "MOST", 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "site"
    root.mkdir()
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("few", [0, cache_check.FEW], ids=["pages are known", "pages are read"])
@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_what_is_kept_says_what_a_plain_run_says(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    monkeypatch.setattr(cache_check, "FEW", few)
    site = Site(project, seed)
    done = []
    for _ in range(25):
        for form in ("text", "json"):
            command = ("--as-of", site.day, "--format", form)
            assert check(*command) == check(*command, plainly=True), done
        done.append(site.edit())


def test_the_same_is_said_of_named_pages_of_changes_and_of_what_is_staged(
    project: Path, check: Callable[..., Said]
) -> None:
    site = Site(project, 7)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    for _ in range(6):
        site.edit()
        subprocess.run(["git", "add", "-A", "."], cwd=project, check=True)
        if site.dice.random() < 0.5:
            site.edit()
        for options in (("pages/a.md",), ("--staged",), ("--since", "HEAD"), ("--release", "--select", "CLM,REF")):
            if options[0] != "pages/a.md" or (project / options[0]).exists():
                command = (*options, "--as-of", site.day, "--format", "json")
                assert check(*command) == check(*command, plainly=True), options


def test_only_the_page_that_changed_is_judged(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 1)
    check()
    assert judged_by(check, project) == []
    site.pages["a"].append("Ketamine always works.")
    site.write()
    assert judged_by(check, project) == ["pages/a.md"]


def test_only_the_pages_that_use_a_claim_or_an_entry_are_judged_when_it_changes(
    project: Path, check: Callable[..., Said]
) -> None:
    site = Site(project, 1)
    site.pages = {
        "a": [f"[{WORDINGS[0]}]{{claim=C-1}}"],
        "b": [f"[{WORDINGS[1]}]{{claim=C-2}}"],
        "c": ["See [@ref2]."],
    }
    site.claims = [("C-1", WORDINGS[0], "approved", "ref1"), ("C-2", WORDINGS[1], "approved", "ref3")]
    site.write()
    check()
    site.claims[1] = ("C-2", WORDINGS[2], "approved", "ref3")
    site.write()
    assert judged_by(check, project) == ["pages/b.md"]
    site.references[1] = ("ref1", "1999")
    site.write()
    assert judged_by(check, project) == ["pages/a.md"]


def judged_by(check: Callable[..., Said], project: Path) -> list[str]:
    """The pages that a check judges."""
    seen: list[str] = []
    page = judge.Judge.page

    def watched(self: judge.Judge, path: str) -> judge.Judged | None:
        seen.append(path)
        return page(self, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge.Judge, "page", watched)
        check()
    return seen


def test_a_damaged_file_another_version_and_an_empty_one_are_ignored_and_mended(
    project: Path, check: Callable[..., Said]
) -> None:
    Site(project, 2)
    expected = check(plainly=True)
    assert check() == expected
    file = project / ".kap_cache" / store.FILE
    whole = file.read_bytes()
    dice = random.Random(1)
    flipped = bytearray(whole)
    for _ in range(200):
        flipped[dice.randrange(100, len(flipped))] ^= 1 << dice.randrange(8)
    for data in (b"", b"nonsense" * 100, whole[: len(whole) // 2], whole[:100], bytes(flipped)):
        file.write_bytes(data)
        assert check() == expected
        assert check() == expected
    with sqlite3.connect(file) as base:
        base.execute("PRAGMA user_version = 999")
    base.close()
    assert check() == expected
    assert judged_by(check, project) == []


def test_rows_that_somebody_changed_are_ignored(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    expected = check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        base.execute("UPDATE rows SET hits = '[]'")
    base.close()
    assert check() == expected


def test_a_folder_or_file_that_cannot_be_used_costs_nothing_but_time(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    expected = check(plainly=True)
    (project / ".kap_cache").write_text("in the way", "utf-8")
    assert check() == expected
    (project / ".kap_cache").unlink()
    (project / ".kap_cache" / store.FILE).mkdir(parents=True)
    assert check() == expected


def test_a_file_that_another_run_holds_is_gone_without(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(project, 2)
    check()
    monkeypatch.setattr(database, "_PATIENCE", 0.05)
    base = sqlite3.connect(project / ".kap_cache" / store.FILE, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    site.pages["a"].append("Ketamine always works.")
    site.write()
    assert check() == check(plainly=True)
    base.execute("ROLLBACK")
    base.close()
    assert check() == check(plainly=True)


def test_a_clock_that_goes_back_and_an_old_time_put_back_are_noticed(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 3)
    page = project / "pages/a.md"
    before = page.stat()
    check()
    text = page.read_text("utf-8")
    page.write_text(text.replace("Ketamine a", "Ketamine z"), "utf-8")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert check() == check(plainly=True)
    page.write_text(text, "utf-8")
    os.utime(page, (0, 0))
    assert check() == check(plainly=True)


def test_several_processes_find_what_one_finds(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(project, 5)
    for number in range(12):
        site.pages[f"more{number}"] = [site._part() for _ in range(5)]
    site.write()
    (project / "pages/broken.md").write_bytes(b"\xff\xfe\x00")
    expected = check("--format", "json", plainly=True)
    monkeypatch.setenv(judge.WORKERS, "2")
    monkeypatch.setattr(judge, "LEAST", 2)
    assert check("--format", "json", plainly=True) == expected
    assert check("--format", "json") == expected
    assert check("--format", "json") == expected


def test_two_at_once_and_killed_ones_leave_right_answers(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 6)
    for number in range(20):
        site.pages[f"more{number}"] = [site._part() for _ in range(5)]
    site.write()
    command = [sys.executable, "-m", "kap_content", "check", "--as-of", DAYS[0], "--format", "json"]
    expected = check("--as-of", DAYS[0], "--format", "json", plainly=True)
    dice = random.Random(1)
    for _ in range(4):
        victims = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=project) for _ in range(2)]
        for victim in victims:
            try:
                victim.communicate(timeout=dice.uniform(0.1, 0.9))  # whenever it strikes, what follows must be right
            except subprocess.TimeoutExpired:
                victim.kill()
                victim.communicate()
    together = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=project, text=True) for _ in range(2)]
    for process in together:
        out, _ = process.communicate()
        assert (process.returncode, out) == expected[:2]
    assert check("--as-of", DAYS[0], "--format", "json") == expected


def test_rules_about_one_page_look_only_at_what_is_noted(project: Path, check: Callable[..., Said]) -> None:
    """A rule that looks further is right but slow: each page would be judged anew each time."""
    site = Site(project, 8)
    site.pages["all"] = [
        *SENTENCES,
        *SUPPRESSIONS[:2],
        *(f"[{text}]{{claim=C-{n}}}" for n, text in enumerate(WORDINGS)),
    ]
    site.write()
    check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        paths = {bytes(path).decode() for (path,) in base.execute("SELECT name FROM rows WHERE kind = 'page'")}
    base.close()
    assert paths == {f"pages/{name}.md" for name in site.pages}


def test_rules_about_a_claim_or_an_entry_look_only_at_what_is_noted(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 8)
    site.claims = [(f"C-{n}", text, "approved", f"ref{n % 4}") for n, text in enumerate(WORDINGS)]
    site.write()
    site.lock()
    site.decide()
    check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        found = {(kind, bytes(name).decode()) for kind, name in base.execute("SELECT kind, name FROM rows")}
    base.close()
    assert {name for kind, name in found if kind == "claim"} == {name for name, *_ in site.claims}
    assert {name for kind, name in found if kind == "reference"} == {key for key, _ in site.references}


def test_the_file_is_bounded(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 8)
    for number in range(store.VARIANTS + 3):
        (project / "kap.toml").write_text(f"max_age_days = {number + 1}\n", "utf-8")
        check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        assert base.execute("SELECT count(*) FROM variants").fetchone() == (store.VARIANTS,)
        assert base.execute("SELECT count(DISTINCT variant) FROM rows").fetchone() == (store.VARIANTS,)
    base.close()


def test_no_kept_value_is_run(project: Path) -> None:
    """What lies in a project is hostile: only JSON is read of it."""
    for module in Path(cache_check.__file__).parent.glob("*.py"):
        assert not re.search(r"\b(?:pickle|marshal|eval|exec|shelve)\b", module.read_text("utf-8")), module


def test_without_the_cache_nothing_is_read_from_it_or_written(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    check("--no-cache")
    assert not (project / ".kap_cache" / store.FILE).exists()
