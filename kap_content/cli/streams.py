"""Standard output and standard error."""

from __future__ import annotations

import os
import sys


def prepare() -> None:
    """Make both streams speak UTF-8, wherever they lead."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Findings quote names in every script; a C locale or an old Windows code page must not stop them.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def put(text: str) -> None:
    """Print `text` to standard output; a reader that has seen enough (`| head`) is no error."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python would flush at its end has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
