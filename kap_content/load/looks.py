"""What files look like: where that is as it was, so is what they hold."""

from __future__ import annotations

import os
import stat

_TICK = 20_000_000  # nanoseconds; clocks of file systems are coarser than the processor's
_COARSE_TICK = 2_000_000_000  # of file systems that count in whole milliseconds or seconds


def look(path: str) -> str:
    """Times, size and inode of a plain file; empty for anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    return f"{status.st_mtime_ns}/{status.st_ctime_ns}/{status.st_size}/{status.st_ino}"


def is_recent(stamp: str, moment: int) -> bool:
    """Whether a file that looks so changed so shortly before a moment (in ns) that one more change might not show."""
    if not stamp:
        return False
    times = stamp.split("/")
    # The first time can be set by anybody, the second not; on Windows it is the time of creation.
    changed = int(times[0] if os.name == "nt" else times[1])
    return changed > moment - (_TICK if changed % 1_000_000 else _COARSE_TICK)
