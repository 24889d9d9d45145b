"""What every start would work out anew and a file can keep: regular expressions compiled, word lists read.

To compile the patterns that one page needs takes Python some 80 ms, to read the word lists 25 ms; to take both from a
file takes 5 ms. Python's compiler makes a list of numbers of an expression, and its matcher takes that list as it is,
after a check (`_sre.compile`, the last step of `re.compile`). Where an edition of Python has no such step, where there
is no file, or one that is damaged, or was written by another version or installation, all is made anew.

A pattern is kept under its whole source, a list under a hash of its file and with what the module that reads it looks
like: nothing here can be out of date. The file
names the inode and times of this installation, so that one that came with the project of a stranger is not believed.
This module handles bytes; `kap_content.cli.quick.start` reads and writes the file.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from array import array
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TypeVar, cast

T = TypeVar("T")

_LARGEST = 4_000_000
"""Bytes of the file: a tenth suffices; one that outgrew it (rules changed many times) begins anew, empty."""

_Entry = tuple[int, int, dict[str, int], list[str | None], bytes]
"""Of a pattern: its flags, how many groups, groups by name, the names in order, and its code."""


class _Memory:
    """What former runs found out, and what this one did."""

    def __init__(self) -> None:
        self.patterns: dict[str, _Entry] = {}
        self.values: dict[str, object] = {}
        self.is_new = False


_memory = _Memory()


def compiled(source: str, flags: int) -> re.Pattern[str]:
    """As `re.compile`, from what is kept where that is possible."""
    key = f"{flags} {source}"
    entry = _memory.patterns.get(key)
    if entry is not None:
        try:
            return _restored(source, entry)
        except (AttributeError, RuntimeError, TypeError, ValueError):  # not of this Python after all
            del _memory.patterns[key]
    try:
        entry = _entry(source, flags)
        pattern = _restored(source, entry)
    except (AttributeError, ImportError, RuntimeError, TypeError, ValueError):
        return re.compile(source, flags)
    _memory.patterns[key] = entry
    _memory.is_new = True
    return pattern


def kept(name: str, make: Callable[[], T]) -> T:
    """What `make` gives, from what is kept under `name` where that is possible: of the types of JSON only.

    JSON has no tuples: a sequence may come back as a list. Another edition of the module of `make` may make something
    else: the name counts together with what its file looks like.
    """
    try:
        key = f"{name} {_looks(make.__code__.co_filename)}"
    except OSError:  # in an archive
        return make()
    if key not in _memory.values:
        _memory.values[key] = make()
        _memory.is_new = True
    return cast("T", _memory.values[key])


def _entry(source: str, flags: int) -> _Entry:
    """The first step of `re.compile`."""
    compiler = import_module("re._compiler")
    parsed = compiler._parser.parse(source, flags)  # noqa: SLF001 - there is no public step
    code = array("I", compiler._code(parsed, flags)).tobytes()  # noqa: SLF001 - there is no public step
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    return flags | state.flags, state.groups - 1, state.groupdict, names, code


def _restored(source: str, entry: _Entry) -> re.Pattern[str]:
    """The second step."""
    flags, groups, by_name, names, code = entry
    pattern: re.Pattern[str] = _sre().compile(source, flags, array("I", code).tolist(), groups, by_name, tuple(names))
    return pattern


def _sre() -> ModuleType:
    return import_module("_sre")


# The file.


def believe(data: bytes) -> None:
    """Take over what `dump` wrote in a former run; nothing, where that was not of this installation or is damaged."""
    head, _, body = data.partition(b"\n")
    if head != _head(body):
        return
    length, _, body = body.partition(b"\n")
    at = int(length)
    index = json.loads(body[:at])
    for key, (*entry, size) in index["patterns"].items():
        _memory.patterns[key] = (*entry, body[at : at + size])
        at += size
    _memory.values.update(index["values"])


def dump() -> bytes | None:
    """All that is known, for the next run; None where this run found out nothing."""
    if not _memory.is_new:
        return None
    patterns = dict(_memory.patterns)  # another thread may add to it
    known = {key: (*entry, len(code)) for key, (*entry, code) in patterns.items()}
    index = json.dumps({"patterns": known, "values": dict(_memory.values)}, separators=(",", ":")).encode()
    body = b"%d\n" % len(index) + index + b"".join(code for *_, code in patterns.values())
    return _head(body) + b"\n" + body if len(body) <= _LARGEST else b""


def _head(body: bytes) -> bytes:
    """The versions that a file holds for, and its check sum."""
    sre = _sre()
    versions = (sys.version, sre.MAGIC, sre.CODESIZE, sys.byteorder)
    return repr(("kap start 2", *versions, *_looks(__file__), zlib.crc32(body))).encode()


def _looks(path: str) -> tuple[int, int, int]:
    """What a file of this installation looks like."""
    status = os.stat(path)  # noqa: PTH116 - pathlib is slow to import
    return status.st_ino, status.st_ctime_ns, status.st_mtime_ns
