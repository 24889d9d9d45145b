"""Make the pictures of the README: a finding as a terminal shows it, and the rendered page. Needs Chromium."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from kap_content.cli.session import Globals, RuleOptions, report_of, run_rules
from kap_content.report.text import render_text

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SHOWN = ("CLM002", "EVD005", "STS001")


def finding() -> None:
    """Three findings of examples/before, as SVG."""
    from datetime import date

    options = RuleOptions(date(2026, 11, 22), select=SHOWN)
    run = run_rules(Globals(project=ROOT / "examples" / "before"), options, [])
    console = Console(record=True, width=118, quiet=False, file=io.StringIO())
    console.print(Text.from_ansi(render_text(report_of(run, options), colour=True, columns=118)))
    # The template loads a font from a remote host; the reader's own monospace font does as well.
    svg = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="kap check"), flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    (IMAGES / "finding.svg").write_text(svg, "utf-8")


def page() -> None:
    """The top of the repository's own page, as PNG."""
    source = ROOT / "site" / "ketamine-for-anxiety" / "index.html"
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                f"--user-data-dir={profile}",
                "--window-size=1100,1400",
                f"--screenshot={IMAGES / 'page.png'}",
                source.as_uri(),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    finding()
    page()
    sys.exit(0)
