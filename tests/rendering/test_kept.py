"""What earlier runs rendered: left alone where nothing changed, never needed, never trusted."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kap_content.checking.gate import Checked
from kap_content.load.inside import CACHE
from kap_content.model.claim import Claim, Evidence
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Reference
from kap_content.model.settings import RuleSettings, Settings
from kap_content.rendering import bibliography, making
from kap_content.rendering.bibliography import marked_entry
from kap_content.rendering.csl import CslItem
from kap_content.rendering.inputs import told
from kap_content.rendering.kept import FILE, Kept, Made, open_kept
from kap_content.rendering.making import NotWritten, Written
from kap_content.rendering.site import render_site
from tests.rendering.forms import drafts
from tests.rendering.screen import Make

TEXT = "[Ten of 12.]{claim=A-1} More [@tully2022], and [another](other.md).\n\n![A room](room.png)\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/room.png").write_bytes(b"\x89PNG\r\n")
    return tmp_path


def run(checked: Sequence[Checked], root: Path, **options: Any) -> list[Written]:
    results = list(render_site(checked, root, kept=open_kept(root), **options))
    assert not [result for result in results if isinstance(result, NotWritten)]
    return [result for result in results if isinstance(result, Written)]


def files(root: Path) -> dict[str, bytes]:
    site = root / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are rendered from now on."""
    seen: list[str] = []
    real = making.render_page

    def watched(checked: Checked, *rest: Any) -> Any:
        seen.append(checked.page.path)
        return real(checked, *rest)

    monkeypatch.setattr(making, "render_page", watched)
    return seen


def in_context(one: Checked, **changes: Any) -> Checked:
    project = replace(one.context.project, **changes)
    return replace(one, context=Context.of(project, one.context.as_of, release=one.context.release))


def test_a_page_whose_inputs_did_not_change_is_not_rendered_again(make: Make, root: Path, rendered: list[str]) -> None:
    run([make(TEXT)], root)
    (again,) = run([make(TEXT)], root)
    assert rendered == ["pages/small.md"]
    assert not again.changed


def test_an_output_changed_by_hand_is_written_again(make: Make, root: Path) -> None:
    run([make(TEXT)], root)
    before = files(root)
    (root / "site/small/index.html").write_text("mine", "utf-8")
    (again,) = run([make(TEXT)], root)
    assert again.changed
    assert files(root) == before


def test_a_file_beside_the_page_that_was_taken_away_is_written_again(make: Make, root: Path) -> None:
    run([make(TEXT)], root)
    (root / "site/small/figures/room.png").unlink()
    run([make(TEXT)], root)
    assert (root / "site/small/figures/room.png").is_file()


def finding() -> Finding:
    return Finding("DSC009", "something", Severity.NOTE, Place("pages/small.md", 3), "A note.")


def reviewed(one: Checked) -> Checked:
    claims = tuple(replace(claim, match_text="New words") for claim in one.context.project.claims)
    return in_context(one, claims=claims)


