"""In a real Chromium: the cards of evidence, by mouse, keyboard and finger, and without JavaScript."""

from __future__ import annotations

from tests.browser import needs_browser
from tests.rendering.screen import PHONE, Browser

pytestmark = needs_browser


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
