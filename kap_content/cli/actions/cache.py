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
from kap_content.load.whole import CACHE
from kap_content.model.errors import UsageError
from kap_content.report.model import counted


def info(options: Globals) -> int:
    """Print how many answers the cache holds, what else, and how large it is."""
    root = _root(options)
    answers = list(_sizes(root / FOLDER))
    other = [size for path in _entries(root / CACHE) if path.name != Path(FOLDER).name for size in _sizes(path)]
    put(
        f"{root / CACHE}\n"
        f"  answers to kap check      {counted(len(answers), 'file')}, {_size(answers)}\n"
        f"  registries and full texts {counted(len(other), 'file')}, {_size(other)}\n"
    )
    return 0


def clear(options: Globals, *, everything: bool) -> int:
    """Delete the answers, or the whole cache."""
    folder = _root(options) / (CACHE if everything else FOLDER)
    if folder.is_symlink():
        raise UsageError(f"{folder} is a link; it is not followed", help="Delete it yourself.")
    sizes = list(_sizes(folder))
    shutil.rmtree(folder, ignore_errors=True)
    options.say(f"{counted(len(sizes), 'file')} deleted, {_size(sizes)}")
    return 0


def _root(options: Globals) -> Path:
    from kap_content.load.project import find_root

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
