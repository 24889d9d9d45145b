"""A git repository with a small project in it, and the programs that people run there, as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import BIB, CLAIMS, PAGE

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
AS_OF = ("--as-of", "2026-11-22")
SECOND = PAGE.replace("title: A page", "title: Another page")
DRIFT = ("about half", "by two thirds")

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    """A clean environment: no settings of the person who runs the tests, and a network that leads nowhere."""
    nowhere = "http://127.0.0.1:9"
    kept = {name: value for name, value in os.environ.items() if name in ("SYSTEMROOT", "TMPDIR", "TEMP")}
    return kept | {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "PIP_NO_INDEX": "1",
    }


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program in the repository and give back what it printed (standard error included) and its exit code."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "gitconfig").write_text(
        "[user]\n name = An editor\n email = editor@example.org\n[init]\n defaultBranch = main\n", "utf-8"
    )

    def started(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "site"
        return subprocess.run(
            command,
            cwd=folder if folder.exists() else tmp_path,
            env=environment(home) | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )

    return started


@pytest.fixture
def site(tmp_path: Path, run: Run) -> Path:
    """A repository whose one commit holds two pages that pass. The files are made without any hook."""
    root = tmp_path / "site"
    (root / "pages").mkdir(parents=True)
    (root / "pages" / "a.md").write_text(PAGE, "utf-8")
    (root / "pages" / "b.md").write_text(SECOND, "utf-8")
    (root / "claims.yaml").write_text(CLAIMS, "utf-8")
    (root / "references.bib").write_text(BIB, "utf-8")
    (root / "kap.toml").write_text("", "utf-8")
    for command in (("init",), ("add", "--all"), ("commit", "--message", "Two pages")):
        done = run("git", *command)
        assert done.returncode == 0, done.stdout
    return root


def change(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must stand there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
