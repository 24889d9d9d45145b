"""Work on many things in several processes, results in order."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, cast

from kap_content.model.errors import KapError

T = TypeVar("T")
R = TypeVar("R")

WORKERS = "KAP_WORKERS"
"""The environment variable that says how many processes there may be; by default as many as there are processors."""
MOST = 64


def workers() -> int:
    """How many processes may run beside each other."""
    wanted = os.environ.get(WORKERS, "")
    if wanted.isdecimal() and wanted.isascii():
        return max(1, min(int(wanted), MOST))
    own = getattr(os, "sched_getaffinity", None)  # where processes can be kept to some of the processors
    return len(own(0)) if own else os.cpu_count() or 1


def in_processes(
    count: int,
    prepare: Callable[[], Callable[[Sequence[T]], R]],
    things: Sequence[T],
    size: int,
) -> Iterator[R]:
    """What `prepare()`, called once in each of `count` processes, makes of the things, `size` at a time.

    A process that is forked has everything at hand, which is safe on Linux while there is one thread. Elsewhere it
    begins empty and is handed the things. A process that dies is a KapError.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    is_forked = sys.platform == "linux" and threading.active_count() == 1
    pool = ProcessPoolExecutor(count, get_context("fork" if is_forked else "spawn"), _begin, (prepare, things))
    try:
        parts = [pool.submit(_part, start, start + size) for start in range(0, len(things), size)]
        parts.reverse()
        while parts:
            yield cast("R", parts.pop().result())
    except BrokenProcessPool:
        raise KapError(
            "a process that renders pages was ended from outside",
            help=f"Perhaps there was no memory left. {WORKERS}=1 renders the pages in one process.",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_work: Callable[[int, int], object] | None = None


def _begin(prepare: Callable[[], Callable[[Sequence[T]], R]], things: Sequence[T]) -> None:
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
    done = prepare()
    global _work  # noqa: PLW0603 - what a process works with, set once when it starts
    _work = lambda start, end: done(things[start:end])  # noqa: E731 - it keeps what it was given


def _part(start: int, end: int) -> object:
    assert _work is not None
    return _work(start, end)
