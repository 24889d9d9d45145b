"""Typing commands in this process, in a small project of one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kap_content.cli import run

PAGE = """---
title: A page
description: A page to check.
author: {name: The maintainers}
reviewer: {name: The maintainers, role: editorial}
published: 2026-11-22
last_reviewed: 2026-11-22
next_review_due: 2028-11-22
---

# A page

[Anxiety ratings fell by about half within an hour of a dose.]{claim=KET-1}
"""
CLAIMS = """version: 1
claims:
  - id: KET-1
    match_text: Anxiety ratings fell by about half within an hour of a dose.
    category: statistic
    status: approved
    next_review_due: 2028-11-22
    evidence:
      - ref: glue2018
        design: open-label
        finding: ratings about 50 % lower one hour after dosing, n = 20
        seminal: the only study of maintenance treatment
        anchor: {page: 665}
"""
BIB = """@article{glue2018,
  author = {Glue, Paul and Neehoff, Shona M},
  title = {Safety and efficacy of maintenance ketamine treatment},
  journal = {J Psychopharmacol},
  year = {2018},
  volume = {32},
  number = {6},
  pages = {663--667},
  doi = {10.1177/0269881118762073}
}
"""


@dataclass
class Typed:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


Kap = Callable[..., Typed]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one page that passes; the working directory is its folder."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.md").write_text(PAGE, "utf-8")
    (tmp_path / "claims.yaml").write_text(CLAIMS, "utf-8")
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    (tmp_path / "kap.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def kap(capsys: pytest.CaptureFixture[str]) -> Kap:
    """Type a command."""

    def typed(*arguments: str) -> Typed:
        code = run(list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Typed(code, captured.out, captured.err)

    return typed
