"""The rendered page in a real Chromium: nothing in the console, nothing asked of the network, readable everywhere."""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kap_content.check.gate import Checked
from kap_content.render.site import Written, render_site

Make = Callable[..., Checked]
BROWSER, DRIVER = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
IN_CI = bool(os.environ.get("CI"))
pytestmark = pytest.mark.skipif(
    not IN_CI and not (BROWSER and DRIVER),
    reason="NO CHROMIUM HERE: the rendered page was not tested in a browser (install chromium and chromium-driver)",
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
PHONE, DESKTOP = 360, 1280
BODY = """
## What was found

[Ten of 12 people responded.]{claim=A-1} A sentence cites directly [@glue2017].

[]{claim=A-2}

::: {.figure kind=waffle src="small.csv" claim=A-1}
Ten of 12 people responded [@glue2017].
:::

::: {.figure kind=forest src="forest.csv" claim=A-2 measure="Standardised mean difference" left="favours ketamine"}
A long caption for a forest plot [@hartland2023].
:::

| A column that is wide | Another column that is wide | A third one | A fourth one |
|---|---|---|---|
| Averylongwordthatcannotbebroken | Averylongwordthatcannotbebroken | Averylongwordthatcannotbebroken | x |

A long address: <https://example.org/averylongaddressthatgoesonandonwithoutanyplacetobreakitanywhere/and/more>
and `code_that_is_very_long_and_does_not_break_at_all_even_on_a_narrow_phone_screen_of_360_pixels()`.

<script>document.title = "attacked"</script>
"""


@dataclass
class Browser:
    """A Chromium with the rendered page's address."""

    driver: Any
    address: str

    def open(self, width: int = DESKTOP, *, dark: bool = False, script: bool = True) -> Any:
        """Load the page afresh at this width, in the light or the dark, with or without JavaScript."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(self.address)
        return self.driver

    def messages(self) -> list[str]:
        """What the console said since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that the page asked for."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


class Silent(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def browser(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    assert BROWSER and DRIVER, "CI must have chromium and chromedriver"  # noqa: PT018 - one wish
    root = tmp_path_factory.mktemp("project")
    (root / "pages").mkdir()
    (root / "pages/small.csv").write_text("label,count\nResponded,10\nDid not respond,2\n", "utf-8")
    (root / "pages/forest.csv").write_text("label,estimate,low,high\nUnder 12 h,-1.17,-1.89,-0.44\n", "utf-8")
    (written,) = render_site([make(BODY)], root)
    assert isinstance(written, Written)
    handler = functools.partial(Silent, directory=str(root / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield Browser(driver, f"http://127.0.0.1:{server.server_address[1]}/small/")
    finally:
        driver.quit()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_console_stays_silent_and_nothing_is_asked_of_other_hosts(browser: Browser, width: int, dark: bool) -> None:
    browser.open(width, dark=dark)
    assert browser.messages() == []
    home = browser.address.partition("/small/")[0]
    asked = browser.requests()
    assert [name.removeprefix(browser.address) for name in asked if not name.startswith("data:")] == [
        "",
        "style.css",
        "page.js",
    ]
    assert all(name.startswith((home, "data:")) for name in asked)


def test_a_page_opened_from_the_disk_is_styled_too(browser: Browser, make: Make, tmp_path: Path) -> None:
    (written,) = render_site([make("Text [@glue2017].\n")], tmp_path)
    assert isinstance(written, Written)
    disk = Browser(browser.driver, written.path.as_uri())
    disk.open()
    assert disk.messages() == []
    assert disk.driver.execute_script("return getComputedStyle(document.body).marginTop") == "0px"


@pytest.mark.parametrize("width", [320, PHONE, 768, DESKTOP])
def test_the_page_never_scrolls_sideways(browser: Browser, width: int) -> None:
    driver = browser.open(width)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width


def test_no_script_of_the_page_source_runs(browser: Browser) -> None:
    assert browser.open().title == "A small page"


def test_dark_mode_turns_the_colours(browser: Browser) -> None:
    look = "return getComputedStyle(document.body).backgroundColor"
    assert browser.open().execute_script(look) != browser.open(dark=True).execute_script(look)


def test_a_click_opens_the_evidence_and_escape_brings_one_back(browser: Browser) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver = browser.open()
    number = driver.find_element(By.CSS_SELECTOR, 'sup.cite[data-claims="A-1"] a')
    number.click()
    card = driver.find_element(By.CLASS_NAME, "card")
    assert card.is_displayed()
    assert "10 of 12 responded" in card.text
    assert "Open-label study" in card.text
    assert "J Psychopharmacol" in card.text
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not card.is_displayed()
    assert driver.switch_to.active_element == number


def test_the_keyboard_shows_a_card_by_focus_alone(browser: Browser) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver = browser.open()
    for _ in range(30):
        driver.switch_to.active_element.send_keys(Keys.TAB)
        if driver.switch_to.active_element.get_attribute("role") == "doc-biblioref":
            break
    assert driver.find_element(By.CLASS_NAME, "card").is_displayed()


def test_a_range_shows_all_of_its_sources(browser: Browser) -> None:
    from selenium.webdriver.common.by import By

    driver = browser.open(PHONE)
    driver.find_element(By.CSS_SELECTOR, 'sup.cite[data-claims="A-2"] a').click()
    assert len(driver.find_elements(By.CSS_SELECTOR, ".card section")) == 3


def test_without_javascript_a_number_is_a_link_into_the_list(browser: Browser) -> None:
    from selenium.webdriver.common.by import By

    driver = browser.open(script=False)
    driver.find_element(By.CSS_SELECTOR, "sup.cite a").click()
    assert driver.current_url.endswith("#ref-glue2017")
    assert not driver.find_elements(By.CLASS_NAME, "card")
    assert "Glue P, Medlicott NJ" in driver.find_element(By.ID, "ref-glue2017").text
    browser.open()


def test_print_shows_the_references_and_hides_the_controls(browser: Browser) -> None:
    driver = browser.open()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert driver.execute_script(shown, ".references") != "none"
    assert driver.execute_script(shown, ".contents") == "none"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, dark: bool) -> None:
    driver = browser.open(dark=dark)
    ratios = driver.execute_script(
        """
        const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(x => { x /= 255;
          return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
        const ground = e => { while (e) { const c = getComputedStyle(e).backgroundColor;
          if (!/, 0\\)|transparent/.test(c)) return c; e = e.parentElement; } return "rgb(255,255,255)"; };
        return [".subtitle", ".byline dt", "main p", "sup.cite a", "figcaption", ".checked dt", ".references .status"]
          .map(s => { const e = document.querySelector(s); if (!e) return [s, 99];
            const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
            return [s, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)]; });
        """
    )
    assert not [(name, ratio) for name, ratio in ratios if ratio < 4.5]
