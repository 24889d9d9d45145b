"""Writing a file that is there as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put(file: Path, data: bytes) -> None:
    """Put `data` in the place of `file` at once, whoever reads it meanwhile; OSError where that is not possible."""
    half = file.with_name(f".half-{os.getpid()}-{file.name}")
    try:
        half.write_bytes(data)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
