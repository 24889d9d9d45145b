"""Whole processes measured: wall clock, processor time and memory, medians of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 10
LONG = 3.0
"""Seconds; what takes so long is run three times only, and once where it takes ten times as long."""
_BETWEEN = 0.25
"""Seconds between two looks at the memory of a long run."""


@dataclass(frozen=True)
class Figure:
    """What one command took: median seconds of wall clock and of all cores, and the most memory at any time.

    Memory is that of all its processes together (proportional set size, looked at four times a second), or where a run
    is too short for a look, what the largest of them had. `budget` is in seconds, `beside` the seconds of the least
    that any program could do there.
    """

    name: str
    seconds: float
    cpu: float
    megabytes: float
    exit_code: int
    runs: int
    budget: float | None = None
    beside: float | None = None


def measure(
    name: str,
    command: list[str],
    folder: Path,
    *,
    runs: int = RUNS,
    budget: float | None = None,
    beside: float | None = None,
    before: Callable[[], None] = lambda: None,
) -> Figure:
    """Run `command` in `folder`, `before` ahead of each run. The first warms up, and counts where it is very long."""
    taken: list[tuple[float, float, float, int]] = []

    def run() -> float:
        before()
        taken.append(_once(command, folder))
        return taken[-1][0]

    if run() < 10 * LONG and runs > 1:
        taken.clear()
        wanted = runs if run() < LONG else min(runs, 3)
        while len(taken) < wanted:
            run()
    wall, cpu, memory, codes = zip(*taken, strict=True)
    return Figure(
        name, statistics.median(wall), statistics.median(cpu), max(memory), codes[-1], len(taken), budget, beside
    )


def _once(command: list[str], folder: Path) -> tuple[float, float, float, int]:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, ended = [0.0], threading.Event()
    look = threading.Thread(target=_look, args=(process.pid, most, ended), daemon=True)
    look.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    look.join()
    return seconds, usage.ru_utime + usage.ru_stime, most[0] or usage.ru_maxrss / 1024, process.returncode


def _look(pid: int, most: list[float], ended: threading.Event) -> None:
    """Keep the most memory that a process and all that it started had together, in megabytes. Linux only."""
    while not ended.wait(_BETWEEN):
        most[0] = max(most[0], sum(_memory(each) for each in _tree(pid)))


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def table(rows: list[Figure]) -> str:
    """The figures as a text table, each beside the first (a bare Python) and beside the least that is possible."""
    bare = rows[0].seconds
    head = f"{'':<44} {'seconds':>8} {'cpu':>8} {'MB':>6} {'runs':>4}"
    lines = [f"{head} {'× bare':>7} {'× least':>7} {'budget':>7} {'kept':>4}"]
    for row in rows:
        budget = f"{row.budget:.3f}" if row.budget is not None else ""
        kept = "" if row.budget is None else "yes" if row.seconds <= row.budget else "no"
        least = f"{row.seconds / row.beside:.1f}" if row.beside else ""
        lines.append(
            f"{row.name:<44} {row.seconds:>8.3f} {row.cpu:>8.3f} {row.megabytes:>6.0f} {row.runs:>4}"
            f" {row.seconds / bare:>7.1f} {least:>7} {budget:>7} {kept:>4}"
        )
    return "\n".join(lines)
