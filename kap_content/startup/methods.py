"""The methods of data classes, compiled once for an installation and not at every start.

`dataclasses` writes the methods of a class as text and has Python compile it: 0.7 ms a class, and a check has some two
hundred of them. What a text compiles to is kept beside the compiled modules, in `__pycache__`: it is of the same kind,
belongs to the same edition of Python, and who may write there can write modules as well. Without the file, or where it
is damaged or may not be written, all is compiled as ever.
"""

from __future__ import annotations

import atexit
import builtins
import marshal
import sys
import zlib
from contextlib import suppress

_LARGEST = 4_000_000
"""Bytes of the file: a tenth suffices; one that outgrew it (classes changed many times) begins anew."""

_OF = ("kap_content.", "markdown_it.")
"""The modules whose data classes are kept: those that a check needs."""

_HEAD = f"kap methods 1 {sys.version}\n".encode()


class Compiled:
    """What texts compile to, in `file`."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._codes: dict[str, bytes] = {}
        self._is_new = False
        with suppress(OSError, ValueError, EOFError, TypeError), open(file, "rb") as opened:  # noqa: PTH123 - pathlib is slow to import
            self._codes = _read(opened.read())

    def execute(self, source: str, names: dict[str, object], own: dict[str, object]) -> None:
        """As `exec`, for the texts of `dataclasses`."""
        known = self._codes.get(source)
        if known is None:
            code = compile(source, "<string>", "exec")
            if str(names.get("__name__")).startswith(_OF):
                self._codes[source] = marshal.dumps(code)
                self._is_new = True
        else:
            code = marshal.loads(known)  # noqa: S302 - from beside the modules, with a check sum
        builtins.exec(code, names, own)  # noqa: S102 - what `dataclasses` does itself

    def keep(self) -> None:
        """Keep what is new for the next run. What hinders that is no fault of this one's."""
        if not self._is_new:
            return
        body = marshal.dumps(dict(self._codes))
        if len(body) > _LARGEST:
            body = marshal.dumps({})
        from pathlib import Path  # here: it is slow to import, and few runs have anything to keep

        from kap_content.startup.file import put

        with suppress(OSError):
            put(Path(self._file), _HEAD + _sum(body) + body)


def begin(*, keep: bool = not sys.dont_write_bytecode) -> None:
    """Have data classes take their methods from what is kept, and keep what is new when the process ends."""
    import dataclasses  # here: most runs end before they need it

    cached = __spec__.cached
    if cached is None or hasattr(dataclasses, "exec"):
        return
    compiled = Compiled(f"{cached.removesuffix('.pyc')}.kept")
    dataclasses.exec = compiled.execute  # type: ignore[attr-defined] # it finds this name before the built-in one
    if keep:
        atexit.register(compiled.keep)


def _read(data: bytes) -> dict[str, bytes]:
    body = memoryview(data)[len(_HEAD) + 4 :]
    if not data.startswith(_HEAD + _sum(body)):
        return {}
    found = marshal.loads(body)  # noqa: S302 - from beside the modules, with a check sum
    return found if isinstance(found, dict) else {}


def _sum(body: bytes | memoryview) -> bytes:
    return zlib.crc32(body).to_bytes(4, "big")
