"""The desk in a real Chromium, end to end: `kap review` as its own process, a reviewer's clicks and keys."""

from __future__ import annotations

import http.server
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kap_content.cli import run
from tests.browser import chromium, needs_browser, violations
from tests.cli.test_serve import started
from tests.desk.conftest import ATTACK, LEE, change_wording, log, replace_in

pytestmark = needs_browser
PHONE, TABLET, DESKTOP = 390, 820, 1280
PUBLISHABLE = """---
title: Ketamine and anxiety
description: What one study found.
author: {name: The maintainers}
reviewer: {name: The maintainers, role: editorial}
published: 2026-11-22
last_reviewed: 2026-11-22
next_review_due: 2028-11-22
interest: None.
---

[Ketamine is approved for general anaesthesia; its use for anxiety disorders is off-label.]{.nonclaim reason="status"}

[Anxiety ratings fell by about half within an hour of a dose.]{claim=KET-1}
"""
PATIENCE = 60
"""Seconds after which a test gives up; on a quiet machine nothing takes more than one."""
Shown = Callable[..., Any]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


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


@pytest.fixture
def desk(project: Path, driver: Any) -> Iterator[Shown]:
    """Start `kap review` with these options and open its link."""
    with ExitStack() as running:

        def start(*arguments: str, open_link: bool = True) -> tuple[str, subprocess.Popen[str]]:
            link, process = running.enter_context(reviewing(project, *arguments))
            if open_link:
                look(driver)
                driver.get(link)
                wait_for(driver, lambda: driver.find_elements("id", "results"))
                judged(driver)
            return link, process

        yield start
        driver.get("about:blank")


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


def test_a_reviewer_filters_reads_rejects_and_approves_and_only_then_the_page_is_built(
    desk: Shown, driver: Any, project: Path, key: Path
) -> None:
    (project / "kap.toml").write_text("[review]\nrequired_roles = ['medical']\nrequire_signatures = true\n", "utf-8")
    (project / "pages" / "a.md").write_text(PUBLISHABLE, "utf-8")
    build = ("build", "--offline", "--release", "--as-of", "2026-11-22", "--project", str(project))
    assert run([*build, "--quiet"]) == 1
    assert not (project / "site").exists(), "nobody has approved the claim that the page shows"

    link, _ = desk("--as", LEE, "--role", "medical", "--key", str(key))
    driver.find_element("css selector", 'input[value="needs-me"]').click()
    wait_for(driver, lambda: "4 claims" in driver.find_element("id", "results-title").text)
    driver.find_element("id", "words").send_keys("70%")
    wait_for(driver, lambda: ids(driver) == ["KET-2"])
    driver.find_element("css selector", "a.row").click()
    assert driver.find_element("css selector", ".wording mark.missing").text.startswith("70%")
    assert driver.find_element("css selector", ".evidence mark.near").text.startswith("about 50 %")
    driver.find_element("id", "comment").send_keys("The study says 50 %, not 70 %.")
    driver.find_element("css selector", "button.reject").click()
    told = wait_for(driver, lambda: driver.find_element("id", "told").text)
    assert told.startswith("✓ KET-2: rejected as medical, signed.") or "KET-2: rejected as medical, signed." in told

    open_claim(driver, link, "KET-1")
    assert driver.find_element("css selector", ".abstract mark.quote").text.startswith("ratings were")
    driver.find_element("css selector", '#verdict-0 option[value="substantiated"]').click()
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: "KET-1: approved as medical, signed" in driver.find_element("id", "told").text)
    assert [(line["claim"], line["decision"]) for line in log(project)] == [("KET-2", "reject"), ("KET-1", "approve")]
    assert run(["approvals", "verify", "--project", str(project)]) == 0

    run([*build])
    assert (project / "site" / "a" / "index.html").is_file()


