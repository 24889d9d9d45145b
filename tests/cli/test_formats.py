"""`--format` and `--output` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kap_content.cli.terminal.printing import Target, targets
from kap_content.model.errors import UsageError
from kap_content.report.formats import Format
from tests.cli.conftest import Kap

AS_OF = ["--as-of", "2026-11-22"]


@pytest.mark.parametrize(
    ("formats", "outputs", "expected"),
    [
        ([], [], [(Format.TEXT, None)]),
        (["json"], [], [(Format.JSON, None)]),
        (["json"], ["r.json"], [(Format.JSON, "r.json")]),
        ([], ["r.txt"], [(Format.TEXT, "r.txt")]),
        (["sarif:out.sarif", "text"], [], [(Format.SARIF, "out.sarif"), (Format.TEXT, None)]),
        (["sarif:out.sarif"], [], [(Format.SARIF, "out.sarif")]),
        ([], ["sarif=out.sarif", "junit=out.xml"], [(Format.TEXT, None)]),
        (["sarif", "json"], ["a.sarif", "b.json"], [(Format.SARIF, "a.sarif"), (Format.JSON, "b.json")]),
        (["sarif", "json"], ["a.sarif"], [(Format.SARIF, "a.sarif"), (Format.JSON, None)]),
        (["sarif:C:\\out\\a.sarif"], [], [(Format.SARIF, "C:\\out\\a.sarif")]),
        (["text"], ["a=b.txt"], [(Format.TEXT, "a=b.txt")]),
        (["text", "text"], [], [(Format.TEXT, None)]),
    ],
)
def test_formats_and_files_are_paired(
    formats: list[str], outputs: list[str], expected: list[tuple[Format, str | None]]
) -> None:
    wanted = [Target(form, Path(file) if file else None) for form, file in expected]
    found = targets(formats, outputs)
    assert [target for target in found if target in wanted] == wanted
    named = [text for text in outputs if text.partition("=")[0] in set(Format)]
    assert len(found) == len(wanted) + len(named)


@pytest.mark.parametrize(
    ("formats", "outputs"),
    [(["json", "sarif"], []), (["yaml"], []), (["sarif:"], []), (["json"], ["a", "b"]), (["sarif:a"], ["b", "c"])],
)
def test_what_cannot_be_paired_is_refused(formats: list[str], outputs: list[str]) -> None:
    with pytest.raises(UsageError):
        targets(formats, outputs)


def test_one_run_writes_several_formats(site: Path, kap: Kap) -> None:
    typed = kap("check", "--format", "text", "--format", "sarif:k.sarif", "--output", "json=k.json", *AS_OF)
    assert typed.code == 0
    assert "DOI004" in typed.out
    assert json.loads((site / "k.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert json.loads((site / "k.json").read_text("utf-8"))["version"] == 1


def test_an_unknown_format_names_those_that_exist(site: Path, kap: Kap) -> None:
    typed = kap("check", "--format", "yaml")
    assert typed.code == 2
    assert "sarif" in typed.err


def test_upcoming_lists_what_falls_due_and_json_tells_the_next_day(site: Path, kap: Kap) -> None:
    typed = kap("check", "--upcoming", "90d", "--as-of", "2028-10-01")
    assert "2028-11-22  CUR001  claims.yaml:7:22  the review of claim KET-1" in typed.out
    assert "2028-11-22  CUR001  pages/a.md:8:1" in typed.out
    assert "nothing" in kap("check", "--upcoming", "5d", "--as-of", "2028-10-01").out
    report = json.loads(kap("check", "--upcoming", "2m", "--format", "json", "--as-of", "2028-10-01").out)
    assert report["next_due"] == "2028-11-22"
    assert [item["on"] for item in report["upcoming"]["items"]] == ["2028-11-22", "2028-11-22"]
    assert kap("check", "--upcoming", "soon").code == 2
