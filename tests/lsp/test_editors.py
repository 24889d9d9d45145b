"""The set-up that the docs give for editors, tried in the editors themselves, where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.content.blocks import ROOT, blocks_of
from tests.hooks.conftest import BIN
from tests.lsp.test_server import BIB, CLAIM, PAGE

NEOVIM = """
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20)
for _, found in ipairs(vim.diagnostic.get(0)) do print(found.lnum + 1 .. ": " .. found.message .. "\\n") end
vim.cmd("qa!")
"""
EMACS = """
(find-file "pages/rooms.md")
(run-hooks 'post-command-hook)
(let ((end (+ (float-time) 60)))
  (while (and (< (float-time) end) (null (flymake-diagnostics)))
    (accept-process-output nil 0.05)))
(dolist (found (flymake-diagnostics))
  (message "%d: %s" (line-number-at-pos (flymake-diagnostic-beg found)) (flymake-diagnostic-text found)))
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "pages").mkdir(parents=True)
    (folder / "kap.toml").write_text('[rules]\nselect = ["CLM002"]\n', "utf-8")
    (folder / "claims.yaml").write_text(CLAIM, "utf-8")
    (folder / "references.bib").write_text(BIB, "utf-8")
    (folder / "pages" / "rooms.md").write_text(PAGE, "utf-8")
    return folder


def shown(language: str) -> str:
    """The one block of this language in what the docs tell of editors."""
    [block] = [block for block in blocks_of(ROOT / "docs" / "editors.md") if block.language == language]
    return block.text


def said(folder: Path, *command: str | Path) -> str:
    """What an editor without a window and without settings of the person's says."""
    environment = os.environ | {
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder.parent),
        "XDG_CONFIG_HOME": str(folder.parent),
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_neovim_set_up_as_the_docs_say_shows_findings(site: Path, tmp_path: Path) -> None:
    neovim = shutil.which("nvim")
    asked = ("--clean", "--headless", "+lua print(vim.lsp.enable ~= nil)", "+q")
    if neovim is None or "true" not in said(site, neovim, *asked):
        pytest.skip("there is no Neovim 0.11 or later")
    (tmp_path / "init.lua").write_text(shown("lua"), "utf-8")
    (tmp_path / "try.lua").write_text(NEOVIM, "utf-8")
    words = said(site, neovim, "--headless", "-u", tmp_path / "init.lua", "pages/rooms.md", "-S", tmp_path / "try.lua")
    assert "5: the wording differs from claim ROOM-1" in words


def test_emacs_set_up_as_the_docs_say_shows_findings(site: Path, tmp_path: Path) -> None:
    emacs = shutil.which("emacs")
    wanted = "(progn (package-initialize) (require 'eglot) (require 'markdown-mode))"
    if emacs is None or "Cannot open" in said(site, emacs, "--batch", "--eval", wanted):
        pytest.skip("there is no Emacs with eglot and markdown-mode")
    (tmp_path / "init.el").write_text(f"(package-initialize)\n{shown('elisp')}\n{EMACS}", "utf-8")
    words = said(site, emacs, "--batch", "--load", tmp_path / "init.el")
    assert "5: kap [CLM002]: the wording differs from claim ROOM-1" in words
