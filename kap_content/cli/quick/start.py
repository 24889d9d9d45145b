"""The file in which `kap_content.startup.kept` keeps what every start would work out anew: `.kap_cache/start`."""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from pathlib import Path

from kap_content.startup import kept
from kap_content.startup.file import put

FILE = ".kap_cache/start"

_begun: set[Path] = set()


def begin(root: Path, *, keep: bool) -> None:
    """Take over what former runs in this project kept, and write what this one finds out when the process ends."""
    file = root / FILE
    if not keep or file in _begun or os.environ.get("KAP_NO_CACHE") or file.parent.is_symlink():
        return
    _begun.add(file)
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept.believe(file.read_bytes())
    atexit.register(_write, file)


def _write(file: Path) -> None:
    """Keep what this run found out. What hinders that is no fault of the run's."""
    data = kept.dump()
    if data is None:
        return
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        ignore = file.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        put(file, data)
