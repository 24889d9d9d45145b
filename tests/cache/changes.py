"""What can happen to the files of a project between two runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import CLAIMS as WITHOUT_QUOTATION
from tests.cli.conftest import PAGE

CLAIMS = WITHOUT_QUOTATION.replace("{page: 665}", '{page: 665, exact: "about half of what they had been"}')


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return change


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")

    return change


def same_size_and_time(root: Path) -> None:
    path = root / "pages/a.md"
    before = path.stat()
    path.write_text(PAGE.replace("by about half", "by about  all"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def replaced_by_a_link(root: Path) -> None:
    (root / "pages/a.md").rename(root / "a-text.md")
    (root / "pages/a.md").symlink_to(root / "a-text.md")


def replaced_by_its_copy(root: Path) -> None:
    shutil.copy2(root / "pages/a.md", root / "copy")
    (root / "copy").replace(root / "pages/a.md")


def settings_moved(root: Path) -> None:
    (root / "kap.toml").unlink()
    (root / "pyproject.toml").write_text("[tool.kap]\n", "utf-8")


def folder_moved_out(root: Path) -> None:
    (root / "pages").rename(root.parent / "pages")
    (root / "pages").symlink_to(root.parent / "pages")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a page edited": edit("pages/a.md", "by about half", "by two thirds"),
    "a page edited, its size and time as before": same_size_and_time,
    "a page touched": lambda root: (root / "pages/a.md").touch(),
    "a page replaced by its copy": replaced_by_its_copy,
    "a page added": write("pages/b.md", PAGE.replace("half", "a third")),
    "a page added in a new folder": write("pages/more/of/it/b.md", PAGE.replace("half", "a third")),
    "a page deleted": lambda root: (root / "pages/a.md").unlink(),
    "a page renamed": lambda root: (root / "pages/a.md").rename(root / "pages/c.md"),
    "a page made a link": replaced_by_a_link,
    "the pages moved out of the project": folder_moved_out,
    "all pages gone": lambda root: shutil.rmtree(root / "pages"),
    "a page without permissions": lambda root: (root / "pages/a.md").chmod(0),
    "a hidden page": write("pages/.b.md", PAGE),
    "another file among the pages": write("pages/note.txt", "None of a check's business."),
    "a claim edited": edit("claims.yaml", "by about half", "by two thirds"),
    "a claim withdrawn": edit("claims.yaml", "status: approved", "status: withdrawn"),
    "a claim damaged": edit("claims.yaml", "    category: statistic\n", "    category: [\n"),
    "a second claims file": write("claims/more.yaml", CLAIMS.replace("KET-1", "KET-2")),
    "the claims gone": lambda root: (root / "claims.yaml").unlink(),
    "the bibliography edited": edit("references.bib", "year = {2018}", "year = {2017}"),
    "the bibliography damaged": edit("references.bib", "  year = {2018},\n", "  year = {2018\n"),
    "the bibliography gone": lambda root: (root / "references.bib").unlink(),
    "a lock": write("references.lock", '{"records": {}, "version": 1}\n'),
    "a damaged lock": write("references.lock", "<<<<<<< ours\n"),
    "approvals": write("approvals.jsonl", '{"nothing": 1}\n'),
    "a source": write("sources/glue2018.txt", "Ratings fell."),
    "a source that is a hidden file": write("sources/.glue2018.txt", "Ratings fell."),
    "settings: severities": write("kap.toml", '[rules.severity]\nEVD009 = "error"\nDOI004 = "error"\n'),
    "settings: other pages": write("kap.toml", 'pages = "text/*.md"\n'),
    "settings damaged": write("kap.toml", "pages = \n"),
    "settings gone": lambda root: (root / "kap.toml").unlink(),
    "settings in pyproject.toml": settings_moved,
    "a word more": write("words.txt", "wholly\nabout half\n"),
    "the words gone": lambda root: (root / "words.txt").unlink(),
}
