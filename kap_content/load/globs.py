"""Finding a project's files: globs with `**`, sorted, never out of the project."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kap_content.startup.regex import regex

_MAGIC = regex(r"[*?\[]")


def is_glob(pattern: str) -> bool:
    """Whether `pattern` holds a wildcard; else it names one file."""
    return _MAGIC.search(pattern) is not None


@dataclass(slots=True)
class Matches:
    """Paths relative to the root with forward slashes, sorted; those apart that are links out of the project.

    `closed` are the folders that cannot be looked into.
    """

    files: list[str] = field(default_factory=list)
    outside_files: list[str] = field(default_factory=list)
    outside_folders: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


def matches(root: Path, pattern: str) -> Matches:
    """The files under `root` that the glob names. Hidden folders are not entered unless the pattern names them."""
    found = Matches()
    pattern = normal(pattern)
    parts = pattern.split("/")
    fixed = next((index for index, part in enumerate(parts) if is_glob(part)), len(parts) - 1)
    base = "/".join(parts[:fixed])
    real_root = os.path.realpath(root)
    if leads_out(root, base, real_root):
        found.outside_folders.append(base)
        return found
    expression = _compiled(pattern)
    outside: list[str] = []
    found.files = sorted(
        path for path in _walk(str(root), base, real_root, set(), outside, found.closed) if expression.fullmatch(path)
    )
    for path in sorted(outside):
        if (root / path).is_dir():
            found.outside_folders.append(path)
        elif expression.fullmatch(path):
            found.outside_files.append(path)
    return found


def selects(pattern: str, path: str) -> bool:
    """Whether `path` (relative, forward slashes) is what the glob, or the name, means."""
    pattern = normal(pattern)
    return _compiled(pattern).fullmatch(path) is not None if is_glob(pattern) else path == pattern


@cache
def normal(pattern: str) -> str:
    """The pattern with forward slashes, without `./`."""
    return "/".join(part for part in pattern.replace("\\", "/").split("/") if part not in ("", "."))


def leads_out(root: Path, path: str, real_root: str | None = None) -> bool:
    """Whether `path`, its links followed, lies outside the project."""
    real_root = real_root or os.path.realpath(root)
    real = os.path.realpath(os.path.join(root, path))  # noqa: PTH118 - the fast path of a thousand files
    return real != real_root and not real.startswith(real_root.rstrip(os.sep) + os.sep)


def _walk(
    root: str, folder: str, real_root: str, entered: set[str], outside: list[str], closed: list[str]
) -> Iterator[str]:
    for entry in _entries(root, folder, closed):
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_symlink():
            if leads_out(Path(root), path, real_root):
                outside.append(path)
                continue
            if _is_folder(entry):
                real = os.path.realpath(entry.path)
                if real in entered:
                    continue
                entered.add(real)
        if _is_folder(entry):
            if not entry.name.startswith("."):
                yield from _walk(root, path, real_root, entered, outside, closed)
        elif not entry.name.startswith("."):
            yield path


def _entries(root: str, folder: str, closed: list[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(f"{root}/{folder}" if folder else root) as scan:
            return sorted(scan, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        closed.append(folder)
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(_expression(pattern.split("/")))
    except re.error:  # a class such as [z-a]: taken as it is written
        return re.compile(re.escape(pattern))


def _expression(parts: list[str]) -> str:
    made = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            made += r".*" if last else r"(?:[^/]+/)*"
        else:
            made += _segment(part) + ("" if last else "/")
    return made


def _segment(part: str) -> str:
    made, index = "", 0
    while index < len(part):
        character = part[index]
        close = part.find("]", index + 2)
        if character == "*":
            made += "[^/]*"
        elif character == "?":
            made += "[^/]"
        elif character == "[" and close > 0:
            inside = part[index + 1 : close].replace("\\", r"\\").replace("[", r"\[")
            made += "[" + ("^" + inside[1:] if inside[0] == "!" else inside) + "]"
            index = close
        else:
            made += re.escape(character)
        index += 1
    return made
