"""The example of a cluster runs on one: workers of their own processes, on this machine's loopback only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import CLAIMS, PAGE, Kap

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "dask_shards.py"


def test_a_local_cluster_gives_the_report_of_one_machine(site: Path, kap: Kap) -> None:
    for number in range(5):
        (site / "pages" / f"{number}.md").write_text(PAGE.replace("half", f"{number + 3}%"), "utf-8")
    (site / "claims.yaml").write_text(f"{CLAIMS}  - {{id: KET-2, match_text: Nobody says so.}}\n", "utf-8")
    command = [sys.executable, EXAMPLE, ".", "--shards", "3", "--as-of", "2026-11-22"]
    # As Python knows it: libraries of C (readline) may have put the terminal's width into the process's own.
    known = dict(os.environ)
    done = subprocess.run(command, cwd=site, env=known, capture_output=True, encoding="utf-8", timeout=600, check=False)
    one = kap("check", "--no-cache", "--as-of", "2026-11-22")
    assert one.code == 1
    assert (done.returncode, done.stdout) == (one.code, one.out), done.stderr
