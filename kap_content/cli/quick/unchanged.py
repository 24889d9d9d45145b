"""Answering `kap check` from the last run, where nothing that it rests on has changed.

This module is the first that runs, and mostly the only one: it imports nothing that takes time to import. How it works:

* `asked` reads the command line. Only a plain `kap check` of the whole project is served; for everything else it
  gives None, and the command runs as if this module did not exist.
* A question is all that shapes an answer beside files: the version, the options, the folder, the date, the terminal,
  the environment's KAP_ variables. Another day is another question.
* An answer names the files and folders that it rests on (its places) with what they looked like (`look`): names,
  times, sizes and inodes, or a hash of their contents for `--verify`. The tool's own files are among them. Only where
  all look as they did is the answer given again.
* Whatever is in doubt (a link, a damaged file, another form) is no answer, and the full run follows.

`kap_content.cli.quick.remember` is the other half: it keeps the answer of a full run.
"""

from __future__ import annotations

import os
import sys
import time
import zlib

from kap_content import __version__

LOADED = time.time_ns()
"""When the program was loaded: this module is the first."""
FOLDER = ".kap_cache/checks"
_MAGIC = b"kap check 1\n"
_TOOL = os.path.realpath(__file__).rsplit(os.sep, 3)[0]  # by hand: pathlib is slow to import
_VALUES = {"--format", "--as-of", "--fail-on", "--project"}
_FLAGS = {"--no-color", "--quiet", "-q", "--verify"}
_SEPARATOR = "\0"  # the one character that no file name holds


class Aside(Exception):  # noqa: N818 - not an error: the full run takes over
    """Something here is not served from the cache."""


class Question:
    """What was asked of which project: equal questions about equal files have equal answers.

    `seen` is what the places of the last answer looked like when it was asked; None where there was none.
    """

    __slots__ = ("as_of", "options", "root", "seen", "text", "verify")

    def __init__(self, root: str, as_of: str, options: dict[str, str]) -> None:
        self.root = root
        self.as_of = as_of
        self.text = _SEPARATOR.join([basis(root), as_of, *_presentation(options)])
        self.options = options
        self.verify = "--verify" in options
        self.seen: Seen | None = None

    @property
    def file(self) -> str:
        """Where the answer is kept."""
        return f"{self.root}/{FOLDER}/{zlib.crc32(_bytes(self.text)):08x}"


class Seen:
    """What the files of a project's places looked like: those of the tool, which is the first place, and all others."""

    __slots__ = ("others", "places", "root", "tool")

    def __init__(self, root: str, places: list[str]) -> None:
        self.root = root
        self.places = places
        self.tool = look(root, places[:1])
        self.others = look(root, places[1:])

    @property
    def all(self) -> bytes:
        """As `look` gives it of all places."""
        return self.tool + _SEPARATOR.encode() + self.others


class Answer:
    """What a run printed, as UTF-8, and its exit code, with what that rests on."""

    __slots__ = ("code", "contents", "places", "seen", "text")

    def __init__(self, text: bytes, code: int, places: list[str], seen: bytes, contents: str) -> None:
        self.text = text
        self.code = code
        self.places = places
        self.seen = seen
        self.contents = contents


def asked(arguments: list[str]) -> Question | None:
    """The question that this command line puts, or None where it is not one that is served from the cache."""
    if os.environ.get("KAP_NO_CACHE"):
        return None
    options = _options(arguments)
    if options is None:
        return None
    try:
        root = _root(os.path.realpath(options.get("--project", ".")))
        as_of = options.get("--as-of") or time.strftime("%Y-%m-%d")
        return Question(root, as_of, options)
    except (Aside, OSError, ValueError):
        return None


