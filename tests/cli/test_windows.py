"""What holds on Windows, as far as another system can tell: its paths, its refusals, and what it does not have."""

from __future__ import annotations

import ast
import errno
import os
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from kap_content.cli.paths import below, seen_from
from kap_content.cli.terminal import streams
from kap_content.load import files
from kap_content.load.addresses import resolve
from kap_content.load.files import moved, write_atomically
from kap_content.load.globs import normal, selects
from kap_content.model.errors import ProjectError

ROOT = Path(__file__).resolve().parents[2]
NOT_THERE = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
"""Modules that Python has on other systems only."""


@pytest.mark.parametrize(
    ("here", "path", "shown"),
    [
        (PureWindowsPath(r"C:\site"), PureWindowsPath(r"C:\site\pages\a.md"), "pages/a.md"),
        (PureWindowsPath(r"C:\site\pages"), PureWindowsPath(r"C:\site\claims.yaml"), "../claims.yaml"),
        (PureWindowsPath(r"c:\SITE"), PureWindowsPath(r"C:\site\pages\a.md"), "pages/a.md"),
        (PureWindowsPath(r"C:\Users\me"), PureWindowsPath(r"D:\site\pages\a.md"), "D:/site/pages/a.md"),
        (PureWindowsPath(r"C:\site"), PureWindowsPath(r"\\server\share\pages\a.md"), "//server/share/pages/a.md"),
        (PureWindowsPath(r"\\server\share\site"), PureWindowsPath(r"\\server\share\site\a b.md"), "a b.md"),
        (PurePosixPath("/site/pages"), PurePosixPath("/site/claims.yaml"), "../claims.yaml"),
        (PurePosixPath("/site"), PurePosixPath("/site/a\\b.md"), "a\\b.md"),
    ],
)
def test_paths_are_shown_with_forward_slashes_from_where_one_stands(here: PurePath, path: PurePath, shown: str) -> None:
    assert seen_from(here, path) == shown


def test_paths_of_the_command_line_are_named_as_the_project_names_them() -> None:
    folder = PureWindowsPath(r"C:\site")
    assert below(folder, PureWindowsPath(r"C:\site\pages\drugs\a.md")) == "pages/drugs/a.md"
    assert below(folder, PureWindowsPath(r"c:\Site\pages\a.md")) == "pages/a.md"
    assert below(folder, PureWindowsPath(r"D:\site\pages\a.md")) is None


def test_settings_may_be_written_with_backslashes() -> None:
    assert normal("pages\\**\\*.md") == "pages/**/*.md"
    assert selects("pages\\**\\*.md", "pages/drugs/a.md")


@pytest.mark.parametrize("path", ["C:\\secret.csv", "\\\\server\\share\\x.csv", "..\\x.csv", "a\\b.csv"])
def test_no_page_reaches_a_file_by_a_windows_path(path: str) -> None:
    assert resolve("pages/a.md", path) is None


def refuse(monkeypatch: pytest.MonkeyPatch, times: int, code: int = 32) -> None:
    """Make `Path.replace` what it is on Windows: refused so often, then done. There are no pauses between."""
    done, left = Path.replace, [times]

    def replace(source: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            error = PermissionError(errno.EACCES, "The process cannot access the file")
            error.winerror = code  # type: ignore[attr-defined] # as on Windows
            raise error
        return done(source, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(files, "_PAUSES", (0, 0, 0))


def test_a_file_that_another_program_has_open_for_a_moment_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "references.lock"
    target.write_text("old", "utf-8")
    refuse(monkeypatch, 3)
    assert write_atomically(target, "new")
    assert target.read_text("utf-8") == "new"


@pytest.mark.parametrize(("times", "code"), [(9, 32), (1, 1)])
def test_a_file_that_stays_refused_is_told_of_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, code: int
) -> None:
    target = tmp_path / "references.lock"
    target.write_text("old", "utf-8")
    refuse(monkeypatch, times, code)
    with pytest.raises(ProjectError, match="cannot be written"):
        write_atomically(target, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["references.lock"]
    assert target.read_text("utf-8") == "old"


def test_a_folder_is_moved_too(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    moved(tmp_path / "fresh", tmp_path / "site")
    assert (tmp_path / "site").is_dir()


def test_a_reader_that_has_gone_is_no_error_by_either_name(monkeypatch: pytest.MonkeyPatch) -> None:
    silenced = []
    monkeypatch.setattr(os, "dup2", lambda *handles: silenced.append(handles))
    streams._end(BrokenPipeError())
    with pytest.raises(SystemExit):
        streams._end(OSError(errno.EINVAL, "Invalid argument"))
    monkeypatch.setattr(streams.os, "name", "nt")
    streams._end(OSError(errno.EINVAL, "Invalid argument"))
    assert len(silenced) == 3


def sources() -> list[Path]:
    return sorted((ROOT / "kap_content").rglob("*.py"))


def test_no_module_needs_at_its_import_what_windows_has_not() -> None:
    found = []
    for path in sources():
        for node in ast.parse(path.read_text("utf-8")).body:
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path.name}: {name}" for name in names if name.partition(".")[0] in NOT_THERE]
    assert found == []


def test_files_are_read_and_written_in_a_named_encoding() -> None:
    """Elsewhere the default is UTF-8, on Windows it is the code page."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name, given = node.func.attr, {keyword.arg for keyword in node.keywords}
                bare = (name == "read_text" and not node.args) or (name == "write_text" and len(node.args) < 2)
                if bare and "encoding" not in given:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []
