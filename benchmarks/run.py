"""Whole-process times and peak memory of the commands people wait for: `make bench`.

Sites are generated from a fixed seed (`sites.py`), so that two machines measure the same. Short commands are run ten
times after one warm-up; the median is printed beside the budget, a bare `python -c pass`, and reading and hashing the
same bytes. A page comes with 10 claims and 5 references: `--pages 10000` measures the large site of the budgets, and
`--growth 1000,3000,10000,30000` how cost grows. Before anything is measured `smoke` proves on small sites that what is
found is right.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from measuring import RUNS, Figure, measure, table
from sites import Size, write_project
from smoke import CHECK, FULL, KAP, smoke

REPOSITORY = Path(__file__).resolve().parent.parent
READ = """import hashlib, pathlib
for path in sorted(pathlib.Path().rglob("*.*")):
    ".kap_cache" in path.parts or path.is_file() and hashlib.sha256(path.read_bytes()).digest()
"""
"""The least that a run can do which looks at contents: read and hash them."""
SHARDS = 4


def small_figures(work: Path, *, runs: int) -> list[Figure]:
    """Starting, and a site of one page."""
    one = write_project(work / "one", Size(pages=1, claims=30, references=30))
    bare = measure("python -c pass", [sys.executable, "-c", "pass"], REPOSITORY, runs=runs)

    def row(name: str, command: list[str], budget: float | None = None, before: Step = lambda: None) -> Figure:
        return measure(name, command, one, runs=runs, budget=budget, beside=bare.seconds, before=before)

    return [
        bare,
        row("kap --help", [*KAP, "--help"]),
        row("1 page, nothing changed", CHECK, 0.025),
        row("1 page, nothing changed, by content", [*CHECK, "--verify"]),
        row("1 page, changed", CHECK, 0.12, changes(one / "pages" / "page-00000.md")),
        row("1 page, nothing kept", FULL),
        row("1 page, render", [*KAP, "render", *CHECK[-2:]]),
    ]


def large_figures(work: Path, pages: int, *, runs: int) -> list[Figure]:
    """A site of many pages: cold, unchanged, and after one change of each kind."""
    size = Size(pages=pages, claims=10 * pages, references=5 * pages)
    many = write_project(work / f"many-{pages}", size)
    label = f"{pages:,} pages"
    share = pages / 10_000  # the budgets are those of ten thousand pages
    least = measure(f"{label}, read and hashed only", [sys.executable, "-c", READ], many, runs=runs)

    def row(name: str, command: list[str], budget: float | None = None, before: Step = lambda: None) -> Figure:
        return measure(f"{label}, {name}", command, many, runs=runs, budget=budget, beside=least.seconds, before=before)

    return [
        least,
        row("nothing kept", FULL, 30 * share),
        *(row(f"shard {number}/{SHARDS}, nothing kept", [*FULL, "--shard", f"{number}/{SHARDS}"]) for number in (1, 2)),
        row("nothing changed", CHECK, 0.1),
        row("nothing changed, by content", [*CHECK, "--verify"], 0.6),
        row("one page changed", CHECK, 0.2, changes(many / "pages" / "page-00000.md")),
        row("one claim changed", CHECK, 0.5, changes(many / "claims.yaml", "intervention: ", "intervention: oral ")),
        row("one entry changed", CHECK, 0.5, changes(many / "references.bib", "journal = {", "journal = {Eur ")),
    ]


Step = Callable[[], None]


def changes(path: Path, old: str = "", new: str = "") -> Step:
    """Change a file each time: `old` in its middle to `new` and back, or one more question at its end."""
    text = path.read_text("utf-8")
    numbers = itertools.count(1)
    middle = text.find(old, len(text) // 2)

    def change() -> None:
        number = next(numbers)
        if old:
            changed = text if number % 2 == 0 else f"{text[:middle]}{new}{text[middle + len(old) :]}"
        else:
            changed = f"{text}\nIs this number {number} what you need?\n"
        path.write_text(changed, "utf-8")
        time.sleep(0.05)  # a person's editor takes longer; a file of this moment is not trusted

    return change


def main() -> None:
    """Prove, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help="how often a short command is run")
    parser.add_argument("--pages", type=int, default=300, help="pages of the large site")
    parser.add_argument("--growth", metavar="N,N,...", help="measure sites of so many pages, one after the other")
    parser.add_argument("--smoke", action="store_true", help="only prove that what is found is right; no times")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the figures are written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        wrong = smoke(work / "smoke")
        if wrong:
            sys.exit("\n".join(wrong))
        print("What is found is right: cached, uncached and sharded, clean and with defects.", flush=True)
        if options.smoke:
            return
        sizes = [int(part) for part in (options.growth or str(options.pages)).split(",")]
        rows = small_figures(work, runs=options.runs)
        print(table(rows), flush=True)
        for pages in sizes:
            more = large_figures(work, pages, runs=options.runs)
            print(table([rows[0], *more]).split("\n", 2)[2], flush=True)
            rows += more
            options.json.parent.mkdir(parents=True, exist_ok=True)
            options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    print(f"Written to {options.json}")


if __name__ == "__main__":
    main()
