"""Whether any file of a project changed: one mark of all names, sizes and times of change. Nothing is opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


def mark_of(root: Path, output: Path) -> str:
    """A mark of all files below `root`, hidden folders and the folder `output` left out."""
    digest = hashlib.sha256()
    for path, size, changed in sorted(_files(root, output)):
        digest.update(f"{path}\0{size}\0{changed}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _files(folder: Path, output: Path) -> Iterator[tuple[str, int, int]]:
    """Every file below `folder`: path, size, time of change."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED:
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                if Path(entry.path) != output:
                    yield from _files(Path(entry.path), output)
            else:
                status = entry.stat()
                yield entry.path, status.st_size, status.st_mtime_ns
        except OSError:
            continue
