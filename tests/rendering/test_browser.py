"""The rendered page in a real Chromium: nothing in the console, nothing asked of the network, readable everywhere."""

from __future__ import annotations

import base64
import io
import json
from datetime import date
from pathlib import Path

import pytest

from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.rendering.making import Written
from kap_content.rendering.site import render_site
from tests.browser import needs_browser, violations
from tests.rendering.screen import DESKTOP, PHONE, Browser, Make

pytestmark = needs_browser


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


def test_a_warning_stands_in_a_box_and_the_mark_of_a_footnote_does_not(browser: Browser) -> None:
    driver = browser.open()
    ground = "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor"
    assert driver.execute_script(ground, "sup.note") == "rgba(0, 0, 0, 0)"
    assert driver.execute_script(ground, "div.warning") != "rgba(0, 0, 0, 0)"


def test_dark_mode_turns_the_colours(browser: Browser) -> None:
    look = "return getComputedStyle(document.body).backgroundColor"
    assert browser.open().execute_script(look) != browser.open(dark=True).execute_script(look)


def test_a_page_on_paper_has_the_references_and_no_controls(browser: Browser) -> None:
    from pypdf import PdfReader

    driver = browser.open()
    made = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
    pages = PdfReader(io.BytesIO(base64.b64decode(made["data"]))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "References" in text
    assert "Glue P, Medlicott NJ" in text
    assert "10.1177/0269881117705089" in text
    assert "How this page was checked" in text
    assert "On this page" not in text
    assert "Skip to the text" not in text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("what", ["page", "card", "opened", "draft", "index", "fragment"])
def test_axe_finds_nothing(browser: Browser, what: str, width: int, dark: bool) -> None:
    from selenium.webdriver.common.by import By

    addresses = {"draft": "drafts/small/", "index": "", "fragment": "cms.html"}
    shown = Browser(browser.driver, browser.address.replace("small/", addresses.get(what, "small/")))
    driver = shown.open(width, dark=dark)
    if what == "card":
        driver.find_element(By.CSS_SELECTOR, "sup.cite a").click()
    if what == "opened":
        driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert violations(driver) == []


def test_hostile_words_are_shown_and_never_run(browser: Browser, make: Make, tmp_path: Path) -> None:
    from selenium.webdriver.common.by import By

    attack = "<img src=x onerror=\"document.title='attacked'\"><script>document.title='attacked'</script>"
    closing = '"><script>1</script>'
    head = f"---\ntitle: {json.dumps(attack + ' title')}\ndescription: {json.dumps(closing)}\n"
    head += f"author: {{name: {json.dumps(attack)}, url: 'javascript:alert(1)'}}\n"
    head += f"interest: {json.dumps('</p></script><svg onload=alert(1)>')}\nlast_reviewed: 2026-11-22\n---\n"
    bib = (
        f"@article{{bad, author={{{attack}}}, title={{{attack} }}, journal={{</style><script>x</script>}},"
        " year={2020}, doi={10.1000/<script>alert(1)</script>}, abstract={<script>x</script>}}\n"
        "@online{url, title={A}, organization={O}, url={javascript:document.title='attacked'}, urldate={2026-01-01}}\n"
    )
    claims = (
        f"version: 1\nclaims:\n  - id: X-1\n    match_text: {json.dumps(attack)}\n    category: efficacy\n"
        f"    status: approved\n    evidence: [{{ref: bad, finding: {json.dumps(attack)}}}]\n"
    )
    record = Record(
        "bad",
        State.FOUND,
        (Source(attack, date(2026, 11, 22)),),
        asked="10.1000/<script>alert(1)</script>",
        title=attack,
        agency=attack,
        notices=(Notice(NoticeKind.UNKNOWN, attack, label=attack),),
        publication_types=(attack, "</script><script>document.title='attacked'</script>"),
    )
    body = (
        f"[]{{claim=X-1}} [@bad] [@url] [a link](javascript:alert(1)) {attack}\n\n<iframe src=//example.org></iframe>\n"
    )
    (written,) = render_site([make(head + body, bib=bib, claims=claims, records={"bad": record})], tmp_path)
    assert isinstance(written, Written)
    shown = Browser(browser.driver, written.path.as_uri())
    driver = shown.open()
    driver.find_element(By.CSS_SELECTOR, "sup.cite a").click()
    assert driver.title.endswith(" title")
    assert driver.find_element(By.TAG_NAME, "h1").text == attack + " title"
    assert attack in driver.find_element(By.CSS_SELECTOR, ".card").text
    assert driver.find_elements(By.CSS_SELECTOR, "img, iframe, svg, [onerror], [onload], a[href^=javascript]") == []
    scripts = driver.execute_script("return [...document.scripts].map(one => one.src || one.type)")
    assert [name.rpartition("/")[2] for name in scripts] == ["page.js", "ld+json"]
    assert shown.messages() == []
    assert [name for name in shown.requests() if not name.startswith(("file:", "data:"))] == []


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
