"""Standard output and standard error."""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False  # type checkers know the name; `typing` itself takes long to import
if TYPE_CHECKING:
    from typing import TextIO


def prepare() -> None:
    """Make both streams speak UTF-8, wherever they lead; one that was closed (`>&-`) leads nowhere."""
    # Opened in their order, so that each takes the number that is free for it.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Findings quote names in every script; a C locale or an old Windows code page must not stop them.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - no file of a folder


def put(text: str) -> None:
    """Print `text` to standard output; a reader that has seen enough (`| head`) is no error."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except OSError as error:
        _end(error)


def put_bytes(text: bytes) -> None:
    """Print what is UTF-8 already, as `put` does."""
    if os.linesep != "\n" or not hasattr(sys.stdout, "buffer"):  # only text has its line ends made the system's
        put(text.decode())
        return
    try:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    except OSError as error:
        _end(error)


def _end(error: OSError) -> None:
    """Write no more where the reader has gone, which Windows calls an invalid argument; else say why and end with 2."""
    # What Python would flush at its end has nowhere to go either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError) and not (os.name == "nt" and error.errno == errno.EINVAL):
        print(f"kap: the standard output cannot be written: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(2)