def test_nothing_is_asked_of_other_hosts_and_the_console_stays_silent(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    home = link.partition("/enter")[0]
    for name in ("KET-1", "KET-3", "RET-1"):
        open_claim(driver, link, name)
    assert driver.get_log("browser") == []
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert all(address.startswith((home, "data:")) for address in asked)


def test_hostile_words_are_shown_and_never_run(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    assert ATTACK in driver.find_element("id", "results").text
    for name in ("KET-3", "RET-1"):
        open_claim(driver, link, name)
        assert "onerror" in driver.find_element("tag name", "main").text
        assert driver.find_elements("css selector", "img, iframe, [onerror], [onload], a[href^=javascript]") == []
        assert "attacked" not in driver.title


def test_the_keyboard_alone_reads_and_decides(desk: Shown, driver: Any, project: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    desk("--as", LEE, "--role", "medical")
    press(driver, "j")
    press(driver, "j")
    assert "KET-2" in driver.switch_to.active_element.text
    press(driver, "k")
    assert "KET-1" in driver.switch_to.active_element.text
    press(driver, Keys.ENTER)
    wait_for(driver, lambda: driver.find_elements("id", "decide"))
    press(driver, "j")
    wait_for(driver, lambda: driver.find_element("tag name", "h1").text == "KET-2")
    press(driver, "r")
    assert driver.switch_to.active_element.get_attribute("id") == "comment"
    press(driver, "no j or a here is a command")
    press(driver, Keys.TAB)
    assert driver.find_element("id", "comment").get_attribute("value") == "no j or a here is a command"
    driver.find_element("id", "comment").clear()
    driver.execute_script("document.activeElement.blur()")
    press(driver, "a")
    assert driver.switch_to.active_element.get_attribute("id") == "approve"
    assert log(project) == [], "a key alone decides nothing"
    press(driver, Keys.ENTER)
    wait_for(driver, lambda: driver.find_elements("id", "told"))
    assert driver.switch_to.active_element.get_attribute("id") == "told", "a screen reader is taken to the message"
    assert [line["claim"] for line in log(project)] == ["KET-2"]
    press(driver, "?")
    assert driver.find_element("id", "keys").is_displayed()
    press(driver, Keys.ESCAPE)
    press(driver, "u")
    wait_for(driver, lambda: ids(driver))
    press(driver, "/")
    assert driver.switch_to.active_element.get_attribute("id") == "words"


def named(driver: Any, *roles: str) -> list[str]:
    """What a screen reader calls the things of these roles, in their order."""
    driver.execute_cdp_cmd("Accessibility.enable", {})
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    shown = [node for node in nodes if not node["ignored"] and node["role"]["value"] in roles]
    return [node["name"]["value"] for node in shown]


FIELDS = ("button", "link", "combobox", "searchbox", "textbox", "radio", "checkbox", "Date", "dialog")


def test_a_screen_reader_hears_a_name_for_everything_and_no_ornament(desk: Shown, driver: Any, project: Path) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    assert all(named(driver, *FIELDS))
    assert named(driver, "search") == ["Claims"]
    rows = " ".join(named(driver, "link"))
    assert "medical: not decided yet" in rows
    assert not set(rows) & set("◆✕✓")
    open_claim(driver, link, "RET-1")
    assert all(named(driver, *FIELDS))
    questions = [name for name in named(driver, "combobox") if name.startswith("Does this source")]
    assert questions == [
        "Does this source carry the claim? Source 1 of 2, gone2001",
        "Does this source carry the claim? Source 2 of 2, glue2018",
    ]
    change_wording(project)
    live = driver.find_element("id", "live")
    assert live.get_attribute("aria-live") == "polite"
    wait_for(driver, lambda: "have changed" in live.get_attribute("textContent"))


def test_the_tabulator_goes_through_the_evidence_before_the_decision(desk: Shown, driver: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    link, _ = desk("--as", LEE, "--role", "medical")
    open_claim(driver, link, "KET-1")
    reached: list[str] = []
    for _step in range(30):
        press(driver, Keys.TAB)
        name = driver.switch_to.active_element.get_attribute("id")
        if name and name not in reached:
            reached.append(name)
    wanted = ["keys-button", "up", "verdict-0", "certainty", "next_review_due", "comment", "role", "approve"]
    assert [name for name in reached if name in wanted] == wanted


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_in_a_field_decides_nothing(desk: Shown, driver: Any, project: Path, script: bool) -> None:
    from selenium.webdriver.common.keys import Keys

    link, _ = desk("--as", LEE, "--role", "medical")
    look(driver, script=script)
    driver.get(f"{link.partition('/enter')[0]}/claim?id=KET-1")
    driver.find_element("id", "next_review_due").send_keys(Keys.ENTER)
    if not script:
        wait_for(driver, lambda: "Nothing was written" in driver.find_element("tag name", "main").text)
    driver.find_element("css selector", "button.plain[name=decision]").click()
    wait_for(driver, lambda: "nothing was written" in driver.find_element("css selector", ".told").text)
    assert log(project) == []
    look(driver)


def test_single_keys_can_be_switched_off(desk: Shown, driver: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    desk()
    press(driver, "?")
    driver.find_element("id", "keys-on").click()
    press(driver, Keys.ESCAPE)
    driver.execute_script("document.activeElement.blur()")
    press(driver, "j")
    assert driver.switch_to.active_element.tag_name == "body"


def test_two_tabs_and_a_claim_that_changed_meanwhile(desk: Shown, driver: Any, project: Path) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    first = driver.current_window_handle
    open_claim(driver, link, "KET-1")
    driver.find_element("id", "comment").send_keys("my careful words")
    driver.switch_to.new_window("tab")
    look(driver)
    open_claim(driver, link, "KET-1")
    change_wording(project)
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".stale"))
    assert "about half" in driver.find_element("css selector", ".stale del").text
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".told"))
    driver.close()
    driver.switch_to.window(first)
    wait_for(driver, lambda: driver.find_element("id", "news").is_displayed())
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".stale"))
    assert driver.find_element("id", "comment").get_attribute("value") == "my careful words"
    assert len(log(project)) == 1


