"""Writing files so that a reader sees the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from kap_content.model.errors import ProjectError


def write_atomically(path: Path, content: str | bytes) -> bool:
    """Write `content`, text as UTF-8, through a temporary file beside it; False where the file already held just that.

    A link is followed: the file it leads to is replaced, the link stays. What is no file (`/dev/stdout`, a pipe) is
    written to as it is. A `ProjectError` where it cannot be written.
    """
    payload = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    target = path.resolve()
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(payload)
            return True
        if target.is_file() and target.read_bytes() == payload:
            return False
        import tempfile

        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(payload)
                file.flush()
                os.fsync(file.fileno())
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            Path(name).chmod(mode)
            moved(Path(name), target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        step = "" if target.parent.is_dir() else f"Make the folder {path.parent} first."
        raise ProjectError(f"{path} cannot be written: {error.strerror}", help=step) from error
    return True


def moved(source: Path, target: Path) -> None:
    """Move a file or folder to a name on the same disk; a file that is there is replaced, in one step.

    Windows refuses while another program has one of them open, as virus scanners and editors do for a moment: it is
    tried again for about a second. An `OSError` where it stays refused, or fails for another reason.
    """
    for pause in (*_PAUSES, None):
        try:
            source.replace(target)
        except PermissionError as error:
            if pause is None or getattr(error, "winerror", None) not in _IN_USE:
                raise
            time.sleep(pause)
        else:
            return


_IN_USE = (5, 32)
"""ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION of Windows."""
_PAUSES = (0.01, 0.03, 0.1, 0.3, 0.6)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
