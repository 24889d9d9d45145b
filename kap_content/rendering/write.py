"""Writing a page's folder so that it is either wholly the new one or wholly the old one."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from kap_content.load.files import moved
from kap_content.load.looks import look
from kap_content.model.errors import KapError
from kap_content.rendering.style import RECORD, SCRIPT, STYLESHEET

INDEX = "index.html"
SIGNS = frozenset({INDEX, STYLESHEET, SCRIPT})
"""What every folder holds that this program wrote; without them or an audit record of its, it is somebody else's."""


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    shown: str,
    others: Collection[str] = frozenset(),
    signs: Collection[str] = SIGNS,
) -> bool:
    """Make `folder` hold exactly `files` (relative path to content); False where it did already.

    `others` names the subfolders that belong to other pages (`drugs/ketamine` below `drugs`): they stay. Written
    beside its place and moved there. A folder with neither the files named by `signs` nor an audit record (this
    program did not write it), a file or a link in its place is a KapError, as is a disk that refuses; then what was
    there stays as it was. `shown` names the folder in messages.
    """
    try:
        if holds(folder, {name: hash_of(content) for name, content in files.items()}, others):
            return False
        _refuse_foreign(folder, shown, others, signs)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _failed(shown, error) from error
    try:
        for name, content in files.items():
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        fresh.chmod(0o755)
        _exchange(fresh, folder, others)
    except OSError as error:
        raise _failed(shown, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def _exchange(fresh: Path, folder: Path, others: Collection[str]) -> None:
    """Put `fresh` in the place of `folder`; if that fails, put the old one back."""
    if not folder.exists():
        moved(fresh, folder)
        return
    old = fresh.with_name(fresh.name + "-old")
    moved(folder, old)
    kept: list[str] = []
    try:
        for name in others:
            if (old / name).is_dir():
                moved(old / name, fresh / name)
                kept.append(name)
        moved(fresh, folder)
    except OSError:
        for name in kept:
            moved(fresh / name, old / name)
        moved(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def hash_of(content: bytes) -> str:
    """The SHA-256 of what a file holds, in hexadecimal digits."""
    return sha256(content).hexdigest()


def holds(folder: Path, hashes: Mapping[str, str], others: Collection[str]) -> bool:
    """Whether `folder` holds exactly the files with these hashes, but for the subfolders `others`."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    there = {name for name, _ in _files(str(folder), others)}
    return there == set(hashes) and all(hash_of((folder / name).read_bytes()) == hashes[name] for name in there)


def looks_of(folder: Path, others: Collection[str]) -> dict[str, str] | None:
    """What the files look like that `holds` compares, by name; None where there is anything but plain files."""
    try:
        if folder.is_symlink():
            return None
        looks = {name: look(entry.path) for name, entry in _files(str(folder), others)}
    except OSError:
        return None
    return looks if all(looks.values()) else None


def _files(folder: str, others: Collection[str] = ()) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """The files in a folder and below it, links to folders left out, each by its relative path."""
    with os.scandir(folder) as scan:
        entries = [entry for entry in scan if entry.name not in others]
    for entry in entries:
        if not entry.is_dir():
            yield entry.name, entry
        elif not entry.is_symlink():
            yield from ((f"{entry.name}/{name}", inner) for name, inner in _files(entry.path))


def source_of(folder: Path) -> str | None:
    """The path of the page that a folder was rendered from, as its audit record names it; None where it has none."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        return str(record["page"]["path"]) if record["tool"]["name"] == "kap-content" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _refuse_foreign(folder: Path, shown: str, others: Collection[str], signs: Collection[str]) -> None:
    if not os.path.lexists(folder):
        return
    if folder.is_dir() and not folder.is_symlink():
        names = {path.name for path in folder.iterdir()} - set(others)
        if not names or names >= set(signs) or source_of(folder) is not None:
            return
    raise KapError(
        f"{shown} exists and was not rendered by kap; nothing was written",
        help="Move it away, or set another output folder.",
    )


def _failed(shown: str, error: OSError) -> KapError:
    return KapError(f"Cannot write {shown}: {error.strerror or error}; what was there is unchanged")
