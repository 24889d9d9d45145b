"""Bytes to text, with a clear word for what is no text: the one place where a source file is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kap_content.model.finding import Problem
from kap_content.model.place import Place

PAGE_LIMIT = 8 * 1024 * 1024
"""The largest page that is read, in bytes; a long book chapter has a tenth of it."""

DATA_LIMIT = 512 * 1024 * 1024
"""The largest claims, bibliography or lock file that is read, in bytes."""

_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_SAMPLE = 1024


@dataclass(frozen=True, slots=True)
class Text:
    r"""A file's text: no byte order mark, every line end `\\n`."""

    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file gave no text."""

    problem: Problem


def read_text(path: Path, shown: str, *, code: str = "CLM009", limit: int = DATA_LIMIT) -> Text | Unreadable:
    """Read the file `path`, which findings call `shown`. Whatever hinders it becomes a problem of that code."""
    place = Place(shown)
    try:
        if path.is_dir():
            return Unreadable(Problem(code, place, "this is a folder; a file is meant", "Name the file itself."))
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        return Unreadable(Problem(code, place, "there is no such file", "Check the name, or make the file."))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Unreadable(Problem(code, place, f"the file cannot be read: {reason}", "Check its permissions."))
    if len(data) > limit:
        message = f"the file is larger than {limit // (1024 * 1024)} MB, too large to be meant"
        return Unreadable(Problem(code, place, message, "Split it, or leave it out of the settings."))
    return decode(data, shown, code=code)


def decode(data: bytes, shown: str, *, code: str = "CLM009") -> Text | Unreadable:
    """Decode UTF-8. Another encoding is named, with the first byte that gives it away."""
    encoding = _wide(data)
    if encoding:
        message = f"the file is {encoding}, not UTF-8"
        return Unreadable(Problem(code, Place(shown), message, "Save it as UTF-8 in your editor."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Unreadable(_undecodable(data, shown, code))
    text = unify_line_ends(text)
    nul = text.find("\0")
    if nul >= 0:
        message = "a NUL byte stands here: this is no text file, or it was damaged"
        return Unreadable(Problem(code, _at(text, nul, shown), message, "Restore the file, or save it as plain text."))
    return Text(text)


def unify_line_ends(text: str) -> str:
    r"""Make every line end `\\n` and drop a byte order mark."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32, by the byte order mark, or by the NUL bytes which every Latin letter brings along."""
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    for zeros, letters in ((sample[1::2], sample[0::2]), (sample[0::2], sample[1::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.8 * len(zeros) and letters.count(0) < 0.1 * len(letters):
            return "UTF-16"
    return ""


def _undecodable(data: bytes, shown: str, code: str) -> Problem:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    before = unify_line_ends(data[:start].decode("utf-8"))
    place = _at(before, len(before), shown)
    byte = data[start : start + 1]
    try:
        character = byte.decode("cp1252")
    except UnicodeDecodeError:
        message = f"the file is not UTF-8: byte 0x{byte.hex()} (number {start + 1} of the file) is no part of a letter"
        return Problem(code, place, message, "Save it as UTF-8 in your editor.")
    message = (
        f"the file is not UTF-8: byte 0x{byte.hex()} (number {start + 1} of the file) looks like windows-1252, "
        f"where it is “{character}”"
    )
    return Problem(code, place, message, "Save it as UTF-8 in your editor (open it as windows-1252 first).")


def _at(text: str, index: int, shown: str) -> Place:
    return Place(shown, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