CHANGES: dict[str, Callable[[Checked], Checked]] = {
    "a claim": reviewed,
    "evidence": lambda one: in_context(
        one,
        claims=tuple(
            replace(claim, evidence=tuple(replace(item, finding="new") for item in claim.evidence))
            for claim in one.context.project.claims
        ),
    ),
    "a reference": lambda one: in_context(
        one,
        references=tuple(
            replace(item, fields={**item.fields, "title": "New"}) for item in one.context.project.references
        ),
    ),
    "a record": lambda one: in_context(
        one, records={"tully2022": Record("tully2022", State.FOUND, (Source("crossref", date(2026, 11, 1)),))}
    ),
    "a finding": lambda one: replace(one, findings=(finding(),)),
    "the day": lambda one: replace(one, context=replace(one.context, as_of=date(2026, 11, 23))),
    "the style": lambda one: in_context(one, settings=replace(one.context.settings, style="bmj")),
    "the address": lambda one: in_context(one, settings=replace(one.context.settings, base_url="https://a.example")),
    "the rules": lambda one: in_context(one, settings=replace(one.context.settings, rules=RuleSettings(("DOI",)))),
    "where a linked page goes": lambda one: in_context(
        one, pages=(*one.context.project.pages, replace(one.page, path="pages/other.md"))
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_page_is_rendered_again_when_this_changed(make: Make, root: Path, rendered: list[str], change: str) -> None:
    one = make(TEXT, settings=Settings())
    run([one], root)
    run([CHANGES[change](one)], root)
    assert len(rendered) == 2


def test_a_page_is_rendered_again_when_its_text_changed(make: Make, root: Path, rendered: list[str]) -> None:
    run([make(TEXT)], root)
    run([make(TEXT + "\nMore.\n")], root)
    assert len(rendered) == 2


def test_a_page_is_rendered_again_when_its_picture_changed(make: Make, root: Path) -> None:
    run([make(TEXT)], root)
    (root / "pages/room.png").write_bytes(b"\x89PNG\r\nnew")
    (again,) = run([make(TEXT)], root)
    assert again.changed
    assert (root / "site/small/figures/room.png").read_bytes().endswith(b"new")


def test_a_page_is_rendered_again_when_the_numbers_of_its_figure_changed(make: Make, root: Path) -> None:
    text = '::: {.figure kind=waffle src="data.csv" claim=A-1}\nTen of 12.\n:::\n'
    data = root / "pages/data.csv"
    data.write_text("label,count\nYes,10\nNo,2\n", "utf-8")
    run([make(text)], root)
    data.write_text("label,count\nYes,9\nNo,3\n", "utf-8")
    (again,) = run([make(text)], root)
    assert again.changed


def test_an_entry_that_moved_in_its_file_renders_nothing_again(make: Make, root: Path, rendered: list[str]) -> None:
    one = make(TEXT)
    run([one], root)
    there = Place("claims/elsewhere.yaml", 90)
    moved = tuple(
        replace(
            claim,
            place=there,
            places={},
            evidence=tuple(replace(item, place=there, places={}) for item in claim.evidence),
        )
        for claim in one.context.project.claims
    )
    run([in_context(one, claims=moved)], root)
    assert len(rendered) == 1


def test_the_hash_takes_in_every_field_but_places() -> None:
    place = Place("a", 1)
    claim = Claim("A-1", place, evidence=(Evidence("ref", place),))
    assert told(claim) == told(replace(claim, place=Place("b", 2), places={"id": place}))
    assert told(claim) != told(replace(claim, note="new"))
    assert told(claim) != told(replace(claim, evidence=(Evidence("ref", place, seminal="new"),)))
    entry = Reference("ref", "article", place, {"title": "A"})
    assert told(entry) != told(replace(entry, fields={"title": "B"}))
    assert told(entry) != told(replace(entry, and_others=True))


def damage(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def other_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("PRAGMA user_version = 99")


def wrong_rows(file: Path) -> None:
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE entries SET body = 'Somebody else. Another title.'")
        base.execute("UPDATE pages SET body = '{}'")


@pytest.mark.parametrize("harm", [damage, truncate, other_version, wrong_rows])
def test_a_damaged_or_foreign_file_is_passed_over(make: Make, root: Path, harm: Callable[[Path], None]) -> None:
    run([make(TEXT)], root)
    before = files(root)
    harm(root / CACHE / FILE)
    run([make(TEXT + "\nNew.\n")], root)
    run([make(TEXT)], root)
    assert files(root) == before


def test_a_file_that_another_run_holds_is_passed_over(make: Make, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kap_content.rendering.kept._WAIT", 0.01)
    run([make(TEXT)], root)
    with closing(sqlite3.connect(root / CACHE / FILE)) as base:
        base.execute("BEGIN EXCLUSIVE")
        (again,) = run([make(TEXT + "\nNew.\n")], root)
    assert again.changed


@pytest.mark.parametrize("files", ["[]", '{"a": 1}', "null", '"a"'])
def test_a_row_of_another_shape_is_no_row(tmp_path: Path, files: str) -> None:
    kept = open_kept(tmp_path)
    kept.keep("site/a/", Made("1", {}, {}, {}))
    kept.save()
    body = f'{{"inputs": "1", "files": {files}, "copies": {{}}, "links": {{}}}}'
    with closing(sqlite3.connect(tmp_path / CACHE / FILE)) as base, base:
        base.execute("UPDATE pages SET body = ?, sum = ?", (body, zlib.crc32(f"site/a/\0{body}".encode())))
    with closing(open_kept(tmp_path)) as again:
        assert again.page("site/a/") is None


def test_two_runs_at_once_keep_what_both_found(tmp_path: Path) -> None:
    one, other = open_kept(tmp_path), open_kept(tmp_path)
    one["a"], other["b"] = "A", "B"
    one.keep("site/a/", Made("1", {}, {}, {}))
    one.save()
    other.save()
    both = open_kept(tmp_path)
    assert (both["a"], both["b"]) == ("A", "B")
    assert both.page("site/a/") == Made("1", {}, {}, {})
    both.close()


def test_nothing_is_kept_where_that_is_not_wanted(make: Make, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAP_NO_CACHE", "1")
    run([make(TEXT)], root)
    assert not (root / CACHE).exists()


def test_a_link_in_the_place_of_the_cache_is_not_followed(make: Make, root: Path, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (root / CACHE).symlink_to(tmp_path / "away", target_is_directory=True)
    run([make(TEXT)], root)
    assert not list((tmp_path / "away").iterdir())


def test_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"entries": ("key TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL", 3)}
    monkeypatch.setattr("kap_content.rendering.kept._TABLES", tables)
    kept = open_kept(tmp_path)
    for number in range(5):
        kept[str(number)] = "text"
    kept.save()
    again = open_kept(tmp_path)
    assert [name for name in "01234" if name in again] == ["2", "3", "4"]
    again.close()


def many(make: Make, count: int) -> list[Checked]:
    pages = [
        make(f"[Ten of 12.]{{claim=A-1}} Page {number} [@short2018].\n", path=f"pages/p{number}.md")
        for number in range(count)
    ]
    project = replace(pages[0].context.project, pages=tuple(one.page for one in pages))
    context = Context.of(project, pages[0].context.as_of)
    return [replace(one, context=context) for one in pages]


def test_several_processes_make_the_same_files_as_one(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "WORTH", 2)
    monkeypatch.setattr(making, "BATCH", 2)
    checked = many(make, 7)
    list(render_site(checked, tmp_path / "one"))
    shared = run(checked, tmp_path / "several", processes=2)
    assert [one.source for one in shared] == [one.page.path for one in checked]
    assert files(tmp_path / "one") == files(tmp_path / "several")
    with closing(open_kept(tmp_path / "several")) as kept:
        assert kept.page("site/p3/index.html")


@pytest.mark.parametrize("per_page", [1, 8], ids=["in processes", "before the processes"])
def test_several_processes_format_each_reference_once(
    make: Make, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, per_page: int
) -> None:
    formatted = tmp_path / "formatted"

    def noted(csl: str, item: CslItem) -> str:
        with formatted.open("a") as file:
            file.write(f"{item['title']}\n")
        return marked_entry(csl, item)

    monkeypatch.setattr(bibliography, "marked_entry", noted)
    for name, value in (("WORTH", 1), ("BATCH", 1), ("PER_PAGE", per_page)):
        monkeypatch.setattr(making, name, value)
    run(many(make, 7), root, processes=2)
    titles = formatted.read_text().splitlines()
    assert len(titles) == len(set(titles)) == 2


def test_a_task_for_another_process_makes_the_same_page(make: Make, root: Path, style: Any) -> None:
    one = make(TEXT)
    task = making.Task.of(one)
    site = making.Site.of(making.Kind.PAGE, root, root / "site", style, {task.page.path: "small"}, Kept())
    assert site.render(task) == site.render(replace(task, page=one.page, context=one.context, checked=one))


def test_a_draft_is_rendered_again_when_a_finding_on_it_goes(make: Make, root: Path) -> None:
    one = make(TEXT)

    def draft(findings: tuple[Finding, ...]) -> bool:
        (result,) = drafts([(one.page, findings)], one.context, root, open_kept(root))
        assert isinstance(result, Written)
        return result.changed

    assert draft((finding(),))
    assert not draft((finding(),))
    assert draft(())
