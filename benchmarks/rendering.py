"""How long rendering takes: a site of pages with 20 references each, cold, unchanged, and with one page changed.

Usage: python benchmarks/rendering.py [--pages N ...] [--runs N]

Each figure is a whole process: `kap render`, checks included. `render` is the rendering alone, in this process, with
the checks left out. The references are shared by four pages each, as on a site about one field.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sites import Size, write_project

from kap_content.checking.gate import Checked, Concerns, gate
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.project import Context
from kap_content.rendering.kept import open_kept
from kap_content.rendering.processes import workers
from kap_content.rendering.site import render_site

AS_OF = "2026-11-23"
PER_PAGE = 20
SHARED = 4


def write_site(folder: Path, pages: int) -> Path:
    """A project whose pages pass and cite 20 references each."""
    references = max(PER_PAGE, pages * PER_PAGE // SHARED)
    write_project(folder, Size(pages, references, references))
    for number, page in enumerate(sorted((folder / "pages").glob("*.md"))):
        text = page.read_text("utf-8")
        lacking = PER_PAGE - text.count("{claim=")
        more = [f"[@ref{(number * PER_PAGE + place) % references}]" for place in range(max(0, lacking))]
        page.write_text(f"{text}\n\nIs more to be read? {' '.join(more)}\n", "utf-8")
    return folder


def process(root: Path) -> float:
    """Seconds of one `kap render`."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "kap_content", "render", "--as-of", AS_OF, "--quiet"]
    subprocess.run(command, cwd=root, check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def alone(root: Path) -> Callable[[], float]:
    """Seconds of the rendering alone."""
    context = Context.of(load_project(root, read_settings(root)), date.fromisoformat(AS_OF))
    concerns = Concerns(context, ())
    passed = [one for page in context.project.pages if isinstance(one := gate(page, concerns), Checked)]

    def run() -> float:
        started = time.perf_counter()
        for _ in render_site(passed, root, root / "alone", kept=open_kept(root), processes=workers()):
            pass
        return time.perf_counter() - started

    return run


def change(root: Path, number: int) -> None:
    """Change a word of one page."""
    page = sorted((root / "pages").glob("*.md"))[number]
    page.write_text(page.read_text("utf-8") + "\nWould you like to ask?\n", "utf-8")


def measure(pages: int, runs: int) -> None:
    """Print a row."""
    with tempfile.TemporaryDirectory(prefix="kap-render-") as name:
        root = write_site(Path(name), pages)
        cold = process(root)
        same = statistics.median(process(root) for _ in range(runs))
        changed = []
        for number in range(runs):
            change(root, number % pages)
            changed.append(process(root))
        rendering = alone(root)
        first, again = rendering(), rendering()
        size = sum(file.stat().st_size for file in root.glob("site/*/*")) / max(1, pages) / 1000
    print(
        f"{pages:>7} {cold:>8.2f} {same:>10.2f} {statistics.median(changed):>9.2f} {first:>8.2f} {again:>10.2f} "
        f"{size:>8.0f}",
        flush=True,
    )


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors; seconds, median of {asked.runs}; 20 references a page")
    print("  pages     cold  unchanged  one page   render  unchanged  kB/page")
    for pages in asked.pages:
        measure(pages, asked.runs)


if __name__ == "__main__":
    main()
