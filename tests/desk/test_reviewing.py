"""A reviewer's clicks and keys in a real Chromium, end to end, with JavaScript and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kap_content.cli import run
from tests.browser import needs_browser
from tests.desk.conftest import HEAD, LEE, log
from tests.desk.window import Shown, ids, look, open_claim, press, wait_for

pytestmark = needs_browser
PUBLISHABLE = (
    f"{HEAD}"
    """\
[Ketamine is approved for general anaesthesia; its use for anxiety disorders is off-label.]{.nonclaim reason="status"}

[Anxiety ratings fell by about half within an hour of a dose.]{claim=KET-1}
"""
)


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