def answer(question: Question) -> Answer | None:
    """The kept answer, if it still holds."""
    try:
        with open(question.file, "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            kept = parse(file.read(), question)
        if question.verify:
            holds = kept.contents != "" and contents(question.root, kept.places) == kept.contents
        else:
            question.seen = Seen(question.root, kept.places)
            holds = question.seen.all == kept.seen
    except (Aside, OSError, ValueError):
        return None
    return kept if holds else None


def dump(question: Question, kept: Answer) -> bytes:
    """An answer as the bytes of its file: a head with a check sum and lengths, then the parts."""
    places = _bytes(_SEPARATOR.join(kept.places))
    parts = [_bytes(question.text), places, kept.seen, kept.contents.encode(), kept.text]
    body = f"{kept.code} {' '.join(str(len(part)) for part in parts)}\n".encode() + b"".join(parts)
    return _MAGIC + f"{zlib.crc32(body):08x}\n".encode() + body


def parse(data: bytes, question: Question) -> Answer:
    """Read what `dump` wrote for this question; `Aside` where it is damaged, or answers another."""
    start = len(_MAGIC) + 9
    with memoryview(data) as view:  # a report may be large: it is not copied for its check sum
        check_sum = f"{zlib.crc32(view[start:]):08x}\n".encode()
    if not data.startswith(_MAGIC) or data[len(_MAGIC) : start] != check_sum:
        raise Aside
    end = data.index(b"\n", start)
    code, *lengths = (int(number) for number in data[start:end].split())
    parts = []
    for length in lengths:
        parts.append(data[end + 1 : end + 1 + length])
        end += length
    text, places, seen, hashes, output = parts
    if text != _bytes(question.text):
        raise Aside
    return Answer(output, code, places.decode("utf-8", "surrogatepass").split(_SEPARATOR), seen, hashes.decode())


# What is looked at. A place is `file//PATH`, or `tree/SUFFIX/PATH`: all files below a folder whose names end so,
# without hidden folders, as in globs. Paths are relative to the project's folder; the tool's are absolute.


def file_place(path: str) -> str:
    """The place of one file, there or not."""
    return f"file//{path}"


def tree_place(path: str, suffix: str = "") -> str:
    """The place of all files below a folder whose names end with `suffix`."""
    return f"tree/{suffix}/{path}"


TOOL_PLACE = tree_place(_TOOL)


def look(root: str, places: list[str]) -> bytes:
    """Names, times, sizes and inodes of all files of the places. `Aside` where a link is on the way."""
    seen: list[str] = []
    for path, names in _files(root, places):
        seen.append(path)
        seen += names
    return _bytes(_SEPARATOR.join(seen))


def contents(root: str, places: list[str]) -> str:
    """A hash of the contents of all files of the places. `Aside` where a link is on the way."""
    from hashlib import sha256

    whole = sha256()
    for folder, names in _files(root, places):
        for line in names:
            name = line.rpartition("//")[0]
            path = f"{folder}/{name}" if folder else name
            whole.update(_bytes(f"{path}{_SEPARATOR}"))
            try:
                with open(path, "rb") as file:  # noqa: PTH123 - pathlib is slow to import
                    data = file.read()
            except FileNotFoundError:
                whole.update(b"absent")
            else:
                whole.update(f"{len(data)}\n".encode())
                whole.update(data)
    return whole.hexdigest()


def _files(root: str, places: list[str]) -> list[tuple[str, list[str]]]:
    """For each folder its files, each as `name//times/size/inode`; a file named by itself has the folder “”."""
    found: list[tuple[str, list[str]]] = []
    for place in places:
        kind, suffix, relative = place.split("/", 2)
        path = os.path.join(root, relative) if relative else root  # noqa: PTH118 - pathlib is slow to import
        if place != TOOL_PLACE and os.path.realpath(path) != os.path.abspath(path):  # noqa: PTH100 - pathlib is slow to import
            raise Aside
        if kind == "file":
            found.append(("", [f"{path}//{_stamp(path)}"]))
        else:
            _walk(path, suffix, found)
    return found


def _walk(folder: str, suffix: str, found: list[tuple[str, list[str]]]) -> None:
    names: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as scan:
            for entry in scan:
                name = entry.name
                if (name[0] == "." and suffix) or name == "__pycache__":
                    continue
                if entry.is_symlink():
                    raise Aside
                if entry.is_dir(follow_symlinks=False):
                    if name[0] != ".":
                        folders.append(entry.path)
                elif name.endswith(suffix):
                    # On Windows what a listing says of a file may be older than the file.
                    status = entry.stat(follow_symlinks=False) if os.name != "nt" else os.stat(entry.path)  # noqa: PTH116 - pathlib is slow to import
                    names.append(f"{name}//{status.st_mtime_ns}/{status.st_ctime_ns}/{status.st_size}/{status.st_ino}")
    except (FileNotFoundError, NotADirectoryError):
        found.append((f"{folder}//absent", []))
        return
    names.sort()
    folders.sort()
    found.append((folder, names))
    for inner in folders:
        _walk(inner, suffix, found)


def _stamp(path: str) -> str:
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return "absent"
    return f"{status.st_mtime_ns}/{status.st_ctime_ns}/{status.st_size}/{status.st_ino}"


# What is asked.


def _options(arguments: list[str]) -> dict[str, str] | None:
    """The options of a `kap check` in a form that is served: each at most once, values as they are documented."""
    options: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word in _FLAGS:
            value = word
        elif name in _VALUES:
            value = value if equals else next(words, "")
            if not value or value[0] == "-":
                return None
        elif word != "check":
            return None
        if name in options:
            return None
        options[name] = value
    is_plain = (
        "check" in options
        and options.get("--format", "text") in ("text", "json")
        and options.get("--fail-on", "error") in ("error", "warning", "note")
        and _is_date(options.get("--as-of", "2026-11-22"))
    )
    return options if is_plain and _own_options_follow(arguments) else None


def _own_options_follow(arguments: list[str]) -> bool:
    """Whether what stands before the command may stand there: its own options are refused there by the full run."""
    before = arguments[: arguments.index("check")] if "check" in arguments else arguments
    return not any(word.partition("=")[0] in ("--format", "--as-of", "--fail-on", "--verify") for word in before)


def _is_date(text: str) -> bool:
    """Whether `text` is a day as `--as-of` wants it. The 29th of February is left to the full run."""
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2] or not (text.isascii() and "".join(parts).isdecimal()):
        return False
    year, month, day = (int(part) for part in parts)
    return year > 0 and 1 <= month <= 12 and 1 <= day <= (28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)  # noqa: PLR2004 - months and their days


