"""Paths as people see them: with forward slashes on every system. Pure, so that each system's rules can be tested."""

from __future__ import annotations

import ntpath
import posixpath
from pathlib import PurePath, PureWindowsPath


def seen_from(here: PurePath, path: PurePath) -> str:
    """An absolute path as seen from the folder `here`; whole where no way leads there (another drive)."""
    system = ntpath if isinstance(path, PureWindowsPath) else posixpath
    try:
        return type(path)(system.relpath(str(path), str(here))).as_posix()
    except ValueError:
        return path.as_posix()


def below(folder: PurePath, path: PurePath) -> str | None:
    """An absolute path as named from a folder that it lies in; None where it lies elsewhere."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None
