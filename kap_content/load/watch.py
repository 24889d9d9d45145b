"""Whether any file of a project changed: all names, sizes and times of change. Nothing is opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kap_content.load.inside import APPROVALS

_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})


@dataclass(frozen=True)
class Files:
    """The files of a project at one moment: size, time of change and number (inode) by path, relative to its root."""

    states: Mapping[str, tuple[int, int, int]]

    @cached_property
    def mark(self) -> str:
        """A short mark of them all, which changes when any does."""
        digest = hashlib.sha256()
        for path, state in sorted(self.states.items()):
            digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]

    def unlike(self, other: Files) -> frozenset[str]:
        """The paths of the files that came, went or changed between the two."""
        return frozenset(path for path, _ in self.states.items() ^ other.states.items())


def files_of(root: Path, output: Path, also: Iterable[str] = ()) -> Files:
    """The files below `root`, hidden ones and the folder `output` left out, but for those that `also` names."""
    top = len(str(root)) + 1
    states = {path[top:]: state for path, state in _files(root, output)}
    for path in also:
        try:
            states[path] = _state((root / path).stat())
        except OSError:
            continue
    # It holds nothing while the first decision is being made, and goes where that is refused.
    if states.get(APPROVALS, (1,))[0] == 0:
        del states[APPROVALS]
    return Files(states)


def mark_of(root: Path, output: Path) -> str:
    """A mark of all files below `root`, hidden ones and the folder `output` left out."""
    return files_of(root, output).mark


def _files(folder: Path, output: Path) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Every file below `folder` with its state."""
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
                yield entry.path, _state(entry.stat())
        except OSError:
            continue


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino
