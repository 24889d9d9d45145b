"""Checking a project with what is kept of it, and without."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from kap_content.cli import run
from tests.cache.answers import Kap, Said, settle
from tests.cache.changes import CLAIMS
from tests.cli.conftest import BIB, PAGE


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of kap's but the one that names recorded material."""
    for name in [name for name in os.environ if name.startswith("KAP_") and name != "KAP_SHARED"]:
        monkeypatch.delenv(name)


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[bool]]:
    """Watch the function so named: whether each call of it in turn gave anything."""

    def watching(name: str) -> list[bool]:
        module, _, function = name.rpartition(".")
        whole: Callable[..., object] = getattr(import_module(module), function)
        gave: list[bool] = []

        def watched(*details: object) -> object:
            found = whole(*details)
            gave.append(found is not None)
            return found

        monkeypatch.setattr(name, watched)
        return gave

    return watching


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run `kap check` with what is kept; `plainly` without. Gives the exit code and what was printed."""

    def typed(*arguments: str, plainly: bool = False) -> Said:
        with monkeypatch.context() as patch:
            if plainly:
                patch.setenv("KAP_NO_CACHE", "1")
            code = run(["check", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return typed


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a page, a claim, an entry and a word list."""
    root = tmp_path / "site"
    (root / "pages").mkdir(parents=True)
    (root / "pages/a.md").write_text(PAGE, "utf-8")
    (root / "claims.yaml").write_text(CLAIMS, "utf-8")
    (root / "references.bib").write_text(BIB, "utf-8")
    (root / "kap.toml").write_text('[words.absolutes]\nfile = "words.txt"\n', "utf-8")
    (root / "words.txt").write_text("wholly\n", "utf-8")
    monkeypatch.chdir(root)
    settle()
    return root


@pytest.fixture
def kap(capsys: pytest.CaptureFixture[str]) -> Kap:
    """Type a command."""

    def typed(*arguments: str) -> Said:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return typed


@pytest.fixture
def full(kap: Kap, monkeypatch: pytest.MonkeyPatch) -> Kap:
    """Type a command as if there were no cache."""

    def typed(*arguments: str) -> Said:
        with monkeypatch.context() as patch:
            patch.setenv("KAP_NO_CACHE", "1")
            return kap(*arguments)

    return typed
