"""The dossier as HTML, CSV and Excel, and decisions read back: a diff first, then written, or refused and why."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kap_content.cli import run
from kap_content.model.errors import UsageError
from kap_content.review import judgement
from kap_content.review.sheet import COLUMNS, as_csv, as_xlsx, read_sheet
from tests.desk.conftest import ATTACK, LEE, change_wording, log, replace_in, write_project

DAY = ("--as-of", "2026-11-22")
Edit = Callable[[dict[str, str]], None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_project(tmp_path / "project")
    monkeypatch.chdir(root)
    return root


def exported(name: str) -> Path:
    assert run(["review", "--export", name, *DAY, "--quiet"]) == 0
    return Path(name)


def filled_in(name: str, edits: dict[tuple[str, str], dict[str, str]]) -> Path:
    """Export a sheet and fill in cells of the rows of (claim, link)."""
    path = exported(name)
    rows = [dict(row.cells) for row in read_sheet(name, path.read_bytes())]
    for row in rows:
        row.update(edits.get((row["claim"], row.get("link", "")), {}))
    if path.suffix == ".csv":
        path.write_text(as_csv(rows), "utf-8")
    else:
        path.write_bytes(as_xlsx(rows, ("medical",)))
    return path


def imported(path: Path, *more: str) -> int:
    return run(["review", "--import", str(path), "--as", LEE, "--role", "medical", *DAY, *more])


def test_a_sheet_has_one_row_a_link_and_one_for_a_claim_without(project: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(exported("out.csv").read_text("utf-8-sig"))))
    assert [(row["claim"], row["reference"]) for row in rows] == [
        ("KET-1", "glue2018"),
        ("KET-2", "glue2018"),
        ("KET-3", ""),
        ("RET-1", "gone2001"),
        ("RET-1", "glue2018"),
    ]
    assert rows[3]["publication_status"].startswith("retracted; Retraction of 2019-03-01")
    assert rows[0]["where_in_source"] == "page 665"
    assert "EVD005" in rows[1]["findings_of_rules"]


def test_excel_gets_the_same_rows_and_no_cell_is_a_formula(project: Path) -> None:
    (project / "references.bib").write_text(
        (project / "references.bib").read_text("utf-8").replace("{J Bad}", '{=HYPERLINK("http://evil.example")}'),
        "utf-8",
    )
    claims = project / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("match_text: A treatment", "match_text: +A treatment"), "utf-8")
    exported("out.csv")
    rows = [dict(row.cells) for row in read_sheet("out.csv", Path("out.csv").read_bytes())]
    exported("out.xlsx")
    assert [dict(row.cells) for row in read_sheet("out.xlsx", Path("out.xlsx").read_bytes())] == rows
    sheet = load_workbook("out.xlsx")["claims"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert "+A treatment worked." in {cell.value for row in sheet.iter_rows() for cell in row}
    raw = Path("out.csv").read_text("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(raw)) for cell in row if cell.startswith(("=", "+", "-", "@"))]


@given(
    st.lists(st.fixed_dictionaries({name: st.text(max_size=20) for name in ("claim", "comment", "seen")}), max_size=3)
)
def test_what_is_written_as_csv_is_read_back(rows: list[dict[str, str]]) -> None:
    def plain(text: str) -> str:
        kept = "".join(character for character in text if character >= " " or character in "\n\t")
        return kept.encode("utf-8", "replace").decode().strip()

    wanted = [{name: plain(text) for name, text in row.items()} for row in rows]
    read = [dict(row.cells) for row in read_sheet("x.csv", as_csv(rows).encode("utf-8"))]
    assert [{name: row[name] for name in ("claim", "comment", "seen")} for row in read] == [
        row for row in wanted if any(row.values())
    ]


@given(st.binary(max_size=200))
def test_no_file_that_is_no_sheet_is_more_than_a_message(content: bytes) -> None:
    for name in ("x.csv", "x.xlsx"):
        with pytest.raises(UsageError):
            read_sheet(name, content)


def test_a_sheet_that_nobody_filled_in_asks_for_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("out.csv", "out.xlsx"):
        assert imported(exported(name)) == 0
        assert "asks for nothing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_a_diff_comes_first_and_write_applies_it(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    wishes = {
        ("KET-1", "1"): {"verdict": "substantiated", "certainty": "Very low", "decision": "approve"},
        ("KET-2", "1"): {"verdict": "not substantiated", "decision": "Request changes", "comment": "- 70% is nowhere"},
        ("RET-1", "2"): {"verdict": "contradicted"},
    }
    path = filled_in(name, wishes)
    before = (project / "claims.yaml").read_bytes()
    assert imported(path) == 0
    shown = capsys.readouterr()
    assert "+ verdict of link 1: substantiated" in shown.out
    assert "+ certainty: very_low" in shown.out
    assert "+ request changes as medical: - 70% is nowhere" in shown.out
    assert "3 claims would change, 0 refused; nothing was written. --write writes it." in shown.err
    assert (project / "claims.yaml").read_bytes() == before
    assert log(project) == []
    assert imported(path, "--write") == 0
    assert [(line["claim"], line["decision"]) for line in log(project)] == [
        ("KET-1", "approve"),
        ("KET-2", "request_changes"),
    ]
    text = (project / "claims.yaml").read_text("utf-8")
    assert "certainty: very_low" in text
    assert "verdict: contradicted" in text
    assert "# the first" in text
    assert run(["approvals", "verify"]) == 0


def test_rows_of_a_claim_that_changed_meanwhile_are_refused_and_the_others_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled_in("out.csv", {("KET-1", "1"): {"decision": "approve"}, ("KET-2", "1"): {"verdict": "unrelated"}})
    claims = project / "claims.yaml"
    change_wording(project)
    assert imported(path, "--write") == 1
    shown = capsys.readouterr()
    assert "refused  the claim changed since the sheet was written: its wording" in shown.out
    assert "1 claim written, 1 refused." in shown.err
    assert log(project) == []
    assert "verdict: unrelated" in claims.read_text("utf-8")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"verdict": "fine"}, "“fine” is no verdict"),
        ({"certainty": "sure"}, "“sure” is no certainty"),
        ({"decision": "bless"}, "“bless” is no decision"),
        ({"decision": "reject"}, "say in the comment what is wrong"),
        ({"comment": "a thought"}, "a comment is kept with a decision"),
        ({"next_review_due": "soon"}, "“soon” is no day"),
        ({"verdict": "trivial", "link": "9"}, "no link number “9”"),
        ({"verdict": "trivial", "reference": "other"}, "is to glue2018 now, not to other"),
        ({"claim": "NOPE"}, "no such claim is registered"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(
    project: Path, capsys: pytest.CaptureFixture[str], cells: dict[str, str], said: str
) -> None:
    assert imported(filled_in("out.csv", {("KET-1", "1"): cells}), "--write") == 1
    assert said in capsys.readouterr().out
    assert log(project) == []


def test_an_overdue_review_date_that_nobody_touched_hinders_no_decision(project: Path) -> None:
    claims = project / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("2027-01-15", "2026-01-15"), "utf-8")
    path = filled_in("out.csv", {("KET-2", "1"): {"decision": "reject", "comment": "70% is nowhere"}})
    assert imported(path, "--write") == 0
    assert [line["claim"] for line in log(project)] == ["KET-2"]


@pytest.mark.parametrize(
    ("settings", "cells", "said"),
    [
        ("", {"role": "chief"}, "“chief” is no role"),
        ("require_signatures = true", {}, "decisions must be signed here, and no key was given"),
        (f"reviewers = {{'{LEE}' = ['legal']}}", {}, f"{LEE} may decide as legal, not as medical"),
    ],
)
def test_what_writing_would_refuse_is_told_before(
    project: Path, capsys: pytest.CaptureFixture[str], settings: str, cells: dict[str, str], said: str
) -> None:
    replace_in(project / "kap.toml", "[review]", f"[review]\n{settings}")
    path = filled_in("out.csv", {("KET-1", "1"): {"decision": "approve", "verdict": "substantiated"} | cells})
    before = (project / "claims.yaml").read_bytes()
    for more in ((), ("--write",)):
        assert imported(path, *more) == 1
        assert f"refused  {said}" in capsys.readouterr().out
    assert (log(project), (project / "claims.yaml").read_bytes()) == ([], before)


def test_a_sheet_of_many_claims_is_written_without_reading_the_project_for_each(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled_in(
        "out.csv",
        {
            ("KET-1", "1"): {"decision": "approve", "verdict": "substantiated"},
            ("KET-2", "1"): {"decision": "reject", "comment": "70% is nowhere", "verdict": "not_substantiated"},
            ("RET-1", "2"): {"verdict": "unrelated", "certainty": "low"},
        },
    )
    with monkeypatch.context() as patch:
        patch.setattr(judgement, "read_ground", lambda *_: pytest.fail("the project was read again"))
        assert imported(path, "--write") == 0
    assert [(line["claim"], line["decision"]) for line in log(project)] == [("KET-1", "approve"), ("KET-2", "reject")]
    text = (project / "claims.yaml").read_text("utf-8")
    assert [text.count(f"verdict: {name}") for name in ("substantiated", "not_substantiated", "unrelated")] == [1, 1, 1]
    assert run(["approvals", "verify", "--project", str(project)]) == 0


def test_rows_of_one_claim_that_contradict_each_other_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled_in("out.csv", {("RET-1", "1"): {"decision": "approve"}, ("RET-1", "2"): {"decision": "reject"}})
    assert imported(path) == 1
    assert "its rows say different things under decision" in capsys.readouterr().out


def test_a_spreadsheets_own_habits_are_understood(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = filled_in("out.csv", {("KET-1", "1"): {"verdict": "substantiated"}})
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows([list(reversed(row)) for row in rows])
    for content in (target.getvalue().encode("utf-16"), target.getvalue().encode("utf-8")):
        path.write_bytes(content)
        assert imported(path) == 0
        assert "+ verdict of link 1: substantiated" in capsys.readouterr().out


def test_a_day_that_excel_made_a_date_of_is_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import datetime

    exported("out.xlsx")
    book = load_workbook("out.xlsx")
    sheet = book["claims"]
    sheet.cell(2, COLUMNS.index("next_review_due") + 1).value = datetime(2028, 1, 31)  # noqa: DTZ001 - as Excel has it
    book.save("out.xlsx")
    assert imported(Path("out.xlsx")) == 0
    assert "+ next_review_due: 2028-01-31" in capsys.readouterr().out


def test_a_sheet_of_something_else_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    book.save("other.xlsx")
    Path("other.csv").write_text("a,b\n1,2\n", "utf-8")
    Path("latin.csv").write_bytes("claim;ü\n".encode("latin-1"))
    for name, said in (("other.xlsx", "has no column"), ("other.csv", "has no column"), ("latin.csv", "not UTF-8")):
        assert imported(Path(name)) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--export", "x.pdf"), "not a form of the dossier"),
        (("--export", "nowhere/x.csv"), "cannot be written"),
        (("--import", "nothing.csv", "--as", LEE), "cannot be read"),
        (("--import", "nothing.csv"), "needs --as"),
        (("--write",), "--write belongs to --import"),
        (("--export", "x.csv", "--import", "y.csv"), "exclude each other"),
        (("--role", "astrologer"), "is no role"),
        (("--key", "id"), "--key needs --as"),
        (("--key", "id", "--as", LEE), "there is no key"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(["review", *arguments]) == 2
    assert said in capsys.readouterr().err


class Outside(HTMLParser):
    """Collects what a document loads or runs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "form", "base"):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag == "link" and dict(attrs).get("href") != "data:,":
            self.found.append("link")


