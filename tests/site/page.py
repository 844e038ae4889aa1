"""What one does on a page in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.site.browser import Browser


def open_page(browser: Browser, site: Path, page: str, query: str = "") -> None:
    browser.driver.get((site / page).as_uri() + query)


def one(browser: Browser, css: str) -> WebElement:
    return browser.driver.find_element(By.CSS_SELECTOR, css)


def texts(browser: Browser, css: str) -> list[str]:
    return [each.text for each in browser.driver.find_elements(By.CSS_SELECTOR, css)]


def until(browser: Browser, script: str) -> Any:
    """Wait for a script to give something."""
    return WebDriverWait(browser.driver, 10).until(lambda _: browser.run(f"return {script}"))


def press(browser: Browser, *keys: str) -> None:
    for key in keys:
        browser.driver.switch_to.active_element.send_keys(key)


def focused(browser: Browser) -> str:
    return str(
        browser.run("return document.activeElement.id || document.activeElement.textContent")
    )


def search(browser: Browser, text: str) -> None:
    one(browser, "#q").send_keys(text)
    until(browser, "!document.querySelector('#hits').hidden")