def _root(start: str) -> str:
    """The project's folder, as `find_root` finds it. `Aside` where that needs a closer look."""
    if not os.path.isdir(start):  # noqa: PTH112 - pathlib is slow to import
        raise Aside
    folder = start
    while True:
        if os.path.exists(f"{folder}/kap.toml"):  # noqa: PTH110 - pathlib is slow to import
            return folder
        try:
            with open(f"{folder}/pyproject.toml", "rb") as file:  # noqa: PTH123 - pathlib is slow to import
                if b"kap" in file.read():
                    # Perhaps [tool.kap]. An answer that was kept there holds only while this file is as it was.
                    return folder
        except (FileNotFoundError, IsADirectoryError):
            pass
        above = os.path.dirname(folder)  # noqa: PTH120 - pathlib is slow to import
        if above == folder:
            raise Aside
        folder = above


def basis(root: str) -> str:
    """All but files and the day that decides what is found."""
    parts = [
        __version__,
        sys.version,
        _TOOL,
        root,
        *sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("KAP_")),
        # A library that is installed, updated or removed changes its folder.
        *(f"{path}//{_stamp(path)}" for path in sys.path if path.endswith("-packages")),
    ]
    return _SEPARATOR.join(parts)


def _presentation(options: dict[str, str]) -> list[str]:
    """What decides how it is told."""
    return [
        os.getcwd(),  # noqa: PTH109 - pathlib is slow to import
        options.get("--format", "text"),
        options.get("--fail-on", "error"),
        "no-color" if "--no-color" in options or os.environ.get("NO_COLOR") else "",
        os.environ.get("COLUMNS", ""),
        _terminal(),
    ]


def _terminal() -> str:
    if not sys.stdout.isatty():
        return ""
    try:
        return str(os.get_terminal_size(sys.stdout.fileno()).columns)
    except OSError:
        return "?"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
