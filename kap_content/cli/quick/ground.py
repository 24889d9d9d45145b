"""What a check rests on: how its files looked before they were read, and whether that holds still when it has ended.

It is certain only where the files were looked at before they were read and look the same afterwards; none changed so
shortly before that a second change might bear the same time; and a watch over all files that were opened saw none in
the project that is not among the places.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from kap_content.cli.quick.unchanged import LOADED, TOOL_PLACE, Aside, Seen, basis, file_place, look, tree_place
from kap_content.load.globs import is_glob, normal
from kap_content.load.inside import APPROVALS, CACHE, LOCK, SOURCES
from kap_content.load.looks import is_recent
from kap_content.load.settings import FILE, SHARED_FILE
from kap_content.model.settings import Settings
from kap_content.works.abstracts import FILE_NAME as ABSTRACTS


@dataclass(frozen=True, slots=True)
class State:
    """What the places that a check rests on looked like, as `look` says it."""

    places: list[str]
    seen: str

    def apart(self, root: str, paths: Iterable[str]) -> tuple[dict[str, str], str]:
        """What the files of the project at these paths looked like, by path, and a hash of what all else did."""
        wanted = frozenset(paths)
        found: dict[str, str] = {}
        rest: list[str] = []
        folder = ""
        for line in self.seen.split("\0"):
            name, mark, stamp = line.rpartition("//")
            folder = folder if mark else line
            path = _in_project(root, folder, name) if mark else ""
            if path in wanted and stamp != "absent":
                found[path] = stamp
            else:
                rest.append(line)
        return found, sha256(repr((self.places, rest)).encode("utf-8", "surrogatepass")).hexdigest()


class Ground:
    """What a check rests on. It `verifies` where files are to be compared by what they hold, and not by their looks.

    `basis` is all but files and the day that decides what is found. Where files were `seen` just before, they are not
    looked at a second time.
    """

    def __init__(self, *, verifies: bool = False, seen: Seen | None = None) -> None:
        self.verifies = verifies
        self._before = seen
        self.basis = ""
        self.places: list[str] = []
        self.root = ""
        self._began = 0
        self._seen = b""
        self._is_settled = False
        self._watch = _Watch()

    @property
    def state(self) -> State | None:
        """What the files looked like before they were read; None where that could not be seen."""
        return State(self.places, self._seen.decode("utf-8", "surrogatepass")) if self._seen else None

    def begin(self) -> None:
        """Note the time before the first file of the project is read."""
        self._began = time.time_ns()
        self._watch.start()

    def look(self, root: Path, settings: Settings, *, release: bool = False) -> None:
        """See what the files look like before they are read."""
        if not self._began or os.environ.get("KAP_NO_CACHE"):
            return
        self.root, self.places = str(root), places(settings)
        self.basis = basis(self.root) + (" release" if release else "")
        with suppress(Aside, OSError):
            seen = self._before
            if seen is None or (seen.root, seen.places) != (self.root, self.places):
                seen = Seen(self.root, self.places)
            self._seen = seen.all
            self._is_settled = not (_any_recent(seen.tool, LOADED) or _any_recent(seen.others, self._began))

    @property
    def is_settled(self) -> bool:
        """Whether no file changed so shortly before it was read that one more change might not show."""
        return self._is_settled

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """While other files are read than those that the check rests on."""
        with self._watch.paused():
            yield

    def opened(self, path: str) -> None:
        """Note that a process of ours, which the watch does not reach, opened a file."""
        self._watch.add(path)

    def holds(self) -> bool:
        """Whether what was read is for certain what was seen, and looks so still. The watch ends."""
        opened = self._watch.end()
        if not self._is_settled or opened is None:
            return False
        if not all(_is_known(path, self.root, self.places) for path in opened):
            return False
        try:
            return look(self.root, self.places) == self._seen
        except (Aside, OSError):
            return False


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
        path = _in_project(root, folder, name)
        if not mark or former != name or "absent" in (stamp, old_stamp) or not path:
            return None
        found.append(path)
    return found


def _in_project(root: str, folder: str, name: str) -> str:
    """The path in the project of the file that `look` names so after a folder's line; empty outside it."""
    path = f"{folder}/{name}" if folder else name
    return path[len(root) + 1 :] if path.startswith(f"{root}/") else ""


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


def _any_recent(seen: bytes, moment: int) -> bool:
    """Whether a file changed so shortly before it was read that one more change might not show."""
    for line in seen.split(b"\0"):
        _, mark, stamp = line.rpartition(b"//")
        if mark and stamp != b"absent" and is_recent(stamp.decode(), moment):  # else a folder's line
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

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While nothing is noted."""
        _Watch._current = None
        try:
            yield
        finally:
            _Watch._current = self

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
