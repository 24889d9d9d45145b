"""The rendered page in a real Chromium: nothing in the console, nothing asked of the network, readable everywhere."""

from __future__ import annotations

import base64
import functools
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kap_content.checking.gate import Checked
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.rendering.making import Written
from kap_content.rendering.site import render_drafts, render_fragments, render_overview, render_site
from tests.browser import chromium, needs_browser, violations

Make = Callable[..., Checked]
pytestmark = needs_browser
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

A footnote.[^why]

[^why]: Since a page may have some.

::: {.nonclaim .warning reason="for emergencies"}
Call for help.
:::

A long address: <https://example.org/averylongaddressthatgoesonandonwithoutanyplacetobreakitanywhere/and/more>
and `code_that_is_very_long_and_does_not_break_at_all_even_on_a_narrow_phone_screen_of_360_pixels()`.

<script>document.title = "attacked"</script>
"""
FINDINGS = tuple(
    Finding("CLM002", "text-drift", severity, Place("pages/small.md", line), f"a {severity}", help="Mend it.")
    for severity, line in ((Severity.ERROR, 17), (Severity.WARNING, 17), (Severity.NOTE, 21))
)


@dataclass
class Browser:
    """A Chromium with the rendered page's address."""

    driver: Any
    address: str

    def open(self, width: int = DESKTOP, *, dark: bool = False, script: bool = True, touch: bool = False) -> Any:
        """Load the page afresh at this width, in the light or the dark, with or without JavaScript."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": touch})
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(self.address)
        return self.driver

    def tap(self, element: Any) -> None:
        """Touch the middle of an element with a finger."""
        script = (
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"
            "const r = arguments[0].getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]"
        )
        x, y = self.driver.execute_script(script, element)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

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
    root = tmp_path_factory.mktemp("project")
    (root / "pages").mkdir()
    (root / "pages/small.csv").write_text("label,count\nResponded,10\nDid not respond,2\n", "utf-8")
    (root / "pages/forest.csv").write_text("label,estimate,low,high\nUnder 12 h,-1.17,-1.89,-0.44\n", "utf-8")
    made, other = make(BODY), make("Another page.\n", path="pages/other.md")
    context = Context.of(replace(made.context.project, pages=(made.page, other.page)), made.context.as_of)
    passed = [Checked(page, context, ()) for page in context.project.pages]
    for written in (*render_site(passed, root), *render_drafts([(made.page, FINDINGS)], context, root)):
        assert isinstance(written, Written)
    render_overview(context, root)
    (fragment, *_) = render_fragments(passed, root)
    assert isinstance(fragment, Written)
    (root / "site/cms.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A CMS</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="fragments/small/style.css"></head>'
        f"<body><main><h1>A page of a CMS</h1>{fragment.path.read_text('utf-8')}</main></body></html>",
        "utf-8",
    )
    handler = functools.partial(Silent, directory=str(root / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield Browser(driver, f"http://127.0.0.1:{server.server_address[1]}/small/")
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


def test_a_warning_stands_in_a_box_and_the_mark_of_a_footnote_does_not(browser: Browser) -> None:
    driver = browser.open()
    ground = "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor"
    assert driver.execute_script(ground, "sup.note") == "rgba(0, 0, 0, 0)"
    assert driver.execute_script(ground, "div.warning") != "rgba(0, 0, 0, 0)"


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


def test_a_card_stays_open_where_the_click_comes_before_the_mouse_has_rested(browser: Browser) -> None:
    from selenium.webdriver.common.by import By

    driver = browser.open()
    number = driver.find_element(By.CSS_SELECTOR, "sup.cite a")
    opened = """
        const [link, done] = arguments, card = document.querySelector(".card");
        link.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, pointerType: "mouse"}));
        link.click();
        const button = card.querySelector("button");
        setTimeout(() => done(card.contains(button) && document.activeElement === button), 400);
    """
    assert driver.execute_async_script(opened, number)


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


def test_a_tap_opens_a_card_at_the_foot_of_a_phone_and_a_tap_beside_it_closes_it(browser: Browser) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    driver = browser.open(PHONE, touch=True)
    link = driver.find_element(By.CSS_SELECTOR, 'sup.cite[data-claims="A-1"] a')
    driver.execute_script("arguments[0].scrollIntoView({block: 'end', behavior: 'instant'})", link)
    browser.tap(link)
    card = driver.find_element(By.CLASS_NAME, "card")
    assert card.is_displayed()
    assert driver.execute_script("return arguments[0].getBoundingClientRect().bottom === innerHeight", card)
    above = "return arguments[0].getBoundingClientRect().bottom <= arguments[1].getBoundingClientRect().top"
    WebDriverWait(driver, 20).until(lambda _: driver.execute_script(above, link, card))
    assert driver.execute_script("return location.hash") == ""
    browser.tap(driver.find_element(By.ID, "what-was-found"))
    assert not card.is_displayed()


def test_a_card_leads_with_number_and_design_and_then_tells_what_was_found(browser: Browser) -> None:
    from selenium.webdriver.common.by import By

    driver = browser.open()
    driver.execute_script("document.querySelector('sup.cite[data-claims=\"A-1\"] a').click()")
    lines = driver.find_elements(By.CSS_SELECTOR, ".card section > *")
    told = [driver.execute_script("return arguments[0].textContent", line).strip() for line in lines]
    assert told[0].startswith("1Open-label study")
    assert told[1] == "10 of 12 responded"
    assert "J Psychopharmacol" in told[2]
    assert told[-1] == "In the list of references"


def test_the_mouse_shows_a_card_while_it_rests_on_a_number(browser: Browser) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.wait import WebDriverWait

    driver = browser.open()
    number = driver.find_element(By.CSS_SELECTOR, 'sup.cite[data-claims="A-1"] a')
    ActionChains(driver).move_to_element(number).perform()
    wait = WebDriverWait(driver, 5)
    card = driver.find_element(By.CLASS_NAME, "card")
    wait.until(lambda _: card.is_displayed())
    ActionChains(driver).move_to_element(card).pause(0.4).perform()
    assert card.is_displayed()
    ActionChains(driver).move_to_element(driver.find_element(By.TAG_NAME, "h1")).perform()
    wait.until(lambda _: not card.is_displayed())


def test_a_card_opened_by_enter_keeps_the_keyboard_until_it_is_closed(browser: Browser) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    driver = browser.open()
    number = driver.find_element(By.CSS_SELECTOR, 'sup.cite[data-claims="A-1"] a')
    driver.execute_script("arguments[0].focus()", number)
    number.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("aria-label") == "Close"
    driver.switch_to.active_element.send_keys(Keys.TAB)
    assert driver.execute_script("return document.activeElement.closest('.card') !== null")
    driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert driver.switch_to.active_element == number


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
