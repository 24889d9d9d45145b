"""Appending to `approvals.jsonl`: one process at a time, a whole line or nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kap_content.load.globs import leads_out
from kap_content.load.inside import APPROVALS
from kap_content.model.errors import ProjectError


@contextmanager
def locked_log(root: Path) -> Iterator[int]:
    """Hold the project's log open for appending, alone; others wait. A log that was not there and stays empty goes.

    The lock goes with the process: nothing is left behind by one that is killed. A `ProjectError` where the log cannot
    be written.
    """
    if leads_out(root, APPROVALS):
        raise ProjectError(f"{APPROVALS} leads out of the project", help="Put the file itself into the project.")
    path = root / APPROVALS
    try:
        handle = _opened(path)
    except OSError as error:
        raise ProjectError(f"{APPROVALS} cannot be written: {error.strerror}") from error
    try:
        yield handle
    finally:
        with suppress(OSError):
            if os.fstat(handle).st_size == 0:
                path.unlink()
        os.close(handle)


def append_line(handle: int, line: str) -> int:
    """Append a line to the log that is held open, and give its number. Half of it never stays."""
    before = os.fstat(handle).st_size
    content = os.pread(handle, before, 0) if hasattr(os, "pread") else _read(handle)
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    data = gap + line.encode("utf-8", "surrogatepass") + b"\n"
    try:
        is_whole = os.write(handle, data) == len(data)
        os.fsync(handle)
    except OSError as error:
        _take_back(handle, before)
        raise ProjectError(f"{APPROVALS} cannot be written: {error.strerror}; nothing was recorded") from error
    if not is_whole:
        _take_back(handle, before)
        raise ProjectError(f"{APPROVALS} cannot be written: the disk is full; nothing was recorded")
    return (content + gap).count(b"\n") + 1


def _take_back(handle: int, size: int) -> None:
    with suppress(OSError):
        os.ftruncate(handle, size)


def _read(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _opened(path: Path) -> int:
    """The file, locked; opened again where another file took its place while this process waited."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            _lock(handle)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 40, os.SEEK_SET)  # far behind the end: who locks bytes there keeps nobody from reading
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
