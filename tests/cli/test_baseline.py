"""`kap baseline` and `kap check --baseline` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE, Kap

AS_OF = ["--as-of", "2026-11-22"]
FILE = "kap-baseline.json"
BROKEN = PAGE.replace("about half", "by two thirds")


def found(kap: Kap, *options: str) -> list[str]:
    return [item["code"] for item in json.loads(kap("check", "--format", "json", *AS_OF, *options).out)["findings"]]


@pytest.fixture
def old(site: Path, kap: Kap) -> Path:
    """A site with an error that its baseline knows."""
    (site / "pages" / "a.md").write_text(BROKEN, "utf-8")
    assert kap("check", *AS_OF).code == 1
    typed = kap("baseline", "write", *AS_OF)
    assert typed.code == 0
    assert typed.err.startswith(f"{FILE}: 2 findings")
    return site


def test_what_the_baseline_knows_does_not_fail_and_what_is_new_does(old: Path, kap: Kap) -> None:
    typed = kap("check", "--baseline", FILE, *AS_OF)
    assert typed.code == 0, typed.out
    assert "2 findings in the baseline, not shown." in typed.out
    (old / "pages" / "b.md").write_text(PAGE.replace("KET-1", "KET-9"), "utf-8")
    typed = kap("check", "--baseline", FILE, *AS_OF)
    assert typed.code == 1
    assert "CLM007" in typed.out
    assert "CLM002" not in typed.out


def test_moved_lines_stay_known(old: Path, kap: Kap) -> None:
    (old / "pages" / "a.md").write_text(BROKEN.replace("# A page\n", "# A page\n\n## A section\n\n"), "utf-8")
    for name in ("claims.yaml", "references.bib"):
        path = old / name
        mark = "#" if name.endswith("yaml") else "%"
        path.write_text(f"{mark} A remark\n\n" + path.read_text("utf-8"), "utf-8")
    assert found(kap, "--baseline", FILE) == []


def test_what_is_mended_is_reported_and_pruned_so_that_it_fails_when_it_comes_back(old: Path, kap: Kap) -> None:
    (old / "pages" / "a.md").write_text(PAGE, "utf-8")
    assert "1 finding of the baseline gone" in kap("check", "--baseline", FILE, *AS_OF).out
    assert found(kap, "--baseline", FILE, "--select", "DOI") == []
    assert "gone" not in kap("check", "--baseline", FILE, "--select", "DOI", *AS_OF).out  # CLM002 was not looked for
    assert kap("baseline", "prune", *AS_OF).err == f"{FILE}: 1 finding taken out, 1 left\n"
    (old / "pages" / "a.md").write_text(BROKEN, "utf-8")
    assert found(kap, "--baseline", FILE) == ["CLM002"]


def test_writing_again_changes_no_byte_even_when_messages_count_days(old: Path, kap: Kap) -> None:
    claims = old / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("due: 2028-11-22", "due: 2020-11-22"), "utf-8")
    kap("baseline", "write", *AS_OF)
    before = (old / FILE).read_bytes()
    assert kap("baseline", "write", "--as-of", "2026-11-25").err.endswith("unchanged\n")
    assert (old / FILE).read_bytes() == before


def test_the_file_has_a_line_a_finding_sorted(old: Path) -> None:
    lines = [line for line in (old / FILE).read_text("utf-8").splitlines() if "fingerprint" in line]
    entries = [json.loads(line.strip().rstrip(",")) for line in lines]
    assert [(entry["path"], entry["code"]) for entry in entries] == [
        ("pages/a.md", "CLM002"),
        ("references.bib", "DOI004"),
    ]


RETRACTED = json.dumps(
    {
        "version": 1,
        "records": {
            "glue2018": {
                "asked": "10.1177/0269881118762073",
                "answered": "10.1177/0269881118762073",
                "state": "found",
                "title": "Safety and efficacy of maintenance ketamine treatment",
                "sources": [{"name": "crossref", "checked_on": "2026-11-22"}],
                "notices": [{"kind": "retraction", "source": "crossref", "doi": "10.1177/notice"}],
            }
        },
    }
)


@pytest.mark.parametrize("code", ["STS001", "DOI002"])
def test_a_retraction_or_an_absent_doi_is_never_hidden(site: Path, kap: Kap, code: str) -> None:
    lock = json.loads(RETRACTED)
    if code == "DOI002":
        record = {"asked": "10.1177/0269881118762073", "state": "absent"}
        lock["records"]["glue2018"] = record | {"sources": [{"name": "doi.org", "checked_on": "2026-11-22"}]}
    (site / "references.lock").write_text(json.dumps(lock), "utf-8")
    report = json.loads(kap("check", "--format", "json", *AS_OF).out)
    (finding,) = [item for item in report["findings"] if item["code"] == code]
    assert f"of {code}, which no baseline hides" in kap("baseline", "write", *AS_OF).err
    assert code in found(kap, "--baseline", FILE)
    # Not even where somebody writes it in by hand.
    entry = {name: finding[name] for name in ("code", "path", "fingerprint", "message")}
    (site / FILE).write_text(json.dumps({"version": 1, "findings": [entry]}), "utf-8")
    assert code in found(kap, "--baseline", FILE)


GOOD = '{"code": "CLM002", "path": "a.md", "fingerprint": "0123456789abcdef", "message": ""}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n "version": 1,\n "findings": [\n', "kap-baseline.json:4:1: this baseline is no JSON"),
        ("<<<<<<< HEAD\n", "kap-baseline.json:1:1: this baseline is no JSON"),
        ("[]", "kap-baseline.json:1:1: this is no baseline"),
        ('{"version": 7, "findings": []}', "version 7"),
        (f'{{"version": 1, "findings": [\n{GOOD},\n  7\n]}}', "kap-baseline.json:3:3: entry 2 of this baseline is no"),
        (f'{{"version": 1, "findings": [{GOOD},\n{{"code": "X"}}]}}', ":2:1: entry 2 of this baseline lacks “path”"),
        ('{"version": 1, "findings": [\n{"cod": "X"}]}', ":2:1: entry 1 of this baseline has an unknown field “cod”"),
        ("[" * 100_000, "no baseline"),
        ("", "no JSON"),
    ],
)
def test_a_malformed_file_ends_the_run_with_its_line(site: Path, kap: Kap, text: str, said: str) -> None:
    (site / FILE).write_text(text, "utf-8")
    for command in (["check", "--baseline", FILE], ["baseline", "prune"], ["baseline", "write"]):
        typed = kap(*command, *AS_OF)
        assert typed.code == 2
        assert said in typed.err
    assert (site / FILE).read_text("utf-8") == text


def test_a_file_that_is_not_there_or_no_text_ends_the_run(site: Path, kap: Kap) -> None:
    assert "there is no such file" in kap("check", "--baseline", "nowhere.json").err
    (site / FILE).write_bytes(b"\xff\xfe\x00")
    assert kap("check", "--baseline", FILE).code == 2
