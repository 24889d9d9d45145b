"""Judging pages one by one: what is found on each, and what that rests on. In this process, or in several.

A page comes out as plain values that can go from one process to another and into the cache.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kap_content.cache.facts import Facts, Texts
from kap_content.cache.found import codecs_by, written_hits
from kap_content.cache.known import content_hash, written_outline
from kap_content.cache.plain import dumped
from kap_content.cache.watch import Watch
from kap_content.checking.engine import page_check
from kap_content.load.figure.data import read_figure_data
from kap_content.load.inside import read_inside
from kap_content.load.page import parse_page
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.errors import KapError
from kap_content.model.progress import Progress, unheard
from kap_content.model.project import Context
from kap_content.rules._rule import PageCheck, all_rules

WORKERS = "KAP_WORKERS"
"""The environment variable that says how many processes judge pages; by default as many as there are processors."""
LEAST = 24
"""So few pages are judged in this process: starting another costs as much."""
_CHUNK = 8


@dataclass(frozen=True, slots=True)
class Judged:
    """One page as it was judged, with the fields of a `Row`."""

    path: str
    content: str
    noted: str
    digest: str
    since: str
    until: str
    hits: str
    outline: str


@dataclass(frozen=True, slots=True)
class Task:
    """All that is needed to judge a page: the folder, the context without pages, the rules, the data as it was read.

    It goes to other processes as it is.
    """

    root: Path
    context: Context
    codes: tuple[str, ...]
    texts: Texts


class Judge:
    """Judges pages, remembering what the registries' entries are like from one page to the next."""

    def __init__(self, task: Task) -> None:
        self._root = task.root
        self._checks = page_checks(task.codes)
        self._facts = Facts(task.context, task.texts, lambda _path: self._figure_data)
        self._codecs = codecs_by(self._facts.anchors)
        self._figure_data: object = None
        self._watch = Watch(task.context, whole=False)

    def page(self, path: str) -> Judged | None:
        """The page at `path`; None where it cannot be read or a rule looks further, so that it is judged as ever."""
        text = read_inside(self._root, path, limit=PAGE_LIMIT)
        if isinstance(text, Unreadable):
            return None
        page = parse_page(path, text.text)
        drawn = read_figure_data([page], lambda name: read_inside(self._root, name, limit=PAGE_LIMIT))
        self._figure_data, self._watch.figure_data = drawn, {path: drawn[0]}
        noted = self._watch.noted
        noted.begin()
        try:
            found = [(code, hit) for code, check in self._checks for hit in check(page, self._watch.context)]
        except Exception:  # noqa: BLE001 - LooksFurther, or a fault that shows where the page is judged again
            return None
        notes = noted.notes
        return Judged(
            path,
            content_hash(text.text),
            noted=dumped(notes),
            digest=self._facts.digest(notes),
            since=noted.since.isoformat(),
            until=noted.until.isoformat(),
            hits=written_hits(found, self._codecs),
            outline=dumped(written_outline(page)),
        )


def page_checks(codes: Sequence[str]) -> tuple[tuple[str, PageCheck], ...]:
    """What the rules with these codes do on each page."""
    wanted = frozenset(codes)
    found = ((rule.code, page_check(rule)) for rule in all_rules() if rule.code in wanted)
    return tuple((code, check) for code, check in found if check is not None)


def judged(
    paths: Sequence[str],
    task: Task,
    progress: Progress = unheard,
    opened: Callable[[str], None] = lambda _path: None,
) -> Iterator[Judged | None]:
    """The pages at `paths`, in their order; `progress` hears of each, `opened` of files that other processes opened."""
    several = min(workers(), len(paths) // (LEAST // 2))
    results = _in_processes(paths, task, several, opened) if several > 1 else map(Judge(task).page, paths)
    for number, result in enumerate(results, 1):
        yield result
        progress(number, len(paths))


def workers() -> int:
    """How many processes may judge pages."""
    wanted = os.environ.get(WORKERS, "")
    if wanted.isdecimal() and wanted.isascii():
        return max(1, min(int(wanted), 64))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(
    paths: Sequence[str], task: Task, several: int, opened: Callable[[str], None]
) -> Iterator[Judged | None]:
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A process that is forked has everything at hand. That is safe on Linux, and only while there is one thread.
    method = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
    chunks = [list(paths[start : start + _CHUNK]) for start in range(0, len(paths), _CHUNK)]
    pool = ProcessPoolExecutor(several, get_context(method), _begin, (task,))
    waiting: list[tuple[list[str], Future[_Results]]] = []
    try:
        waiting = [(chunk, pool.submit(_chunk, chunk)) for chunk in chunks]
        waiting.reverse()
        while waiting:
            results = waiting[-1][1].result()
            waiting.pop()
            for path in results.opened:
                opened(path)
            yield from results.pages
    except BrokenProcessPool:
        left = [path for chunk, _ in reversed(waiting) for path in chunk]
        raise KapError(
            f"a process that checks pages was ended from outside, at one of {', '.join(left[: several * _CHUNK])}",
            help=f"Perhaps there was no memory left. {WORKERS}=1 checks the pages in one process.",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Results:
    """The pages that a process judged, and the files that it opened meanwhile."""

    pages: tuple[Judged | None, ...]
    opened: tuple[str, ...]


_judge: Callable[[str], Judged | None] | None = None
_opened: set[str] = set()


def _begin(task: Task) -> None:
    """Make a new process ready: Ctrl-C is its parent's affair, and it does not outlive the parent."""
    import signal
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    global _judge  # noqa: PLW0603 - what a worker process works with, set once when it starts
    _judge = Judge(task).page
    sys.addaudithook(_notice)


def _notice(event: str, details: tuple[object, ...]) -> None:
    if event == "open" and isinstance(details[0], str | bytes):
        _opened.add(os.fsdecode(details[0]))


def _chunk(paths: list[str]) -> _Results:
    assert _judge is not None
    pages = tuple([_judge(path) for path in paths])
    opened = tuple(_opened)
    _opened.clear()
    return _Results(pages, opened)
