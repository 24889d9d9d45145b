"""In a real Chromium: claims that change, tabs that stay open and desks that are stopped while somebody reviews."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

from tests.browser import needs_browser
from tests.desk.conftest import LEE, change_wording, log
from tests.desk.window import PATIENCE, Shown, judged, look, open_claim, wait_for

pytestmark = needs_browser


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
