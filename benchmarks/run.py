"""Whole-process times and peak memory of the commands people wait for: `make bench`.

Each command is started ten times after one warm-up; the median is printed beside a bare `python -c pass`. The projects
are generated here from a fixed seed, so that two machines measure the same thing. `--pages 10000` measures the large
site of the budgets; writing and first checking it takes minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from generate import Size, write_project

REPOSITORY = Path(__file__).resolve().parent.parent
KAP = [sys.executable, "-m", "kap_content"]
AS_OF = "2026-11-22"
CHECK = [*KAP, "check", "--as-of", AS_OF]
FULL = [*CHECK, "--no-cache"]
READ = """import hashlib, pathlib
for path in sorted(pathlib.Path().rglob("*.*")):
    path.is_file() and hashlib.sha256(path.read_bytes()).digest()
"""
"""The least that a run can do which looks at contents: read and hash them."""


@dataclass(frozen=True)
class Figure:
    """What one command took: median seconds of wall clock and of both cores, and peak memory of one process."""

    name: str
    seconds: float
    cpu: float
    megabytes: float
    exit_code: int
    budget: float | None = None


def measure(
    name: str,
    command: list[str],
    folder: Path,
    *,
    runs: int,
    budget: float | None = None,
    before: Callable[[], None] = lambda: None,
) -> Figure:
    """Run `command` in `folder` once to warm up and `runs` times to measure, `before` ahead of each."""
    taken = []
    for _ in range(runs + 1):
        before()
        taken.append(_once(command, folder))
    taken = taken[1:]
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


def figures(work: Path, *, runs: int, pages: int) -> list[Figure]:
    """All figures, on projects written below `work`: one of a single page, one of `pages`, one of references."""
    one = write_project(work / "one", Size(pages=1, claims=30, references=30))
    bib = write_project(work / "bib", Size(pages=1, claims=1, references=pages))
    many = write_project(work / "many", Size(pages=pages, claims=pages, references=max(1, pages // 2)))
    few = min(runs, 3)
    rows = [
        measure("python -c pass", [sys.executable, "-c", "pass"], REPOSITORY, runs=runs),
        measure("kap --help", [*KAP, "--help"], one, runs=runs, budget=0.15),
        measure("1 page, nothing changed", CHECK, one, runs=runs, budget=0.025),
        measure("1 page, nothing changed, by content", [*CHECK, "--verify"], one, runs=runs),
        measure("1 page, changed", CHECK, one, runs=runs, budget=0.12, before=changes(one)),
        measure("1 page, first run", FULL, one, runs=runs),
        measure("1 page, render", [*KAP, "render", "--as-of", AS_OF], one, runs=runs),
        measure(f"{pages:,} entries of .bib, first run", FULL, bib, runs=few),
        measure(f"{pages:,} pages, read and hashed only", [sys.executable, "-c", READ], many, runs=few),
        measure(f"{pages:,} pages, first run", FULL, many, runs=1 if pages > 100 else few),
    ]
    for name, command, budget in (
        ("nothing changed", CHECK, 0.1),
        ("nothing changed, by content", [*CHECK, "--verify"], 0.6),
    ):
        rows.append(measure(f"{pages:,} pages, {name}", command, many, runs=runs, budget=budget))
    return rows


def changes(folder: Path) -> Callable[[], None]:
    """Change a page each time: one more question at its end."""
    page = folder / "pages" / "page-00000.md"
    text = page.read_text("utf-8")
    numbers = itertools.count(1)

    def change() -> None:
        page.write_text(f"{text}\nIs this number {next(numbers)} what you need?\n", "utf-8")
        time.sleep(0.05)  # a person's editor takes longer; a file of this moment is not trusted

    return change


def differences(folder: Path) -> list[str]:
    """Where a run with the cache says something else than one without, as it must never: text and exit code."""
    wrong = []
    change = changes(folder)
    for step in ("first", "unchanged", "changed", "unchanged since"):
        if step == "changed":
            change()
        for form in ("text", "json"):
            said = [_said([*command, "--format", form], folder) for command in (CHECK, FULL)]
            if said[0] != said[1]:
                wrong.append(f"{step}, {form}: {said[0]} instead of {said[1]}")
    return wrong


def _said(command: list[str], folder: Path) -> tuple[int, str]:
    run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return run.returncode, hashlib.sha256(run.stdout + b"\0" + run.stderr).hexdigest()


def table(rows: list[Figure]) -> str:
    """The figures as a text table."""
    bare = rows[0].seconds
    lines = [f"{'':<42} {'seconds':>8} {'cpu':>7} {'MB':>7} {'× bare':>7} {'budget':>7}"]
    for row in rows:
        budget = f"{row.budget:.3f}" if row.budget else ""
        ratio = f"{row.seconds / bare:.1f}"
        lines.append(f"{row.name:<42} {row.seconds:>8.3f} {row.cpu:>7.3f} {row.megabytes:>7.0f} {ratio:>7} {budget:>7}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--pages", type=int, default=1000, help="pages of the large site; half as many references")
    parser.add_argument("--small", action="store_true", help="a large site of 50 pages only")
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args()
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        rows = figures(Path(folder), runs=options.runs, pages=50 if options.small else options.pages)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
