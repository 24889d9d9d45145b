"""In a real Chromium: what a screen reader hears, where the tabulator goes, and what axe finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kap_content.cli import run
from tests.browser import needs_browser, violations
from tests.desk.conftest import ATTACK, LEE, change_wording, replace_in
from tests.desk.window import DESKTOP, PHONE, TABLET, Shown, judged, look, open_claim, press, wait_for

pytestmark = needs_browser


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
