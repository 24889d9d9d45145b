"""Jobs on threads, one small pool for each service, their results handled on the caller's thread alone.

The threads are daemons: a registry that hangs can hold up neither the end of the run nor Ctrl-C. All state of
a run is changed by the handlers, on one thread, so that it needs no lock.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from kap_content.registries._answer import Unchecked

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    stage: str
    work: Callable[[], T]
    then: Callable[[T | Unchecked], None]


class Jobs:
    """Pools of the sizes given, by service. `submit` and `step` belong to one thread."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self._sizes = sizes
        self._queues: dict[str, SimpleQueue[Callable[[], None] | None]] = {}
        self._threads: Counter[str] = Counter()
        self._results: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._open: Counter[str] = Counter()

    def submit(self, service: str, stage: str, work: Callable[[], T], then: Callable[[T | Unchecked], None]) -> None:
        """Do `work` on a thread of `service`, then hand its value to `then` on the thread that steps."""
        job = _Job(stage, work, then)
        queue = self._queues.setdefault(service, SimpleQueue())
        self._open[stage] += 1
        queue.put(lambda: self._perform(job, service))
        if self._threads[service] < self._sizes.get(service, 1):
            self._threads[service] += 1
            threading.Thread(target=_serve, args=(queue,), name=f"kap-{service}", daemon=True).start()

    def is_open(self, *stages: str) -> bool:
        """Whether jobs of any of these stages (of any stage, where none is named) are still to be handled."""
        return any(self._open[stage] > 0 for stage in stages or tuple(self._open))

    def step(self, seconds: float) -> bool:
        """Handle the next result; False where there was none in this time."""
        try:
            handle = self._results.get(timeout=max(seconds, 0.0))
        except Empty:
            return False
        handle()
        return True

    def close(self) -> None:
        """Let the threads end, each after what it is doing."""
        for service, queue in self._queues.items():
            for _ in range(self._threads[service]):
                queue.put(None)

    def _perform(self, job: _Job[T], service: str) -> None:
        try:
            value: T | Unchecked = job.work()
        except Exception as error:  # noqa: BLE001 - one odd answer must not lose the others
            value = Unchecked(f"{service}: an answer that could not be handled ({type(error).__name__})")

        def handle(value: T | Unchecked = value) -> None:
            self._open[job.stage] -= 1
            job.then(value)

        self._results.put(handle)


def _serve(queue: SimpleQueue[Callable[[], None] | None]) -> None:
    while (perform := queue.get()) is not None:
        perform()
