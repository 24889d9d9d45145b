"""A real Chromium for tests, and what the accessibility engine finds in its page."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER, DRIVER = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
IN_CI = bool(os.environ.get("CI"))
needs_browser = pytest.mark.skipif(
    not IN_CI and not (BROWSER and DRIVER),
    reason="NO CHROMIUM HERE: the pages were not tested in a browser (install chromium and chromium-driver)",
)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """A driver of a headless Chromium with this folder as its profile; its console and its requests are kept."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    assert BROWSER and DRIVER, "CI must have chromium and chromedriver"  # noqa: PT018 - one wish
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def violations(driver: Any) -> list[tuple[str, str, str, str]]:
    """What axe-core finds wrong in the page: rule, impact, element, and what to mend."""
    driver.execute_script(axe())
    result = driver.execute_async_script(
        "axe.run(document, {resultTypes: ['violations', 'incomplete']}).then(arguments[0], arguments[0])"
    )
    return [
        (rule["id"], rule["impact"], node["html"][:200], node.get("failureSummary", "")[:300])
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def axe() -> str:
    """The accessibility engine's script, out of the package that brings it along."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    return (Path(package.origin).parent / "axe.min.js").read_text("utf-8")