def test_the_dossier_is_one_file_that_loads_and_runs_nothing(project: Path) -> None:
    text = exported("out.html").read_text("utf-8")
    seen = Outside()
    seen.feed(text)
    assert seen.found == []
    assert ATTACK not in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text
    assert "url(" not in text
    for name in ("KET-1", "KET-2", "KET-3", "RET-1"):
        assert f">{name}</p>" in text
    assert re.search(r'<mark class="missing">70%', text)


def test_a_dossier_may_be_of_some_pages_only(project: Path) -> None:
    assert run(["review", "--export", "out.csv", "pages/a.md", *DAY, "--quiet"]) == 0
    claims = {row["claim"] for row in csv.DictReader(io.StringIO(Path("out.csv").read_text("utf-8-sig")))}
    assert claims == {"KET-1", "KET-2", "KET-3"}


def test_the_same_project_gives_the_same_dossier(project: Path) -> None:
    first = {name: exported(name).read_text("utf-8") for name in ("out.html", "out.csv")}
    assert first == {name: exported(name).read_text("utf-8") for name in ("out.html", "out.csv")}


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("what", ["bomb", "foreign file"])
def test_entities_of_a_hostile_workbook_are_neither_unfolded_nor_fetched(
    project: Path, tmp_path: Path, part: str, what: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET", "utf-8")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    entities = {
        "bomb": f'<!DOCTYPE x [<!ENTITY l0 "lol">{levels}]>',
        "foreign file": f'<!DOCTYPE x [<!ENTITY l11 SYSTEM "{secret.as_uri()}">]>',
    }[what]
    content = exported("out.xlsx").read_bytes()
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(target, "w") as packed:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                head, _, body = text.decode().removeprefix('<?xml version="1.0"?>').partition("<")
                body = re.sub(r"(<t[^>]*>|<v>|sheet name=\")", r"\1&l11;", f"<{body}")
                text = f"{entities}{head}{body}".encode()
            packed.writestr(name, text)
    try:
        rows = read_sheet("out.xlsx", target.getvalue())
    except UsageError:
        return
    assert "TOP-SECRET" not in str(rows)
    assert len(str(rows)) < 10 * len(content)


def test_what_unpacks_to_far_more_than_a_sheet_is_not_unpacked() -> None:
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (65 * 1024 * 1024))
    with pytest.raises(UsageError):
        read_sheet("out.xlsx", target.getvalue())
