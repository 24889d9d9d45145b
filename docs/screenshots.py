"""Make the pictures of the README: the rendered page, which needs Chromium, and a finding as a terminal shows it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from rich.console import Console
from rich.text import Text

from kap_content.cli.session import Globals, RuleOptions, report_of, run_rules
from kap_content.report.text import render_text

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SHOWN = ("CLM002", "EVD005", "STS001")


def finding() -> str:
    """Three findings of examples/before, as SVG; `make docs` writes it."""
    from datetime import date

    options = RuleOptions(date(2026, 11, 22), select=SHOWN)
    console = Console(record=True, width=118, quiet=False, file=io.StringIO())
    with chdir(ROOT / "examples" / "before"):
        report = report_of(run_rules(Globals(), options, []), options)
    console.print(Text.from_ansi(render_text(report, colour=True, columns=118)))
    # The template loads a font from a remote host; the reader's own monospace font does as well.
    svg = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="kap check"), flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)


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
    page()
    sys.exit(0)
