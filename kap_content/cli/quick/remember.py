"""Keeping the answer of a full `kap check` for `kap_content.cli.quick.unchanged` to give again.

An answer is kept only where it is certain what it rests on: the files were looked at before they were read and look
the same afterwards; none changed so shortly before that a second change might bear the same time; and a watch over all
files that were opened saw none in the project that is not among the places.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kap_content.cli.quick.unchanged import (
    TOOL_PLACE,
    Answer,
    Aside,
    Question,
    contents,
    dump,
    file_place,
    look,
    tree_place,
)
from kap_content.load.globs import is_glob, normal
from kap_content.load.inside import APPROVALS, CACHE, LOCK, SOURCES
from kap_content.load.settings import FILE, SHARED_FILE
from kap_content.model.settings import Settings
from kap_content.works.abstracts import FILE_NAME as ABSTRACTS

KEPT = 16
"""How many answers are kept of a project; the oldest go."""

_TICK = 20_000_000  # nanoseconds; clocks of file systems are coarser than the processor's
_COARSE_TICK = 2_000_000_000  # of file systems that count in whole milliseconds or seconds
_LEFT_OVER = 3600  # seconds after which a half-written file belongs to nobody


@dataclass(frozen=True, slots=True)
class State:
    """What the places that a check rests on looked like, as `look` says it."""

    places: list[str]
    seen: str


class Memory:
    """What is to be known of a run so that its answer can be kept. `started` is when the program was loaded, in ns."""

    def __init__(self, question: Question, started: int) -> None:
        self._question = question
        self._started = started
        self._began = 0
        self._places: list[str] = []
        self._seen = b""
        self._printed: list[str] = []
        self._is_certain = False
        self._watch = _Watch()
        self._also: Callable[[], None] = lambda: None

    @property
    def basis(self) -> str:
        """All but files and the day that decides what is found."""
        return self._question.basis

    @property
    def verifies(self) -> bool:
        """Whether files are to be compared by what they hold, and not only by what they look like."""
        return self._question.verify

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON, which tells when anything falls due."""
        return self._question.options.get("--format") == "json"

    @property
    def state(self) -> State | None:
        """What the files looked like before they were read; None where that could not be seen."""
        return State(self._places, self._seen.decode("utf-8", "surrogatepass")) if self._seen else None

    def also(self, keep: Callable[[], None]) -> None:
        """Keep something more where the answer is kept."""
        self._also = keep

    def begin(self) -> None:
        """Note the time before the first file of the project is read."""
        self._began = time.time_ns()
        self._watch.start()

    def look(self, root: Path, settings: Settings, as_of: str) -> None:
        """See what the files look like before they are read."""
        if str(root) != self._question.root or as_of != self._question.as_of or not self._began:
            return
        self._places = places(settings)
        with suppress(Aside, OSError):
            self._seen = look(self._question.root, self._places)
            tool = look(self._question.root, [TOOL_PLACE])
            is_recent = _is_recent(tool, self._started) or _is_recent(self._seen.removeprefix(tool), self._began)
            self._is_certain = not is_recent

    def said(self, text: str) -> None:
        """Note what was printed to standard output."""
        self._printed.append(text)

    def opened(self, path: str) -> None:
        """Note that a process of ours, which the watch does not reach, opened a file."""
        self._watch.add(path)

    def spoil(self) -> None:
        """Note that something was said that is not in the report: the answer is not kept."""
        self._is_certain = False

    def keep(self, code: int) -> None:
        """Keep what was printed as the answer to the question. What hinders that is no fault of the run's."""
        opened = self._watch.end()
        if not self._is_certain or code not in (0, 1) or len(self._printed) != 1:
            return
        root = self._question.root
        with suppress(Aside, OSError):
            if opened is None or not all(_is_known(path, root, self._places) for path in opened):
                return
            hashes = contents(root, self._places) if self._question.verify else ""
            if look(root, self._places) != self._seen:
                return
            text = self._printed[0].encode("utf-8", "backslashreplace")  # as standard output is set to do
            answer = Answer(text, code, self._places, self._seen, hashes)
            _write(Path(self._question.file), dump(self._question, answer))
            self._also()


def changed_files(root: str, before: str, now: str) -> list[str] | None:
    """The files, by their paths in the project, that are there as before and look otherwise.

    `before` and `now` are what `look` gave of the same places. None where a file came or went, or anything else did.
    """
    old, new = before.split("\0"), now.split("\0")
    if len(old) != len(new):
        return None
    found: list[str] = []
    folder = ""
    for was, is_now in zip(old, new, strict=True):
        name, mark, stamp = is_now.rpartition("//")
        if was == is_now:
            folder = folder if mark else is_now
            continue
        former, _, old_stamp = was.rpartition("//")
        path = f"{folder}/{name}" if folder else name
        if not mark or former != name or "absent" in (stamp, old_stamp) or not path.startswith(f"{root}/"):
            return None
        found.append(path[len(root) + 1 :])
    return found


