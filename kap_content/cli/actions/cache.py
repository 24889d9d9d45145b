"""`kap cache`: what lies in `.kap_cache`, and forgetting it. Nothing there is needed for a right answer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kap_content.cli.given import Globals
from kap_content.cli.quick.unchanged import FOLDER
from kap_content.cli.terminal.streams import put
from kap_content.load.inside import CACHE
from kap_content.model.errors import ProjectError, UsageError
from kap_content.report.model import counted

_QUICK = {
    "answers to kap check": (Path(FOLDER).name,),
    "pages as last checked": ("pages.db",),
    "project as last checked": ("snapshot.db", "staged.db"),
    "pages as last rendered": ("rendering.db",),
    "start of the program": ("start",),
}
"""What makes runs quick, by the names of files and folders in the cache, those of SQLite beside them included."""


def info(options: Globals) -> int:
    """Print what the cache holds, and how large that is."""
    root = _root(options)
    entries = _entries(root / CACHE)
    lines = [str(root / CACHE)]
    for told, names in _QUICK.items():
        lines.append(_line(told, [path for path in entries if _is_of(path, names)]))
    lines.append(_line("registries and full texts", [path for path in entries if not _is_quick(path)]))
    put("\n".join(lines) + "\n")
    return 0


def clear(options: Globals, *, everything: bool) -> int:
    """Delete what makes runs quick, or the whole cache."""
    folder = _root(options) / CACHE
    doomed = [folder] if everything else [path for path in _entries(folder) if _is_quick(path)]
    link = next((path for path in (folder, *doomed) if path.is_symlink()), None)
    if link is not None:
        raise UsageError(f"{link} is a link; it is not followed", help="Delete it yourself.")
    before = [size for path in doomed for size in _sizes(path)]
    for path in doomed:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
    left = [size for path in doomed for size in _sizes(path)]
    options.say(f"{counted(len(before) - len(left), 'file')} deleted, {_size([sum(before) - sum(left)])}")
    if left:
        raise ProjectError(f"{counted(len(left), 'file')} of {folder} cannot be deleted", help="Check the permissions.")
    return 0


def _line(told: str, paths: list[Path]) -> str:
    sizes = [size for path in paths for size in _sizes(path)]
    return f"  {told:<25} {counted(len(sizes), 'file')}, {_size(sizes)}"


def _is_of(path: Path, names: tuple[str, ...]) -> bool:
    return any(path.name == name or path.name.startswith(f"{name}-") for name in names)


def _is_quick(path: Path) -> bool:
    return any(_is_of(path, names) for names in _QUICK.values())


def _root(options: Globals) -> Path:
    from kap_content.load.inside import find_root

    return find_root(options.project or Path.cwd())


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _sizes(path: Path) -> Iterator[int]:
    """The sizes of the files at or below `path`."""
    with suppress(OSError):
        if path.is_file():
            yield path.stat().st_size
    for folder, _, names in os.walk(path):
        for name in names:
            with suppress(OSError):
                yield Path(folder, name).lstat().st_size


def _size(sizes: list[int]) -> str:
    return f"{sum(sizes) / 1024:,.0f} kB"
