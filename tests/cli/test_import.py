"""`kap import` as a user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import BIB, CLAIMS, Kap
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import work

EXAMPLE = Path(__file__).parents[2] / "examples" / "live-page.txt"
AS_OF = ["--as-of", "2026-11-22"]
TEXT = """Light for Sleep

The trials

Sleep fell by 18% in a trial.[1]

References:

1. Smith AB, Ng K. Light in the evening and what it does. J Sleep Res. 2017;31(10):1302-1305.
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of nothing but settings; the working directory."""
    (tmp_path / "kap.toml").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def findings(kap: Kap) -> list[dict[str, object]]:
    payload = json.loads(kap("check", "--format", "json", *AS_OF).out)
    assert isinstance(payload["findings"], list)
    return payload["findings"]


def test_the_shipped_example_becomes_a_page_with_claims_and_references(empty: Path, kap: Kap) -> None:
    typed = kap("import", str(EXAMPLE))
    assert typed.code == 0, typed.err
    assert "references  9: 5 with DOI, 0 unreadable" in typed.out
    assert "16: 10 cited, 6 uncited" in typed.out
    assert "kap check" in typed.err
    assert (empty / "pages" / "ketamine-for-anxiety.md").exists()
    codes = {finding["code"] for finding in findings(kap)}
    assert {"CLM003", "DSC003"} <= codes
    assert not codes & {"CLM002", "CLM007", "CLM009", "REF002", "REF003", "REF011"}


def test_a_second_import_of_a_page_changes_nothing(empty: Path, kap: Kap) -> None:
    assert kap("import", str(EXAMPLE)).code == 0
    before = snapshot(empty)
    typed = kap("import", str(EXAMPLE))
    assert typed.code == 2
    assert "pages/ketamine-for-anxiety.md exists already" in typed.err
    assert snapshot(empty) == before


def test_under_another_name_claims_and_references_are_found_again(empty: Path, kap: Kap) -> None:
    kap("import", str(EXAMPLE))
    claims, bib = (empty / "claims.yaml").read_bytes(), (empty / "references.bib").read_bytes()
    typed = kap("import", str(EXAMPLE), "--name", "again")
    assert typed.code == 0, typed.err
    assert "9 in the bibliography already" in typed.out
    assert (empty / "claims.yaml").read_bytes() == claims
    assert (empty / "references.bib").read_bytes() == bib
    assert (empty / "pages" / "again.md").exists()


@pytest.mark.parametrize("name", ["../out", "A page", "/tmp/x"])
def test_a_name_that_leads_elsewhere_is_refused(empty: Path, kap: Kap, name: str) -> None:
    typed = kap("import", str(EXAMPLE), "--name", name)
    assert typed.code == 2
    assert list(snapshot(empty)) == ["kap.toml"]


def test_dry_run_shows_the_summary_and_writes_nothing(empty: Path, kap: Kap) -> None:
    before = snapshot(empty)
    typed = kap("import", str(EXAMPLE), "--dry-run")
    assert typed.code == 0
    assert "[4] glue2017 (article)" in typed.out
    assert "Nothing was written" in typed.err
    assert snapshot(empty) == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_stands_in_the_files_stays_byte_for_byte(site: Path, kap: Kap, newline: str) -> None:
    claims = (CLAIMS.rstrip() + "   # a comment\n\n# the end\n").replace("\n", newline).encode()
    bib = ("% mine\n" + BIB).replace("\n", newline).encode()
    (site / "claims.yaml").write_bytes(claims)
    (site / "references.bib").write_bytes(bib)
    (site / "new.txt").write_text(TEXT, "utf-8")
    typed = kap("import", "new.txt")
    assert typed.code == 0, typed.err
    after = (site / "claims.yaml").read_bytes()
    assert after.replace(_added(after, claims), b"") == claims
    assert (site / "references.bib").read_bytes().startswith(bib.rstrip())
    assert (b"\r\n" in after) == (newline == "\r\n")
    assert not [finding for finding in findings(kap) if finding["code"] == "CLM009"]


def _added(after: bytes, before: bytes) -> bytes:
    """The one stretch that was put in."""
    start = next(
        index for index, pair in enumerate(zip(after, before + b"\0" * len(after), strict=False)) if pair[0] != pair[1]
    )
    return after[start : start + len(after) - len(before)]


@pytest.mark.parametrize(
    "claims",
    [
        "",
        "version: 1\n",
        "claims: []\n",
        "version: 1\nclaims:\n",
        "version: 1\nclaims:\n- id: A-1\n  match_text: One.\n",
        "claims:\n  A-1:\n    match_text: One.\nversion: 1\n",
        "claims:\n    - id: A-1\n      match_text: |\n        One\n\n        two.\n\n",
    ],
)
def test_claims_are_appended_in_the_form_that_the_file_has(empty: Path, kap: Kap, claims: str) -> None:
    (empty / "claims.yaml").write_text(claims, "utf-8")
    (empty / "new.txt").write_text(TEXT, "utf-8")
    typed = kap("import", "new.txt")
    assert typed.code == 0, typed.err
    assert not [finding for finding in findings(kap) if finding["code"] in ("CLM007", "CLM009")]


def test_a_list_in_flow_form_is_refused_and_nothing_written(empty: Path, kap: Kap) -> None:
    (empty / "claims.yaml").write_text("claims: [{id: A-1, match_text: One.}]\n", "utf-8")
    (empty / "new.txt").write_text(TEXT, "utf-8")
    before = snapshot(empty)
    typed = kap("import", "new.txt")
    assert typed.code == 2
    assert "claims.yaml" in typed.err
    assert snapshot(empty) == before


def test_one_bad_file_of_several_keeps_all_from_being_written(empty: Path, kap: Kap) -> None:
    (empty / "good.txt").write_text(TEXT, "utf-8")
    (empty / "bad.txt").write_bytes(b"")
    before = snapshot(empty)
    typed = kap("import", "good.txt", "bad.txt")
    assert typed.code == 2
    assert "bad.txt:1:1: the file is empty" in typed.err
    assert snapshot(empty) == before


def test_a_folder_that_cannot_be_written_leaves_everything_as_it_was(
    site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    import kap_content.cli.actions.import_page as module
    from kap_content.model.errors import ProjectError

    (site / "new.txt").write_text(TEXT, "utf-8")
    before = snapshot(site)
    real = module.write_atomically

    def failing(path: Path, text: str) -> bool:
        if path.name == "references.bib":
            raise ProjectError(f"{path} cannot be written: disk full")
        return real(path, text)

    monkeypatch.setattr(module, "write_atomically", failing)
    typed = kap("import", "new.txt")
    assert typed.code == 2
    assert "disk full" in typed.err
    assert snapshot(site) == before


@pytest.mark.parametrize(
    ("name", "words"), [("none.txt", "there is no file"), ("pages", "is a folder"), ("big.txt", "MB")]
)
def test_what_cannot_be_read_is_said_with_exit_code_two(site: Path, kap: Kap, name: str, words: str) -> None:
    with (site / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    typed = kap("import", name)
    assert typed.code == 2
    assert words in typed.err


def test_outside_a_project_the_way_in_is_named(tmp_path: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    typed = kap("import", str(EXAMPLE))
    assert typed.code == 2
    assert "kap init" in typed.err


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry(limited=False) as server:
        for name in SERVICES:
            monkeypatch.setenv(f"KAP_{name.upper()}_URL", f"{server.url}/{name}")
        server.world.add_crossref(
            work(
                "10.1000/light",
                "Light in the evening and what it does",
                author=[{"family": "Smith", "given": "A B"}],
                issued={"date-parts": [[2017]]},
            )
        )
        yield server


def test_online_shows_candidates_with_a_score_and_writes_no_doi(empty: Path, kap: Kap, registry: Registry) -> None:
    (empty / "new.txt").write_text(TEXT, "utf-8")
    typed = kap("import", "new.txt", "--online", *AS_OF)
    assert typed.code == 0, typed.err
    assert "10.1000/light" in typed.out
    assert "0." in typed.out or "1.00" in typed.out
    assert "doi " not in (empty / "references.bib").read_text("utf-8")
    assert registry.log


def test_without_online_no_registry_is_asked(empty: Path, kap: Kap, registry: Registry) -> None:
    (empty / "new.txt").write_text(TEXT, "utf-8")
    assert kap("import", "new.txt").code == 0
    assert not registry.log
