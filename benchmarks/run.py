"""Whole-process times and peak memory of the commands people wait for: `make bench`.

Each command is started five times after one warm-up; the median is printed beside a bare `python -c pass`. The projects
are generated here from a fixed seed, so that two machines measure the same thing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from generate import Size, write_project

REPOSITORY = Path(__file__).resolve().parent.parent
KAP = [sys.executable, "-m", "kap_content"]


@dataclass(frozen=True)
class Figure:
    """What one command took: median seconds of wall clock and of both cores, and peak memory of one process."""

    name: str
    seconds: float
    cpu: float
    megabytes: float
    exit_code: int
    budget: float | None = None


def measure(name: str, command: list[str], folder: Path, *, runs: int, budget: float | None = None) -> Figure:
    """Run `command` in `folder` once to warm up and `runs` times to measure."""
    taken = [_once(command, folder) for _ in range(runs + 1)][1:]
    wall, cpu, memory, codes = zip(*taken, strict=True)
    return Figure(name, statistics.median(wall), statistics.median(cpu), max(memory), codes[-1], budget)


def _once(command: list[str], folder: Path) -> tuple[float, float, float, int]:
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return (
        time.perf_counter() - start,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        process.returncode,
    )


def figures(work: Path, *, runs: int, small: bool) -> list[Figure]:
    """All figures, on generated projects below `work`."""
    scale = 20 if small else 1
    pages = write_project(work / "pages", Size(pages=1000 // scale, claims=1000 // scale, references=500 // scale))
    bib = write_project(work / "bib", Size(pages=1, claims=1, references=1000 // scale))
    return [
        measure("python -c pass", [sys.executable, "-c", "pass"], REPOSITORY, runs=runs),
        measure("kap --help", [*KAP, "--help"], REPOSITORY, runs=runs, budget=0.15),
        measure("kap check, this repository's page", [*KAP, "check"], REPOSITORY, runs=runs, budget=0.15),
        measure("kap render, this repository's page", [*KAP, "render"], REPOSITORY, runs=runs),
        measure(f"kap check, {1000 // scale:,} entries of .bib", [*KAP, "check"], bib, runs=runs),
        measure(f"kap check, {1000 // scale:,} pages of 10 kB", [*KAP, "check"], pages, runs=max(1, runs // 2)),
    ]


def table(rows: list[Figure]) -> str:
    """The figures as a text table."""
    bare = rows[0].seconds
    lines = [f"{'':<42} {'seconds':>8} {'cpu':>7} {'MB':>7} {'× bare':>7} {'budget':>7}"]
    for row in rows:
        budget = f"{row.budget:.2f}" if row.budget else ""
        ratio = f"{row.seconds / bare:.0f}"
        lines.append(f"{row.name:<42} {row.seconds:>8.3f} {row.cpu:>7.3f} {row.megabytes:>7.0f} {ratio:>7} {budget:>7}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="a twentieth of the size")
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args()
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        rows = figures(Path(folder), runs=options.runs, small=options.small)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