def test_a_desk_that_was_stopped_says_so_and_keeps_what_was_typed(desk: Shown, driver: Any, project: Path) -> None:
    link, process = desk("--as", LEE, "--role", "medical")
    open_claim(driver, link, "KET-1")
    driver.find_element("id", "comment").send_keys("my careful words")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=PATIENCE) == 130
    driver.find_element("css selector", "button.reject").click()
    alert = driver.find_element("id", "alert")
    wait_for(driver, alert.is_displayed)
    assert "Nothing was written" in alert.text
    assert driver.find_element("id", "comment").get_attribute("value") == "my careful words"
    assert log(project) == []
    driver.execute_script("document.getElementById('decide').reset()")


def test_a_refused_form_is_neither_sent_again_nor_loaded_again_while_the_rules_run(
    desk: Shown, driver: Any, project: Path
) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    open_claim(driver, link, "KET-1")
    change_wording(project)
    driver.find_element("id", "comment").send_keys("my careful words")
    driver.find_element("css selector", "button.reject").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".stale"))
    judged(driver)
    assert driver.find_elements("css selector", ".stale"), "the page is the one that told what changed"
    assert driver.find_element("id", "comment").get_attribute("value") == "my careful words"
    assert driver.find_element("css selector", "#news a").get_attribute("href").endswith("/claim?id=KET-1")
    assert log(project) == []
    driver.execute_script("delete document.getElementById('decide').dataset.typed")


def test_without_a_script_everything_can_be_read_filtered_and_decided(desk: Shown, driver: Any, project: Path) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    look(driver, script=False)
    driver.get(link.partition("/enter")[0])
    driver.find_element("id", "words").send_keys("half")
    driver.find_element("css selector", ".go button").click()
    wait_for(driver, lambda: ids(driver) == ["KET-1"])
    driver.find_element("css selector", "a.row").click()
    wait_for(driver, lambda: driver.find_elements("id", "approve"))
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: "KET-1: approved" in driver.find_element("id", "told").text)
    assert [line["claim"] for line in log(project)] == ["KET-1"]
    look(driver)


class Evil(http.server.BaseHTTPRequestHandler):
    """A page of another site on this machine that sends a form to the desk."""

    target = ""

    def do_GET(self) -> None:
        page = (
            f"<!doctype html><title>evil</title><form method=post action='{self.target}/decide'>"
            "<input name=claim value=KET-1><input name=decision value=approve><input name=role value=medical>"
            f"</form><iframe src='{self.target}/'></iframe>"
            "<script>document.forms[0].submit()</script>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


def test_a_page_of_another_site_can_neither_decide_nor_read(desk: Shown, driver: Any, project: Path) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    Evil.target = link.partition("/enter")[0]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        # The same machine under another name is another site, as any page of the web is.
        driver.get(f"http://localhost:{server.server_address[1]}/")
        wait_for(driver, lambda: driver.current_url.endswith("/decide"))
        assert "closed to you" in driver.find_element("tag name", "body").text
        assert log(project) == []
    finally:
        server.shutdown()
        server.server_close()


def test_a_wrong_or_used_link_opens_nothing(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    driver.delete_all_cookies()
    for address in (link, f"{link}x", link.partition("/enter")[0]):
        driver.get(address)
        assert "closed to you" in driver.find_element("tag name", "h1").text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, TABLET, DESKTOP])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    desk: Shown, driver: Any, project: Path, width: int, dark: bool
) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    home = link.partition("/enter")[0]
    open_claim(driver, link, "KET-1")
    driver.find_element("id", "approve").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".told"))
    change_wording(project)
    look(driver, width, dark=dark)
    found = []

    def check(name: str) -> None:
        judged(driver)
        found.extend((name, *violation) for violation in violations(driver))
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width, name

    for address in (
        "/",
        "/?show=stale",
        "/?words=nothing",
        "/claim?id=KET-1",
        "/claim?id=KET-2",
        "/claim?id=RET-1",
        "/you",
    ):
        driver.get(home + address)
        check(address)
    driver.execute_script("document.getElementById('keys').showModal()")  # phones have no button for it
    check("keys")
    open_claim(driver, link, "KET-2")
    driver.find_element("css selector", "button.reject").click()
    wait_for(driver, lambda: driver.find_elements("css selector", "main .banner.grave"))
    check("refused")
    replace_in(project / "claims.yaml", "70% lower", "60% lower")
    driver.find_element("id", "comment").send_keys("no")
    driver.find_element("css selector", "button.reject").click()
    wait_for(driver, lambda: driver.find_elements("css selector", ".stale"))
    check("stale")
    assert found == []


def test_the_dossier_is_one_file_that_axe_and_the_console_have_nothing_against(driver: Any, project: Path) -> None:
    assert run(["review", "--export", str(project / "dossier.html"), "--project", str(project), "--quiet"]) == 0
    for dark in (False, True):
        look(driver, dark=dark)
        driver.get((project / "dossier.html").as_uri())
        assert driver.get_log("browser") == []
        assert violations(driver) == []
    assert ATTACK in driver.find_element("tag name", "main").text
    assert driver.execute_script("return document.scripts.length") == 0
    assert driver.execute_script("return getComputedStyle(document.body).marginTop") == "0px"
