"""Writing a page's folder so that it is either wholly the new one or wholly the old one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kap_content.model.errors import KapError

INDEX = "index.html"
MARK = b'<meta name="generator" content="kap-content'
"""What tells a folder that this program wrote from anybody else's."""


def write_folder(folder: Path, files: Mapping[str, bytes], shown: str) -> bool:
    """Make `folder` hold exactly `files` (relative path to content); False where it did already.

    Written beside its place and moved there. A folder that this program did not write, a file or a link in its
    place is a KapError, as is a disk that refuses; then what was there stays as it was. `shown` names the folder
    in messages.
    """
    try:
        if _holds(folder, files):
            return False
        _refuse_foreign(folder, shown)
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
        _exchange(fresh, folder)
    except OSError as error:
        raise _failed(shown, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def _exchange(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; if that fails, put the old one back."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = fresh.with_name(fresh.name + "-old")
    folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    if not folder.is_dir() or folder.is_symlink():
        return False
    there = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}
    return there == set(files) and all((folder / name).read_bytes() == content for name, content in files.items())


def _refuse_foreign(folder: Path, shown: str) -> None:
    if not os.path.lexists(folder):
        return
    ours = False
    if folder.is_dir() and not folder.is_symlink():
        index = folder / INDEX
        with suppress(OSError):
            ours = not any(folder.iterdir()) or (index.is_file() and MARK in index.read_bytes()[:4096])
    if not ours:
        raise KapError(
            f"{shown} exists and was not rendered by kap; nothing was written",
            help="Move it away, or set another output folder.",
        )


def _failed(shown: str, error: OSError) -> KapError:
    return KapError(f"Cannot write {shown}: {error.strerror or error}; what was there is unchanged")
