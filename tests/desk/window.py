"""The desk in a window of Chromium: `kap review` as its own process, and what a test does in its pages."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.test_serve import started

PHONE, TABLET, DESKTOP = 390, 820, 1280
PATIENCE = 60
"""Seconds after which a test gives up; on a quiet machine nothing takes more than one."""
Shown = Callable[..., Any]


@contextmanager
def reviewing(project: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `kap review` on the project; gives its link and the process."""
    command = [sys.executable, "-m", "kap_content", "review", "--no-browser", "--as-of", "2026-11-22", *arguments]
    with started(command, cwd=project) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        link = next(line.strip() for line in lines if "http://" in line)
        try:
            yield link, process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE)


def look(driver: Any, width: int = DESKTOP, *, dark: bool = False, script: bool = True) -> None:
    """Set width, light or dark, JavaScript on or off; forget what console and network said."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    for kind in ("browser", "performance"):
        driver.get_log(kind)


def wait_for(driver: Any, wanted: Callable[[], object]) -> Any:
    """Wait until it comes true, and give it."""
    from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
    from selenium.webdriver.support.wait import WebDriverWait

    return WebDriverWait(driver, PATIENCE, 0.05, [NoSuchElementException, StaleElementReferenceException]).until(
        lambda _: wanted()
    )


def judged(driver: Any) -> None:
    """Wait until the rules have run."""
    wait_for(driver, lambda: driver.find_element("tag name", "body").get_attribute("data-stage") == "judged")


def ids(driver: Any) -> list[str]:
    return [one.text for one in driver.find_elements("css selector", ".claims .id")]


def open_claim(driver: Any, link: str, name: str) -> None:
    driver.get(f"{link.partition('/enter')[0]}/claim?id={name}")
    judged(driver)


def press(driver: Any, keys: str) -> None:
    driver.switch_to.active_element.send_keys(keys)
