"""A headless Chromium: found, or installed where that is possible, or why there is none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOCAL = ("file:", "data:", "about:", "chrome:", "blob:")


class NoBrowser(Exception):
    """There is no Chromium here, and none can be had; the text says why."""


def programs() -> tuple[str, str]:
    """Paths of Chromium and its driver; installs Debian's packages where that is possible.

    Raises:
        NoBrowser: There is none.
    """
    found = _found()
    if found is None:
        _install()
        found = _found()
    if found is None:
        raise NoBrowser("no chromium and chromedriver on PATH after installing them")
    return found


def _found() -> tuple[str, str] | None:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def _install() -> None:
    if shutil.which("apt-get") is None:
        raise NoBrowser("no chromium and chromedriver on PATH, and no apt-get to install them by")
    if os.geteuid():
        raise NoBrowser("no chromium and chromedriver on PATH, and installing them needs root")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "chromium-driver"]
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *command], env=environment, capture_output=True, timeout=600, check=False
        )
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise NoBrowser(f"apt-get {command[0]} failed: {' '.join(last)}")


class Browser:
    """A Chromium that keeps what it said and asked for since it was last looked at.

    Args:
        profile: An empty folder for its profile.
    """

    def __init__(self, profile: Path) -> None:
        browser, driver = programs()
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(driver))

    def reset(self) -> None:
        """An empty page of a usual size, in the light scheme, with scripts and empty logs."""
        self.driver.get("about:blank")
        self.size(1280, 900)
        self.scheme("light")
        self.command("Emulation.setScriptExecutionDisabled", value=False)
        self.said()
        self.asked()

    def command(self, name: str, **arguments: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, arguments)

    def size(self, width: int, height: int) -> None:
        """Show pages on a screen of this size; a narrow one is a phone's."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def scheme(self, name: str) -> None:
        """Prefer ``light`` or ``dark``."""
        feature = {"name": "prefers-color-scheme", "value": name}
        self.command("Emulation.setEmulatedMedia", features=[feature])

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def said(self) -> list[str]:
        """What stands in the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> list[str]:
        """The addresses that pages asked for since the last call."""
        entries = self.driver.get_log("performance")
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]