def places(settings: Settings) -> list[str]:
    """All that a check of the project rests on. What is missing here is caught by the watch, and nothing is kept."""
    found = [TOOL_PLACE]
    database = f"{CACHE}/{ABSTRACTS}"
    named = [FILE, SHARED_FILE, LOCK, APPROVALS, database, f"{database}-journal", f"{database}-wal"]
    named += settings.word_files.values()
    named += filter(None, (settings.review.allowed_signers, settings.review.revoked_keys))
    for pattern in (*settings.pages, *settings.claims, *settings.bibliography):
        path = normal(pattern)
        if is_glob(path):
            found.append(_tree_of(path))
        else:
            named.append(path)
    found += [tree_place(_fixed(normal(pattern)), ".csv") for pattern in settings.pages]  # what figures are drawn from
    found.append(tree_place(SOURCES))
    return list(dict.fromkeys([*found, *map(file_place, named)]))


def _fixed(pattern: str) -> str:
    """The folder that a path or the fixed part of a pattern leads to."""
    parts = pattern.split("/")
    return "/".join(parts[: next((index for index, part in enumerate(parts) if is_glob(part)), len(parts) - 1)])


def _tree_of(pattern: str) -> str:
    parts = pattern.split("/")
    suffix = PurePosixPath(parts[-1]).suffix
    return tree_place(_fixed(pattern), "" if "[" in parts[-1] or is_glob(suffix) else suffix)


def _is_known(path: str, root: str, all_places: list[str]) -> bool:
    """Whether an opened file lies outside the project, or is one that was looked at, or is the program's own."""
    path = os.path.abspath(path)  # noqa: PTH100 - links are not followed, as in `look`
    inside = f"{root}{os.sep}"
    if not path.startswith(inside) or path.startswith(f"{inside}{CACHE}{os.sep}"):
        return True
    if f"-packages{os.sep}" in path or path.startswith((sys.prefix, sys.base_prefix)):
        return True
    for place in all_places:
        kind, suffix, relative = place.split("/", 2)
        looked_at = os.path.normpath(os.path.join(root, relative))  # noqa: PTH118 - as in `look`
        if path == looked_at or (kind == "tree" and path.startswith(looked_at + os.sep) and path.endswith(suffix)):
            return True
    return False


def _is_recent(seen: bytes, began: int) -> bool:
    """Whether a file changed so shortly before it was read that one more change might not show."""
    for line in seen.split(b"\0"):
        _, mark, stamp = line.rpartition(b"//")
        times = stamp.split(b"/")
        if mark and stamp != b"absent":  # else a folder's line
            # The first time can be set by anybody, the second not; on Windows it is the time of creation.
            changed = int(times[0] if os.name == "nt" else times[1])
            if changed > began - (_TICK if changed % 1_000_000 else _COARSE_TICK):
                return True
    return False


class _Watch:
    """The files that were opened while it lasts, as Python itself reports them; None where other programs were run."""

    _current: _Watch | None = None
    _is_installed = False

    def __init__(self) -> None:
        self._opened: set[str] | None = set()

    def start(self) -> None:
        """Begin. The hook stays for the life of the process, as Python has it, and rests when no watch is kept."""
        _Watch._current = self
        if not _Watch._is_installed:
            _Watch._is_installed = True
            sys.addaudithook(_Watch._notice)

    def add(self, path: str) -> None:
        """Add what was opened elsewhere on behalf of the run."""
        if self._opened is not None:
            self._opened.add(path)

    def end(self) -> set[str] | None:
        """End, and give what was opened."""
        _Watch._current = None
        return self._opened

    @staticmethod
    def _notice(event: str, details: tuple[object, ...]) -> None:
        watch = _Watch._current
        if watch is None or watch._opened is None:  # noqa: SLF001 - of its own class
            return
        if event == "open" and isinstance(details[0], str | bytes):
            watch._opened.add(os.fsdecode(details[0]))  # noqa: SLF001 - of its own class
        # Processes that are forked are our own, and tell what they open (`Memory.opened`).
        elif event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "socket.connect"):
            watch._opened = None  # noqa: SLF001 - of its own class


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    ignore = target.parent.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    half = target.with_name(f".half-{os.getpid()}-{target.name}")
    try:
        half.write_bytes(data)
        half.replace(target)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    _prune(target.parent)


def _prune(folder: Path) -> None:
    """Bound the folder: the newest answers stay, and no half-written file for long."""
    aged = []
    with os.scandir(folder) as scan:
        for entry in scan:
            with suppress(OSError):
                aged.append((entry.stat().st_mtime, entry.path, entry.name.startswith(".")))
    aged.sort(reverse=True)
    answers = [path for _, path, is_half in aged if not is_half]
    halves = [path for changed, path, is_half in aged if is_half and changed < time.time() - _LEFT_OVER]
    for path in (*answers[KEPT:], *halves):
        with suppress(OSError):
            Path(path).unlink()
