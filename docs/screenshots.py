"""Make the pictures of the README: the rendered page, which needs Chromium, and a finding as a terminal shows it."""

from __future__ import annotations

import io
import re
import shutil
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


def desk() -> None:
    """The desk over the repository's own page, the list and a claim, as WebP.

    It names the project as its folder is called, so that the pictures are taken of a copy of the project's name.
    """
    import base64
    import threading
    from datetime import date

    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    from kap_content.desk.server import DeskServer
    from kap_content.desk.who import Who

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    who = Who("Dr A. Reviewer", "medical")
    with (
        tempfile.TemporaryDirectory() as folder,
        DeskServer(_copied(Path(folder) / "kap-content"), who, lambda: date(2026, 11, 22), patience=60) as server,
    ):
        threading.Thread(target=server.run, daemon=True).start()
        driver.get(server.link)
        home = server.link.partition("/enter")[0]
        features = [{"name": "prefers-color-scheme", "value": "light"}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        for name, path, height in (("desk-list", "/", 860), ("desk-claim", "/claim?id=KET-MAINT-01", 1180)):
            size = {"width": 1180, "height": height, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            driver.get(home + path)
            shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": 70})
            (IMAGES / f"{name}.webp").write_bytes(base64.b64decode(shot["data"]))
        driver.quit()
        server.stop()


def _copied(root: Path) -> Path:
    """The repository's own pages and what they rest on, in a folder of this name."""
    shutil.copytree(ROOT / "pages", root / "pages")
    for name in ("pyproject.toml", "claims.yaml", "references.bib", "references.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    page()
    desk()
    sys.exit(0)
