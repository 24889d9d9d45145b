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
    for more in (("--draft", "--fragment"), ("--fragment", "--format", "docx"), ("--draft", "--prune")):
        typed = kap("render", *more)
        assert typed.code == 2
        assert "goes with" in typed.err


def test_a_rendered_page_whose_source_is_gone_is_told_and_deleted_on_request(site: Path, kap: Kap) -> None:
    (page,) = site.glob("pages/*.md")
    (site / "pages/old.md").write_text("---\ntitle: Old\n---\n\nAsk us.\n", "utf-8")
    kap("render", "--as-of", "2026-11-22", "--draft")
    (site / "pages/old.md").unlink()
    told = kap("render", "--as-of", "2026-11-22")
    assert "left over  site/drafts/old/: there is no pages/old.md any more" in told.err
    assert (site / "site/drafts/old/index.html").is_file()
    pruned = kap("render", "--as-of", "2026-11-22", "--prune")
    assert "deleted    site/drafts/old/" in pruned.err
    assert not (site / "site/drafts/old").exists()
    assert (site / f"site/drafts/{page.stem}/index.html").is_file()


def test_the_panel_says_which_rules_the_settings_left_out(site: Path, kap: Kap) -> None:
    settings = site / "kap.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[rules]\nignore = ["DSC004"]\n', "utf-8")
    assert kap("render", "--as-of", "2026-11-22").code == 0
    (page,) = site.glob("site/*/index.html")
    html = page.read_text("utf-8")
    assert "no errors by the rules that were run" in html
    assert "DSC004 interest-undisclosed" in html
    assert '"rules_not_run": [\n  "DSC004"\n ]' in (page.parent / "evidence.json").read_text("utf-8")


@pytest.mark.parametrize("field", ["language: de\n", ""], ids=["declared", "as it reads"])
def test_the_panel_says_which_rules_do_not_read_the_language_of_the_page(site: Path, kap: Kap, field: str) -> None:
    (page,) = (site / "pages").glob("*.md")
    text = page.read_text("utf-8").replace("---\n", f"---\n{field}", 1)
    prose = (
        "Dies ist eine Seite über die Angst, die wir für Sie und mit Ihnen durchgesehen haben, und sie ist nicht neu. "
    )
    page.write_text(text + f"\n[{prose * 9}]{{.nonclaim reason='über diese Seite'}}\n", "utf-8")
    assert kap("render", "--as-of", "2026-11-22").code == 0
    (rendered,) = site.glob("site/*/index.html")
    html = rendered.read_text("utf-8")
    assert ('<html lang="de">' in html) is bool(field)
    assert "no errors by the rules that were run" in html
    assert "since they read English only" in html
    assert "WRD001 absolute" in html
    assert '  "WRD001",\n' in (rendered.parent / "evidence.json").read_text("utf-8")


def test_without_pandoc_nothing_is_done(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(site))
    typed = kap("render", "--format", "docx")
    assert typed.code == 2
    assert "needs pandoc, which is not installed" in typed.err
    assert not (site / "site").exists()
