"""`kap render` in its forms, typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Kap = Callable[..., Any]


def test_a_fragment_is_rendered_beside_the_site(site: Path, kap: Kap) -> None:
    typed = kap("render", "--fragment", "--as-of", "2026-11-22")
    assert typed.code == 0
    assert "rendered   site/fragments/" in typed.err
    assert not list(site.glob("site/*/index.html"))


def test_forms_that_do_not_go_together_are_refused(site: Path, kap: Kap) -> None:
    for more in (("--draft", "--fragment"), ("--fragment", "--format", "docx"), ("--draft", "--format", "docx")):
        typed = kap("render", *more)
        assert typed.code == 2
        assert "do not go together" in typed.err


def test_without_pandoc_nothing_is_done(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(site))
    typed = kap("render", "--format", "docx")
    assert typed.code == 2
    assert "needs pandoc, which is not installed" in typed.err
    assert not (site / "site").exists()
